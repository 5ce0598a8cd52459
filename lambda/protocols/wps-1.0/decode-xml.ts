import type { XmlElement } from 'libxml2-wasm';
import { namespaces } from '../ows/namespaces.ts';
import { OwsException } from '../ows/ows-exception.ts';
import { attribute, childrenOf } from '../ows/xml-tree.ts';
import { decodeExecute } from './decode-execute-xml.ts';
import { parseRequest } from './parse-request.ts';
import type { WpsRequest } from './requests.ts';

/**
 * Decodes a request from the body of a POST (OGC 05-007r7, clauses 8.2.2, 9.2.3, 10.2.3).
 *
 * @throws {OwsException} if the request is not valid
 */
export function decodeXml(body: Uint8Array, limits: { readonly maxBytes: number }): WpsRequest {
  if (body.length === 0) {
    throw new OwsException('MissingParameterValue', 'The request has no body.', {
      locator: 'request',
    });
  }
  if (body.length > limits.maxBytes) {
    throw new OwsException(
      'FileSizeExceeded',
      `The request is larger than ${limits.maxBytes} bytes.`,
      { httpStatus: 413 },
    );
  }
  const document = parseRequest(body);
  try {
    return decode(document.root);
  } finally {
    document.dispose();
  }
}

function decode(root: XmlElement): WpsRequest {
  const tag = attribute(root, 'language');
  const language = tag === undefined ? {} : { language: tag };
  switch (root.name) {
    case 'GetCapabilities': {
      const [versions] = childrenOf(root, namespaces.wps, 'AcceptVersions');
      return {
        operation: 'GetCapabilities',
        acceptVersions: versions
          ? childrenOf(versions, namespaces.ows, 'Version').map((version) => version.content)
          : [],
        ...language,
      };
    }
    case 'DescribeProcess':
      return {
        operation: 'DescribeProcess',
        identifiers: childrenOf(root, namespaces.ows, 'Identifier').map((identifier) =>
          identifier.content.trim(),
        ),
        ...language,
      };
    default:
      return decodeExecute(root, language);
  }
}
