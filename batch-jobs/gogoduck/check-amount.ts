import type { Output } from './aggregate/define-output.ts';
import type { IndexedFile } from './file-index.ts';
import { JobError } from './job-error.ts';
import { product } from './netcdf/product.ts';

const gigabyte = 1e9;

/**
 * Refuses what takes more than is allowed, before it is fetched.
 *
 * @param most gigabytes
 * @throws {JobError} with what it would take
 */
export function checkSources(files: readonly IndexedFile[], most: number): void {
  const bytes = files.reduce((sum, { size = 0 }) => sum + size, 0);
  if (bytes <= most * gigabyte) return;
  throw new JobError(
    'badRequest',
    `The subset needs ${inWords(bytes)} in ${files.length} ${files.length === 1 ? 'file' : 'files'}; at most ${most} GB: ask for a shorter period.`,
  );
}

/**
 * Refuses a result that is larger than is allowed, before it is made.
 *
 * @param most gigabytes, before they are compressed
 * @throws {JobError} with how large it would be
 */
export function checkResult({ variables }: Output, files: number, most: number): void {
  const bytes = variables.reduce(
    (sum, { extents: { counts, cellSize } }) => sum + product(counts) * cellSize,
    0,
  );
  if (bytes <= most * gigabyte) return;
  throw new JobError(
    'badRequest',
    `The result would be ${inWords(bytes)} of ${files} ${files === 1 ? 'file' : 'files'}; at most ${most} GB: ask for a shorter period, a smaller area, fewer variables or a stride.`,
  );
}

function inWords(bytes: number): string {
  const gigabytes = bytes / gigabyte;
  return `${gigabytes >= 10 ? Math.round(gigabytes) : Number(gigabytes.toPrecision(2))} GB`;
}
