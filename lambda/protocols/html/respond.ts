import type { ServiceResponse } from '../../http.ts';

/**
 * Pages load scripts, styles and pictures of their own origin only, cannot be framed, and send their forms
 * nowhere else. Source: W3C, "Content Security Policy Level 3".
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function page(
  status: number,
  element: { toString(): string | Promise<string> },
  headers: Readonly<Record<string, string>> = {},
): ServiceResponse {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy,
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      vary: 'accept',
      ...headers,
    },
    body: `<!doctype html>${element.toString()}`,
  };
}

/**
 * The response to a form that was sent: the browser loads the page of the result (RFC 9110, clause 15.4.4).
 */
export function seeOther(location: string): ServiceResponse {
  return { status: 303, headers: { location }, body: '' };
}
