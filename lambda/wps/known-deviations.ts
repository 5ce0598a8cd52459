import { type XmlDocument, XmlElement } from 'libxml2-wasm';
import { namespaces } from './namespaces.ts';

/**
 * Turns what widely used clients send, though the schema has it otherwise, into what they mean.
 *
 * OpenLayers 2 (its `WPSExecute` format) puts `wps:BoundingBoxData` directly into `wps:Input`, or
 * `ows:BoundingBox` into `wps:Data`; both stand for `wps:Input/wps:Data/wps:BoundingBoxData`.
 */
export function acceptKnownDeviations(document: XmlDocument): void {
  const boxes = document.find(
    '/wps:Execute/wps:DataInputs/wps:Input/wps:BoundingBoxData | /wps:Execute/wps:DataInputs/wps:Input/wps:Data/ows:BoundingBox',
    { wps: namespaces.wps, ows: namespaces.ows },
  );
  for (const box of boxes) {
    if (!(box instanceof XmlElement) || !box.parent) continue;
    const { parent } = box;
    const data = parent.name === 'Data' ? parent : parent.addElement('Data', parent.prefix);
    const copy = data.addElement('BoundingBoxData', data.prefix);
    for (const { name, value } of box.attrs) copy.setAttr(name, value);
    for (let child = box.firstChild; child; child = child.next) {
      if (child instanceof XmlElement) {
        copy.addElement(child.name, child.prefix).addText(child.content);
      }
    }
    box.remove();
  }
}
