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
 * Headers that geospatial clients send from pages: OpenLayers 2 and jQuery name themselves, OGC API clients
 * state preferences, and callers with an identity send a key, a token or a signature.
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

/** Answers what a browser asks before it sends a request from a page of another origin (CORS). */
export const preflightHeaders: Readonly<Record<string, string>> = {
  'access-control-allow-methods': 'GET, HEAD, POST, PATCH, DELETE',
  'access-control-allow-headers': allowedHeaders,
  'access-control-max-age': '86400',
};

/**
 * Headers of every response.
 *
 * @param allowOrigin origin whose pages may read the response, or `*` for any (CORS; WHATWG Fetch, "CORS
 *   protocol"); if left out, no origin may
 */
export function responseHeaders(allowOrigin: string | undefined): Readonly<Record<string, string>> {
  return {
    ...(allowOrigin === undefined
      ? {}
      : {
          'access-control-allow-origin': allowOrigin,
          'access-control-expose-headers': exposedHeaders,
        }),
    // A status changes, a GET can start a job, and a link to an output is valid for minutes only.
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // Many responses repeat what a client sent. Our own pages set their own policy.
    'content-security-policy': "default-src 'none'; sandbox",
  };
}
