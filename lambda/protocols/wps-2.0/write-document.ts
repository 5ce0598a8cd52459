import { documentWriter, type XmlElement } from '../ows/build-xml.ts';
import { namespaces } from './namespaces.ts';

/** Writes documents of WPS 2.0. Text of `wps:Data` and `wps:Body` is put in as it is. */
export const writer = documentWriter(namespaces, ['wps:Data', 'wps:Body']);

/** A document of WPS 2.0. */
export function writeDocument(local: string, root: XmlElement): string {
  return writer.document('wps', local, 'wps/2.0/wps.xsd', root);
}
