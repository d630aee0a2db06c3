import en from './en.js';

const OTHERS = {
  sv: () => import('./sv.js'),
  de: () => import('./de.js'),
  es: () => import('./es.js'),
  it: () => import('./it.js'),
};

/** The words of one language; English where a language is unknown or lacks a word. */
export async function wordsIn(language) {
  const load = OTHERS[(language || '').slice(0, 2)];
  const own = load ? (await load()).default : en;
  return { screen: { ...en.screen, ...own.screen }, drawing: own.drawing };
}

/** Put values into the {gaps} of a sentence; a gap without a value stays as it is. */
export function fill(sentence, values = {}) {
  return sentence.replace(/{([^}]+)}/g, (gap, name) => values[name] ?? gap);
}

/** The bpmn-js module that translates what palette, menus and panel say. */
export function translationModule(drawing) {
  const find = (sentence) => drawing[sentence] ?? drawing[asInMenus(sentence)] ?? sentence;
  const translate = (sentence, values) => fill(find(sentence), values);
  return { translate: ['value', translate] };
}

/** The panel's heading says “User Task”, the menus say “User task”: one entry serves both. */
function asInMenus(sentence) {
  const lower = sentence.toLowerCase().replace('non interrupting', 'non-interrupting');
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}
