import { FindingList, isError } from './findings.js';
import { fill } from './words/index.js';

/** Findings of decision tables: a table and the number of its rule lead to its row. */
export class DecisionFindings extends FindingList {
  constructor({ tables, ...rest }) {
    super(rest);
    this.tables = tables;
    tables.on('views.changed', () => queueMicrotask(() => this.mark(this.told)));
  }

  view({ element }) {
    return element ? this.tables.getViews().find((view) => view.element.id === element) : undefined;
  }

  name(finding) {
    const view = this.view(finding);
    if (!view) return undefined;
    const { row } = finding;
    return row ? fill(this.words.ruleOf, { name: view.name || view.id, row }) : view.name || view.id;
  }

  async show(finding) {
    const view = this.view(finding);
    if (!view) return;
    if (this.tables.getActiveView()?.element !== view.element) await this.tables.open(view);
    const cell = cellsOf(rule(view, finding.row)).find((each) => each.matches('.input-cell, .output-cell'));
    cell?.scrollIntoView({ block: 'center' });
    // Choosing a cell is what gives it the keyboard.
    cell?.click();
  }

  mark(findings) {
    for (const old of document.querySelectorAll('#canvas [data-found]')) delete old.dataset.found;
    for (const finding of findings) {
      const view = finding.row && this.view(finding);
      if (!view) continue;
      for (const cell of cellsOf(rule(view, finding.row))) {
        if (cell.dataset.found !== 'error') cell.dataset.found = isError(finding) ? 'error' : 'advice';
      }
    }
  }
}

function rule(view, number) {
  return view.element.decisionLogic?.rule?.[number - 1];
}

function cellsOf(found) {
  return found ? [...document.querySelectorAll(`#canvas [data-row-id="${CSS.escape(found.id)}"]`)] : [];
}
