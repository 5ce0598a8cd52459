import { JobError } from '../job-error.ts';
import { textOf } from '../netcdf/attributes.ts';
import type { NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import { packingOf } from '../netcdf/packing.ts';
import type { Range, Subset } from '../subset.ts';
import type { Coordinates } from './find-coordinates.ts';
import { attributesOf, type Header } from './header.ts';
import type { IndexRange } from './index-range.ts';
import { readCoordinate } from './read-coordinate.ts';
import { type Axis, isMonotonic, selectRange } from './select-axis.ts';
import { type CurvilinearGrid, insideTest, selectCurvilinear } from './select-curvilinear.ts';
import { type LongitudeRange, selectLongitudes } from './select-longitudes.ts';

/** The cells of a grid that are wanted. */
export interface Cells {
  /**
   * Runs along each dimension that is cut, in the order they are written in; more than one only
   * along longitudes. Dimensions that are not named are wanted whole.
   */
  readonly ranges: ReadonlyMap<string, readonly IndexRange[]>;
  /** Degrees added to the longitude of each column, where columns come in more than one run. */
  readonly longitudeShifts?: readonly number[];
}

/**
 * Finds the cells that a subset means.
 *
 * @throws {JobError} when there are none, or when the subset names an axis the layer does not have
 */
export function selectCells(
  file: NetcdfFile,
  header: Header,
  coordinates: Coordinates,
  subset: Subset,
): Cells {
  const ranges = new Map<string, readonly IndexRange[]>();
  if (subset.depth) {
    const { dimension, range } = selectDepths(file, header, coordinates.depth, subset.depth);
    ranges.set(dimension, [range]);
  }
  const { latitude, longitude } = coordinates;
  if (latitude.dimensions.length === 2) {
    const grid = readCurvilinear(file, header, coordinates);
    const cells = selectCurvilinear(grid, subset);
    if (!cells) throw noCells(header, subset, [grid.latitudes, grid.longitudes]);
    const [rows = '', columns = ''] = latitude.dimensions;
    ranges.set(rows, [cells.rows]).set(columns, [cells.columns]);
    return { ranges };
  }

  const latitudes = axis(latitude);
  const longitudes = axis(longitude);
  const rows = selectRange(latitudes, subset.latitude, spacingOf(longitudes));
  const columns = selectLongitudes(longitudes, subset.longitude, spacingOf(latitudes));
  if (!rows || columns.length === 0) {
    throw noCells(header, subset, [latitudes.values, longitudes.values]);
  }
  const [rowDimension] = latitude.dimensions;
  const [columnDimension] = longitude.dimensions;
  if (rowDimension !== undefined) ranges.set(rowDimension, [rows]);
  if (columnDimension !== undefined) ranges.set(columnDimension, columns);
  return { ranges, ...shiftsOf(columns) };

  function axis(variable: Variable): Axis {
    return readAxis(file, header, variable);
  }
}

type Places = Pick<Coordinates, 'latitude' | 'longitude'>;

/** For each cell of a bent grid, row by row, whether its centre is in the subset. */
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

function shiftsOf(columns: readonly LongitudeRange[]): Pick<Cells, 'longitudeShifts'> {
  if (columns.length <= 1) return {};
  return {
    longitudeShifts: columns.flatMap(({ count, shift }) => Array<number>(count).fill(shift)),
  };
}

function selectDepths(
  file: NetcdfFile,
  header: Header,
  variable: Variable | undefined,
  range: Range,
): { dimension: string; range: IndexRange } {
  const [dimension] = variable?.dimensions ?? [];
  if (!variable || dimension === undefined) {
    throw new JobError(
      'badRequest',
      `Input "subset" has DEPTH, but the layer has no axis of depths (file "${header.name}"); allowed: a subset without DEPTH.`,
    );
  }
  const attributes = attributesOf(header, variable);
  const unit = textOf(attributes.get('units'))?.trim() ?? 'm';
  if (!/^(m|met(er|re)s?)$/i.test(unit)) {
    throw new JobError(
      'badRequest',
      `Input "subset" has DEPTH in metres, but the layer's ${variable.name} is in "${unit}"; allowed: a subset without DEPTH.`,
    );
  }
  const axis = readAxis(file, header, variable);
  const depths = isUpward(attributes) ? axis.values.map((value) => -value) : axis.values;
  const selected = selectRange({ ...axis, values: depths }, range, 0);
  if (selected) return { dimension, range: selected };
  throw new JobError(
    'badRequest',
    `No data: the layer has no depth from ${range.minimum} to ${range.maximum} m; its depths are ${extent(depths)} m.`,
  );

  function isUpward(of: typeof attributes): boolean {
    const positive = textOf(of.get('positive'))?.toLowerCase();
    const standardName = textOf(of.get('standard_name'));
    return positive ? positive === 'up' : standardName === 'height' || standardName === 'altitude';
  }
}

function readAxis(file: NetcdfFile, header: Header, variable: Variable): Axis {
  const attributes = attributesOf(header, variable);
  const axis: Axis = {
    values: readCoordinate(file, variable, attributes),
    isFloat: packingOf(variable.type, attributes)?.unpackedType === 'float',
  };
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
