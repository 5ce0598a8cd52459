/** Headers that every response has. */
export const responseHeaders = {
  // Pages of any origin may call the service: it knows no sessions that they could misuse.
  'access-control-allow-origin': '*',
  // A status changes, a job is started by GET, and a link to an output lasts for minutes.
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;
