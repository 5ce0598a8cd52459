import { type XmlDocument, XmlValidateError, type XsdValidator } from 'libxml2-wasm';
import { compileSchema } from '../ows/compile-schema.ts';
import { namespaces } from '../ows/namespaces.ts';
import { OwsException } from '../ows/ows-exception.ts';
import { parseXml } from '../ows/parse-xml.ts';
import { schemaFault } from '../ows/schema-fault.ts';
import { acceptKnownDeviations } from './known-deviations.ts';
import { requestSchema } from './request-schema.ts';

const operations = ['GetCapabilities', 'DescribeProcess', 'Execute'];

/**
 * Parses a request and validates it against the schema of WPS 1.0.0 requests. The caller disposes of the
 * document.
 *
 * @throws {OwsException} if it is not a valid WPS 1.0.0 request
 */
export function parseRequest(body: Uint8Array): XmlDocument {
  const document = parseXml(body, namespaces);
  try {
    checkRoot(document);
    const takeOutStandIns = acceptKnownDeviations(document);
    validate(document);
    takeOutStandIns();
    return document;
  } catch (error) {
    document.dispose();
    throw error;
  }
}

/** Checks whether this is a WPS 1.0.0 request at all, with the same messages as for KVP requests. */
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

/** Compiled once per process: it takes some milliseconds. */
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
