import type { JsonValue } from '../../../batch-jobs/api/job.ts';
import { ServiceFault } from '../../operations/service-fault.ts';

/** Arrays and objects within each other; no document of the standard has more than a few. */
const deepest = 100;

/**
 * A JSON document from its bytes (RFC 8259): UTF-8, with or without a byte order mark.
 *
 * @throws {ServiceFault} when it is not JSON, or is nested too deeply
 */
export function parseJson(body: Uint8Array): JsonValue {
  const text = decoded(body);
  if (text.trim() === '') throw fault('is empty; allowed: a JSON object.');
  if (isTooDeep(text)) {
    throw fault(`nests arrays and objects more than ${deepest} deep; allowed: no more than that.`);
  }
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : 'it cannot be read';
    throw fault(`is not well-formed JSON (${why}); allowed: a JSON object.`);
  }
}

function decoded(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw fault('is not encoded in UTF-8; allowed: JSON in UTF-8.');
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (isString) {
      if (character === 0x5c) at++;
      else if (character === 0x22) isString = false;
    } else if (character === 0x22) isString = true;
    else if (character === 0x5b || character === 0x7b) {
      if (++depth > deepest) return true;
    } else if (character === 0x5d || character === 0x7d) depth--;
  }
  return false;
}

function fault(what: string): ServiceFault {
  return new ServiceFault('invalid-value', `The request body ${what}`, { subject: 'body' });
}
