import type { XmlDocument, XmlElement } from 'libxml2-wasm';
import { namespaces } from '../ows/namespaces.ts';
import { childLookup, childrenOf, elementsOf } from '../ows/xml-tree.ts';

/**
 * Rewrites what widely used clients send, although the schema forbids it, to what they mean.
 *
 * - OpenLayers 2 (its `WPSExecute` format) puts `wps:BoundingBoxData` directly into `wps:Input`, or
 *   `ows:BoundingBox` into `wps:Data`; both mean `wps:Input/wps:Data/wps:BoundingBoxData`.
 * - OWSLib sends an empty `wps:DataInputs` if there are no inputs; the schema wants it left out.
 * - OWSLib and TerriaJS send a `wps:ResponseDocument` without outputs to ask for all of them, stored. The
 *   schema cannot express that.
 *
 * @returns removes, after validation, the placeholders that were added to satisfy the schema
 */
export function acceptKnownDeviations({ root }: XmlDocument): () => void {
  if (root.name !== 'Execute') return () => undefined;
  const children = childLookup(root);
  for (const inputs of children(namespaces.wps, 'DataInputs')) {
    for (const input of childrenOf(inputs, namespaces.wps, 'Input')) moveBoxes(input);
    if (isEmpty(inputs)) inputs.remove();
  }
  const responseDocuments = children(namespaces.wps, 'ResponseForm')
    .flatMap((form) => childrenOf(form, namespaces.wps, 'ResponseDocument'))
    .filter(isEmpty);
  const standIns = responseDocuments.map((responseDocument) => {
    const output = addQualified(responseDocument, namespaces.wps, 'Output');
    addQualified(output, namespaces.ows, 'Identifier');
    return output;
  });
  return () => {
    for (const standIn of standIns) standIn.remove();
  };
}

function isEmpty(element: XmlElement): boolean {
  return elementsOf(element).length === 0;
}

function moveBoxes(input: XmlElement): void {
  const children = childLookup(input);
  for (const data of children(namespaces.wps, 'Data')) {
    for (const box of childrenOf(data, namespaces.ows, 'BoundingBox')) moveBox(box);
  }
  for (const box of children(namespaces.wps, 'BoundingBoxData')) moveBox(box);
}

function moveBox(box: XmlElement): void {
  const { parent } = box;
  // Stryker disable next-line ConditionalExpression: the paths above find only elements below others
  if (!parent) return;
  const data = parent.name === 'Data' ? parent : addQualified(parent, namespaces.wps, 'Data');
  const copy = addQualified(data, namespaces.wps, 'BoundingBoxData');
  for (const { name, value } of box.attrs) copy.setAttr(name, value);
  for (const child of elementsOf(box)) {
    addQualified(copy, child.namespaceUri, child.name).addText(child.content);
  }
  box.remove();
}

/** Has its own declaration, so that it does not depend on the client's prefixes. */
function addQualified(parent: XmlElement, namespace: string, name: string): XmlElement {
  const element = parent.addElement(name);
  element.addNsDeclaration(namespace, 'q');
  element.prefix = 'q';
  return element;
}
