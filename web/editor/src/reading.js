import Viewer from 'bpmn-js/lib/NavigatedViewer';
import KeyboardMoveModule from 'diagram-js/lib/navigation/keyboard-move';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';

import { INK } from './colours.js';
import WalkModule from './walk.js';
import { translationModule } from './words/index.js';

/** A diagram that can only be looked at. */
export function openReader({ container, words }) {
  return new Viewer({
    container,
    additionalModules: [KeyboardMoveModule, WalkModule, translationModule(words.drawing)],
    moddleExtensions: { zeebe },
    bpmnRenderer: INK,
    textRenderer: { defaultStyle: { fontFamily: INK.fontFamily } },
  });
}
