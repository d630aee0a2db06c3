import { besidePalette } from './view.js';

const LOW_PRIORITY = 500;
const AROUND = 60;

/** Lets the keyboard choose steps: Page Down and Page Up follow the reading order, left to right. */
export class Walk {
  constructor(canvas, elementRegistry, injector, selection) {
    Object.assign(this, { canvas, elementRegistry, selection });
    injector.get('keyboard').addListener(LOW_PRIORITY, ({ keyEvent }) => {
      const stride = { PageDown: 1, PageUp: -1 }[keyEvent.key];
      if (!stride) return undefined;
      this.go(stride);
      return true;
    });
  }

  go(stride) {
    const steps = this.steps();
    if (!steps.length) return;
    const here = steps.indexOf(this.selection.get()[0]);
    const next = here < 0 ? (stride > 0 ? 0 : steps.length - 1) : here + stride;
    this.choose(steps[(next + steps.length) % steps.length]);
  }

  /** Select this element, bring it into view and give the diagram the keyboard. */
  choose(element) {
    const around = { top: AROUND, right: AROUND, bottom: AROUND };
    this.canvas.scrollToElement(element, { ...around, left: besidePalette(this.canvas) });
    this.selection.select(element);
    this.canvas.focus();
  }

  steps() {
    const root = this.canvas.getRootElement();
    return this.elementRegistry
      .filter((it) => it.businessObject?.$instanceOf?.('bpmn:FlowNode') && !it.labelTarget)
      .filter((it) => this.canvas.findRoot(it) === root)
      .sort((a, b) => a.x - b.x || a.y - b.y);
  }
}
Walk.$inject = ['canvas', 'elementRegistry', 'injector', 'selection'];

export default { __init__: ['walk'], walk: ['type', Walk] };
