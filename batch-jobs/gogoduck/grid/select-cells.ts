import { JobError } from '../job-error.ts';
import { type Attributes, textOf } from '../netcdf/attributes.ts';
import type { NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import { packingOf } from '../netcdf/packing.ts';
import type { Pieces } from '../netcdf/read-pieces.ts';
import type { Range, Subset } from '../subset.ts';
import type { Coordinates, Places } from './find-coordinates.ts';
import { attributesOf, type Header } from './header.ts';
import type { IndexRange } from './index-range.ts';
import { metresPer } from './length-units.ts';
import { readCoordinate } from './read-coordinate.ts';
import { type Axis, isMonotonic, selectRange } from './select-axis.ts';
import {
  type CellRange,
  type CurvilinearGrid,
  insideTest,
  selectCurvilinear,
} from './select-curvilinear.ts';
import { selectLongitudes, unwrapped, withUnwrapping } from './select-longitudes.ts';
import { selectTimes } from './select-times.ts';

/** The wanted cells of a grid. */
export interface Cells {
  /**
   * Runs along each dimension that is cut, in the order in which they are written. There can be several runs
   * only along longitudes, along further times, and if a stride skips positions. Dimensions that are not
   * listed are wanted whole.
   */
  readonly ranges: ReadonlyMap<string, readonly IndexRange[]>;
  /**
   * Degrees added to the longitude of each column, by dimension, if the columns come in more than one run.
   */
  readonly shifts: ReadonlyMap<string, readonly number[]>;
  /** Dimensions of further grids and times that have no cell or step in the subset. */
  readonly empty: ReadonlySet<string>;
}

/**
 * Finds the cells of a subset, in all grids of the file.
 *
 * @throws {JobError} if there are none, or if the subset names an axis that the layer does not have
 */
export function selectCells(
  file: NetcdfFile,
  header: Header,
  coordinates: Coordinates,
  subset: Subset,
): Cells {
  const { latitude, longitude, vertical, others } = coordinates;
  const cut = new Cut();
  const { latitude: row = 1, longitude: column = 1, depth: level = 1 } = subset.stride ?? {};
  const { time: step = 1 } = subset.stride ?? {};
  if (subset.depth) {
    selectDepths(file, header, vertical, subset, cut);
    for (const variable of others.verticals) {
      const attributes = attributesOf(header, variable);
      if (metresPer(textOf(attributes.get('units')) ?? '') === undefined) continue;
      const range = selectRange(readDepths(file, header, variable), subset.depth, 0);
      cut.along(variable.dimensions, range && [range], level);
    }
  } else if (vertical && level > 1) {
    for (const { dimensions, shape } of [vertical, ...others.verticals]) {
      cut.along(dimensions, [{ start: 0, count: shape[0] ?? 1 }], level);
    }
  }
  if (latitude.dimensions.length === 2) {
    const grid = readCurvilinear(file, header, coordinates);
    const cells = selectCurvilinear(grid, subset);
    if (!cells) throw noCells(header, subset, [grid.latitudes, grid.longitudes]);
    cut.block(latitude.dimensions, cells, [row, column]);
  } else {
    const latitudes = readAxis(file, header, latitude);
    const { axis: longitudes, select } = readLongitudes(file, header, longitude);
    const rows = selectRange(latitudes, subset.latitude, spacingOf(longitudes));
    const columns = select(subset.longitude, spacingOf(latitudes));
    if (!rows || columns.length === 0) {
      throw noCells(header, subset, [latitudes.values, longitudes.values]);
    }
    cut.along(latitude.dimensions, [rows], row);
    cut.along(longitude.dimensions, columns, column);
  }
  for (const variable of others.latitudes) {
    const axis = readAxis(file, header, variable);
    const rows = selectRange(axis, subset.latitude, 0);
    cut.along(variable.dimensions, rows && [rows], row);
  }
  for (const variable of others.longitudes) {
    const columns = readLongitudes(file, header, variable).select(subset.longitude, 0);
    cut.along(variable.dimensions, columns, column);
  }
  for (const places of others.curvilinear) {
    const cells = selectCurvilinear(readCurvilinear(file, header, places), subset);
    cut.block(places.latitude.dimensions, cells, [row, column]);
  }
  for (const time of others.times) {
    const whole = [{ start: 0, count: time.shape[0] ?? 0 }];
    const steps = subset.time ? selectTimes(file, header, time, subset.time) : whole;
    if (subset.time || step > 1) cut.along(time.dimensions, steps, step);
  }
  return cut;
}

/** The wanted runs along each dimension of a variable. */
export function piecesOf({ dimensions, shape }: Variable, { ranges }: Cells): Pieces[] {
  return dimensions.map(
    (name, axis) => ranges.get(name) ?? [{ start: 0, count: shape[axis] ?? 0 }],
  );
}

type Run = IndexRange & { readonly shift?: number };

/** The cuts so far. */
class Cut implements Cells {
  readonly ranges = new Map<string, readonly IndexRange[]>();
  readonly shifts = new Map<string, readonly number[]>();
  readonly empty = new Set<string>();
  /** Ranges cut by blocks, by dimension. */
  readonly #blocks = new Map<string, IndexRange>();

  /** Cuts along the dimension of a coordinate. A coordinate without dimensions cuts nothing. */
  along(dimensions: readonly string[], runs: readonly Run[] | undefined, stride: number): void {
    for (const dimension of dimensions) this.#alongOne(dimension, runs, stride);
  }

  #alongOne(dimension: string, runs: readonly Run[] | undefined, stride: number): void {
    if (!runs || runs.length === 0) {
      this.empty.add(dimension);
      return;
    }
    const columns = runs.flatMap(({ start, count, shift = 0 }) =>
      stride === 1 && runs.length === 1
        ? []
        : Array.from({ length: count }, (_, index) => ({ start: start + index, shift })),
    );
    const wanted = columns.filter((_, index) => index % stride === 0);
    this.ranges.set(
      dimension,
      stride === 1
        ? runs.map(({ start, count }) => ({ start, count }))
        : wanted.map(({ start }) => ({ start, count: 1 })),
    );
    if (runs.length > 1 && runs.some(({ shift }) => shift !== undefined)) {
      this.shifts.set(
        dimension,
        wanted.map(({ shift }) => shift),
      );
    }
  }

  /** Cuts a block of rows and columns. If a dimension is already cut, the cut is widened to contain both. */
  block(
    dimensions: readonly string[],
    cells: CellRange | undefined,
    [row, column]: readonly [number, number],
  ): void {
    for (const [axis, dimension] of dimensions.entries()) {
      const own = axis === 0 ? cells?.rows : cells?.columns;
      const stride = axis === 0 ? row : column;
      const known = this.#blocks.get(dimension);
      if (!own) {
        if (!this.ranges.has(dimension)) this.empty.add(dimension);
        continue;
      }
      const block = known ? hullOfBoth(known, own) : own;
      this.#blocks.set(dimension, block);
      this.along([dimension], [block], stride);
    }
  }
}

