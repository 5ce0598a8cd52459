import {
  type XmlDocument,
  type XmlElement,
  XmlValidateError,
  type XsdValidator,
} from 'libxml2-wasm';
import { compileSchema } from '../ows/compile-schema.ts';
import { OwsException } from '../ows/ows-exception.ts';
import { parseXml } from '../ows/parse-xml.ts';
import { schemaFault } from '../ows/schema-fault.ts';
import { attribute, childrenOf, textBelow } from '../ows/xml-tree.ts';
import { decodeExecute } from './decode-execute.ts';
import { namespaces, version } from './namespaces.ts';
import { requestSchema } from './request-schema.ts';
import { operations, type WpsRequest } from './requests.ts';

const { wps, ows, xml } = namespaces;

/**
 * Decodes a request from the body of a POST (OGC 14-065r2, clause 9 and 10, XML encodings).
 *
 * @throws {OwsException} if it is not a valid WPS 2.0 request
 */
export function decodeXml(body: Uint8Array, maxBytes: number): WpsRequest {
  if (body.length > maxBytes) {
    throw new OwsException(
      'FileSizeExceeded',
      `The request is larger than ${maxBytes} bytes; send large inputs by reference.`,
      { httpStatus: 413 },
    );
  }
  const document = parseXml(body, namespaces);
  try {
    checkRoot(document.root);
    validate(document);
    return decode(document.root);
  } finally {
    document.dispose();
  }
}

/** Checks whether this is a request at all, with the same messages as for KVP requests. */
function checkRoot(root: XmlElement): void {
  const { name, namespaceUri } = root;
  if (namespaceUri !== wps || !operations.some((operation) => operation === name)) {
    throw new OwsException(
      'OperationNotSupported',
      `Operation "${name}" of namespace "${namespaceUri}" is not offered; allowed: ${operations.join(', ')} of namespace "${wps}".`,
      { locator: name },
    );
  }
  const asked = attribute(root, 'version');
  if (name !== 'GetCapabilities' && asked !== undefined && asked !== version) {
    throw new OwsException(
      'InvalidParameterValue',
      `Attribute "version" is "${asked}"; allowed: ${version}.`,
      { locator: 'version' },
    );
  }
}

/** Compiled once: it takes some milliseconds. */
let compiled: XsdValidator | undefined;

function validate(document: XmlDocument): void {
  compiled ??= compileSchema(requestSchema, 'wps.xsd');
  try {
    compiled.validate(document);
  } catch (error) {
    if (error instanceof XmlValidateError) throw schemaFault(error.details, namespaces, document);
    throw error;
  }
}

function decode(root: XmlElement): WpsRequest {
  const operation = root.name as (typeof operations)[number];
  switch (operation) {
    case 'GetCapabilities':
      return {
        operation,
        acceptVersions: textsBelow(root, 'AcceptVersions', 'Version'),
        acceptLanguages: textsBelow(root, 'AcceptLanguages', 'Language'),
        sections: textsBelow(root, 'Sections', 'Section'),
      };
    case 'DescribeProcess': {
      const language = attribute(root, 'lang', xml);
      return {
        operation,
        identifiers: childrenOf(root, ows, 'Identifier').map(textOf),
        ...(language === undefined ? {} : { language }),
      };
    }
    case 'Execute':
      return decodeExecute(root);
    default:
      return { operation, jobId: textBelow(root, wps, 'JobID') };
  }
}

function textsBelow(root: XmlElement, list: string, item: string): string[] {
  return childrenOf(root, ows, list).flatMap((found) => childrenOf(found, ows, item).map(textOf));
}

/** White space around an identifier is layout. */
function textOf(element: XmlElement): string {
  return element.content.trim();
}
