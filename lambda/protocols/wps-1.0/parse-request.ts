import {
  ParseOption,
  XmlDocument,
  XmlParseError,
  XmlValidateError,
  type XsdValidator,
} from 'libxml2-wasm';
import { compileSchema } from '../ows/compile-schema.ts';
import { namespaces } from '../ows/namespaces.ts';
import { OwsException } from '../ows/ows-exception.ts';
import { checkValidationCost } from './check-validation-cost.ts';
import { acceptKnownDeviations } from './known-deviations.ts';
import { requestSchema } from './request-schema.ts';
import { schemaFault } from './schema-fault.ts';

/**
 * Hardened: entities are neither loaded nor replaced, nothing is fetched. libxml2's own limits hold:
 * 256 elements deep, 10 million characters a text.
 */
const parseOptions: ParseOption =
  ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NOWARNING;

const operations = ['GetCapabilities', 'DescribeProcess', 'Execute'];

/**
 * Parses a request and validates it against the schema of WPS 1.0.0 requests. The caller disposes of
 * the document.
 *
 * @throws {OwsException} when it is no valid request of WPS 1.0.0
 */
export function parseRequest(body: Uint8Array): XmlDocument {
  const document = parse(body);
  try {
    checkRoot(document);
    checkValidationCost(document);
    const takeOutStandIns = acceptKnownDeviations(document);
    validate(document);
    takeOutStandIns();
    return document;
  } catch (error) {
    document.dispose();
    throw error;
  }
}

function parse(body: Uint8Array): XmlDocument {
  let document: XmlDocument;
  try {
    document = XmlDocument.fromBuffer(body, { option: parseOptions });
  } catch (error) {
    if (!(error instanceof XmlParseError)) throw error;
    const [detail] = error.details;
    const why = (detail?.message ?? error.message).trim();
    const hint = isForm(body) ? ' By POST comes XML; keys and values belong in the URL.' : '';
    throw new OwsException(
      'NoApplicableCode',
      `The request is not well-formed XML: ${why} (line ${detail?.line ?? 1}).${hint}`,
      { httpStatus: 400 },
    );
  }
  if (!document.dtd) return document;
  document.dispose();
  throw new OwsException(
    'NoApplicableCode',
    'The request has a document type declaration; requests have none.',
    { httpStatus: 400 },
  );
}

/** Keys and values as HTML forms send them. */
function isForm(body: Uint8Array): boolean {
  return /^\s*[\w.]+=/.test(new TextDecoder().decode(body.subarray(0, 100)));
}

/** What decides whether it is a request of ours at all, in the words that KVP requests get. */
function checkRoot({ root }: XmlDocument): void {
  const { name, namespaceUri } = root;
  if (namespaceUri !== namespaces.wps) {
    throw new OwsException(
      'InvalidParameterValue',
      `The document element is "${name}" of namespace "${namespaceUri}"; allowed: ${operations.join(', ')} of namespace "${namespaces.wps}".`,
      { locator: 'request' },
    );
  }
  if (!operations.includes(name)) {
    throw new OwsException(
      'OperationNotSupported',
      `Operation "${name}" is not offered; allowed: ${operations.join(', ')}.`,
      { locator: name },
    );
  }
}

/** Once a process: it takes some milliseconds. */
let compiled: XsdValidator | undefined;

function validate(document: XmlDocument): void {
  compiled ??= compileSchema(requestSchema, 'wps.xsd');
  try {
    compiled.validate(document);
  } catch (error) {
    if (error instanceof XmlValidateError) throw schemaFault(error.details);
    throw error;
  }
}
