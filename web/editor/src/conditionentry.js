import { createElement as h } from '@bpmn-io/properties-panel/preact';
import { useService } from 'bpmn-js-properties-panel';

import { COMPARISONS, firstValue, kindOf, readCondition, writeCondition } from './conditions.js';

const OTHERWISE = '\u0000otherwise';
const WORDS = { '=': 'is', '!=': 'isNot', '>': 'moreThan', '>=': 'atLeast', '<': 'lessThan', '<=': 'atMost' };
const OF_DAYS = { '>': 'after', '<': 'before' };

/** When a way is taken, picked from the answers known there; the FEEL beneath says the same. */
export function ConditionEntry({ element, id, words }) {
  const commandStack = useService('commandStack');
  const factory = useService('bpmnFactory');
  const known = useService('variableResolver').at(element.businessObject);
  const body = element.businessObject.conditionExpression?.body ?? '';
  const otherwise = element.source.businessObject.default === element.businessObject;
  const read = readCondition(body);
  const variable = read && known.find(({ name }) => name === read.name);
  const kind = kindOf(variable, read);
  const set = (picked, as) => {
    const feel = writeCondition(picked, as);
    if (feel !== undefined) write({ element, feel, commandStack, factory });
  };
  const choose = ({ target: { value } }) => {
    const chosen = known.find(({ name }) => name === value);
    if (chosen) set({ name: value, comparison: '=', value: firstValue(chosen) }, chosen.value);
    else write({ element, feel: '', otherwise: value === OTHERWISE, commandStack, factory });
  };
  return h('div', { className: 'sp-condition', 'data-entry-id': id },
    h(Pick, {
      id: `${id}-answer`, label: words.answer, onChange: choose,
      value: otherwise ? OTHERWISE : kind ? read.name : '',
      options: [
        { value: '', label: body && !kind ? words.asWritten : words.none },
        ...known.map(({ name, label }) => ({ value: name, label })),
        { value: OTHERWISE, label: words.otherwise },
      ],
    }),
    kind && COMPARISONS[kind].length > 1 && h(Pick, {
      id: `${id}-comparison`, label: words.compared, value: read.comparison,
      onChange: ({ target }) => set({ ...read, comparison: target.value }, kind),
      options: COMPARISONS[kind].map((each) => ({
        value: each,
        label: words[(kind === 'date' && OF_DAYS[each]) || WORDS[each]],
      })),
    }),
    kind && h(Value, {
      id: `${id}-value`, kind, choices: variable.choices, words, value: read.value,
      onValue: (value) => set({ ...read, value }, kind),
    }));
}

function Value({ id, kind, choices, value, words, onValue }) {
  const onChange = ({ target }) => onValue(target.value);
  const label = words.value;
  if (kind === 'yes_no') {
    const options = [{ value: 'true', label: words.yes }, { value: 'false', label: words.no }];
    return h(Pick, { id, label, value, onChange, options });
  }
  if (kind === 'choice') {
    const there = choices.some((choice) => choice.value === value);
    return h(Pick, { id, label, value, onChange, options: there ? choices : [...choices, { value, label: value }] });
  }
  const type = { number: 'number', date: 'date' }[kind] ?? 'text';
  const input = { id, type, value, onChange, step: 'any', className: 'bio-properties-panel-input' };
  return h(Labelled, { id, label }, h('input', input));
}

function Pick({ id, label, value, options, onChange }) {
  return h(Labelled, { id, label },
    h('select', { id, value, onChange, className: 'bio-properties-panel-input' },
      options.map((option) => h('option', { key: option.value, value: option.value }, option.label))));
}

function Labelled({ id, label, children }) {
  return h('div', { className: 'bio-properties-panel-entry' },
    h('div', { className: 'bio-properties-panel-select' },
      h('label', { htmlFor: id, className: 'bio-properties-panel-label' }, label), children));
}

/** The condition, and whether this is the way where no other applies, in one undoable step. */
function write({ element, feel, otherwise = false, commandStack, factory }) {
  const { source, businessObject } = element;
  const changes = [];
  if (otherwise !== (source.businessObject.default === businessObject)) {
    changes.push(update(source, { default: otherwise ? businessObject : undefined }));
  }
  const conditionExpression = feel ? factory.create('bpmn:FormalExpression', { body: feel }) : undefined;
  if (conditionExpression) conditionExpression.$parent = businessObject;
  changes.push(update(element, { conditionExpression }));
  commandStack.execute('properties-panel.multi-command-executor', changes);
}

function update(element, properties) {
  return { cmd: 'element.updateProperties', context: { element, properties } };
}
