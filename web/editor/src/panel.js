import { Group, isCheckboxEntryEdited, isSelectEntryEdited, isTextFieldEntryEdited } from '@bpmn-io/properties-panel';
import { cloneElement } from '@bpmn-io/properties-panel/preact';

import { ConditionEntry } from './conditionentry.js';
import { AllSettings, HandedOutEntry, LateEntry, PartEntry, PropertyEntry, handedOut } from './panelentries.js';
import { fill } from './words/index.js';

const LAST = 200;

/** Groups of the Zeebe panel whose content publication refuses or ignores. */
const REFUSED = new Set([
  'Zeebe__ExecutionListeners',
  'Zeebe__TaskListeners',
  'activeElements',
  'adHocSubProcessImplementation',
  'headers',
  'inputPropagation',
  'outputPropagation',
  'userTaskImplementation',
]);
const PERSONS = ['assignmentDefinitionAssignee', 'assignmentDefinitionCandidateUsers'];
const PEOPLE_DO = ['bpmn:UserTask', 'bpmn:ManualTask'];

/** Fields of the Zeebe panel that stand in one of our own groups. */
const MOVES = [
  { from: 'assignmentDefinition', entries: ['taskScheduleDueDate', 'taskScheduleFollowUpDate'], to: 'when', on: PEOPLE_DO },
  { from: 'documentation', entries: ['documentation'], to: 'guidance', on: PEOPLE_DO },
  { from: 'calledDecision', entries: ['resultVariable'], to: 'decides', on: ['bpmn:BusinessRuleTask'] },
];

/** What an element of its kind is about: never folded away under all settings. */
const ABOUT = new Set([
  'timer', 'message', 'signal', 'error', 'escalation', 'link', 'compensation', 'condition', 'script',
  'taskDefinition', 'multiInstance',
]);
const CHOOSING = ['bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway'];
const TEMPLATE = /^ElementTemplates__/;
const WHOLE = ['bpmn:Process', 'bpmn:Collaboration', 'bpmn:Participant', 'bpmn:Artifact'];

/** Our own groups, in the order in which an owner asks; each field on the kinds that have it. */
const GROUPS = [
  {
    id: 'who',
    fields: [
      { name: 'role', on: ['bpmn:Lane'], word: 'role', choices: 'roles' },
      { part: ['zeebe:AssignmentDefinition', 'candidateGroups'], on: ['bpmn:UserTask'], word: 'whoStep', choices: 'roles', silent: 'laneDoes' },
    ],
  },
  {
    id: 'asked',
    fields: [
      { part: ['zeebe:FormDefinition', 'formId', 'formKey'], on: ['bpmn:UserTask'], word: 'form', choices: 'forms' },
    ],
  },
  { id: 'routine', fields: [{ part: ['zeebe:CalledElement', 'processId'], on: ['bpmn:CallActivity'], word: 'calls', choices: 'routines' }] },
  { id: 'decides', fields: [{ part: ['zeebe:CalledDecision', 'decisionId'], on: ['bpmn:BusinessRuleTask'], word: 'table', choices: 'decisions' }] },
  { id: 'when', fields: [] },
  { id: 'guidance', fields: [] },
  { id: 'about', fields: [] },
  { id: 'later', fields: [] },
  {
    id: 'consent',
    fields: [
      { name: 'consent.purpose', on: ['bpmn:UserTask'], word: 'purpose', choices: 'purposes' },
      { name: 'consent.categories', on: ['bpmn:UserTask'], word: 'categories', choices: 'categories' },
    ],
  },
  { id: 'handed', fields: [] },
  { id: 'reached', fields: [{ name: 'milestone', on: ['bpmn:FlowNode'], word: 'milestone', choices: 'milestones' }] },
];
const OPEN = new Set(['who', 'asked', 'routine', 'decides', 'when']);

/** Puts what owners ask for first, in their words; everything else lies beneath all settings. */
export class SamplanPanel {
  constructor(propertiesPanel, translate, choices, words) {
    this.translate = translate;
    this.choices = choices;
    this.words = words;
    this.voices = new WeakMap();
    propertiesPanel.registerProvider(LAST, this);
  }

  /* The panel's own buttons speak the reader's language only where a group brings the translation,
     the switches of FEEL only where their field does. */
  getGroups(element) {
    return (groups) =>
      this.arrange(element, groups.filter((group) => !REFUSED.has(group.id)).map((group) => this.speak(group)));
  }

