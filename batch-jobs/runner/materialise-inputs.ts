import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobInput, Reference } from '../api/job.ts';

/** Fetches an input given by reference into a file; refuses what it must not fetch. */
export type FetchReference = (reference: Reference, path: string) => Promise<void>;

/** A value as `inputs.json` shows it to the command. */
type CommandInput =
  | { kind: 'literal'; value: string; dataType: string; uom?: string }
  | { kind: 'complex'; path: string; mimeType: string; encoding?: string; schema?: string }
  | { kind: 'bounding-box'; crs: string; lower: readonly number[]; upper: readonly number[] };

/**
 * Lays the inputs of a job out for its command: complex values as files, the rest in `inputs.json`.
 *
 * @returns path of `inputs.json`: lists of values by input identifier
 */
export async function materialiseInputs(
  inputs: readonly JobInput[],
  folder: string,
  fetchReference: FetchReference,
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
    // The identifier is kept out of the name: it may hold what a file name may not.
    const path = join(folder, `input-${index}`);
    if ('href' in source) await fetchReference(source, path);
    else if ('base64' in source) await writeFile(path, Buffer.from(source.base64, 'base64'));
    else await writeFile(path, 'xml' in source ? source.xml : source.text);
    list.push({ ...format, path });
  }
  const path = join(folder, 'inputs.json');
  await writeFile(path, JSON.stringify(values, null, 2));
  return path;
}
