/** “Timer boundary event” and the like: every kind at every place. */
export function eventNames(kinds, places) {
  const names = {};
  for (const [kind, kindWord] of Object.entries(kinds)) {
    for (const [place, placeWord] of Object.entries(places)) {
      names[`${kind} ${place}`] = `${kindWord}: ${placeWord}`;
    }
  }
  return names;
}
