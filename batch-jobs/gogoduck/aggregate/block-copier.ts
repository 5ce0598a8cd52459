import type { Compression } from '../netcdf/hdf5-format/attach-chunks.ts';
import type { NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import type { NetcdfSink } from '../netcdf/netcdf-sink.ts';
import { positionsIn } from '../netcdf/positions.ts';
import { product } from '../netcdf/product.ts';
import { boxesOf, countsOf, fetchPieces, type Pieces } from '../netcdf/read-pieces.ts';
import type { StoredChunks } from '../netcdf/stored-data.ts';
import { sizeOf } from '../netcdf/types.ts';
import { bytesOfStep, stepsPerBlock } from './chunking.ts';
import type { Decode } from './decode.ts';
import type { OutputVariable } from './define-output.ts';

/** Maximum number of bytes per read: a larger step is read in bands of rows. */
const bandBytes = 8 * 1024 * 1024;

/** A variable in one file, and how to convert its bytes for the output. */
export interface Origin {
  readonly file: NetcdfFile;
  readonly variable: Variable;
  /** If left out, the bytes stay unchanged. */
  readonly decode: Decode | undefined;
}

/** Memory for one band or chunk, shared by all variables. */
export class Scratch {
  #memory = new Uint8Array();

  bytes(size: number): Uint8Array {
    if (this.#memory.length < size) this.#memory = new Uint8Array(size);
    return this.#memory.subarray(0, size);
  }
}

/**
 * Copies the wanted cells of one variable into the output. Time steps arrive in order and are collected into
 * blocks, so that each compressed piece is written only once.
 */
export class BlockCopier {
  readonly #sink: NetcdfSink;
  readonly #scratch: Scratch;
  readonly #name: string;
  /** Wanted runs along each dimension except time. */
  readonly #pieces: readonly Pieces[];
  readonly #counts: readonly number[];
  readonly #chunk: readonly number[];
  readonly #timeAxis: number;
  readonly #stepsPerBlock: number;
  readonly #stepBytes: number;
  readonly #cellSize: number;
  readonly #compression: Compression | undefined;
  /** Whether whole chunks are copied. */
  readonly #copied: boolean;
  #block: Uint8Array | undefined;
  /** Steps in the block, and steps written before it. */
  #gathered = 0;
  #written = 0;

  constructor(
    { source, extents, definition, copied }: OutputVariable,
    pieces: readonly Pieces[],
    sink: NetcdfSink,
    scratch: Scratch,
  ) {
    this.#scratch = scratch;
    this.#sink = sink;
    this.#name = source.name;
    this.#pieces = pieces;
    this.#counts = extents.counts;
    this.#chunk = definition.chunk;
    this.#timeAxis = extents.timeAxis;
    this.#stepsPerBlock = stepsPerBlock(extents);
    this.#stepBytes = bytesOfStep(extents);
    this.#cellSize = extents.cellSize;
    this.#compression = definition.compression;
    this.#copied = copied;
  }

  /** Appends time steps of a file. A variable that does not vary with time has one step. */
  async append(origin: Origin, start: number, count: number): Promise<void> {
    if (origin.variable.type === 'string') return this.#copyStrings(origin, start, count);
    if (this.#copied) return this.#copyChunks(origin, start, count);
    if (this.#stepBytes > bandBytes) {
      for (let step = start; step < start + count; step++) await this.#copyBands(origin, step);
      return;
    }
    for (let done = 0; done < count; ) {
      const steps = Math.min(count - done, this.#stepsPerBlock - this.#gathered);
      this.#block ??= new Uint8Array(this.#stepsPerBlock * this.#stepBytes);
      const from = this.#gathered * this.#stepBytes;
      const target = this.#block.subarray(from, from + steps * this.#stepBytes);
      await read(origin, this.#steps(start + done, steps), target);
      this.#gathered += steps;
      done += steps;
      if (this.#gathered === this.#stepsPerBlock) await this.flush();
    }
  }

  /** Writes the collected steps. */
  async flush(): Promise<void> {
    if (!this.#block || this.#gathered === 0) return;
    const values = this.#block.subarray(0, this.#gathered * this.#stepBytes);
    const box = this.#box(this.#gathered);
    this.#written += this.#gathered;
    this.#gathered = 0;
    await this.#sink.write(this.#name, box, values);
  }

  async #copyStrings({ file, variable }: Origin, start: number, count: number): Promise<void> {
    const pieces = this.#steps(start, count);
    const offset = this.#box(count).start;
    for (const { source, target } of boxesOf(pieces)) {
      const box = {
        start: target.start.map((at, axis) => at + (offset[axis] ?? 0)),
        count: target.count,
      };
      await this.#sink.write(this.#name, box, file.readStrings(variable, source));
    }
    this.#written += count;
  }

  /** Copies whole chunks unchanged if the file stores them in the same way. */
  async #copyChunks(origin: Origin, start: number, count: number): Promise<void> {
    const { file, variable, decode } = origin;
    const chunk = this.#chunk;
    const own = decode ? undefined : file.chunks(variable);
    const stored = own && hasChunks(own, chunk, this.#compression) ? own : undefined;
    const box = this.#box(count);
    const source = this.#steps(start, count).map(([run]) => run?.start ?? 0);
    const inChunks = (cells: readonly number[]) =>
      cells.map((at, axis) => Math.ceil(at / (chunk[axis] ?? 1)));
    for (const position of positionsIn(inChunks(box.start), inChunks(box.count))) {
      const first = position.map((at, axis) => at * (chunk[axis] ?? 1) - (box.start[axis] ?? 0));
      const from = first.map((at, axis) => at + (source[axis] ?? 0));
      const bytes = stored?.stored(inChunks(from));
      if (bytes) {
        await this.#sink.writeStored(this.#name, position, bytes);
        continue;
      }
      const size = first.map((at, axis) => Math.min(chunk[axis] ?? 1, (box.count[axis] ?? 0) - at));
      const cells = this.#scratch.bytes(product(size) * this.#cellSize);
      const pieces = size.map((length, axis) => [{ start: from[axis] ?? 0, count: length }]);
      await read(origin, pieces, cells);
      const target = first.map((at, axis) => at + (box.start[axis] ?? 0));
      await this.#sink.write(this.#name, { start: target, count: size }, cells);
    }
    this.#written += count;
  }

  /** Copies a step in bands of rows: runs along its slowest dimension. */
  async #copyBands(origin: Origin, step: number): Promise<void> {
    const axis = this.#counts.findIndex((count, at) => at !== this.#timeAxis && count > 1);
    const rows = this.#counts[axis] ?? 1;
    const rowBytes = this.#stepBytes / rows;
    // A band ends at a chunk boundary.
    const chunkRows = this.#chunk[axis] ?? 1;
    const perBand = Math.max(Math.floor(bandBytes / rowBytes / chunkRows), 1) * chunkRows;
    const { start, count } = this.#box(1);
    for (let row = 0; row < rows; row += perBand) {
      const height = Math.min(perBand, rows - row);
      const band = this.#scratch.bytes(height * rowBytes);
      const runs = part(this.#pieces[axis] ?? [], row, height);
      await read(origin, this.#steps(step, 1).with(axis, runs), band);
      const box = { start: start.with(axis, row), count: count.with(axis, height) };
      await this.#sink.write(this.#name, box, band);
    }
    this.#written += 1;
  }

  /** The wanted pieces of some steps. */
  #steps(start: number, count: number): Pieces[] {
    return this.#pieces.map((runs, axis) => (axis === this.#timeAxis ? [{ start, count }] : runs));
  }

  /** Where the next steps go in the output. */
  #box(steps: number): { start: number[]; count: number[] } {
    return {
      start: this.#counts.map((_, axis) => (axis === this.#timeAxis ? this.#written : 0)),
      count: this.#counts.map((count, axis) => (axis === this.#timeAxis ? steps : count)),
    };
  }
}

function hasChunks(
  { grid, filters }: StoredChunks,
  chunk: readonly number[],
  compression: Compression | undefined,
): boolean {
  return (
    grid.chunk.every((length, axis) => length === chunk[axis]) &&
    filters.deflateLevel !== undefined &&
    filters.shuffle === compression?.shuffle
  );
}

async function read(
  { file, variable, decode }: Origin,
  pieces: readonly Pieces[],
  target: Uint8Array,
): Promise<void> {
  if (!decode) {
    await fetchPieces(file, variable, pieces, target);
    return;
  }
  const stored = new Uint8Array(product(countsOf(pieces)) * sizeOf(variable.type));
  await fetchPieces(file, variable, pieces, stored);
  decode(stored, target);
}

/** The parts of `runs` between two positions, counted as if the runs were adjacent. */
function part(runs: Pieces, from: number, length: number): Pieces {
  const parts: { start: number; count: number }[] = [];
  let position = 0;
  for (const { start, count } of runs) {
    const first = Math.max(from - position, 0);
    const last = Math.min(from + length - position, count);
    if (last > first) parts.push({ start: start + first, count: last - first });
    position += count;
  }
  return parts;
}
