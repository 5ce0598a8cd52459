import type { ServiceResponse } from '../../http.ts';

/** `text/xml` and nothing else: clients recognise exception reports by exactly this type. */
export function xmlResponse(status: number, body: string): ServiceResponse {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}
