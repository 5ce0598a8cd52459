/** Headers that a page of another origin may read. */
const exposedHeaders = [
  'Accept-Ranges',
  'Allow',
  'Content-Disposition',
  'Content-Range',
  'ETag',
  'Link',
  'Location',
  'Preference-Applied',
  'Retry-After',
  'Sunset',
].join(', ');

/**
 * Headers that clients of the field send from pages: OpenLayers 2 and jQuery name themselves, OGC API clients
 * have wishes, and callers with an identity bring a key, a token or a signature.
 */
const allowedHeaders = [
  'Accept',
  'Accept-Language',
  'Authorization',
  'Content-Encoding',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'If-Range',
  'Prefer',
  'Range',
  'X-Amz-Content-Sha256',
  'X-Amz-Date',
  'X-Amz-Security-Token',
  'X-Api-Key',
  'X-Requested-With',
].join(', ');

/** What a browser asks before it sends a request from a page of another origin (CORS). */
export const preflightHeaders: Readonly<Record<string, string>> = {
  'access-control-allow-methods': 'GET, HEAD, POST, PATCH, DELETE',
  'access-control-allow-headers': allowedHeaders,
  'access-control-max-age': '86400',
};

/**
 * Headers that every response has.
 *
 * @param allowOrigin origin whose pages may read it, or `*` for any (CORS; WHATWG Fetch, "CORS
 *   protocol"); left out, none may
 */
export function responseHeaders(allowOrigin: string | undefined): Readonly<Record<string, string>> {
  return {
    ...(allowOrigin === undefined
      ? {}
      : {
          'access-control-allow-origin': allowOrigin,
          'access-control-expose-headers': exposedHeaders,
        }),
    // A status changes, a job is started by GET, and a link to an output lasts for minutes.
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // What a client sent stands in many an answer. Our own pages say what they may load themselves.
    'content-security-policy': "default-src 'none'; sandbox",
  };
}
