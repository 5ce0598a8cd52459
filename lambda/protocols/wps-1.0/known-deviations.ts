import { type XmlDocument, XmlElement } from 'libxml2-wasm';
import { namespaces } from '../ows/namespaces.ts';
import { elementsOf } from '../ows/xml-tree.ts';

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
export function acceptKnownDeviations(document: XmlDocument): () => void {
  for (const box of boxes.flatMap((xpath) => elements(document, xpath))) moveBox(box);
  for (const inputs of elements(document, '/wps:Execute/wps:DataInputs[not(*)]')) inputs.remove();
  const standIns = elements(document, emptyResponseDocument).map((responseDocument) => {
    const output = addQualified(responseDocument, namespaces.wps, 'Output');
    addQualified(output, namespaces.ows, 'Identifier');
    return output;
  });
  return () => {
    for (const standIn of standIns) standIn.remove();
  };
}

/** Evaluated separately: the time for `|` grows with the square of the number of results. */
const boxes = [
  '/wps:Execute/wps:DataInputs/wps:Input/wps:BoundingBoxData',
  '/wps:Execute/wps:DataInputs/wps:Input/wps:Data/ows:BoundingBox',
];
const emptyResponseDocument = '/wps:Execute/wps:ResponseForm/wps:ResponseDocument[not(*)]';

function elements(document: XmlDocument, xpath: string): XmlElement[] {
  return document
    .find(xpath, { wps: namespaces.wps, ows: namespaces.ows })
    .filter((node) => node instanceof XmlElement);
}

function moveBox(box: XmlElement): void {
  const { parent } = box;
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