function hullOfBoth(one: IndexRange, other: IndexRange): IndexRange {
  const start = Math.min(one.start, other.start);
  const end = Math.max(one.start + one.count, other.start + other.count);
  return { start, count: end - start };
}

/** For each cell of a curvilinear grid, row by row, whether its centre is in the subset. */
export function insideCells(
  file: NetcdfFile,
  header: Header,
  places: Places,
  subset: Subset,
): boolean[] {
  const { latitudes, longitudes, isFloat } = readCurvilinear(file, header, places);
  const isInside = insideTest(subset, isFloat);
  return Array.from(latitudes, (north, cell) => isInside(north, longitudes[cell] as number));
}

function readCurvilinear(
  file: NetcdfFile,
  header: Header,
  { latitude, longitude }: Places,
): CurvilinearGrid {
  const [latitudes, longitudes] = [latitude, longitude].map((variable) => {
    const attributes = attributesOf(header, variable);
    return {
      values: readCoordinate(file, variable, attributes),
      isFloat: packingOf(variable.type, attributes)?.unpackedType === 'float',
    };
  }) as [Axis, Axis];
  return {
    rows: latitude.shape[0] ?? 0,
    columns: latitude.shape[1] ?? 0,
    latitudes: latitudes.values,
    longitudes: longitudes.values,
    isFloat: latitudes.isFloat || longitudes.isFloat,
  };
}

