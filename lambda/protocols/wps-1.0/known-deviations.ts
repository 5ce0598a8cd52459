import { type XmlDocument, XmlElement } from 'libxml2-wasm';
import { namespaces } from '../ows/namespaces.ts';
import { elementsOf } from '../ows/xml-tree.ts';

/**
 * Turns what widely used clients send, though the schema has it otherwise, into what they mean.
 *
 * - OpenLayers 2 (its `WPSExecute` format) puts `wps:BoundingBoxData` directly into `wps:Input`, or
 *   `ows:BoundingBox` into `wps:Data`; both stand for `wps:Input/wps:Data/wps:BoundingBoxData`.
 * - OWSLib sends an empty `wps:DataInputs` for no inputs, where the schema has it left out.
 * - OWSLib and TerriaJS send a `wps:ResponseDocument` without outputs to ask for all of them, stored.
 *   The schema has no way to say so.
 *
 * @returns what takes out again, after validation, what stands in for something the schema demands
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

/** Each on its own: the time that `|` takes grows with the square of what it finds. */
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

/** With a declaration of its own: whatever prefixes the client uses, these do not depend on them. */
function addQualified(parent: XmlElement, namespace: string, name: string): XmlElement {
  const element = parent.addElement(name);
  element.addNsDeclaration(namespace, 'q');
  element.prefix = 'q';
  return element;
}
