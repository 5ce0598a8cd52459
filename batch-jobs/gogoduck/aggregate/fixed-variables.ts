import { createHash, type Hash } from 'node:crypto';
import { piecesOf } from '../grid/select-cells.ts';
import { blocksOf } from '../netcdf/blocks.ts';
import type { NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import { product } from '../netcdf/product.ts';
import { countsOf, fetchPieces } from '../netcdf/read-pieces.ts';
import { sizeOf } from '../netcdf/types.ts';
import type { Template } from './template.ts';

/** Number of cells per read. */
const blockCells = 1_000_000;

/**
 * Fingerprints of the wanted cells of the variables that do not vary with time. The output takes these
 * variables from one file, and the history mentions files that differ.
 *
 * @returns fingerprints by name, without variables that the file does not have
 */
export async function fingerprints(
  file: NetcdfFile,
  template: Template,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const variable of fixedVariables(template)) {
    const layout = file.layout(variable.name);
    if (!layout) continue;
    const hash = createHash('sha256').update(layout.type).update(layout.shape.join());
    // Data of another shape need not be read: the fingerprints differ already.
    const isSameShape = layout.shape.join() === variable.shape.join();
    // Stryker disable next-line ConditionalExpression: reading it all the same changes no comparison
    if (isSameShape) await addData(hash, file, { ...variable, ...layout }, template);
    found.set(variable.name, hash.digest('base64'));
  }
  return found;
}

/** The variables taken from a single file: all except coordinates, which are the same in all files. */
export function fixedVariables({ header, encodings, placing }: Template): Variable[] {
  const alike = new Set(placing.map(({ name }) => name));
  return [...header.variables.values()].filter(
    ({ name }) => !encodings.has(name) && !alike.has(name),
  );
}

async function addData(
  hash: Hash,
  file: NetcdfFile,
  variable: Variable,
  template: Template,
): Promise<void> {
  if (variable.type === 'string') {
    const whole = { start: variable.shape.map(() => 0), count: variable.shape };
    hash.update(JSON.stringify(file.readStrings(variable, whole)));
    return;
  }
  const pieces = piecesOf(variable, template.cells);
  // Stryker disable next-line ConditionalExpression,EqualityOperator: a single read only takes more memory
  const isWhole = pieces.every((runs) => runs.length === 1);
  const counts = countsOf(pieces);
  // Cells from both sides of a seam are few enough for a single read.
  const blocks = isWhole
    ? [...blocksOf(counts, blockCells)].map(({ start, count }) =>
        pieces.map((runs, axis) => [
          { start: (runs[0]?.start ?? 0) + (start[axis] ?? 0), count: count[axis] ?? 0 },
        ]),
      )
    : [pieces];
  for (const block of blocks) {
    const bytes = new Uint8Array(product(countsOf(block)) * sizeOf(variable.type));
    await fetchPieces(file, variable, block, bytes);
    hash.update(bytes);
  }
}