/** @throws {JobError} if there are no depths in metres, or no depth in the range */
function selectDepths(
  file: NetcdfFile,
  header: Header,
  variable: Variable | undefined,
  { depth, stride }: Subset,
  cut: Cut,
): void {
  if (!variable) {
    throw new JobError(
      'badRequest',
      `Input "subset" has DEPTH, but the layer has no axis of depths (file "${header.name}"); allowed: a subset without DEPTH.`,
    );
  }
  const units = textOf(attributesOf(header, variable).get('units'))?.trim() ?? '';
  if (metresPer(units) === undefined) {
    const found = units === '' || units === '1' ? 'without units' : `in "${units}"`;
    throw new JobError(
      'badRequest',
      `Input "subset" has DEPTH in metres, but the layer's ${variable.name} is ${found}; allowed: a subset without DEPTH.`,
    );
  }
  const range = depth as Range;
  const depths = readDepths(file, header, variable);
  const selected = selectRange(depths, range, 0);
  if (selected) {
    cut.along(variable.dimensions, [selected], stride?.depth ?? 1);
    return;
  }
  throw new JobError(
    'badRequest',
    `No data: the layer has no depth from ${range.minimum} to ${range.maximum} m; its depths are ${extent(depths.values)} m.`,
  );
}

/** A vertical axis in metres, positive downwards. */
function readDepths(file: NetcdfFile, header: Header, variable: Variable): Axis {
  const attributes = attributesOf(header, variable);
  const axis = readAxis(file, header, variable);
  const metres = metresPer(textOf(attributes.get('units')) ?? '') ?? 1;
  const factor = isUpward(attributes) ? -metres : metres;
  return { ...axis, values: axis.values.map((value) => value * factor) };
}

/** Source: CF conventions 1.11, section 4.3, attribute `positive`. */
function isUpward(attributes: Attributes): boolean {
  const positive = textOf(attributes.get('positive'))?.trim().toLowerCase();
  if (positive === 'up' || positive === 'down') return positive === 'up';
  return /^(height|altitude)/.test(textOf(attributes.get('standard_name'))?.trim() ?? '');
}

/**
 * Longitudes may cross the date line within the file. Those of the selected columns then continue beyond it.
 */
function readLongitudes(file: NetcdfFile, header: Header, variable: Variable) {
  const stored = readPositions(file, header, variable);
  const values = unwrapped(stored.values);
  const axis = checkedAxis({ ...stored, values }, header, variable);
  const select = (range: Range, unknownSpacing: number) =>
    withUnwrapping(selectLongitudes(axis, range, unknownSpacing), stored.values, values);
  return { axis, select };
}

function readAxis(file: NetcdfFile, header: Header, variable: Variable): Axis {
  return checkedAxis(readPositions(file, header, variable), header, variable);
}

function readPositions(file: NetcdfFile, header: Header, variable: Variable): Axis {
  const attributes = attributesOf(header, variable);
  return {
    values: readCoordinate(file, variable, attributes),
    isFloat: packingOf(variable.type, attributes)?.unpackedType === 'float',
  };
}

/** @throws {JobError} if the positions neither rise nor fall throughout */
function checkedAxis(axis: Axis, header: Header, variable: Variable): Axis {
  if (axis.values.length <= 1 || isMonotonic(axis)) return axis;
  throw new JobError(
    'badData',
    `File "${header.name}" has ${variable.name} neither rising nor falling all along; such a grid cannot be cut.`,
  );
}

function spacingOf({ values }: Axis): number {
  return values.length > 1 ? Math.abs((values[1] as number) - (values[0] as number)) : 0;
}

function noCells(
  header: Header,
  { latitude, longitude }: Subset,
  [latitudes, longitudes]: readonly [Float64Array, Float64Array],
): JobError {
  return new JobError(
    'badRequest',
    `No data: the layer has no cell centre at latitude ${latitude.minimum} to ${latitude.maximum}, longitude ${longitude.minimum} to ${longitude.maximum}; its cells are at latitude ${extent(latitudes)}, longitude ${extent(longitudes)} (file "${header.name}").`,
  );
}

function extent(values: Float64Array): string {
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return `${Number(minimum.toPrecision(7))} to ${Number(maximum.toPrecision(7))}`;
}
