import type { Coordinates } from '../grid/find-coordinates.ts';
import { attributesOf, type Header } from '../grid/header.ts';
import { readCoordinate } from '../grid/read-coordinate.ts';
import { textOf } from '../netcdf/attributes.ts';
import type { Box, NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import { type Packing, packingOf, unpacker } from '../netcdf/packing.ts';
import { product } from '../netcdf/product.ts';
import { mostCached } from '../netcdf/stored-data.ts';
import { type NumericArray, numbersIn, type StoredNumber } from '../netcdf/types.ts';
import type { Field } from './choose-field.ts';

/** Maximum number of rows and columns that a picture can show separately. */
const mostRows = 700;
const mostColumns = 1_100;
/** Cells per read, and cells for a whole series of means. */
const blockCells = 500_000;
const mostSeriesCells = 20_000_000;

/** One horizontal layer of cells, NaN for missing values, with their positions. */
export interface Plane {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
  /** Degrees: of each row and column or, for a curvilinear grid, of each cell. */
  readonly latitudes: Float64Array;
  readonly longitudes: Float64Array;
  readonly isBent: boolean;
}

/** A row of cells as it was read. */
interface Row {
  /** Index among the requested steps. */
  readonly step: number;
  readonly row: number;
  /** Its first column. */
  readonly column: number;
  readonly count: number;
  readonly numbers: NumericArray;
  /** Index of its first cell among the numbers, and the distance from one cell to the next. */
  readonly at: number;
  readonly apart: number;
}

/** Reads fields of a result, one level at a time. */
export class FieldReader {
  readonly #file: NetcdfFile;
  readonly #header: Header;
  readonly #field: Field;
  readonly #packing: Packing;
  /** Positions along the dimensions that are not part of a map, except time. */
  readonly #fixed: ReadonlyMap<string, number>;
  readonly #time: string | undefined;
  readonly #row: string | undefined;
  readonly #column: string | undefined;

  constructor(file: NetcdfFile, header: Header, coordinates: Coordinates, field: Field) {
    const { variable, places } = field;
    const isBent = places.latitude.dimensions.length === 2;
    this.#file = file;
    this.#header = header;
    this.#field = field;
    this.#packing = packingOf(variable.type, attributesOf(header, variable)) as Packing;
    this.#time = coordinates.time?.dimensions.find((name) => variable.dimensions.includes(name));
    [this.#row, this.#column] = isBent
      ? places.latitude.dimensions
      : [places.latitude.dimensions[0], places.longitude.dimensions[0]];
    const shown = new Set([this.#time, this.#row, this.#column]);
    this.#fixed = new Map(
      variable.dimensions
        .filter((name) => !shown.has(name))
        .map((name) => [name, nearestTheSurface(file, header, coordinates, name)]),
    );
  }

  get steps(): number {
    return this.#time === undefined ? 1 : this.#sizeOf(this.#time);
  }

  /** The field's position along its other dimensions, in words: `depth 0 m`. */
  levels(): string[] {
    return [...this.#fixed].map(([name, index]) => {
      const axis = this.#header.variables.get(name);
      const attributes = axis && attributesOf(this.#header, axis);
      if (
        !axis ||
        !attributes ||
        axis.dimensions.length !== 1 ||
        !packingOf(axis.type, attributes)
      ) {
        return `${name} ${index + 1} of ${this.#sizeOf(name)}`;
      }
      const [value = Number.NaN] = readCoordinate(this.#file, axis, attributes, [
        [{ start: index, count: 1 }],
      ]);
      const units = textOf(attributes.get('units'))?.trim() ?? '';
      return `${name} ${Number(value.toPrecision(6))} ${units}`.trim();
    });
  }

  /** The field at a time step, thinned out to what a picture can show. */
  plane(step: number): Plane {
    const { latitude, longitude } = this.#field.places;
    const isBent = latitude.dimensions.length === 2;
    const [allRows, allColumns] = [this.#sizeOf(this.#row), this.#sizeOf(this.#column)];
    const rowStride = Math.ceil(allRows / mostRows);
    const columnStride = Math.ceil(allColumns / mostColumns);
    const rows = Math.ceil(allRows / rowStride);
    const columns = Math.ceil(allColumns / columnStride);
    const values = new Float64Array(rows * columns);
    const unpack = unpacker(this.#packing);
    for (const { row, column, count, numbers, at, apart } of this.#rows(step, 1, rowStride)) {
      const start = (row / rowStride) * columns;
      for (let c = firstOf(column, columnStride); c < count; c += columnStride) {
        values[start + (column + c) / columnStride] = unpack(
          numbers[at + c * apart] as StoredNumber,
        );
      }
    }
    const places = (variable: Variable) =>
      readCoordinate(this.#file, variable, attributesOf(this.#header, variable));
    const thinned = (all: Float64Array, stride: number) =>
      stride === 1 ? all : all.filter((_, index) => index % stride === 0);
    const ofCells = (all: Float64Array) =>
      all.filter(
        (_, cell) =>
          Math.floor(cell / allColumns) % rowStride === 0 &&
          (cell % allColumns) % columnStride === 0,
      );
    const [latitudes, longitudes] = [places(latitude), places(longitude)];
    return {
      rows,
      columns,
      values,
      isBent,
      latitudes: isBent ? ofCells(latitudes) : thinned(latitudes, rowStride),
      longitudes: isBent ? ofCells(longitudes) : thinned(longitudes, columnStride),
    };
  }

  /** The stride between steps for a series of means that takes about a second; undefined if there is none. */
  seriesStride(): number | undefined {
    const cells = this.#sizeOf(this.#row) * this.#sizeOf(this.#column);
    const most = Math.floor(mostSeriesCells / cells);
    return most < 2 ? undefined : Math.ceil(this.steps / most);
  }

  /** The mean of the area at every `stride`-th step, weighted by cell size; NaN if there are no values. */
  means(stride: number): number[] {
    const { latitude } = this.#field.places;
    const isBent = latitude.dimensions.length === 2;
    const columns = this.#sizeOf(this.#column);
    const weights = readCoordinate(this.#file, latitude, attributesOf(this.#header, latitude)).map(
      (degrees) => Math.max(Math.cos((degrees * Math.PI) / 180), 0),
    );
    const wanted = Array.from({ length: Math.ceil(this.steps / stride) }, (_, at) => at * stride);
    const [sums, areas] = [new Float64Array(wanted.length), new Float64Array(wanted.length)];
    const unpack = unpacker(this.#packing);
    const cells = this.#sizeOf(this.#row) * columns;
    const together = stride > 1 ? 1 : Math.max(1, Math.floor(blockCells / cells));
    for (let at = 0; at < wanted.length; at += together) {
      const count = Math.min(together, wanted.length - at);
      for (const row of this.#rows(wanted[at] as number, count, 1)) {
        const first = isBent ? row.row * columns + row.column : row.row;
        const [sum, area] = weighedSum(row, unpack, weights, first, isBent ? 1 : 0);
        sums[at + row.step] = (sums[at + row.step] as number) + sum;
        areas[at + row.step] = (areas[at + row.step] as number) + area;
      }
    }
    return wanted.map((_, at) => (sums[at] as number) / (areas[at] as number));
  }

  #sizeOf(name: string | undefined): number {
    return this.#header.dimensions.get(name ?? '')?.size ?? 1;
  }

  /** @param rowStride every n-th row is read */
  *#rows(first: number, steps: number, rowStride: number): Generator<Row> {
    const { variable } = this.#field;
    const { dimensions } = variable;
    const axisOf = (name: string | undefined) => (name ? dimensions.indexOf(name) : -1);
    const [time, row, column] = [axisOf(this.#time), axisOf(this.#row), axisOf(this.#column)];
    for (const { start, count } of this.#blocks(first, steps, rowStride)) {
      const numbers = numbersIn(
        this.#packing.type,
        this.#file.readBytes(variable, { start, count }),
      );
      const strides = count.map((_, axis) => product(count.slice(axis + 1)));
      const along = (axis: number) => (axis === -1 ? 1 : (count[axis] ?? 1));
      const stride = (axis: number) => (axis === -1 ? 0 : (strides[axis] ?? 0));
      const from = (axis: number) => (axis === -1 ? 0 : (start[axis] ?? 0));
      for (let t = 0; t < along(time); t++) {
        for (let r = firstOf(from(row), rowStride); r < along(row); r += rowStride) {
          yield {
            step: time === -1 ? 0 : t + from(time) - first,
            row: r + from(row),
            column: from(column),
            count: along(column),
            numbers,
            at: t * stride(time) + r * stride(row),
            apart: stride(column),
          };
        }
      }
    }
  }

  /** Boxes of whole rows (or of columns, if those are the slower dimension), to limit memory. */
  *#blocks(first: number, steps: number, rowStride: number): Generator<Box> {
    const { dimensions, shape } = this.#field.variable;
    const start = dimensions.map((name) =>
      name === this.#time ? first : (this.#fixed.get(name) ?? 0),
    );
    const count = dimensions.map((name, axis) => {
      if (name === this.#time) return steps;
      return this.#fixed.has(name) ? 1 : (shape[axis] ?? 1);
    });
    const slowest = dimensions.findIndex((name) => name === this.#row || name === this.#column);
    if (slowest === -1) {
      yield { start, count };
      return;
    }
    const size = count[slowest] ?? 1;
    if (rowStride > 1 && dimensions[slowest] === this.#row && this.#canReadByRow()) {
      for (let row = 0; row < size; row += rowStride) {
        yield { start: start.with(slowest, row), count: count.with(slowest, 1) };
      }
      return;
    }
    const perIndex = product(count) / size;
    const length = Math.max(1, Math.floor(blockCells / perIndex));
    for (let at = 0; at < size; at += length) {
      yield {
        start: start.with(slowest, at),
        count: count.with(slowest, Math.min(length, size - at)),
      };
    }
  }

  /**
   * Whether rows can be read separately without the rows between them, because the chunks of a row fit into
   * the cache.
   */
  #canReadByRow(): boolean {
    const { variable } = this.#field;
    const grid = this.#file.chunks(variable)?.grid;
    if (!grid || this.#column === undefined) return false;
    const across = grid.counts[variable.dimensions.indexOf(this.#column)] ?? 1;
    return across * product(grid.chunk) * grid.cellSize <= mostCached;
  }
}

/**
 * The weighted sum of a row's values, and the sum of the weights. Missing values and missing positions are
 * NaN, and are left out.
 *
 * @param first index of the first cell's weight
 * @param apart distance between the weights of two cells: 0 if all cells have the same weight
 */
function weighedSum(
  { count, numbers, at, apart: cellsApart }: Row,
  unpack: (stored: StoredNumber) => number,
  weights: Float64Array,
  first: number,
  apart: number,
): readonly [sum: number, area: number] {
  let [sum, area] = [0, 0];
  for (let cell = 0; cell < count; cell++) {
    const value = unpack(numbers[at + cell * cellsApart] as StoredNumber);
    const weight = weights[first + cell * apart] as number;
    if (Number.isNaN(value) || !(weight > 0)) continue;
    sum += weight * value;
    area += weight;
  }
  return [sum, area];
}

/** The first index in a block that is a multiple of a stride. */
function firstOf(start: number, stride: number): number {
  return (stride - (start % stride)) % stride;
}

/** For a vertical axis, the position closest to zero; otherwise the first position. */
function nearestTheSurface(
  file: NetcdfFile,
  header: Header,
  { vertical, others }: Coordinates,
  dimension: string,
): number {
  const axis = [...(vertical ? [vertical] : []), ...others.verticals].find(
    ({ dimensions }) => dimensions.length === 1 && dimensions[0] === dimension,
  );
  if (!axis) return 0;
  const depths = readCoordinate(file, axis, attributesOf(header, axis)).map(Math.abs);
  return depths.reduce((best, depth, at) => (depth < (depths[best] ?? 0) ? at : best), 0);
}
