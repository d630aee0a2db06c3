/** What owners draw most is one click away, and what would be refused at publication is not offered. */

const LAST = 250;
const REFUSED = /^(append|create|replace-with)-task$|ad-hoc|complex-gateway|transaction|compensation|cancel-(boundary|end)|link-(intermediate|throw|catch)|conditional-(start|boundary|intermediate)|event-subprocess/;
const MENUS = ['bpmn-append', 'bpmn-create', 'bpmn-replace'];

/** Turns the plain task of palette and context pad into a user task. */
export class UserTaskFirst {
  constructor(autoPlace, appendPreview, contextPad, create, elementFactory, palette) {
    Object.assign(this, { autoPlace, appendPreview, create, elementFactory });
    contextPad.registerProvider(LAST, this);
    palette.registerProvider(LAST, this);
  }

  getContextPadEntries() {
    return (entries) => this.replace(entries, 'append.append-task', {
      click: (_, element) => this.autoPlace.append(element, this.draw()),
      dragstart: (event, element) => this.create.start(event, this.draw(), { source: element }),
      hover: (_, element) => {
        this.appendPreview.create(element, 'bpmn:UserTask');
        return () => this.appendPreview.cleanUp();
      },
    });
  }

  getPaletteEntries() {
    const start = (event) => this.create.start(event, this.draw());
    return (entries) => this.replace(entries, 'create.task', { click: start, dragstart: start });
  }

  draw() {
    return this.elementFactory.createShape({ type: 'bpmn:UserTask' });
  }

  replace(entries, name, action) {
    if (!entries[name]) return entries;
    return { ...entries, [name]: { ...entries[name], className: 'bpmn-icon-user-task', action } };
  }
}
UserTaskFirst.$inject = ['autoPlace', 'appendPreview', 'contextPad', 'create', 'elementFactory', 'palette'];

/** Takes out of the menus what the notation refuses. */
export class OnlyWhatRuns {
  constructor(popupMenu) {
    for (const menu of MENUS) popupMenu.registerProvider(menu, LAST, this);
  }

  getPopupMenuEntries() {
    return (entries) =>
      Object.fromEntries(Object.entries(entries).filter(([name]) => !REFUSED.test(name)));
  }
}
OnlyWhatRuns.$inject = ['popupMenu'];

export default {
  __init__: ['userTaskFirst', 'onlyWhatRuns'],
  userTaskFirst: ['type', UserTaskFirst],
  onlyWhatRuns: ['type', OnlyWhatRuns],
};
