import { readFile } from 'node:fs/promises';
import { JobError } from './job-error.ts';
import { parseSubset, type Subset } from './subset.ts';

const resultFormats = ['application/x-netcdf', 'text/csv', 'application/zip'] as const;
export type ResultFormat = (typeof resultFormats)[number];

/** What a run is asked to do. */
export interface GoGoDuckRequest {
  readonly layer: string;
  readonly subset: Subset;
  /** The input as given, for provenance. */
  readonly subsetText: string;
  /** Only the latest time step. */
  readonly testMode: boolean;
  /** Name to save the result as, without ending. */
  readonly filename: string;
  /** The outputs that are wanted; none of them may be. */
  readonly result: ResultFormat | undefined;
  readonly provenance: boolean;
  /** What the result is made as; a zip holds one of the others. */
  readonly content: Exclude<ResultFormat, 'application/zip'>;
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
 * @throws {JobError} when an input cannot be what it is
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
  const layer = required('layer');
  const subsetText = required('subset');
  const output = requested.find(({ identifier }) => identifier === 'result');
  const result = output && formatOf(output.mimeType ?? resultFormats[0], 'Output "result"');
  return {
    layer,
    subset: parseSubset(subsetText),
    subsetText,
    testMode: literal('TestMode') === 'true',
    filename: literal('filename') ?? layer,
    result,
    provenance: requested.some(({ identifier }) => identifier === 'provenance'),
    content: contentOf(result, literal('aggregationOutputMime')),
  };
}

/**
 * The portal says the format twice: as that of the output, and in `aggregationOutputMime`. Only of a
 * zip does the second say something new.
 */
function contentOf(
  result: ResultFormat | undefined,
  asked: string | undefined,
): GoGoDuckRequest['content'] {
  const content = asked && formatOf(asked, 'Input "aggregationOutputMime"');
  if (result === undefined || result === 'application/zip') {
    return content === 'text/csv' ? content : 'application/x-netcdf';
  }
  if (!content || content === result) return result;
  throw new JobError(
    'badRequest',
    `Input "aggregationOutputMime" is "${content}", but output "result" is asked for as "${result}"; allowed: the same for both.`,
  );
}

function formatOf(text: string, subject: string): ResultFormat {
  const format = resultFormats.find((each) => each === text.toLowerCase());
  if (format) return format;
  throw new JobError(
    'badRequest',
    `${subject} is "${text}"; allowed: ${resultFormats.map((each) => `"${each}"`).join(', ')}.`,
  );
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}
