/** Reads and writes what the notation says besides about an element; each change can be undone. */

function extensions(element) {
  return element.businessObject.get('extensionElements')?.get('values') ?? [];
}

/** The one extension of this type, such as zeebe:FormDefinition. */
export function findPart(element, type) {
  return extensions(element).find((it) => it.$instanceOf?.(type));
}

export function findProperty(element, name) {
  return findPart(element, 'zeebe:Properties')?.get('properties').find((it) => it.get('name') === name);
}

/** Write, change or (with an empty value) take away one zeebe:property, in one undoable step. */
export function setProperty({ element, name, value, modeling, factory }) {
  const update = (target, changes) => modeling.updateModdleProperties(element, target, changes);
  const holder = findPart(element, 'zeebe:Properties');
  const property = findProperty(element, name);
  if (property && value) return update(property, { value });
  if (property) {
    return update(holder, { properties: holder.get('properties').filter((it) => it !== property) });
  }
  if (!value) return undefined;

  const added = factory.create('zeebe:Property', { name, value });
  return addTo({ element, type: 'zeebe:Properties', list: 'properties', added, modeling, factory });
}

/** Write one attribute of an extension in place of another, or take it away; what is left empty goes. */
export function setPart({ element, type, attribute, instead, value, modeling, factory }) {
  const found = findPart(element, type);
  if (!found) {
    const added = value && factory.create(type, { [attribute]: value });
    return added ? extend({ element, added, modeling, factory }) : undefined;
  }
  const gone = [attribute, instead];
  const holdsMore = found.$descriptor.properties.some(({ ns: { localName } }) =>
    !gone.includes(localName) && Object.hasOwn(found, localName) && found[localName] !== undefined);
  if (value || holdsMore) {
    const changes = { [attribute]: value || undefined, ...(instead ? { [instead]: undefined } : {}) };
    return modeling.updateModdleProperties(element, found, changes);
  }
  const extension = element.businessObject.get('extensionElements');
  const values = extension.get('values').filter((it) => it !== found);
  return modeling.updateModdleProperties(element, extension, { values });
}

/** Add to a list within an extension, which is made if need be. */
export function addTo({ element, type, list, added, modeling, factory }) {
  const holder = findPart(element, type);
  if (holder) {
    added.$parent = holder;
    return modeling.updateModdleProperties(element, holder, { [list]: [...holder.get(list), added] });
  }
  const made = factory.create(type, { [list]: [added] });
  added.$parent = made;
  return extend({ element, added: made, modeling, factory });
}

/** Make a variable of an answer of the step's form, as it is. */
export function letIn({ element, variable, modeling, factory }) {
  const added = factory.create('zeebe:Output', { source: `=${variable}`, target: variable });
  return addTo({ element, type: 'zeebe:IoMapping', list: 'outputParameters', added, modeling, factory });
}

/** Hang something into what the notation says besides about an element. */
function extend({ element, added, modeling, factory }) {
  const business = element.businessObject;
  const extension = business.get('extensionElements');
  if (extension) {
    added.$parent = extension;
    const values = [...extension.get('values'), added];
    return modeling.updateModdleProperties(element, extension, { values });
  }
  const extensionElements = factory.create('bpmn:ExtensionElements', { values: [added] });
  added.$parent = extensionElements;
  extensionElements.$parent = business;
  return modeling.updateModdleProperties(element, business, { extensionElements });
}
