import { letIn } from './moddle.js';
import { fill } from './words/index.js';

const PIN = 'samplan-finding';
const MARKS = { error: 'sp-marked-error', advice: 'sp-marked-advice' };

/**
 * The checks' findings: a list whose entries lead to what they are about, and marks there.
 *
 * A kind of file says `name(finding)`, what its place is called or nothing; `show(finding)`; and
 * `mark(findings)`.
 */
export class FindingList {
  constructor({ list, words }) {
    Object.assign(this, { list, words, told: [] });
    list?.addEventListener('click', (event) => {
      const button = event.target.closest('[data-finding]');
      if (button) this.show(this.told[button.dataset.finding]);
    });
  }

  /** Replace all findings; each has element (or null), severity, message and remedy. */
  set(findings) {
    const advice = findings.filter((finding) => !isError(finding));
    this.told = [...findings.filter(isError), ...advice];
    this.mark(this.told);
    this.list?.replaceChildren(...this.describe(this.told.length - advice.length, advice.length));
  }

  describe(errors, advice) {
    const heading = make('h2', { textContent: this.count(errors, advice) });
    return [heading, make('div', {}, ...this.told.map((finding, index) => this.row(finding, index)))];
  }

  count(errors, advice) {
    const parts = [];
    if (errors) parts.push(fill(this.words.toCorrect, { count: errors }));
    if (advice === 1) parts.push(this.words.oneAdvice);
    if (advice > 1) parts.push(fill(this.words.advice, { count: advice }));
    return parts.join(', ') || this.words.allWell;
  }

  row(finding, index) {
    const row = make('div', { className: 'sp-finding' });
    row.dataset.is = isError(finding) ? 'error' : 'advice';
    if (finding.rule) row.dataset.rule = finding.rule;
    const text = make('div', {}, this.place(finding, index), ' ', finding.message);
    if (finding.remedy) {
      text.append(make('p', { className: 'sp-quiet', textContent: finding.remedy }));
    }
    text.append(...this.ways(finding));
    row.append(text);
    return row;
  }

  /** What can be done about it at once. */
  ways() {
    return [];
  }

  place(finding, index) {
    const name = this.name(finding);
    if (!name) return make('strong', { textContent: this.words.wholeDiagram });
    const button = make('button', { type: 'button', className: 'sp-link', textContent: name });
    button.dataset.finding = index;
    if (finding.element) button.dataset.element = finding.element;
    return button;
  }
}

/** Findings of a diagram: pins on it beside the list. */
export class Findings extends FindingList {
  constructor({ viewer, ...rest }) {
    super(rest);
    this.viewer = viewer;
    this.marked = [];
  }

  /** An answer that no mapping lets in is let in by a button, unless it must stay in the case. */
  ways({ let_in: answer }) {
    const step = answer && this.viewer.get('elementRegistry').get(answer.step);
    const modeling = this.viewer.get('modeling', false);
    if (!step || !modeling) return [];
    const gaps = { step: this.name({ element: answer.step }), variable: answer.variable };
    if (answer.closed) {
      return [make('p', { className: 'sp-quiet', textContent: fill(this.words.staysOut, gaps) })];
    }
    const button = make('button', { type: 'button', className: 'sp-link', textContent: fill(this.words.letIn, gaps) });
    button.addEventListener('click', () => {
      button.disabled = true;
      letIn({ element: step, variable: answer.variable, modeling, factory: this.viewer.get('bpmnFactory') });
    });
    return [make('p', {}, button)];
  }

  show({ element: id }) {
    const element = this.viewer.get('elementRegistry').get(id);
    if (!element) return;
    this.viewer.get('walk').choose(element);
  }

  name(finding) {
    const element = finding.element && this.viewer.get('elementRegistry').get(finding.element);
    return element && (element.businessObject.name?.replace(/\s+/g, ' ') || finding.element);
  }

  mark(findings) {
    const overlays = this.viewer.get('overlays');
    const canvas = this.viewer.get('canvas');
    overlays.remove({ type: PIN });
    for (const [id, mark] of this.marked) {
      if (this.viewer.get('elementRegistry').get(id)) canvas.removeMarker(id, mark);
    }
    this.marked = [];
    for (const [id, group] of byElement(findings)) {
      const element = this.viewer.get('elementRegistry').get(id);
      if (!element || element === canvas.getRootElement()) continue;
      const kind = group.some(isError) ? 'error' : 'advice';
      canvas.addMarker(id, MARKS[kind]);
      this.marked.push([id, MARKS[kind]]);
      overlays.add(id, PIN, { position: { top: -11, right: 11 }, html: this.draw(kind, group) });
    }
  }

  draw(kind, group) {
    const pin = make('span', { className: 'sp-pin', textContent: group.length });
    pin.dataset.is = kind;
    pin.title = [fill(this.words.findingsHere, { count: group.length }), ...group.map((it) => it.message)].join('\n');
    return pin;
  }
}

export const isError = (finding) => finding.severity === 'error';

export function byElement(findings) {
  const groups = new Map();
  for (const finding of findings) {
    if (!finding.element) continue;
    groups.set(finding.element, [...(groups.get(finding.element) ?? []), finding]);
  }
  return groups;
}

function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}
