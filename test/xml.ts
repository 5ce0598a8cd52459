import { XmlDocument } from 'libxml2-wasm';
import { namespaces } from '../lambda/protocols/ows/namespaces.ts';

const prefixes = {
  wps: namespaces.wps,
  ows: namespaces.ows,
  xlink: namespaces.xlink,
};

/** What an XPath expression selects in a document: text of each element, or value of each attribute. */
export function select(xml: string, xpath: string): string[] {
  const document = XmlDocument.fromString(xml);
  try {
    return document.find(xpath, prefixes).map((node) => node.content);
  } finally {
    document.dispose();
  }
}
