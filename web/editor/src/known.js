import { fetchJson } from './studio.js';

const ALWAYS = ['deadlines', 'calendar', 'case_ref'];

/** The variables that the draft surely has at each of its elements, asked of the server. */
export class Known {
  constructor(url) {
    this.url = url;
    this.told = { variables: {}, at: {} };
  }

  async load() {
    this.told = (await fetchJson(this.url)) ?? this.told;
  }

  /** At an element, or on a flow that leaves one; all of the diagram where the draft has no such place yet. */
  at(business) {
    const { variables, at } = this.told;
    const names = at[business.sourceRef?.id ?? business.id] ?? Object.keys(variables);
    return names.map((name) => variables[name]);
  }

  /** For the fields that complete FEEL. */
  getVariablesForElement(business) {
    const known = this.at(business).map(({ name, label }) => ({ name, info: label === name ? '' : label }));
    return [...known, ...ALWAYS.filter((name) => !known.some((each) => each.name === name)).map((name) => ({ name }))];
  }
}
