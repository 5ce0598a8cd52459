/** Headers that say how a message is carried and to whom (RFC 9110, clauses 7.2, 7.6.1, 10.1.1). */
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

/** A `token` and a field value without controls (RFC 9110, clauses 5.1 and 5.5). */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const fieldValue = /^[\t\u0020-\u007e\u00a0-\u00ff]*$/;

/**
 * Why a header must not be sent with a reference, in words for the client; undefined when it may.
 * Those that belong to the connection are for the service to set: a client that sets them could make
 * two requests of one, or reach another host by the same address.
 */
export function refusedHeader(key: string, value: string): string | undefined {
  if (!token.test(key)) return `"${key}" is no name of a header.`;
  if (transport.has(key.toLowerCase())) return `header "${key}" is not for a client to set.`;
  return fieldValue.test(value) ? undefined : `header "${key}" holds characters that headers lack.`;
}
