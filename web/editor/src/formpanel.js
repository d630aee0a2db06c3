import { createElement, render } from '@bpmn-io/properties-panel/preact';
import { useRef } from '@bpmn-io/properties-panel/preact/hooks';

import { SECTIONS, isKept } from './formsettings.js';

const h = createElement;
const PAUSE = 300;
const KEY = /^\p{L}[\p{L}\p{N}_]{0,63}$/u;
const SIMPLE = /^=\s*([\p{L}_][\p{L}\p{N}_]*)\s*!=\s*("[^"]*"|true|false)$/u;

/** The settings of the chosen field in the owner's words; each change is one that can be undone. */
export class FormPanel {
  constructor({ form, place, words, choices }) {
    Object.assign(this, { form, place, words, choices });
    for (const event of ['selection.changed', 'commandStack.changed']) form.on(event, () => this.draw());
    this.draw();
  }

  draw() {
    const chosen = this.form.get('selection').get();
    const field = chosen && this.form.get('formFieldRegistry').get(chosen.id);
    render(h(Panel, { field: field ?? this.root(), panel: this, key: field?.id ?? '' }), this.place);
  }

  root() {
    return this.form._getState().schema;
  }

  /** What of a field is at a path such as `validate.required`. */
  value(field, path) {
    return path.split('.').reduce((part, name) => part?.[name], field);
  }

  /** Write one setting; an empty one is taken away, and so is what holds nothing any more. */
  set(field, path, value) {
    const [name, inner] = path.split('.');
    const kept = isKept(value) ? value : undefined;
    const whole = inner ? without({ ...field[name], [inner]: kept }) : kept;
    if (JSON.stringify(whole) === JSON.stringify(field[name])) return;
    this.form.get('modeling').editFormField(field, name, whole);
  }

  /** Why this cannot be the key, or nothing. */
  wrongKey(field, key) {
    if (!KEY.test(key)) return this.words.badKey;
    const parent = this.parent(field);
    const taken = parent.components.some((each) => each.id !== field.id && (each.key ?? each.path) === key);
    return taken ? this.words.keyTaken : '';
  }

  parent(field) {
    return this.form.get('formFieldRegistry').get(field._parent) ?? this.root();
  }

  /** Up or down among its neighbours, by keyboard too. */
  move(field, stride) {
    const parent = this.parent(field);
    const from = parent.components.findIndex((each) => each.id === field.id);
    const to = from + stride;
    if (to < 0 || to >= parent.components.length) return;
    const row = this.form.get('formLayouter').getRowForField(field);
    // The place is counted before the field is taken out.
    this.form.get('modeling').moveFormField(field, parent, parent, from, stride > 0 ? to + 1 : to, row, null);
  }

  /** The questions whose answers can decide whether this one is asked. */
  deciding(field) {
    return this.parent(field).components.filter(
      (each) => each.id !== field.id && each.key && (each.type === 'checkbox' || each.values?.length),
    );
  }
}

function without(part) {
  const kept = Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
  return Object.keys(kept).length ? kept : undefined;
}

function Panel({ field, panel }) {
  const { words } = panel;
  const isForm = field.type === 'default';
  const name = isForm ? words.wholeForm : words.types[field.type] ?? field.type;
  return h('div', { className: 'sp-settings' },
    h('h2', {}, name),
    isForm ? h('p', { className: 'sp-quiet' }, words.chooseField) : h(Moves, { field, panel }),
    SECTIONS.map((section) => {
      const settings = section.settings.filter((setting) => setting.on(field));
      if (!settings.length) return null;
      return h('details', { key: section.name, open: section.open },
        h('summary', {}, words.sections[section.name]),
        settings.map((setting) => h(Setting, { key: setting.name, setting, field, panel })));
    }));
}

function Moves({ field, panel }) {
  const { words } = panel;
  const step = (label, stride) =>
    h('button', { type: 'button', className: 'ds-button', 'data-variant': 'secondary', onClick: () => panel.move(field, stride) }, label);
  return h('div', { className: 'sp-settings__moves' }, step(words.up, -1), step(words.down, 1));
}

function Setting({ setting, field, panel }) {
  const kinds = { options: Options, condition: Condition, key: Key, check: Check, choice: Choice };
  return h(kinds[setting.kind] ?? Text, { setting, field, panel, id: `set-${setting.name}` });
}

function Labelled({ id, label, hint, problem, children }) {
  return h('div', { className: 'ds-field' },
    h('label', { className: 'ds-label', htmlFor: id }, label),
    hint && h('p', { className: 'sp-hint', id: `${id}-hint` }, hint),
    children,
    problem && h('p', { className: 'ds-validation-message', 'data-color': 'danger', role: 'alert' }, problem));
}

/** Sends what is typed after a pause, and at once when the field is left. */
function Typing({ tag = 'input', value, onText, ...rest }) {
  const timer = useRef();
  const send = (event) => {
    clearTimeout(timer.current);
    onText(event.target.value);
  };
  const later = (event) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => send(event), PAUSE);
  };
  return h(tag, { className: 'ds-input', autoComplete: 'off', ...rest, value, onInput: later, onChange: send });
}

function Text({ setting, field, panel, id }) {
  const { words } = panel;
  const path = typeof setting.path === 'function' ? setting.path(field) : setting.path;
  const value = panel.value(field, path) ?? '';
  const set = (text) => panel.set(field, path, setting.kind === 'number' ? asNumber(text) : text);
  const more = setting.kind === 'long' ? { tag: 'textarea', rows: 3 } : {};
  const hint = words.hints[setting.name];
  return h(Labelled, { id, label: words.settings[setting.name], hint },
    h(Typing, { id, value, onText: set, 'aria-describedby': hint && `${id}-hint`, ...more }));
}

