/** Conditions that can be picked; all other FEEL is left as it is written. */

const NAME = String.raw`([\p{L}_][\p{L}\p{N}_]*)`;
const LITERAL = String.raw`("[^"\\]*"|-?\d+(?:\.\d+)?|true|false|date\("\d{4}-\d{2}-\d{2}"\))`;
const PLAIN = new RegExp(String.raw`^=\s*${NAME}$`, 'u');
const NEGATED = new RegExp(String.raw`^=\s*not\(\s*${NAME}\s*\)$`, 'u');
const COMPARED = new RegExp(String.raw`^=\s*${NAME}\s*(=|!=|>=|<=|>|<)\s*${LITERAL}$`, 'u');
const NUMBER = /^-?\d+(\.\d+)?$/;

/** The comparisons that make sense for a kind of value, the first of them for a new condition. */
export const COMPARISONS = {
  yes_no: ['='],
  choice: ['=', '!='],
  text: ['=', '!='],
  number: ['=', '!=', '>', '>=', '<', '<='],
  date: ['=', '>', '<'],
};

/** Variable, comparison, value and its kind of a condition; undefined where it is not that simple. */
export function readCondition(feel) {
  const text = feel.trim();
  const plain = PLAIN.exec(text) ?? NEGATED.exec(text);
  if (plain) return { name: plain[1], comparison: '=', value: String(PLAIN.test(text)), kind: 'yes_no' };
  const [, name, comparison, literal] = COMPARED.exec(text) ?? [];
  return name && { name, comparison, ...readLiteral(literal) };
}

function readLiteral(literal) {
  if (literal.startsWith('"')) return { value: literal.slice(1, -1), kind: 'text' };
  if (literal.startsWith('date')) return { value: literal.slice(6, -2), kind: 'date' };
  return { value: literal, kind: NUMBER.test(literal) ? 'number' : 'yes_no' };
}

/** How a condition on this variable is picked; undefined where the two do not fit. */
export function kindOf(variable, read) {
  if (!variable || !read) return undefined;
  const wanted = variable.value === 'choice' ? 'text' : variable.value;
  if (read.kind !== wanted && variable.value !== 'text') return undefined;
  const shown = variable.value === 'text' ? read.kind : variable.value;
  return COMPARISONS[shown].includes(read.comparison) ? shown : undefined;
}

/** The condition in FEEL; undefined while what is written is no such value. */
export function writeCondition({ name, comparison, value }, kind) {
  if (kind === 'yes_no') return value === 'false' ? `=not(${name})` : `=${name}`;
  if (kind === 'number') return NUMBER.test(value) ? `=${name} ${comparison} ${value}` : undefined;
  if (kind === 'date') return value ? `=${name} ${comparison} date("${value}")` : undefined;
  return /["\\]/.test(value) ? undefined : `=${name} ${comparison} "${value}"`;
}

/** What a condition that has just been begun compares with. */
export function firstValue({ value, choices }) {
  const begun = { yes_no: 'true', number: '0', date: new Date().toISOString().slice(0, 10) };
  return begun[value] ?? choices[0]?.value ?? '';
}
