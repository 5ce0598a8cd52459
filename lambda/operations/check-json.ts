import { runInNewContext } from 'node:vm';
import { type Schema, Validator } from '@cfworker/json-schema';
import type { JsonSchema } from '../../batch-jobs/api/json-schema.ts';
import { ServiceFault } from '../service-fault.ts';
import type { JsonCheck } from './json-check.ts';

/** OpenAPI 3.0 uses the keywords of this draft of JSON Schema. */
const draft = '4';

/**
 * Times that a check is started before it is refused. On a busy machine it may not get the processor: then it is
 * started again, with twice the time.
 */
const mostRounds = 5;

/**
 * A check of JSON text against the schema in an input's description. All inputs of one request share the
 * time. The duration of a check depends on schema and value together (patterns, `uniqueItems`, nested
 * alternatives), so the check is limited while it runs instead of estimated beforehand.
 *
 * @param milliseconds processor time for all checks together
 */
export function jsonCheck(milliseconds: number): JsonCheck {
  let left = milliseconds;
  return (identifier, schema, text) => {
    const begun = processorMilliseconds();
    const found = withinTime(() => errorsOf(identifier, schema, text), left, identifier);
    left = found ? left - (processorMilliseconds() - begun) : 0;
    if (!found) {
      throw new ServiceFault(
        'too-large',
        `Input "${identifier}" takes too long to check against its schema; send less in it, or name a reference to it.`,
        { subject: identifier },
      );
    }
    const errors = found.value;
    if (errors.length === 0) return;
    // The last error is the innermost; the others only say that its containers are not valid either.
    const { instanceLocation = '#', error = 'it does not fit the schema' } = errors.at(-1) ?? {};
    throw new ServiceFault(
      'invalid-value',
      `Input "${identifier}" does not fit its schema at ${instanceLocation}: ${error.replace(/\.$/, '')}; allowed: what the description of the process says.`,
      { subject: identifier },
    );
  };
}

function errorsOf(identifier: string, schema: JsonSchema, text: string) {
  const value = parsed(identifier, text);
  const { valid, errors } = new Validator(schemaOf(schema), draft).validate(value);
  return valid ? [] : errors;
}

/**
 * Ends work that takes too long, at any point, which only the JavaScript engine can do. What counts is
 * processor time, because other work of the machine is not the client's fault.
 *
 * @returns the result of the work; undefined if it took too long
 */
function withinTime<T>(
  work: () => T,
  milliseconds: number,
  identifier: string,
): { readonly value: T } | undefined {
  if (milliseconds <= 0) return undefined;
  let result: { readonly value: T } | undefined;
  const run = () => {
    result = { value: work() };
  };
  for (let round = 0; round < mostRounds && !result; round++) {
    const begun = processorMilliseconds();
    const timeout = Math.ceil(milliseconds) * 2 ** round;
    try {
      runInNewContext('run()', { run }, { timeout });
    } catch (error) {
      if (error instanceof RangeError) throw tooNested(identifier);
      if (!isTimeout(error)) throw error;
    }
    if (processorMilliseconds() - begun >= milliseconds) break;
  }
  return result;
}

function processorMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The error comes from the other context, so it is not an instance of this context's `Error`. */
function isTimeout(error: unknown): boolean {
  const { code }: { readonly code?: unknown } = Object(error);
  return code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}

function tooNested(identifier: string): ServiceFault {
  const text = `Input "${identifier}" is nested too deeply to check against its schema; allowed: JSON with fewer levels.`;
  return new ServiceFault('invalid-value', text, { subject: identifier });
}

/** The validator's type has mutable arrays; the validator does not change them. */
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
