import Viewer from 'bpmn-js/lib/NavigatedViewer';
import AnimationModule from 'bpmn-js-token-simulation/lib/animation';
import ContextPadsModule from 'bpmn-js-token-simulation/lib/features/context-pads';
import ContextPads from 'bpmn-js-token-simulation/lib/features/context-pads/ContextPads';
import ElementNotificationsModule from 'bpmn-js-token-simulation/lib/features/element-notifications';
import ElementNotifications from 'bpmn-js-token-simulation/lib/features/element-notifications/ElementNotifications';
import ElementSupportModule from 'bpmn-js-token-simulation/lib/features/element-support';
import ExclusiveGatewaysModule from 'bpmn-js-token-simulation/lib/features/exclusive-gateway-settings';
import InclusiveGatewaysModule from 'bpmn-js-token-simulation/lib/features/inclusive-gateway-settings';
import SimulationStateModule from 'bpmn-js-token-simulation/lib/features/simulation-state';
import TokenCountModule from 'bpmn-js-token-simulation/lib/features/token-count';
import SimulatorModule from 'bpmn-js-token-simulation/lib/simulator';
import {
  RESET_SIMULATION_EVENT,
  SCOPE_CREATE_EVENT,
  TOGGLE_MODE_EVENT,
} from 'bpmn-js-token-simulation/lib/util/EventHelper';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';

import { INK } from './colours.js';
import { fit } from './view.js';
import { translationModule } from './words/index.js';

/** What the library says, in English alone, and our words for it. */
const SAYS = {
  'Trigger Event': 'goOn',
  'Set Sequence Flow': 'chooseWay',
  'Add pause point': 'waitHere',
  'Remove pause point': 'waitNoMore',
  Finished: 'atTheEnd',
  'Not supported': 'notPlayed',
};
const OF_PEOPLE = new Set(['bpmn:UserTask', 'bpmn:ManualTask']);
const BEFORE_THE_FIRST = 1500;
const AT_ONCE = 100;
const STILL = '(prefers-reduced-motion: reduce)';

/** Its buttons, named in the reader's language and by the element they are for. */
function padsIn(words) {
  class Pads extends ContextPads {
    _addOverlay(element, options) {
      const { html } = options;
      const name = element.businessObject.name;
      html.type = 'button';
      html.title = words[SAYS[html.title]] ?? html.title;
      html.setAttribute('aria-label', name ? `${html.title}: ${name}` : html.title);
      super._addOverlay(element, options);
    }
  }
  Pads.$inject = ContextPads.$inject;
  return { __depends__: [ContextPadsModule], contextPads: ['type', Pads] };
}

function signsIn(words) {
  class Signs extends ElementNotifications {
    addElementNotification(element, options) {
      const text = words[SAYS[options.text]] ?? options.text;
      super.addElementNotification(element, { ...options, text });
    }
  }
  Signs.$inject = ElementNotifications.$inject;
  return { __depends__: [ElementNotificationsModule], elementNotifications: ['type', Signs] };
}

function inOurColours(eventBus) {
  eventBus.on(SCOPE_CREATE_EVENT, BEFORE_THE_FIRST, ({ scope }) => {
    scope.colors = { primary: 'var(--sp-play)', auxiliary: 'var(--sp-play-text)' };
  });
}
inOurColours.$inject = ['eventBus'];

function viewerIn(container, words) {
  return new Viewer({
    container,
    additionalModules: [
      SimulatorModule,
      AnimationModule,
      ElementSupportModule,
      ExclusiveGatewaysModule,
      InclusiveGatewaysModule,
      SimulationStateModule,
      TokenCountModule,
      padsIn(words.screen),
      signsIn(words.screen),
      { __init__: [inOurColours] },
      translationModule(words.drawing),
    ],
    moddleExtensions: { zeebe },
    bpmnRenderer: INK,
    textRenderer: { defaultStyle: { fontFamily: INK.fontFamily } },
  });
}

/** From the start again; steps of people wait until they are told to go on. */
function beginAnew(viewer, event) {
  viewer.get('eventBus').fire(event, { active: true });
  const simulator = viewer.get('simulator');
  viewer
    .get('elementRegistry')
    .filter((element) => OF_PEOPLE.has(element.type))
    .forEach((element) => simulator.waitAtElement(element));
}

function made(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function button(text, act) {
  const element = made('button', { type: 'button', className: 'ds-button', onclick: act }, text);
  element.dataset.variant = 'secondary';
  return element;
}

/**
 * Follow the arrows of a diagram over the page; nothing of it can be changed, or is kept.
 *
 * Resolves when the reader goes back to drawing.
 */
export async function play({ source, title, words }) {
  const { screen } = words;
  const canvas = made('div', { className: 'sp-play__canvas' });
  const dialog = made('dialog', { className: 'sp-play sp-editor' });
  dialog.setAttribute('aria-label', title);
  const viewer = viewerIn(canvas, words);
  dialog.append(
    made('p', { className: 'sp-play__hint' }, screen.playHint),
    made(
      'div',
      { className: 'sp-actions' },
      button(screen.playAnew, () => beginAnew(viewer, RESET_SIMULATION_EVENT)),
      button(screen.playBack, () => dialog.close()),
    ),
    canvas,
  );
  document.body.append(dialog);
  dialog.showModal();
  try {
    await viewer.importXML(source);
    fit(viewer.get('canvas'));
    if (matchMedia(STILL).matches) viewer.get('animation').setAnimationSpeed(AT_ONCE);
    beginAnew(viewer, TOGGLE_MODE_EVENT);
    await new Promise((closed) => dialog.addEventListener('close', closed, { once: true }));
  } finally {
    viewer.destroy();
    dialog.remove();
  }
}
