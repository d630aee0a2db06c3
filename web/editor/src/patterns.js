import { addTo, setPart } from './moddle.js';

const FIRST = 1500;
const COMMAND = 'samplan.pattern';
const APART = 150;
const BENEATH = 110;

/** Courses that are drawn often, each whole and with one step back: in the menu of what can follow. */
export class Patterns {
  constructor(popupMenu, commandStack, choices, words) {
    Object.assign(this, { commandStack, choices: choices ?? {}, words });
    commandStack.registerHandler(COMMAND, DrawPattern);
    popupMenu.registerProvider('bpmn-append', FIRST, this);
  }

  getPopupMenuEntries(element) {
    const group = { id: 'patterns', name: this.words.patterns };
    const entry = (draw, label, icon, given = {}) => ({
      label, group, className: `bpmn-icon-${icon}`,
      action: () => this.commandStack.execute(COMMAND, { element, draw, words: this.words, ...given }),
    });
    const own = { 'append-pattern-each': entry('each', this.words.askEach, 'call-activity') };
    if (element.businessObject.$instanceOf('bpmn:UserTask')) {
      const manager = this.choices.roles?.some(({ value }) => value === 'manager') ? 'manager' : '';
      own['append-pattern-remind'] = entry('remind', this.words.remindEscalate, 'intermediate-event-catch-non-interrupting-timer', { manager });
    }
    for (const { value, label } of this.choices.messages ?? []) {
      const title = `${this.words.waitFor} ${label}`;
      own[`append-pattern-hear-${value}`] = entry('hear', title, 'intermediate-event-catch-message', { message: value, name: label });
    }
    return own;
  }
}
Patterns.$inject = ['popupMenu', 'commandStack', 'config.choices', 'config.words'];

/** Draws one of them, as a single step that can be undone. */
class DrawPattern {
  constructor(modeling, elementFactory, bpmnFactory) {
    Object.assign(this, { modeling, elementFactory, factory: bpmnFactory });
  }

  preExecute(context) {
    this[context.draw](context);
  }

  /** A small routine for every party at the same time. */
  each({ element, words }) {
    const call = this.append(element, { type: 'bpmn:CallActivity' }, words.askEach);
    const items = this.make('zeebe:LoopCharacteristics', { inputCollection: '=parties', inputElement: 'party' });
    const extensionElements = this.make('bpmn:ExtensionElements', { values: [items] });
    const loopCharacteristics = this.make('bpmn:MultiInstanceLoopCharacteristics', { extensionElements });
    this.modeling.updateProperties(call, { loopCharacteristics });
    this.pass(call, '=party.organisation', 'organisation');
    this.pass(call, '=party.unit', 'unit');
  }

  /** Beside the step: after a week it is told again, after two somebody else is asked. */
  remind({ element, words, manager }) {
    const told = this.append(this.timer(element, 'P7D', 0.3, words.timeToRemind), { type: 'bpmn:ServiceTask' }, words.remindThem, BENEATH);
    setPart({ ...this.on(told), type: 'zeebe:TaskDefinition', attribute: 'type', value: 'party.remind' });
    this.pass(told, '=organisation', 'organisation');
    this.pass(told, '=unit', 'unit');
    this.append(told, { type: 'bpmn:EndEvent' });
    const asked = this.append(this.timer(element, 'P14D', 0.7, words.noAnswer), { type: 'bpmn:UserTask' }, words.seeToIt, 2 * BENEATH);
    if (manager) setPart({ ...this.on(asked), type: 'zeebe:AssignmentDefinition', attribute: 'candidateGroups', value: manager });
    this.append(asked, { type: 'bpmn:EndEvent' });
  }

  /** The case waits until somebody tells. */
  hear({ element, message, name }) {
    const event = this.append(element, { type: 'bpmn:IntermediateCatchEvent', eventDefinitionType: 'bpmn:MessageEventDefinition' }, name);
    const [definition] = event.businessObject.eventDefinitions;
    this.modeling.updateModdleProperties(event, definition, { messageRef: this.message(event, message) });
  }

  /** The message of this name; it is declared in the file if need be. */
  message(element, name) {
    let file = element.businessObject;
    while (file.$parent) file = file.$parent;
    const roots = file.get('rootElements');
    const known = roots.find((it) => it.$instanceOf('bpmn:Message') && it.name === name);
    if (known) return known;
    const added = this.factory.create('bpmn:Message', { name });
    added.$parent = file;
    this.modeling.updateModdleProperties(element, file, { rootElements: [...roots, added] });
    return added;
  }

  /** A timer on the border that lets the step go on. */
  timer(host, duration, part, name) {
    const shape = this.elementFactory.createShape({
      type: 'bpmn:BoundaryEvent', eventDefinitionType: 'bpmn:TimerEventDefinition', cancelActivity: false,
    });
    const place = { x: host.x + host.width * part, y: host.y + host.height };
    const event = this.modeling.createShape(shape, place, host, { attach: true });
    const [definition] = event.businessObject.eventDefinitions;
    const timeDuration = this.make('bpmn:FormalExpression', { body: duration });
    this.modeling.updateModdleProperties(event, definition, { timeDuration });
    this.modeling.updateProperties(event, { name });
    return event;
  }

  append(source, attributes, name, beneath = 0) {
    const place = { x: source.x + source.width + APART, y: source.y + source.height / 2 + beneath };
    const parent = source.host?.parent ?? source.parent;
    const shape = this.modeling.appendShape(source, this.elementFactory.createShape(attributes), place, parent);
    if (name) this.modeling.updateProperties(shape, { name });
    return shape;
  }

  pass(element, source, target) {
    const added = this.factory.create('zeebe:Input', { source, target });
    addTo({ ...this.on(element), type: 'zeebe:IoMapping', list: 'inputParameters', added });
  }

  on(element) {
    return { element, modeling: this.modeling, factory: this.factory };
  }

  /** With its parts knowing whom they belong to. */
  make(type, parts) {
    const made = this.factory.create(type, parts);
    for (const part of Object.values(parts).flat()) if (part?.$type) part.$parent = made;
    return made;
  }
}
DrawPattern.$inject = ['modeling', 'elementFactory', 'bpmnFactory'];

export default { __init__: ['patterns'], patterns: ['type', Patterns] };
