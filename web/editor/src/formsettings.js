/** What Samplan's forms understand, field by field; everything else in a file is left as it is. */

const CHOOSING = ['select', 'radio', 'checklist', 'taglist'];
const SEVERAL = ['checklist', 'taglist', 'dynamiclist'];
const TYPED = ['textfield', 'textarea'];
const SILENT = ['text', 'separator', 'spacer', 'default'];
const UNNAMED = [...SILENT, 'group'];
const PICKERS = ['organisation', 'unit', 'representative', 'person', 'meeting', 'party'];
const SUBTYPES = ['date', 'time', 'datetime'];

const of = (...types) => (field) => types.includes(field.type);
const not = (types) => (field) => !types.includes(field.type);
const moment = (...subtypes) => (field) => field.type === 'datetime' && subtypes.includes(field.subtype ?? 'date');

function labelOf(field) {
  if (field.type !== 'datetime') return 'label';
  return field.subtype === 'time' ? 'timeLabel' : 'dateLabel';
}

/** Neither nothing, nor empty: what is worth writing. */
export function isKept(value) {
  return value !== undefined && value !== null && value !== '' && value !== false;
}

export const SECTIONS = [
  {
    name: 'form',
    open: true,
    settings: [
      { name: 'title', kind: 'line', path: 'properties.title', on: of('default') },
      { name: 'record', kind: 'choice', path: 'properties.record', from: 'records', on: of('default') },
    ],
  },
  {
    name: 'question',
    open: true,
    settings: [
      { name: 'text', kind: 'long', path: 'text', on: of('text') },
      { name: 'label', kind: 'long', path: labelOf, on: not(SILENT) },
      { name: 'description', kind: 'long', path: 'description', on: not([...UNNAMED, 'dynamiclist']) },
      { name: 'required', kind: 'check', path: 'validate.required', on: not([...UNNAMED, 'dynamiclist', 'expression']) },
      { name: 'key', kind: 'key', on: not(UNNAMED) },
    ],
  },
  {
    name: 'answers',
    open: true,
    settings: [
      { name: 'options', kind: 'options', on: (field) => CHOOSING.includes(field.type) && !field.valuesExpression },
      { name: 'picker', kind: 'choice', path: 'properties.picker', values: PICKERS, on: of(...CHOOSING) },
      { name: 'subtype', kind: 'choice', path: 'subtype', values: SUBTYPES, always: true, on: of('datetime') },
      { name: 'earliest', kind: 'line', path: 'properties.earliest', on: moment('date', 'datetime', 'time') },
      { name: 'latest', kind: 'line', path: 'properties.latest', on: moment('date', 'datetime', 'time') },
      { name: 'longest', kind: 'number', path: 'validate.maxLength', on: of(...TYPED) },
      { name: 'format', kind: 'choice', path: 'validate.validationType', values: ['email', 'phone'], on: of('textfield') },
      { name: 'least', kind: 'number', path: 'validate.min', on: of('number') },
      { name: 'most', kind: 'number', path: 'validate.max', on: of('number') },
      { name: 'digits', kind: 'number', path: 'decimalDigits', on: of('number') },
      { name: 'fewest', kind: 'number', path: 'properties.min', on: of(...SEVERAL) },
      { name: 'several', kind: 'number', path: 'properties.max', on: of(...SEVERAL) },
      { name: 'accept', kind: 'line', path: 'accept', on: of('filepicker') },
      { name: 'multiple', kind: 'check', path: 'multiple', on: of('filepicker') },
      { name: 'expression', kind: 'line', path: 'expression', on: of('expression') },
      { name: 'check', kind: 'line', path: 'properties.check', on: not([...UNNAMED, 'expression', 'filepicker']) },
    ],
  },
  {
    name: 'shown',
    open: true,
    settings: [{ name: 'hide', kind: 'condition', path: 'conditional.hide', on: not(['default']) }],
  },
  {
    name: 'about',
    open: true,
    settings: [
      { name: 'category', kind: 'choice', path: 'properties.category', from: 'categories', on: not(UNNAMED) },
      { name: 'personal', kind: 'check', path: 'properties.personal', yes: 'true', on: not(UNNAMED) },
      { name: 'statutory', kind: 'check', path: 'properties.statutory', yes: 'true', on: not(UNNAMED) },
    ],
  },
  {
    name: 'words',
    open: false,
    settings: [
      { name: 'error', kind: 'line', path: 'properties.error', on: not(UNNAMED) },
      { name: 'hint', kind: 'line', path: 'properties.hint', on: not(UNNAMED) },
      { name: 'add', kind: 'line', path: 'properties.add', on: of('dynamiclist') },
      { name: 'item', kind: 'line', path: 'properties.item', on: of('dynamiclist') },
    ],
  },
];
