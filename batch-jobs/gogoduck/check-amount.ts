import type { Output } from './aggregate/define-output.ts';
import type { IndexedFile } from './file-index.ts';
import { JobError } from './job-error.ts';
import { product } from './netcdf/product.ts';

const gigabyte = 1e9;

/**
 * Refuses a request that needs more source data than allowed, before fetching it.
 *
 * @param most gigabytes
 * @throws {JobError} with the amount needed
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
 * Refuses a result that is larger than allowed, before creating it.
 *
 * @param most gigabytes before compression
 * @throws {JobError} with the size of the result
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
