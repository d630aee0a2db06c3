import Modeler from 'bpmn-js/lib/Modeler';
import {
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  ZeebePropertiesProviderModule,
} from 'bpmn-js-properties-panel';
import { CreateAppendAnythingModule } from 'bpmn-js-create-append-anything';
import ZeebeBehaviors from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import MinimapModule from 'diagram-js-minimap';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';

import { INK } from './colours.js';
import DrawingModule from './drawing.js';
import PanelModule from './panel.js';
import PatternModule from './patterns.js';
import WalkModule from './walk.js';
import { translationModule } from './words/index.js';

/** A diagram that can be changed, with its panel of settings. */
export async function openEditor({ container, panel, words, templates, choices, known }) {
  const forTemplates = templates ? (await import('./templates.js')).default : [];
  const modeler = new Modeler({
    container,
    propertiesPanel: { parent: panel },
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      ZeebeBehaviors,
      CreateAppendAnythingModule,
      ...forTemplates,
      MinimapModule,
      DrawingModule,
      PanelModule,
      PatternModule,
      WalkModule,
      translationModule(words.drawing),
      { variableResolver: ['value', known] },
    ],
    moddleExtensions: { zeebe },
    bpmnRenderer: INK,
    textRenderer: { defaultStyle: { fontFamily: INK.fontFamily } },
    choices: choices ?? {},
    words: words.screen,
  });
  if (templates) modeler.get('elementTemplatesLoader').setTemplates(templates);
  return modeler;
}
