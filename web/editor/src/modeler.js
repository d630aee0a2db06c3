import { Findings } from './findings.js';
import { Known } from './known.js';
import { Studio, fetchJson } from './studio.js';
import { keepFitted } from './view.js';
import { wordsIn } from './words/index.js';

class DiagramStudio extends Studio {
  async makeViewer() {
    const place = { container: document.getElementById('canvas'), words: this.words };
    const panel = document.getElementById('panel');
    if (!this.editing) {
      panel?.setAttribute('hidden', '');
      return (await import('./reading.js')).openReader(place);
    }
    this.known = new Known(this.given.knownUrl);
    const [{ openEditor }, templates, choices] = await Promise.all([
      import('./editing.js'),
      fetchJson(this.given.templatesUrl),
      fetchJson(this.given.choicesUrl),
      this.known.load(),
    ]);
    return openEditor({ ...place, panel, templates, choices, known: this.known });
  }

  async hear(state, detail) {
    await super.hear(state, detail);
    if (state === 'saved') await this.known.load();
  }

  async draw(source) {
    this.viewer = await this.makeViewer();
    try {
      const { warnings } = await this.viewer.importXML(source);
      const canvas = this.viewer.get('canvas');
      canvas.getContainer().querySelector('svg').setAttribute('aria-label', this.words.screen.canvas);
      keepFitted(canvas);
      performance.mark('samplan-usable');
      return warnings;
    } catch (failure) {
      this.status.say('unreadable', { why: failure.message }, this.copyOf(source));
      return null;
    }
  }

  undraw() {
    this.viewer.destroy();
  }

  listen(changed) {
    this.viewer.on('commandStack.changed', changed);
    this.offerToPlay(document.getElementById('play-diagram'));
  }

  /** The diagram as it is drawn now, on a drawing of its own. */
  offerToPlay(button) {
    if (!button) return;
    button.hidden = false;
    button.addEventListener('click', async () => {
      const { play } = await import('./playing.js');
      await play({ source: await this.text(), title: button.textContent, words: this.words });
      button.focus();
    });
  }

  makeFindings() {
    return new Findings({
      list: document.getElementById('findings'),
      viewer: this.viewer,
      words: this.words.screen,
    });
  }

  async text() {
    return (await this.viewer.saveXML({ format: true })).xml;
  }
}

/** What opens a diagram, for whoever wants to do so elsewhere. */
export const editing = () => import('./editing.js');

const frame = document.getElementById('editor');
if (frame) new DiagramStudio(frame, await wordsIn(frame.dataset.language), 'application/xml').open();
