import type { JsonValue } from '../../../batch-jobs/api/job.ts';
import { ServiceFault } from '../../service-fault.ts';
import { heaviestJson, tooHeavy } from './weigh-json.ts';

/**
 * Parses a JSON document (RFC 8259): UTF-8, with or without a byte order mark.
 *
 * @throws {ServiceFault} if it is not JSON, or too heavy to be read
 */
export function parseJson(body: Uint8Array): JsonValue {
  const text = decoded(body);
  if (text.trim() === '') throw fault('is empty; allowed: a JSON object.');
  const passed = tooHeavy(text);
  if (passed === 'depth') {
    throw fault(
      `nests arrays and objects more than ${heaviestJson.depth} deep; allowed: no more than that.`,
    );
  }
  if (passed === 'values') {
    throw fault(
      `has too many values; allowed: ${heaviestJson.values} arrays, objects, strings and names of members, of which ten numbers count as one. Give large inputs by reference.`,
      'too-large',
    );
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

function fault(what: string, kind: 'invalid-value' | 'too-large' = 'invalid-value'): ServiceFault {
  return new ServiceFault(kind, `The request body ${what}`, { subject: 'body' });
}
