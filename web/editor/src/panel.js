import { SelectEntry, TextFieldEntry, Group } from '@bpmn-io/properties-panel';
import { isSelectEntryEdited, isTextFieldEntryEdited } from '@bpmn-io/properties-panel';
import { createElement } from '@bpmn-io/properties-panel/preact';
import { useService } from 'bpmn-js-properties-panel';
import { fill } from './words/index.js';

const LAST = 200;

/** Groups of the Zeebe panel whose content publication refuses or ignores. */
const REFUSED = new Set([
  'Zeebe__ExecutionListeners',
  'Zeebe__TaskListeners',
  'activeElements',
  'adHocSubProcessImplementation',
  'inputPropagation',
  'outputPropagation',
]);

const FIELDS = [
  { name: 'role', on: ['bpmn:Lane'], word: 'role', choices: 'roles' },
  { name: 'milestone', on: ['bpmn:FlowNode'], word: 'milestone', choices: 'milestones' },
  { name: 'consent.purpose', on: ['bpmn:UserTask'], word: 'purpose', choices: 'purposes' },
  { name: 'consent.categories', on: ['bpmn:UserTask'], word: 'categories', choices: 'categories' },
  { name: 'review', on: ['bpmn:UserTask'], word: 'review', choices: 'review' },
];

/** The group of properties that Samplan adds to the notation, shown after the general one. */
export class SamplanPanel {
  constructor(propertiesPanel, translate, choices, words) {
    this.translate = translate;
    this.choices = { ...choices, review: [{ value: 'true', label: words.yes }] };
    this.words = words;
    propertiesPanel.registerProvider(LAST, this);
  }

  /* The panel's own buttons speak the reader's language only where a group brings the translation. */
  getGroups(element) {
    return (groups) =>
      this.arrange(element, groups).map((group) => ({ ...group, translate: this.translate }));
  }

  arrange(element, groups) {
    const kept = groups.filter((group) => !REFUSED.has(group.id));
    const properties = FIELDS.filter((field) => isOn(element, field)).map((field) => ({
      id: `samplan-${field.name}`,
      component: PropertyEntry,
      isEdited: this.offers(field) ? isSelectEntryEdited : isTextFieldEntryEdited,
      name: field.name,
      label: this.words[field.word],
      options: this.offers(field),
      words: this.words,
    }));
    const entries = [...this.formEntry(element), ...properties];
    if (!entries.length) return kept;
    const label = this.words.group;
    const own = { id: 'samplan', label, component: Group, entries, shouldOpen: true };
    return [...kept.slice(0, 1), own, ...kept.slice(1)];
  }

  /** The form by its name; the panel's own group beneath names it by its id. */
  formEntry(element) {
    if (!element.businessObject?.$instanceOf?.('bpmn:UserTask') || !this.choices.forms) return [];
    return [{
      id: 'samplan-form',
      component: FormEntry,
      isEdited: isSelectEntryEdited,
      label: this.words.form,
      options: this.choices.forms,
      words: this.words,
    }];
  }

  offers(field) {
    return this.choices[field.choices];
  }
}
SamplanPanel.$inject = ['propertiesPanel', 'translate', 'config.choices', 'config.words'];

function isOn(element, field) {
  const business = element.businessObject;
  return Boolean(business) && field.on.some((type) => business.$instanceOf?.(type));
}

function PropertyEntry({ element, id, name, label, options, words }) {
  const modeling = useService('modeling');
  const factory = useService('bpmnFactory');
  const debounce = useService('debounceInput');
  const getValue = () => findProperty(element, name)?.get('value') ?? '';
  const setValue = (value) => setProperty({ element, name, value, modeling, factory });
  if (!options) {
    return createElement(TextFieldEntry, { element, id, label, getValue, setValue, debounce });
  }
  const getOptions = () => withCurrent(options, getValue(), words);
  return createElement(SelectEntry, { element, id, label, getValue, setValue, getOptions });
}

function FormEntry({ element, id, label, options, words }) {
  const modeling = useService('modeling');
  const factory = useService('bpmnFactory');
  const getValue = () => findForm(element)?.get('formId') ?? '';
  const getOptions = () => withCurrent(options, getValue(), words);
  const setValue = (value) => setForm({ element, value, modeling, factory });
  return createElement(SelectEntry, { element, id, label, getValue, setValue, getOptions });
}

/** The choices, with what the file holds even where nobody offers it any more. */
function withCurrent(options, value, words) {
  const all = [{ value: '', label: words.none }, ...options];
  if (all.some((option) => option.value === value)) return all;
  return [...all, { value, label: fill(words.unknown, { value }) }];
}

function findProperties(element) {
  const extension = element.businessObject.get('extensionElements');
  return extension?.get('values').find((it) => it.$instanceOf?.('zeebe:Properties'));
}

function findProperty(element, name) {
  return findProperties(element)?.get('properties').find((it) => it.get('name') === name);
}

/** Write, change or (with an empty value) take away one zeebe:property, in one undoable step. */
function setProperty({ element, name, value, modeling, factory }) {
  const update = (target, changes) => modeling.updateModdleProperties(element, target, changes);
  const holder = findProperties(element);
  const property = findProperty(element, name);
  if (property && value) return update(property, { value });
  if (property) {
    return update(holder, { properties: holder.get('properties').filter((it) => it !== property) });
  }
  if (!value) return undefined;

  const added = factory.create('zeebe:Property', { name, value });
  if (holder) {
    added.$parent = holder;
    return update(holder, { properties: [...holder.get('properties'), added] });
  }
  const properties = factory.create('zeebe:Properties', { properties: [added] });
  added.$parent = properties;
  return extend({ element, added: properties, modeling, factory });
}

function findForm(element) {
  const extension = element.businessObject.get('extensionElements');
  return extension?.get('values').find((it) => it.$instanceOf?.('zeebe:FormDefinition'));
}

/** Let a step ask with a form of the pack, or with none, in one undoable step. */
function setForm({ element, value, modeling, factory }) {
  const found = findForm(element);
  const extension = element.businessObject.get('extensionElements');
  if (found && value) {
    return modeling.updateModdleProperties(element, found, { formId: value, formKey: undefined });
  }
  if (found) {
    const values = extension.get('values').filter((it) => it !== found);
    return modeling.updateModdleProperties(element, extension, { values });
  }
  if (!value) return undefined;
  const added = factory.create('zeebe:FormDefinition', { formId: value });
  return extend({ element, added, modeling, factory });
}

/** Hang something into what the notation says besides about an element. */
function extend({ element, added, modeling, factory }) {
  const business = element.businessObject;
  const extension = business.get('extensionElements');
  if (extension) {
    added.$parent = extension;
    const values = [...extension.get('values'), added];
    return modeling.updateModdleProperties(element, extension, { values });
  }
  const extensionElements = factory.create('bpmn:ExtensionElements', { values: [added] });
  added.$parent = extensionElements;
  extensionElements.$parent = business;
  return modeling.updateModdleProperties(element, business, { extensionElements });
}

export default { __init__: ['samplanPanel'], samplanPanel: ['type', SamplanPanel] };
