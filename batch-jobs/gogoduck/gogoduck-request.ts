import { readFile } from 'node:fs/promises';
import { JobError } from './job-error.ts';
import {
  contentOf,
  type ResultContent,
  type ResultFormat,
  resultFormatOf,
} from './result-format.ts';
import { parseStride, parseVariables } from './selection.ts';
import { parseSubset, type Subset } from './subset.ts';

/** What a run is asked to do. */
export interface GoGoDuckRequest {
  readonly layer: string;
  readonly subset: Subset;
  /** The inputs as given, for provenance. */
  readonly subsetText: string;
  /** Only the latest time step. */
  readonly testMode: boolean;
  /** Name under which to save the result, without extension. */
  readonly filename: string;
  /** Which outputs are requested, if any. */
  readonly result: ResultFormat | undefined;
  readonly provenance: boolean;
  readonly receipt?: boolean;
  readonly preview?: boolean;
  /** Format of the result's data; a zip file contains one of the other formats. */
  readonly content: ResultContent;
}

interface InputValue {
  readonly kind: string;
  readonly value?: string;
}

interface RequestedOutput {
  readonly identifier: string;
  readonly mimeType?: string;
}

/**
 * Reads the two files of the batch job API.
 *
 * @param inputsPath `WPS_INPUTS`
 * @param requestedPath `WPS_OUTPUTS_REQUESTED`
 * @throws {JobError} if an input has an invalid value
 */
export async function readRequest(
  inputsPath: string,
  requestedPath: string,
): Promise<GoGoDuckRequest> {
  const [inputs, requested] = await Promise.all([
    readJson<Record<string, readonly InputValue[]>>(inputsPath),
    readJson<readonly RequestedOutput[]>(requestedPath),
  ]);
  const literal = (identifier: string) => inputs[identifier]?.[0]?.value?.trim() || undefined;
  const required = (identifier: string) => {
    const value = literal(identifier);
    if (value !== undefined) return value;
    throw new JobError('badRequest', `Input "${identifier}" is missing.`);
  };
  const isWanted = (output: string) => requested.some(({ identifier }) => identifier === output);
  const layer = required('layer');
  const subsetText = required('subset');
  const [variables, stride] = [literal('variables'), literal('stride')];
  const output = requested.find(({ identifier }) => identifier === 'result');
  const result = output && resultFormatOf(output.mimeType, 'Output "result"');
  return {
    layer,
    subset: {
      ...parseSubset(subsetText),
      ...(variables === undefined ? {} : { variables: parseVariables(variables) }),
      ...(stride === undefined ? {} : { stride: parseStride(stride) }),
    },
    subsetText: [
      subsetText,
      ...(variables === undefined ? [] : [`variables ${variables}`]),
      ...(stride === undefined ? [] : [`stride ${stride}`]),
    ].join('; '),
    testMode: literal('TestMode') === 'true',
    filename: literal('filename') ?? layer,
    result,
    provenance: isWanted('provenance'),
    ...(isWanted('receipt') ? { receipt: true } : {}),
    ...(isWanted('preview') ? { preview: true } : {}),
    content: contentOf(result, literal('aggregationOutputMime')),
  };
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}