  speak(group) {
    const told = { ...group, translate: this.translate };
    if (group.entries) told.entries = group.entries.map((entry) => this.voiced(entry));
    if (group.items) told.items = group.items.map((item) => this.speak(item));
    return told;
  }

  /** A field that brings the translation; the same each time, so that nothing typed there is lost. */
  voiced(entry) {
    const { component } = entry;
    if (typeof component !== 'function') return entry;
    if (!this.voices.has(component)) {
      this.voices.set(component, (props) => {
        const field = component(props);
        return typeof field?.type === 'function' ? cloneElement(field, { translate: this.translate }) : field;
      });
    }
    return { ...entry, component: this.voices.get(component) };
  }

  arrange(element, groups) {
    if (isOn(element, WHOLE)) return groups;
    const moves = MOVES.filter((move) => isOn(element, move.on));
    const later = isOn(element, ['bpmn:Activity']) && groups.find(({ id }) => id === 'outputs');
    const rest = without(groups.filter((group) => group !== later), [...moves.flatMap((move) => move.entries), ...PERSONS]);
    const isAbout = (group) => ABOUT.has(group.id) || TEMPLATE.test(group.id);
    const about = rest.filter(isAbout).map((group) => this.pickable(element, group));
    const others = rest.filter((group) => !isAbout(group));
    const own = GROUPS.flatMap((group) => {
      if (group.id === 'about') return about;
      if (group.id === 'later') return later ? [{ ...later, label: this.words.later }] : [];
      return this.own(group.id, [...this.fields(element, group.fields), ...moved(groups, moves, group.id), ...this.late(element, group.id),
        ...this.handed(element, group.id)]);
    });
    return [...own, ...this.all(others)];
  }

  own(id, entries) {
    if (!entries.length) return [];
    const group = { id: `samplan-${id}`, label: this.words[id], component: Group, entries, shouldOpen: OPEN.has(id) };
    return [this.speak(group)];
  }

  all(groups) {
    if (!groups.length) return [];
    return [{ id: 'samplan-all', label: this.words.all, component: AllSettings, groups }];
  }

  /** Conditions count after the gateways that choose: there they can be picked. */
  pickable(element, group) {
    if (group.id !== 'condition' || !isOn(element.source ?? {}, CHOOSING)) return group;
    const entry = { id: 'samplan-condition', component: ConditionEntry, words: this.words };
    return { ...group, label: this.words.condition, entries: [entry, ...group.entries], shouldOpen: true };
  }

  fields(element, all) {
    return all.filter((field) => isOn(element, field.on)).map((field) => ({
      id: `samplan-${field.name ?? field.word}`,
      component: field.part ? PartEntry : PropertyEntry,
      isEdited: this.choices[field.choices] ? isSelectEntryEdited : isTextFieldEntryEdited,
      field,
      label: this.words[field.word],
      options: this.choices[field.choices],
      words: this.words,
    }));
  }

  late(element, id) {
    if (id !== 'when' || !isOn(element, PEOPLE_DO)) return [];
    return [{ id: 'samplan-late', component: LateEntry, words: this.words }];
  }

  /** One box for each text that can be handed out, and for what the step names besides. */
  handed(element, id) {
    if (id !== 'handed' || !isOn(element, PEOPLE_DO)) return [];
    const offered = this.choices.documents ?? [];
    const others = handedOut(element).filter((name) => !offered.some(({ value }) => value === name))
      .map((name) => ({ value: name, label: fill(this.words.unknown, { value: name }) }));
    return [...offered, ...others].map(({ value, label }) => ({
      id: `samplan-documents-${value}`,
      component: HandedOutEntry,
      isEdited: isCheckboxEntryEdited,
      name: value,
      label,
    }));
  }
}
SamplanPanel.$inject = ['propertiesPanel', 'translate', 'config.choices', 'config.words'];

/** The groups without these fields; one that has no other goes with them. */
function without(groups, gone) {
  return groups
    .map((group) => (group.entries ? { ...group, entries: group.entries.filter(({ id }) => !gone.includes(id)) } : group))
    .filter((group) => !group.entries || group.entries.length);
}

function moved(groups, moves, to) {
  return moves.filter((move) => move.to === to).flatMap((move) =>
    (groups.find(({ id }) => id === move.from)?.entries ?? []).filter(({ id }) => move.entries.includes(id)));
}

function isOn(element, types) {
  const business = element.businessObject;
  return Boolean(business) && types.some((type) => business.$instanceOf?.(type));
}

export default {
  __init__: ['samplanPanel'],
  samplanPanel: ['type', SamplanPanel],
};
