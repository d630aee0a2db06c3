import { CreateAppendElementTemplatesModule } from 'bpmn-js-create-append-anything';
import { CloudElementTemplatesPropertiesProviderModule } from 'bpmn-js-element-templates';

/** What a diagram needs to offer element templates: large, so loaded only where a pack has some. */
export default [CloudElementTemplatesPropertiesProviderModule, CreateAppendElementTemplatesModule];
