import type { JsonSchema } from '../../batch-jobs/api/json-schema.ts';
import { loadOnce } from '../../batch-jobs/api/load-once.ts';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import type { ExecuteInput } from './execute-command.ts';

/**
 * Checks JSON text against the schema that an input's description has.
 *
 * @throws {ServiceFault} naming the input as subject, and where in the value the fault is
 */
export type JsonCheck = (identifier: string, schema: JsonSchema, text: string) => void;

/** No request holds the process for half a second; reading it takes its share of that. */
const mostMilliseconds = 300;

const loadCheck = loadOnce(() => import('./check-json.ts'));

/** The check that a request needs: undefined, and no validator loaded, where no input given in it has a schema. */
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
