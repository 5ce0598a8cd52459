import type { ServiceResponse } from '../../http.ts';
import { mediaTypes } from './links.ts';

/** A response with a JSON document; a string is sent unchanged. */
export function jsonResponse(
  status: number,
  document: object | string,
  headers: Readonly<Record<string, string>> = {},
): ServiceResponse {
  return {
    status,
    headers: { 'content-type': mediaTypes.json, ...headers },
    body: typeof document === 'string' ? document : JSON.stringify(document, null, 2),
  };
}
