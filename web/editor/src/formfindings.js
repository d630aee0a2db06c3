import { FindingList, byElement, isError } from './findings.js';

/** Findings of a form: a path of keys leads to its field. */
export class FormFindings extends FindingList {
  constructor({ form, ...rest }) {
    super(rest);
    this.form = form;
  }

  field({ element }) {
    return element ? fieldAt(this.form.saveSchema(), element) : undefined;
  }

  name(finding) {
    const field = this.field(finding);
    return field && (field.label || field.dateLabel || field.text?.slice(0, 60) || finding.element);
  }

  show(finding) {
    const field = this.field(finding);
    if (!field) return;
    const here = this.form.get('formFieldRegistry').get(field.id);
    this.form.get('selection').set(here);
    const drawn = this.drawn(field.id);
    drawn?.scrollIntoView({ block: 'center' });
    drawn?.focus();
  }

  mark(findings) {
    for (const old of document.querySelectorAll('#canvas [data-found]')) delete old.dataset.found;
    for (const group of byElement(findings).values()) {
      const field = this.field(group[0]);
      const drawn = field && this.drawn(field.id);
      if (drawn) drawn.dataset.found = group.some(isError) ? 'error' : 'advice';
    }
  }

  drawn(id) {
    return document.querySelector(`#canvas .fjs-element[data-id="${CSS.escape(id)}"]`);
  }
}

/** The component at a path of keys, as the server names it; a silent one by its id. */
export function fieldAt(part, path, prefix = '') {
  for (const each of part.components ?? []) {
    const key = each.key ?? each.path;
    const own = key ? prefix + key : each.id;
    if (own === path) return each;
    const inner = fieldAt(each, path, key ? `${own}.` : prefix);
    if (inner) return inner;
  }
  return undefined;
}
