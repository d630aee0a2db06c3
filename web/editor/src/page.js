/* Small comforts for every page. Nothing here is needed: each page works without it. */

const AGAIN = 8_000;

/* Whole rows follow their one link. */
document.addEventListener('click', (event) => {
  const row = event.target.closest('[data-go]');
  if (!row || event.target.closest('a,button,input,label,select,summary,textarea')) return;
  if (String(getSelection())) return;
  const link = row.querySelector('a[href]');
  if (event.ctrlKey || event.metaKey) open(link.href);
  else link?.click();
});

/* Fields that depend on an answer: data-shown-when='{"field": "x", "is": "yes"}', or "is_not"; one
   value or a list, where "" stands for no answer. */
function holds(block, answers) {
  const { field, is, is_not: isNot } = JSON.parse(block.dataset.shownWhen);
  const sent = answers.getAll(field);
  const given = sent.length ? sent : [''];
  const among = (values) => [values].flat().map(String).some((value) => given.includes(value));
  return is === undefined ? !among(isNot) : among(is);
}

/* Outer blocks come first; what is hidden is disabled, so an inner block sees no answer there. */
function arrange(form) {
  for (const block of form.querySelectorAll('[data-shown-when]')) {
    const outside = block.parentElement.closest('[data-shown-when][hidden]');
    block.hidden = Boolean(outside) || !holds(block, new FormData(form));
    for (const field of block.querySelectorAll('input,select,textarea,button')) {
      field.disabled = block.hidden;
    }
  }
}

/* Leaving a form (form[data-guard]) with typed answers asks first. */
const typed = new Set(document.querySelectorAll('form[data-guard="typed"]'));
addEventListener('beforeunload', (event) => {
  if ([...typed].some((form) => form.isConnected)) event.preventDefault();
});

document.addEventListener('input', ({ target }) => {
  if (!target.form) return;
  if ('guard' in target.form.dataset) typed.add(target.form);
  arrange(target.form);
});

/* A second press while the first is under way does nothing. */
function mark(form, sent) {
  form.toggleAttribute('data-sent', sent);
  for (const button of form.querySelectorAll('button:not([type=button])')) {
    if (sent) button.setAttribute('aria-disabled', 'true');
    else button.removeAttribute('aria-disabled');
  }
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.hasAttribute('data-sent')) event.preventDefault();
  if (event.defaultPrevented || form.method !== 'post') return;
  typed.delete(form);
  mark(form, true);
  setTimeout(mark, AGAIN, form, false);
});

addEventListener('pageshow', () => {
  for (const form of document.forms) {
    mark(form, false);
    arrange(form);
  }
});

/* A diagram that is wider than the page begins where the case is. */
for (const drawing of document.querySelectorAll('.sp-flow')) {
  const here = drawing.querySelector('.now:not(.sub)') ?? drawing.querySelector('.now');
  const frame = drawing.parentElement;
  if (!here || frame.scrollWidth <= frame.clientWidth) continue;
  const at = here.getBoundingClientRect();
  const edge = frame.getBoundingClientRect();
  frame.scrollLeft += at.left + at.width / 2 - edge.left - frame.clientWidth / 2;
}

/* After a refused form the reader starts at what was wrong. */
const summary = document.querySelector('.sp-error[tabindex]');
summary?.focus();
