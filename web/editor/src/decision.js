import { DecisionFindings } from './decisionfindings.js';
import { Studio, hearUndo } from './studio.js';
import { decisionWordsIn } from './words/decisions.js';
import { wordsIn } from './words/index.js';

class DecisionStudio extends Studio {
  async draw(source) {
    const container = document.getElementById('canvas');
    const { openOnly, openTables } = await import('./tables.js');
    this.tables = openTables({ container, words: this.words.drawing });
    try {
      const { warnings } = await this.tables.importXML(source);
      await openOnly(this.tables);
      container.inert = !this.editing;
      return warnings;
    } catch (failure) {
      this.status.say('unreadable', { why: failure.message }, this.copyOf(source));
      return null;
    }
  }

  undraw() {
    this.tables.destroy();
  }

  /** Each table has its own stack of changes, made when it is opened first. */
  listen(changed) {
    const hear = (viewer) =>
      viewer.on('commandStack.changed', ({ trigger }) => trigger !== 'clear' && changed());
    for (const viewer of Object.values(this.tables._viewers)) hear(viewer);
    this.tables.on('viewer.created', ({ viewer }) => hear(viewer));
    hearUndo((action) => this.tables.getActiveViewer().get('editorActions').trigger(action));
  }

  makeFindings() {
    return new DecisionFindings({
      list: document.getElementById('findings'),
      tables: this.tables,
      words: this.words.screen,
    });
  }

  async text() {
    return (await this.tables.saveXML({ format: true })).xml;
  }
}

/** What opens tables, for whoever wants to do so elsewhere. */
export const tables = () => import('./tables.js');

const frame = document.getElementById('editor');
if (frame) {
  const { language } = frame.dataset;
  const own = decisionWordsIn(language);
  const words = await wordsIn(language);
  const all = { screen: { ...words.screen, ...own.screen }, drawing: { ...words.drawing, ...own.drawing } };
  new DecisionStudio(frame, all, 'application/xml').open();
}
