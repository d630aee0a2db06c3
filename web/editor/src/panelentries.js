import { CheckboxEntry, Group, SelectEntry, TextFieldEntry, useLayoutState } from '@bpmn-io/properties-panel';
import { createElement as h } from '@bpmn-io/properties-panel/preact';
import { useService } from 'bpmn-js-properties-panel';

import { findPart, findProperty, setPart, setProperty } from './moddle.js';
import { fill } from './words/index.js';

/** A setting that Samplan adds to the notation, kept as a property of the element. */
export function PropertyEntry({ element, id, field, label, options, words }) {
  const modeling = useService('modeling');
  const factory = useService('bpmnFactory');
  const getValue = () => findProperty(element, field.name)?.get('value') ?? '';
  const setValue = (value) => setProperty({ element, name: field.name, value, modeling, factory });
  return h(Choice, { element, id, label, options, getValue, setValue, words, none: words.none });
}

/** A setting of the notation that names something of the pack: it is chosen by its name. */
export function PartEntry({ element, id, field, label, options, words }) {
  const modeling = useService('modeling');
  const factory = useService('bpmnFactory');
  const choices = useService('config.choices');
  const [type, attribute, instead] = field.part;
  const getValue = () => findPart(element, type)?.get(attribute) ?? '';
  const setValue = (value) => setPart({ element, type, attribute, instead, value, modeling, factory });
  const none = field.silent ? laneSays(element, choices, words) : words.none;
  return h(Choice, { element, id, label, options, getValue, setValue, words, none });
}

function Choice({ element, id, label, options, getValue, setValue, words, none }) {
  const debounce = useService('debounceInput');
  if (!options) return h(TextFieldEntry, { element, id, label, getValue, setValue, debounce });
  const getOptions = () => withCurrent([{ value: '', label: none }, ...options], getValue(), words);
  return h(SelectEntry, { element, id, label, getValue, setValue, getOptions });
}

/** The choices, with what the file holds even where nobody offers it any more. */
function withCurrent(all, value, words) {
  if (all.some((option) => option.value === value)) return all;
  const label = value.startsWith('=') ? value : fill(words.unknown, { value });
  return [...all, { value, label }];
}

/** Who does a step for which nobody is named: the role of the innermost lane that names one. */
function laneSays(element, choices, words) {
  for (let at = element.businessObject; at; at = at.$parent) {
    for (const lane of [...(at.lanes ?? [])].reverse()) {
      const role = findProperty({ businessObject: lane }, 'role')?.get('value');
      if (!role) continue;
      const name = choices?.roles?.find(({ value }) => value === role)?.label ?? role;
      return fill(words.laneDoes, { name });
    }
  }
  return words.none;
}

/** The names of the texts that a step hands out. */
export function handedOut(element) {
  const written = findProperty(element, 'documents')?.get('value') ?? '';
  return written.split(',').map((name) => name.trim()).filter(Boolean);
}

/** Whether a text is handed out in a step; the others that it names stay. */
export function HandedOutEntry({ element, id, name, label }) {
  const modeling = useService('modeling');
  const factory = useService('bpmnFactory');
  const getValue = () => handedOut(element).includes(name);
  const setValue = (yes) => {
    const others = handedOut(element).filter((each) => each !== name);
    const value = (yes ? [...others, name] : others).join(', ');
    return setProperty({ element, name: 'documents', value, modeling, factory });
  };
  return h(CheckboxEntry, { element, id, label, getValue, setValue });
}

/** What is drawn on the border for when a step is late; each leads there. */
export function LateEntry({ element, id, words }) {
  const selection = useService('selection');
  const timers = (element.attachers ?? []).filter((each) =>
    each.businessObject.eventDefinitions?.some((it) => it.$instanceOf('bpmn:TimerEventDefinition')));
  const name = (timer) => timer.businessObject.name?.replace(/\s+/g, ' ') || timer.id;
  return h('div', { className: 'bio-properties-panel-entry', 'data-entry-id': id },
    h('div', { className: 'bio-properties-panel-label' }, words.late),
    timers.length
      ? timers.map((timer) => h('p', { key: timer.id },
        h('button', { type: 'button', className: 'sp-link', onClick: () => selection.select(timer) }, name(timer))))
      : h('p', { className: 'sp-quiet' }, words.notLate));
}

/** Groups within a group: what is seldom needed, drawn only where it is looked at. */
export function AllSettings({ element, id, label, groups }) {
  const [open, setOpen] = useLayoutState(['groups', id, 'open'], false);
  return h('details', { className: 'sp-all-settings', open, onToggle: (event) => setOpen(event.currentTarget.open) },
    h('summary', {}, label),
    open && groups.map((group) => h(group.component ?? Group, { ...group, element, key: group.id })));
}
