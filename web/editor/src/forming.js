import { FormEditor } from '@bpmn-io/form-js-editor';

import { FormPanel } from './formpanel.js';
import { fill } from './words/index.js';

/** What Samplan's forms cannot do: not offered; a file that has one keeps it, and the check says so. */
const REFUSED = ['button', 'documentPreview', 'html', 'iframe', 'image', 'table'];
const LABELS = ['label', 'dateLabel'];
const LAST = 100;

/** Puts the owner's words on what the editor of forms offers. */
class OwnWords {
  constructor(eventBus, formFields, formFieldContextActions, words) {
    this.words = words;
    for (const [type, definition] of Object.entries(formFields._formFields)) {
      const name = words.types[type];
      if (!name || !definition.config) continue;
      const own = (props) => definition(props);
      const create = beginning(definition.config.create, name, words);
      own.config = { ...definition.config, name, label: undefined, create };
      formFields.register(type, Object.assign(own, { type }));
    }
    formFieldContextActions.registerProvider(LAST, this);
    eventBus.on('formEditor.rendered', () => this.name(document.getElementById('canvas')));
  }

  getContextPadEntries(field) {
    const title = fill(this.words.remove, { name: this.words.types[field.type] ?? field.type });
    return (entries) => (entries.delete ? { ...entries, delete: { ...entries.delete, title } } : entries);
  }

  /** The palette has no way to be told its words, and is drawn once. */
  name(place) {
    for (const group of place.querySelectorAll('.fjs-palette-group')) {
      const title = group.querySelector('.fjs-palette-group-title');
      title.textContent = this.words.groups[group.dataset.groupId] ?? title.textContent;
    }
    for (const button of place.querySelectorAll('.fjs-palette-field')) {
      button.hidden = REFUSED.includes(button.dataset.fieldType);
      button.title = fill(this.words.add, { name: button.textContent });
    }
  }
}
OwnWords.$inject = ['eventBus', 'formFields', 'formFieldContextActions', 'config.words'];

/** What is read stays as it is, without the kind's defaults; what is new begins with our words. */
function beginning(create, name, words) {
  return (attrs, isNew) => {
    if (!isNew) return attrs;
    const made = create(attrs, true);
    const label = Object.fromEntries(LABELS.filter((part) => made[part]).map((part) => [part, name]));
    const values = made.values && { values: [{ label: words.newAnswer, value: 'answer_1' }] };
    return { ...made, ...label, ...values, ...attrs };
  };
}

/** A form that can be changed, with its panel of settings. */
export async function openForm({ container, panel, schema, choices, words }) {
  const form = new FormEditor({
    container,
    propertiesPanel: { parent: document.createElement('div') },
    additionalModules: [{ __init__: ['ownWords'], ownWords: ['type', OwnWords] }],
    words,
  });
  await form.importSchema(schema);
  if (panel) new FormPanel({ form, place: panel, words, choices: choices ?? {} });
  return form;
}
