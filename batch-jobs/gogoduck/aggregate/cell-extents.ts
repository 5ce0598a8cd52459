import { boundsName } from '../grid/find-coordinates.ts';
import { attributesOf, type Header } from '../grid/header.ts';
import { readCoordinate } from '../grid/read-coordinate.ts';
import { type Cells, piecesOf } from '../grid/select-cells.ts';
import { unwrapped } from '../grid/select-longitudes.ts';
import { type Attributes, numbersOfAttribute, textOf } from '../netcdf/attributes.ts';
import type { NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import { isNumeric } from '../netcdf/types.ts';

/** From the lowest edge of the wanted cells to the highest. */
export interface Extent {
  readonly minimum: number;
  readonly maximum: number;
}

/** Names of the attributes in which a file states the extent of all its data. */
export interface Claim {
  readonly minimum: string;
  readonly maximum: string;
}

/**
 * The extent of the cells along a coordinate: the extent of their bounds, if the file has bounds. If not, but
 * its attributes claim an extent wider than the centres by at most one cell, the same width is added to the
 * extent of the wanted centres.
 *
 * Source: CF conventions 1.11, section 7.1 "Cell Boundaries".
 */
export function extentOfCells(
  file: NetcdfFile,
  header: Header,
  variable: Variable,
  cells: Cells,
  claim: Claim | undefined,
): Extent {
  const attributes = attributesOf(header, variable);
  const pieces = piecesOf(variable, cells);
  const centres = extentOf(readCoordinate(file, variable, attributes, pieces), degreesOf(variable));
  const bounds = header.variables.get(boundsName(attributes) ?? '');
  const isOfCells =
    bounds !== undefined &&
    isNumeric(bounds.type) &&
    bounds.dimensions.length === variable.dimensions.length + 1 &&
    variable.dimensions.every((name, axis) => bounds.dimensions[axis] === name);
  if (isOfCells) {
    const own = new Map([...attributes, ...attributesOf(header, bounds)]);
    const edges = extentOf(
      readCoordinate(file, bounds, own, piecesOf(bounds, cells)),
      degreesOf(bounds),
      bounds.shape.at(-1),
    );
    const isAround = edges.minimum <= centres.minimum && edges.maximum >= centres.maximum;
    return isAround ? edges : centres;
  }
  if (!claim || variable.dimensions.length !== 1) return centres;
  const whole = unwrapped(readCoordinate(file, variable, attributes));
  const { minimum, maximum } = extentOf(whole);
  const spacing = whole.length > 1 ? (maximum - minimum) / (whole.length - 1) : 0;
  return {
    minimum: centres.minimum - margin(minimum - claimed(claim.minimum), spacing),
    maximum: centres.maximum + margin(claimed(claim.maximum) - maximum, spacing),
  };

  function degreesOf({ dimensions }: Variable): readonly number[] | undefined {
    return cells.shifts.get(dimensions[0] ?? '');
  }

  function claimed(name: string): number {
    return numberOf(header.attributes, name);
  }
}

/**
 * How much wider a claim is. A difference that is only rounding, or more than a cell, is not about cells and
 * counts as 0.
 */
export function margin(width: number, spacing: number): number {
  return width > spacing * 1e-4 && width <= spacing * (1 + 1e-6) ? width : 0;
}

function numberOf(attributes: Attributes, name: string): number {
  const attribute = attributes.get(name);
  const [number = Number.parseFloat(textOf(attribute) ?? '')] = numbersOfAttribute(attribute);
  return number;
}

/** @param vertices numbers per cell */
function extentOf(values: Float64Array, degrees?: readonly number[], vertices = 1): Extent {
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  values.forEach((stored, index) => {
    const value = stored + (degrees?.[Math.floor(index / vertices)] ?? 0);
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  });
  return { minimum, maximum };
}
