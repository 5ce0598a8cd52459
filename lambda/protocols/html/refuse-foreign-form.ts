import type { ServiceRequest } from '../../http.ts';
import { ServiceFault } from '../../service-fault.ts';

/**
 * Refuses a form that a page of another site made the reader's browser send. A client that is no browser
 * sends no origin, and no other site can make it send a form.
 *
 * Source: W3C, "Fetch Metadata Request Headers"; WHATWG Fetch, "Origin header".
 *
 * @throws {ServiceFault} `forbidden`
 */
export function refuseForeignForm({ headers }: ServiceRequest, baseUrl: string): void {
  const { 'sec-fetch-site': site, origin, host } = headers;
  if (site === 'same-origin') return;
  const isForeign =
    site === undefined ? origin !== undefined && !isOwn(origin, [host, hostOf(baseUrl)]) : true;
  if (!isForeign) return;
  throw new ServiceFault(
    'forbidden',
    'The form was sent from another site. Open it here and send it again.',
  );
}

function isOwn(origin: string, hosts: readonly (string | undefined)[]): boolean {
  const host = hostOf(origin);
  return host !== undefined && hosts.includes(host);
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined;
}
