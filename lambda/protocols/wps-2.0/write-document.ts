import { documentWriter, type XmlElement } from '../ows/build-xml.ts';
import { namespaces } from './namespaces.ts';

/** Writes WPS 2.0 documents. Text of `wps:Data` and `wps:Body` is inserted unescaped. */
export const writer = documentWriter(namespaces, ['wps:Data', 'wps:Body']);

export function writeDocument(local: string, root: XmlElement): string {
  return writer.document('wps', local, 'wps/2.0/wps.xsd', root);
}
