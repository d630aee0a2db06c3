import { FormFindings } from './formfindings.js';
import { Studio, fetchJson, hearUndo } from './studio.js';
import { wordsIn } from './words/index.js';
import { formWordsIn } from './words/forms.js';

class FormStudio extends Studio {
  async draw(source) {
    const container = document.getElementById('canvas');
    const panel = document.getElementById('panel');
    if (!this.editing) panel.setAttribute('hidden', '');
    const [{ openForm }, choices] = await Promise.all([
      import('./forming.js'),
      fetchJson(this.given.choicesUrl),
    ]);
    try {
      const schema = JSON.parse(source);
      this.form = await openForm({ container, panel, schema, choices, words: this.words.form });
      container.inert = !this.editing;
      return [];
    } catch (failure) {
      this.status.say('unreadable', { why: failure.message }, this.copyOf(source));
      return null;
    }
  }

  undraw() {
    this.form.destroy();
  }

  listen(changed) {
    this.form.on('commandStack.changed', changed);
    hearUndo((action) => this.form.get('editorActions').trigger(action));
  }

  makeFindings() {
    return new FormFindings({
      list: document.getElementById('findings'),
      form: this.form,
      words: { ...this.words.screen, wholeDiagram: this.words.form.wholeForm },
    });
  }

  text() {
    return `${JSON.stringify(this.form.saveSchema(), null, 2)}\n`;
  }
}

/** What opens a form, for whoever wants to do so elsewhere. */
export const forming = () => import('./forming.js');

const frame = document.getElementById('editor');
if (frame) {
  const { language } = frame.dataset;
  const words = { ...(await wordsIn(language)), form: formWordsIn(language) };
  words.screen = { ...words.screen, ...words.form.screen };
  new FormStudio(frame, words, 'application/json').open();
}
