import { fill } from './words/index.js';

const PIN = 'samplan-finding';
const MARKS = { error: 'sp-marked-error', advice: 'sp-marked-advice' };

/** The checks' findings: pins on the diagram and a list whose entries lead to their elements. */
export class Findings {
  constructor({ list, viewer, words }) {
    Object.assign(this, { list, viewer, words });
    this.marked = [];
    list?.addEventListener('click', (event) => {
      const button = event.target.closest('[data-element]');
      if (button) this.show(button.dataset.element);
    });
  }

  /** Replace all findings; each has element (or null), severity, message and remedy. */
  set(findings) {
    this.pin(findings);
    this.list?.replaceChildren(...this.describe(findings));
  }

  show(id) {
    const element = this.viewer.get('elementRegistry').get(id);
    if (!element) return;
    this.viewer.get('walk').choose(element);
  }

  pin(findings) {
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

  describe(findings) {
    const errors = findings.filter(isError);
    const advice = findings.filter((finding) => !isError(finding));
    const heading = make('h2', { textContent: this.count(errors.length, advice.length) });
    const rows = [...errors, ...advice].map((finding) => this.row(finding));
    return [heading, make('div', {}, ...rows)];
  }

  count(errors, advice) {
    const parts = [];
    if (errors) parts.push(fill(this.words.toCorrect, { count: errors }));
    if (advice === 1) parts.push(this.words.oneAdvice);
    if (advice > 1) parts.push(fill(this.words.advice, { count: advice }));
    return parts.join(', ') || this.words.allWell;
  }

  row(finding) {
    const row = make('div', { className: 'sp-finding' });
    row.dataset.is = isError(finding) ? 'error' : 'advice';
    if (finding.rule) row.dataset.rule = finding.rule;
    const text = make('div', {}, this.place(finding), ' ', finding.message);
    if (finding.remedy) {
      text.append(make('p', { className: 'sp-quiet', textContent: finding.remedy }));
    }
    row.append(text);
    return row;
  }

  place(finding) {
    const element = finding.element && this.viewer.get('elementRegistry').get(finding.element);
    if (!element) return make('strong', { textContent: this.words.wholeDiagram });
    const name = element.businessObject.name?.replace(/\s+/g, ' ') || finding.element;
    const button = make('button', { type: 'button', className: 'sp-link', textContent: name });
    button.dataset.element = finding.element;
    return button;
  }
}

const isError = (finding) => finding.severity === 'error';

function byElement(findings) {
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
