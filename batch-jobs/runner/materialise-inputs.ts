import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobInput, Reference } from '../api/job.ts';
import { whenFilesCanBeOpened } from '../api/open-files.ts';
import type { InputDescription } from '../api/process-description.ts';

/** An input that is given by reference. */
export interface ReferencedInput {
  readonly identifier: string;
  /** The file to write. */
  readonly path: string;
  /** Largest content that its description allows. */
  readonly maximumBytes: number;
}

/**
 * Fetches an input given by reference into a file.
 *
 * @param signal ends the fetch
 * @throws {JobFault} if the input must not or cannot be fetched
 */
export type FetchReference = (
  reference: Reference,
  input: ReferencedInput,
  signal: AbortSignal,
) => Promise<void>;

/** A value as the command finds it in `inputs.json`. */
type CommandInput =
  | { kind: 'literal'; value: string; dataType: string; uom?: string }
  | { kind: 'complex'; path: string; mimeType: string; encoding?: string; schema?: string }
  | { kind: 'bounding-box'; crs: string; lower: readonly number[]; upper: readonly number[] };

/**
 * Writes the inputs of a job for its command: complex values as files, all others to `inputs.json`.
 *
 * @returns path of `inputs.json`: lists of values by input identifier
 */
export async function materialiseInputs(
  inputs: readonly JobInput[],
  described: readonly InputDescription[],
  folder: string,
  fetchReference: FetchReference,
  signal: AbortSignal,
): Promise<string> {
  const values: Record<string, CommandInput[]> = {};
  await mkdir(folder, { recursive: true });
  for (const [index, { identifier, value }] of inputs.entries()) {
    const list = values[identifier] ?? [];
    values[identifier] = list;
    if (value.kind !== 'complex') {
      list.push(value);
      continue;
    }
    const { source, ...format } = value;
    // The file name does not contain the identifier, which may have characters that file names must not.
    const path = join(folder, `input-${index}`);
    if ('href' in source) {
      const maximumBytes = maximumBytesOf(identifier, described);
      await fetchReference(source, { identifier, path, maximumBytes }, signal);
    } else
      await write(path, 'base64' in source ? Buffer.from(source.base64, 'base64') : source.text);
    list.push({ ...format, path });
  }
  const path = join(folder, 'inputs.json');
  await write(path, JSON.stringify(values, null, 2));
  return path;
}

function maximumBytesOf(identifier: string, described: readonly InputDescription[]): number {
  const input = described.find((candidate) => candidate.identifier === identifier);
  return (input?.kind === 'complex' ? input.maximumMegabytes : 0) * 1024 * 1024;
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await whenFilesCanBeOpened(() => writeFile(path, content));
}
