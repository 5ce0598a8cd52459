/** Headers that control how a message is sent and to whom (RFC 9110, clauses 7.2, 7.6.1, 10.1.1). */
const transport = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);

/** A `token`, and a field value without control characters (RFC 9110, clauses 5.1 and 5.5). */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const fieldValue = /^[\t\u0020-\u007e\u00a0-\u00ff]*$/;

/**
 * Why a header must not be sent with a reference, in words for the client; undefined if it may be sent. Only
 * the service may set headers of the connection: a client that sets them could turn one request into two, or
 * reach another host through the same address.
 */
export function refusedHeader(key: string, value: string): string | undefined {
  if (!token.test(key)) return `"${key}" is no name of a header.`;
  if (transport.has(key.toLowerCase())) return `header "${key}" is not for a client to set.`;
  return fieldValue.test(value) ? undefined : `header "${key}" holds characters that headers lack.`;
}

/** Request headers that describe what is requested, but not who requests it (RFC 9110, clauses 12 to 14). */
const told = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'content-type',
  'if-modified-since',
  'if-none-match',
  'range',
  'user-agent',
]);

/** Replaces the value of a header that may be a credential, wherever people can read it. */
const withheld = 'withheld';

/**
 * The value of a header as shown to people: in status documents and in the stored request. Any header may
 * contain a credential (`Authorization`, `Cookie`, `X-Api-Key`), so only headers known to contain none are
 * shown.
 */
export function toldHeader(key: string, value: string): string {
  return told.has(key.trim().toLowerCase()) ? value : withheld;
}

const attribute = String.raw`\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*')`;
const headerElement = new RegExp(String.raw`<(?:[\w.-]+:)?Header(?:${attribute})+\s*/?>`, 'g');

/**
 * An Execute request in XML as it is stored: without header values of references that may be credentials.
 *
 * @param body a well-formed document in UTF-16 or in an encoding that keeps ASCII; its elements `Header` have
 *   attributes `key` and `value` (OGC 05-007r7, clause 10.2.1, table 50)
 */
export function withoutCredentials(body: string | Uint8Array): string | Uint8Array {
  if (typeof body === 'string') return redacted(body);
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const order = byteOrderOfUtf16(bytes);
  if (order === 'little') return Buffer.from(redacted(bytes.toString('utf16le')), 'utf16le');
  if (order === 'big') {
    const text = Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString('utf16le');
    return Buffer.from(redacted(text), 'utf16le').swap16();
  }
  // Decode one character per byte, so that all other bytes stay the same.
  return bytes.includes('Header')
    ? Buffer.from(redacted(bytes.toString('latin1')), 'latin1')
    : body;
}

/**
 * Uses the byte order mark, or else the zero byte beside `<` (XML 1.0, appendix F.1). No other XML begins with
 * the first byte of a mark.
 */
function byteOrderOfUtf16([first, second]: Uint8Array): 'little' | 'big' | undefined {
  if (first === 0xff || second === 0) return 'little';
  return first === 0xfe || first === 0 ? 'big' : undefined;
}

function redacted(xml: string): string {
  return xml.replace(headerElement, (element) => {
    const [, , key = ''] = /\skey\s*=\s*(["'])(.*?)\1/s.exec(element) ?? [];
    return told.has(key.trim().toLowerCase())
      ? element
      : element.replace(/(\svalue\s*=\s*)(["']).*?\2/s, `$1$2${withheld}$2`);
  });
}
