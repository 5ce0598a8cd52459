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
          'access-control-expose-headers': 'Allow, Content-Disposition, Location, Retry-After',
        }),
    // A status changes, a job is started by GET, and a link to an output lasts for minutes.
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  };
}
