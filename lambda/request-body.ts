import type { ServiceRequest } from './http.ts';
import { ServiceFault } from './service-fault.ts';

/**
 * A request with its body ready for the protocol: the content encoding is removed (RFC 9110, clause 8.4), and
 * XML is in UTF-8. A charset in the header overrides a declaration in the document (RFC 7303, clause 3.2).
 *
 * @param most largest body accepted, in bytes after decoding
 * @throws {ServiceFault} if it cannot be decoded
 */
export async function decodedRequest(
  request: ServiceRequest,
  most: number,
): Promise<ServiceRequest> {
  if (request.body.length === 0) return request;
  const body = inUtf8(request, await decompressed(request, most));
  return body === request.body ? request : { ...request, body };
}

async function decompressed({ headers, body }: ServiceRequest, most: number): Promise<Uint8Array> {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return body;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    throw new ServiceFault(
      'unsupported-media-type',
      `Header Content-Encoding is "${encoding}"; allowed: gzip, or none.`,
      { subject: 'Content-Encoding' },
    );
  }
  const [{ gunzip }, { promisify }] = await Promise.all([import('node:zlib'), import('node:util')]);
  try {
    return await promisify(gunzip)(body, { maxOutputLength: most });
  } catch (cause) {
    const isTooLarge =
      cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLarge
      ? new ServiceFault(
          'too-large',
          `The request is larger than ${most} bytes when it is decompressed, which is the most allowed.`,
          { cause },
        )
      : new ServiceFault(
          'invalid-value',
          'Header Content-Encoding is "gzip" and the request body is not gzip data; allowed: a body as the header says.',
          { subject: 'Content-Encoding', cause },
        );
  }
}

function inUtf8({ headers }: ServiceRequest, body: Uint8Array): Uint8Array {
  const [, type = '', parameters = ''] =
    /^\s*([^;\s]+)\s*(;.*)?$/.exec(headers['content-type'] ?? '') ?? [];
  const [, charset] = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(parameters) ?? [];
  if (charset === undefined || !/[/+]xml$/i.test(type) || hasByteOrderMark(body)) return body;
  const text = decoderOf(charset).decode(body);
  // The encoding in the declaration is no longer true.
  const declared = /^(\s*<\?xml\b[^>]*?)\s+encoding\s*=\s*(?:"[^"]*"|'[^']*')/;
  return Buffer.from(text.replace(declared, '$1'));
}

function decoderOf(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset);
  } catch (cause) {
    throw new ServiceFault(
      'unsupported-media-type',
      `Header Content-Type names the charset "${charset}"; allowed: one of the Encoding Standard, such as utf-8.`,
      { subject: 'Content-Type', cause },
    );
  }
}

function hasByteOrderMark([first, second, third]: Uint8Array): boolean {
  return (
    (first === 0xef && second === 0xbb && third === 0xbf) ||
    (first === 0xfe && second === 0xff) ||
    (first === 0xff && second === 0xfe)
  );
}
