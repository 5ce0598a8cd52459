import { type Schema, Validator } from '@cfworker/json-schema';
import type { JsonSchema } from '../../batch-jobs/api/json-schema.ts';
import { ServiceFault } from './service-fault.ts';

/** OpenAPI 3.0 has the keywords of this draft of JSON Schema. */
const draft = '4';

/**
 * Checks JSON text against the schema that an input's description has.
 *
 * @throws {ServiceFault} naming the input as subject, and where in the value the fault is
 */
export function checkJson(identifier: string, schema: JsonSchema, text: string): void {
  const value = parsed(identifier, text);
  const { valid, errors } = new Validator(schemaOf(schema), draft).validate(value);
  if (valid) return;
  // The last is the innermost: the others say that what holds it is not valid either.
  const { instanceLocation = '#', error = 'it does not fit the schema' } = errors.at(-1) ?? {};
  throw new ServiceFault(
    'invalid-value',
    `Input "${identifier}" does not fit its schema at ${instanceLocation}: ${error.replace(/\.$/, '')}; allowed: what the description of the process says.`,
    { subject: identifier },
  );
}

/** The validator's own type has arrays that may be changed; it does not change them. */
function schemaOf(schema: JsonSchema): Schema {
  return JSON.parse(JSON.stringify(schema));
}

function parsed(identifier: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ServiceFault(
      'invalid-value',
      `Input "${identifier}" is not well-formed JSON; allowed: JSON (RFC 8259).`,
      { subject: identifier },
    );
  }
}
