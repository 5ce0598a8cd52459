import { JobError } from '../job-error.ts';
import type { Attributes } from '../netcdf/attributes.ts';
import type { NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import { packingOf, unpackInto } from '../netcdf/packing.ts';
import { product } from '../netcdf/product.ts';
import { countsOf, type Pieces, readPieces } from '../netcdf/read-pieces.ts';
import { numbersIn, sizeOf } from '../netcdf/types.ts';

/**
 * The values of a numeric variable, unpacked; NaN if missing.
 *
 * @param pieces wanted along each dimension; default: all
 */
export function readCoordinate(
  file: NetcdfFile,
  variable: Variable,
  attributes: Attributes,
  pieces: readonly Pieces[] = variable.shape.map((count) => [{ start: 0, count }]),
): Float64Array {
  return unpacked(variable, attributes, readStored(file, variable, pieces));
}

/** Maximum number of cells of a coordinate: a curvilinear grid of 4,000 by 4,000 cells. */
const mostCells = 16_000_000;

/**
 * The bytes of a variable as they are stored.
 *
 * @throws {JobError} before allocating memory, if there are more cells than any coordinate of a grid has
 */
export function readStored(
  file: NetcdfFile,
  variable: Variable,
  pieces: readonly Pieces[],
): Uint8Array {
  const cells = product(countsOf(pieces));
  if (cells > mostCells) {
    throw new JobError(
      'badData',
      `File "${file.name}" has ${variable.name} of ${cells} positions; allowed: at most ${mostCells}.`,
    );
  }
  const bytes = new Uint8Array(cells * sizeOf(variable.type));
  readPieces(file, variable, pieces, bytes);
  return bytes;
}

export function unpacked(
  { name, type }: Variable,
  attributes: Attributes,
  stored: Uint8Array,
): Float64Array {
  const packing = packingOf(type, attributes);
  if (!packing) throw new Error(`variable ${name} holds no numbers`);
  const numbers = numbersIn(packing.type, stored);
  const values = new Float64Array(numbers.length);
  unpackInto(values, numbers, packing, Number.NaN);
  return values;
}
