const PAUSE = 2_000;
const RETRY = 10_000;

/** Why a draft was not kept: conflict, signedOut, refused or offline. */
class NotSaved extends Error {
  constructor(state, detail = {}) {
    super(state);
    Object.assign(this, { state, ...detail });
  }
}

/**
 * Keeps the draft on the server: two seconds after the last change, one request at a time.
 *
 * `tell(state, detail)` hears: unsaved, saving, saved, offline, signedOut, refused, conflict.
 * After a conflict or a lost session nothing more is sent, so that nothing is overwritten.
 */
export class Draft {
  constructor({ url, rev, key, type, read, tell }) {
    Object.assign(this, { url, rev, key, type, read, tell });
    this.changes = 0;
    this.kept = 0;
    this.stopped = false;
    this.sending = null;
  }

  get unsaved() {
    return this.changes !== this.kept;
  }

  changed() {
    this.changes += 1;
    if (this.stopped) return;
    if (!this.sending) this.tell('unsaved');
    this.wait(PAUSE);
  }

  wait(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), milliseconds);
  }

  /** Send what is unsaved now; a save under way is waited for first. */
  async save() {
    clearTimeout(this.timer);
    if (this.sending) await this.sending;
    if (this.stopped || !this.unsaved) return;
    this.sending = this.send();
    await this.sending;
    this.sending = null;
  }

  async send() {
    const sent = this.changes;
    this.tell('saving');
    try {
      const answer = await this.post(await this.read());
      this.rev = String(answer.rev);
      this.kept = sent;
      this.tell('saved', answer);
      if (!this.unsaved) return;
      this.tell('unsaved');
      this.wait(PAUSE);
    } catch (failure) {
      this.fail(failure);
    }
  }

  fail(failure) {
    const state = failure instanceof NotSaved ? failure.state : 'offline';
    this.stopped = state === 'conflict' || state === 'signedOut';
    if (state === 'offline') this.wait(RETRY);
    this.tell(state, failure);
  }

  async post(text) {
    const sent = { ...request(text, this.key, this.type), headers: this.headers() };
    const response = await fetch(this.url, sent);
    if (response.status === 409 || response.status === 412) throw new NotSaved('conflict');
    if (response.status === 401 || response.redirected) throw new NotSaved('signedOut');
    if (response.status >= 500) throw new NotSaved('offline');
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
      throw new NotSaved('refused', { why: answer.message ?? response.status, ...answer });
    }
    return answer;
  }

  headers() {
    return { ...headersFor(this.key, this.type), 'If-Match': this.rev };
  }
}

/** Ask the server what it finds in this file without keeping it; null where it does not say. */
export async function check(url, text, key, type) {
  const response = await fetch(url, request(text, key, type)).catch(() => null);
  if (!response?.ok || response.redirected) return null;
  return (await response.json()).findings ?? [];
}

function request(text, key, type) {
  return { method: 'POST', body: text, headers: headersFor(key, type), credentials: 'same-origin' };
}

function headersFor(key, type) {
  return {
    'Content-Type': type,
    'X-Samplan-Request': 'editor',
    ...(key ? { 'X-Samplan-Key': key } : {}),
  };
}
