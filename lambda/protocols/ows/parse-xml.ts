import { ParseOption, XmlDocument, XmlParseError } from 'libxml2-wasm';
import type { Namespaces } from './namespaces.ts';
import { OwsException } from './ows-exception.ts';
import { weighXml } from './weigh-xml.ts';

/**
 * Hardened: entities are neither loaded nor replaced, and nothing is fetched. libxml2's own limits apply: 256
 * levels of elements, 10 million characters per text.
 */
const parseOptions: ParseOption =
  ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NOWARNING;

/**
 * Parses the body of a request. The caller disposes of the document.
 *
 * @param namespaces those of the version of WPS whose schema validates the document
 * @throws {OwsException} if it is too heavy, not well-formed, or has a document type declaration
 */
export function parseXml(body: Uint8Array, namespaces: Namespaces): XmlDocument {
  weighXml(body, namespaces);
  try {
    // Stryker disable next-line ObjectLiteral: there is nothing to load, for no request has a document type
    return XmlDocument.fromBuffer(body, { option: parseOptions });
  } catch (error) {
    if (!(error instanceof XmlParseError)) throw error;
    const [{ message, line } = { message: error.message, line: 1 }] = error.details;
    const hint = isForm(body) ? ' By POST comes XML; keys and values belong in the URL.' : '';
    throw new OwsException(
      'NoApplicableCode',
      `The request is not well-formed XML: ${message.trim()} (line ${line}).${hint}`,
      { httpStatus: 400 },
    );
  }
}

/** Whether the body is keys and values, as HTML forms send them. */
function isForm(body: Uint8Array): boolean {
  return /^\s*[\w.]+=/.test(new TextDecoder().decode(body.subarray(0, 100)));
}
