import type { ServiceResponse } from '../../http.ts';
import { mediaTypes } from './links.ts';

/** A JSON document as an answer; text is one already. */
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
