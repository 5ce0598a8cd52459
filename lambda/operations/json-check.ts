import type { JsonSchema } from '../../batch-jobs/api/json-schema.ts';
import { loadOnce } from '../../batch-jobs/api/load-once.ts';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import type { ExecuteInput } from './execute-command.ts';

/**
 * Checks JSON text against the schema in an input's description.
 *
 * @throws {ServiceFault} naming the input as subject, and the place of the fault in the value
 */
export type JsonCheck = (identifier: string, schema: JsonSchema, text: string) => void;

/** No request uses half a second of the processor; reading the request takes part of that time. */
const mostMilliseconds = 300;

const loadCheck = loadOnce(() => import('./check-json.ts'));

/**
 * The check that a request needs. If no given input has a schema, returns undefined and loads no validator.
 */
export async function jsonCheckFor(
  process: ProcessDescription,
  inputs: readonly ExecuteInput[],
): Promise<JsonCheck | undefined> {
  const needs = inputs.some(({ identifier, data }) => {
    const described = process.inputs.find((input) => input.identifier === identifier);
    return (
      described?.kind === 'complex' &&
      data.kind !== 'reference' &&
      described.formats.some(({ jsonSchema }) => jsonSchema !== undefined)
    );
  });
  return needs ? (await loadCheck()).jsonCheck(mostMilliseconds) : undefined;
}
