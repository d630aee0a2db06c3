import Modeler from 'dmn-js/lib/Modeler';

import { INK } from './colours.js';
import { translationModule } from './words/index.js';

/** Decision tables that can be changed, and the drawing of what they need. */
export function openTables({ container, words }) {
  /* An empty heading says nothing to a screen reader. */
  const nameNumbers = () => {
    for (const head of container.querySelectorAll('th.index-column')) head.textContent ||= '#';
  };
  const more = { additionalModules: [translationModule(words)] };
  const tables = new Modeler({
    container,
    height: '100%',
    width: '100%',
    drd: { ...more, drdRenderer: INK, textRenderer: { defaultStyle: { fontFamily: INK.fontFamily } } },
    decisionTable: more,
    literalExpression: more,
    boxedExpression: more,
  });
  tables.on('views.changed', () => setTimeout(nameNumbers));
  return tables;
}

/** A file with one table is that table; the drawing of several says how they hang together. */
export async function openOnly(tables) {
  const found = tables.getViews().filter((view) => view.type === 'decisionTable');
  if (found.length === 1) await tables.open(found[0]);
}
