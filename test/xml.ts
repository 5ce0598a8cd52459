import { XmlDocument } from 'libxml2-wasm';
import { namespaces as wps10 } from '../lambda/protocols/ows/namespaces.ts';
import { namespaces as wps20 } from '../lambda/protocols/wps-2.0/namespaces.ts';

/**
 * What an XPath expression selects in a document: the text of each element, or the value of each attribute.
 * The prefixes `wps` and `ows` stand for the namespaces of the document's version of WPS.
 */
export function select(xml: string, xpath: string): string[] {
  const document = XmlDocument.fromString(xml);
  try {
    const { wps, ows, xlink } = document.root.namespaceUri.endsWith('/2.0') ? wps20 : wps10;
    return document.find(xpath, { wps, ows, xlink }).map((node) => node.content);
  } finally {
    document.dispose();
  }
}