function asNumber(text) {
  const number = Number(text.replace(',', '.'));
  return text.trim() && Number.isFinite(number) ? number : text.trim();
}

function Key({ setting, field, panel, id }) {
  const problem = useRef('');
  const path = field.path !== undefined && field.key === undefined ? 'path' : 'key';
  const set = (key) => {
    problem.current = panel.wrongKey(field, key);
    if (problem.current) panel.draw();
    else panel.set(field, path, key);
  };
  const { words } = panel;
  return h(Labelled, { id, label: words.settings[setting.name], hint: words.hints[setting.name], problem: problem.current },
    h(Typing, { id, value: field[path] ?? '', onText: set, 'aria-invalid': problem.current ? 'true' : undefined }));
}

function Check({ setting, field, panel, id }) {
  const value = panel.value(field, setting.path);
  const checked = value === true || value === 'true';
  const set = (event) => panel.set(field, setting.path, event.target.checked ? setting.yes ?? true : undefined);
  const hint = panel.words.hints[setting.name];
  return h('div', { className: 'ds-field' },
    h('input', { className: 'ds-input', type: 'checkbox', id, checked, onChange: set, 'aria-describedby': hint && `${id}-hint` }),
    h('label', { className: 'ds-label', htmlFor: id }, panel.words.settings[setting.name]),
    hint && h('p', { className: 'sp-hint', id: `${id}-hint` }, hint));
}

function Choice({ setting, field, panel, id }) {
  const { words, choices } = panel;
  const value = String(panel.value(field, setting.path) ?? '');
  const named = words.choices[setting.name] ?? {};
  const offered = choices[setting.from] ?? (setting.values ?? []).map((each) => ({ value: each }));
  const known = offered.some((each) => each.value === value) || !value;
  const all = [{ value: '', label: words.none }, ...offered, ...(known ? [] : [{ value }])];
  const set = (event) => panel.set(field, setting.path, event.target.value);
  return h(Labelled, { id, label: words.settings[setting.name], hint: words.hints[setting.name] },
    h('select', { className: 'ds-input', id, value, onChange: set },
      all.filter((each) => each.value || !setting.always).map((each) =>
        h('option', { key: each.value, value: each.value }, named[each.value] ?? each.label ?? each.value))));
}

/** The answers to choose from: what is read, and the code that diagrams and tables see. */
function Options({ field, panel, id }) {
  const { words } = panel;
  const values = field.values ?? [];
  const set = (changed) => panel.set(field, 'values', changed);
  const change = (index, part) => (text) =>
    set(values.map((each, at) => (at === index ? { ...each, [part]: text } : each)));
  const add = () => set([...values, { label: words.newAnswer, value: freeCode(values) }]);
  const swap = (index) => set(values.toSpliced(index - 1, 2, values[index], values[index - 1]));
  const small = (label, index, onClick, sign) =>
    h('button', { type: 'button', className: 'sp-settings__small', 'aria-label': `${label}: ${values[index].label}`, title: label, onClick }, sign);
  return h('fieldset', { className: 'ds-fieldset', id },
    h('legend', { className: 'ds-label' }, words.settings.options),
    values.map((each, index) => h('div', { className: 'sp-settings__option', key: index },
      h(Typing, { value: each.label ?? '', 'aria-label': `${words.answer} ${index + 1}`, onText: change(index, 'label') }),
      h(Typing, { value: String(each.value ?? ''), 'aria-label': `${words.code} ${index + 1}`, onText: change(index, 'value') }),
      index > 0 ? small(words.up, index, () => swap(index), '↑') : h('span', {}),
      small(words.takeAway, index, () => set(values.filter((_, at) => at !== index)), '×'))),
    h('button', { type: 'button', className: 'ds-button', 'data-variant': 'secondary', onClick: add }, words.addAnswer));
}

function freeCode(values) {
  const taken = new Set(values.map((each) => String(each.value)));
  let number = values.length + 1;
  while (taken.has(`answer_${number}`)) number += 1;
  return `answer_${number}`;
}

/** Picked from earlier answers where it is that simple; written as FEEL beneath in any case. */
function Condition({ setting, field, panel, id }) {
  const { words } = panel;
  const hide = field.conditional?.hide ?? '';
  const [, key = '', written = ''] = SIMPLE.exec(hide) ?? [];
  const questions = panel.deciding(field);
  const asked = questions.find((each) => each.key === key);
  const answers = (question) =>
    question?.values?.map((each) => ({ value: JSON.stringify(each.value), label: each.label })) ??
    [{ value: 'true', label: words.yes }, { value: 'false', label: words.no }];
  const set = (text) => panel.set(field, setting.path, text);
  const pick = (event) => {
    const question = questions.find((each) => each.key === event.target.value);
    set(question ? `=${question.key} != ${answers(question)[0].value}` : '');
  };
  const option = (each) => h('option', { key: each.value, value: each.value }, each.label);
  return h('div', { className: 'sp-settings__condition' },
    h(Labelled, { id: `${id}-if`, label: words.shownIf },
      h('select', { className: 'ds-input', id: `${id}-if`, value: asked ? key : '', onChange: pick },
        [{ value: '', label: hide && !asked ? words.asWritten : words.always },
          ...questions.map((each) => ({ value: each.key, label: each.label || each.key }))].map(option))),
    asked && h(Labelled, { id: `${id}-is`, label: words.is },
      h('select', { className: 'ds-input', id: `${id}-is`, value: written, onChange: (event) => set(`=${key} != ${event.target.value}`) },
        answers(asked).map(option))),
    h(Labelled, { id, label: words.settings[setting.name], hint: words.hints[setting.name] },
      h(Typing, { id, value: hide, onText: set, spellCheck: false })));
}

