import type { Coordinates } from '../grid/find-coordinates.ts';
import { attributesOf, type Header } from '../grid/header.ts';
import { readCoordinate } from '../grid/read-coordinate.ts';
import { textOf } from '../netcdf/attributes.ts';
import type { Box, NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import { type Packing, packingOf, unpacker } from '../netcdf/packing.ts';
import { numbersIn, type StoredNumber } from '../netcdf/types.ts';
import type { Field } from './choose-field.ts';

/** Rows and columns that a picture can show apart. */
const mostRows = 700;
const mostColumns = 1_100;
/** Cells that are read at once, and for a whole series of means. */
const blockCells = 500_000;
const mostSeriesCells = 20_000_000;

/** One layer of cells, NaN where there is no value, and where they are. */
export interface Plane {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
  /** Degrees: of each row and column, or of bent grids of each cell. */
  readonly latitudes: Float64Array;
  readonly longitudes: Float64Array;
  readonly isBent: boolean;
}

/** Reads fields of a result, one level of it at a time. */
export class FieldReader {
  readonly #file: NetcdfFile;
  readonly #header: Header;
  readonly #field: Field;
  readonly #packing: Packing;
  /** Positions along the dimensions that are not part of a map, other than time. */
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

  /** In words, where along its other dimensions the field is: `depth 0 m`. */
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
    this.#visit(step, 1, [rowStride, columnStride], (_step, row, column, value) => {
      values[(row / rowStride) * columns + column / columnStride] = value;
    });
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

  /** How far apart the steps of a series of means are that takes about a second; undefined for none. */
  seriesStride(): number | undefined {
    const cells = this.#sizeOf(this.#row) * this.#sizeOf(this.#column);
    const most = Math.floor(mostSeriesCells / cells);
    return most < 2 ? undefined : Math.ceil(this.steps / most);
  }

  /** The mean of the area at every `stride`th step, by the size of the cells; NaN of no value. */
  means(stride: number): number[] {
    const { latitude } = this.#field.places;
    const isBent = latitude.dimensions.length === 2;
    const columns = this.#sizeOf(this.#column);
    const weights = readCoordinate(this.#file, latitude, attributesOf(this.#header, latitude)).map(
      (degrees) => Math.max(Math.cos((degrees * Math.PI) / 180), 0),
    );
    const wanted = Array.from({ length: Math.ceil(this.steps / stride) }, (_, at) => at * stride);
    const [sums, areas] = [new Float64Array(wanted.length), new Float64Array(wanted.length)];
    const cells = this.#sizeOf(this.#row) * columns;
    const together = stride > 1 ? 1 : Math.max(1, Math.floor(blockCells / cells));
    for (let at = 0; at < wanted.length; at += together) {
      const count = Math.min(together, wanted.length - at);
      this.#visit(wanted[at] as number, count, [1, 1], (step, row, column, value) => {
        const weight = weights[isBent ? row * columns + column : row] as number;
        // No value and no place are no numbers.
        if (Number.isNaN(value) || !(weight > 0)) return;
        sums[at + step] = (sums[at + step] as number) + weight * value;
        areas[at + step] = (areas[at + step] as number) + weight;
      });
    }
    return wanted.map((_, at) => (sums[at] as number) / (areas[at] as number));
  }

  #sizeOf(name: string | undefined): number {
    return this.#header.dimensions.get(name ?? '')?.size ?? 1;
  }

  /**
   * @param strides every how manyth row and column is visited
   * @param visit is given each cell: its step of those asked for, its row and its column
   */
  #visit(
    first: number,
    steps: number,
    [rowStride, columnStride]: readonly [number, number],
    visit: (step: number, row: number, column: number, value: number) => void,
  ): void {
    const { variable } = this.#field;
    const { dimensions } = variable;
    const unpack = unpacker(this.#packing);
    const axisOf = (name: string | undefined) => (name ? dimensions.indexOf(name) : -1);
    const [time, row, column] = [axisOf(this.#time), axisOf(this.#row), axisOf(this.#column)];
    for (const { start, count } of this.#blocks(first, steps)) {
      const numbers = numbersIn(
        this.#packing.type,
        this.#file.readBytes(variable, { start, count }),
      );
      const strides = count.map((_, axis) => count.slice(axis + 1).reduce((a, b) => a * b, 1));
      const along = (axis: number) => (axis === -1 ? 1 : (count[axis] ?? 1));
      const stride = (axis: number) => (axis === -1 ? 0 : (strides[axis] ?? 0));
      const from = (axis: number) => (axis === -1 ? 0 : (start[axis] ?? 0));
      const [timeCount, rowCount, columnCount] = [along(time), along(row), along(column)];
      const [timeStep, rowStep, columnStep] = [stride(time), stride(row), stride(column)];
      const [fromRow, fromColumn] = [from(row), from(column)];
      const firstRow = firstOf(fromRow, rowStride);
      const firstColumn = firstOf(fromColumn, columnStride);
      for (let t = 0; t < timeCount; t++) {
        const step = time === -1 ? 0 : t + from(time) - first;
        for (let r = firstRow; r < rowCount; r += rowStride) {
          const offset = t * timeStep + r * rowStep;
          for (let c = firstColumn; c < columnCount; c += columnStride) {
            const stored = numbers[offset + c * columnStep] as StoredNumber;
            visit(step, r + fromRow, c + fromColumn, unpack(stored));
          }
        }
      }
    }
  }

  /** Boxes of whole rows (or of columns, where those are slower), so that memory is bounded. */
  *#blocks(first: number, steps: number): Generator<Box> {
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
    const perIndex = count.reduce((a, b) => a * b, 1) / size;
    const length = Math.max(1, Math.floor(blockCells / perIndex));
    for (let at = 0; at < size; at += length) {
      yield {
        start: start.with(slowest, at),
        count: count.with(slowest, Math.min(length, size - at)),
      };
    }
  }
}

/** The first index of a block at a multiple of a stride. */
function firstOf(start: number, stride: number): number {
  return (stride - (start % stride)) % stride;
}

/** Of a vertical axis the position that is least far from zero; of others the first. */
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
