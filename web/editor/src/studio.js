import { Draft, check } from './draft.js';
import { fill } from './words/index.js';

const WIDE_ENOUGH = '(min-width: 64rem)';

/** Tells the reader of the page how the file fares, with ways on as links. */
class Status {
  constructor(place, words) {
    this.place = place;
    this.words = words;
  }

  say(word, values, ...ways) {
    if (!this.place) return;
    this.place.dataset.is = word;
    this.place.replaceChildren(fill(this.words[word], values));
    for (const way of ways) this.place.append(' ', way);
  }
}

/**
 * The page of one file: fetched, drawn, kept after each change, checked, never lost.
 *
 * A kind of file brings: `draw(source)`, which gives what of it was not understood, or null when
 * nothing can be drawn; `listen(changed)`; `text()`; `makeFindings()`; and `undraw()`.
 */
export class Studio {
  constructor(frame, words, type) {
    this.frame = frame;
    this.given = frame.dataset;
    this.words = words;
    this.type = type;
    this.status = new Status(document.getElementById('editor-status'), words.screen);
    this.editing = this.given.editing === 'true' && matchMedia(WIDE_ENOUGH).matches;
  }

  async open() {
    this.status.say('loading');
    const source = await this.fetchSource();
    if (source === null) return;
    if (!(await this.show(source))) return;
    this.frame.dataset.ready = 'true';
    this.findings = this.makeFindings();
    if (!this.given.checkUrl) return;
    const found = await check(this.given.checkUrl, source, this.given.key, this.type);
    if (found) this.findings.set(found);
  }

  /** Draw the file for editing or reading; false when nothing of it can be drawn. */
  async show(source) {
    const lost = await this.draw(source);
    if (lost === null) return false;
    if (!this.editing) {
      this.status.say('reading');
    } else if (lost.length) {
      await this.showDamaged(source, lost);
    } else {
      this.status.say('ready');
      this.explainKeys();
      this.keep();
    }
    return true;
  }

  /** What was not understood would be gone after the next save: so it is shown, not edited. */
  async showDamaged(source, lost) {
    this.editing = false;
    this.undraw();
    await this.draw(source);
    const why = lost[0].message.split('\n').map((line) => line.trim()).filter(Boolean).join(', ');
    this.status.say('damaged', { why }, this.copyOf(source));
  }

  async fetchSource() {
    const response = await fetch(this.given.sourceUrl, { credentials: 'same-origin' }).catch(() => null);
    if (response?.ok) return response.text();
    this.status.say('missing');
    return null;
  }

  explainKeys() {
    const hint = document.createElement('p');
    hint.className = 'sp-editor__keys';
    hint.textContent = this.words.screen.keys;
    document.getElementById('canvas').after(hint);
  }

  /** From now on every change is kept on the server. */
  keep() {
    const draft = new Draft({
      url: this.given.saveUrl,
      rev: this.given.rev ?? '',
      key: this.given.key,
      type: this.type,
      read: () => this.text(),
      tell: (state, detail) => this.hear(state, detail),
    });
    this.listen(() => draft.changed());
    document.getElementById('save-draft')?.addEventListener('click', () => draft.save());
    addEventListener('keydown', (event) => {
      if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      document.activeElement?.dispatchEvent(new Event('change', { bubbles: true }));
      draft.save();
    });
    addEventListener('beforeunload', (event) => {
      if (draft.unsaved) event.preventDefault();
    });
  }

  async hear(state, detail = {}) {
    if (detail.findings) this.findings.set(detail.findings);
    if (state === 'saved') {
      this.frame.dataset.rev = detail.rev;
      this.status.say('saved', { time: this.clock() });
    } else if (state === 'conflict') {
      this.status.say(state, {}, this.copyOf(await this.text()), this.reloadLink());
    } else if (state === 'signedOut' || state === 'refused') {
      this.status.say(state, { why: detail.why }, this.copyOf(await this.text()));
    } else {
      this.status.say(state);
    }
  }

  clock() {
    const language = this.given.language || 'en';
    return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' }).format(new Date());
  }

  /** A link that saves this text on the reader's own disk. */
  copyOf(text) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: this.type }));
    link.download = this.given.fileName || 'diagram.bpmn';
    link.textContent = this.words.screen.download;
    return link;
  }

  reloadLink() {
    const link = document.createElement('a');
    link.href = location.href;
    link.textContent = this.words.screen.reload;
    return link;
  }
}

/** A change that redraws what had the keyboard leaves it nowhere: undo and redo are heard there too. */
export function hearUndo(trigger) {
  addEventListener('keydown', (event) => {
    if (event.target !== document.body || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (key === 'z' && !event.shiftKey) trigger('undo');
    else if (key === 'y' || key === 'z') trigger('redo');
  });
}

export async function fetchJson(url) {
  if (!url) return undefined;
  const response = await fetch(url, { credentials: 'same-origin' });
  return response.ok ? response.json() : undefined;
}
