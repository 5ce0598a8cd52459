import { ParseOption, XmlDocument, XmlParseError } from 'libxml2-wasm';

/**
 * The root element of an XML document, for insertion into another document; undefined if the bytes are not
 * well-formed XML or have a document type declaration.
 */
export function inlineXml(bytes: Uint8Array): string | undefined {
  let document: XmlDocument;
  try {
    document = XmlDocument.fromBuffer(bytes, {
      option: ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE,
    });
  } catch (error) {
    if (error instanceof XmlParseError) return undefined;
    throw error;
  }
  try {
    // Without options, the library would add layout.
    return document.dtd ? undefined : document.root.toString({});
  } finally {
    document.dispose();
  }
}
