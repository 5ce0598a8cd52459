import { checkFilters } from './check-filters.ts';
import { ChunkStore } from './chunk-store.ts';
import { cutChunks } from './cut-chunks.ts';
import { type DefinedVariable, defineNetcdf, type NetcdfDefinition } from './define-netcdf.ts';
import { type Hdf5, Hdf5File } from './hdf5-file.ts';
import type { Box } from './netcdf-file.ts';
import type { NetcdfSink, Values } from './netcdf-sink.ts';
import { ravelled } from './positions.ts';
import { product } from './product.ts';
import { sizeOf } from './types.ts';

/** Number of values that are collected in memory before the library writes them. */
const mostKept = 100_000;

/** A variable that is being written. */
interface OpenVariable extends DefinedVariable {
  /** Number of cells that are not written yet. */
  left: number;
}

/**
 * Writes a NetCDF-4 file. The HDF5 library creates everything except the chunks, which a {@link ChunkStore}
 * appends.
 */
export class NetcdfWriter implements NetcdfSink {
  readonly #hdf5: Hdf5;
  readonly #path: string;
  readonly #variables: ReadonlyMap<string, OpenVariable>;
  /** Writes that the library does later, because the library and the store cannot both have the file open. */
  #later: ((file: Hdf5File) => void)[] = [];
  #kept = 0;
  #store: ChunkStore | undefined;

  /** Creates the file with all definitions, ready for its data. */
  constructor(hdf5: Hdf5, path: string, definition: NetcdfDefinition) {
    this.#hdf5 = hdf5;
    this.#path = path;
    const variables = written(() => {
      const file = Hdf5File.create(hdf5, path);
      const defined = defineNetcdf(file, definition);
      file.close();
      return defined;
    });
    this.#variables = new Map(
      variables.map((variable) => [
        variable.definition.name,
        { ...variable, left: product(variable.shape) },
      ]),
    );
  }

  async write(name: string, box: Box, values: Values): Promise<void> {
    const variable = this.#variable(name);
    const cells = product(box.count);
    const isText = !(values instanceof Uint8Array);
    if (values.length !== (isText ? cells : cells * sizeOf(variable.definition.type))) {
      throw new Error(`${values.length} ${isText ? 'strings' : 'bytes'} are not a box of ${name}`);
    }
    try {
      if (variable.chunked && !isText) await this.#writeChunks(variable, box, values);
      else await this.#writeLater(variable.dataset, box, values);
    } catch (cause) {
      throw new Error(`${name} cannot be written`, { cause });
    }
    variable.left -= cells;
  }

  async writeStored(name: string, position: readonly number[], bytes: Uint8Array): Promise<void> {
    const variable = this.#variable(name);
    const { chunked, shape } = variable;
    if (!chunked) throw new Error(`${name} has no chunks`);
    const { counts, chunk } = chunked.grid;
    this.#store ??= await ChunkStore.open(this.#path);
    await this.#store.addStored(chunked, ravelled(position, counts), bytes);
    const inside = position.map((index, axis) => {
      const length = chunk[axis] ?? 1;
      return Math.min(length, (shape[axis] ?? 0) - index * length);
    });
    variable.left -= product(inside);
  }

  async close(): Promise<void> {
    for (const [name, { left }] of this.#variables) {
      if (left !== 0) throw new Error(`${left} cells of ${name} were not written`);
    }
    const store = this.#store;
    this.#store = undefined;
    await store?.close();
    this.#writeKept();
    const file = Hdf5File.open(this.#hdf5, this.#path);
    try {
      checkFilters(file, this.#variables.values());
    } finally {
      file.close();
    }
  }

  async abandon(): Promise<void> {
    const store = this.#store;
    this.#store = undefined;
    await store?.abandon();
  }

  #variable(name: string): OpenVariable {
    const variable = this.#variables.get(name);
    if (!variable) throw new Error(`variable ${name} is not defined`);
    return variable;
  }

  async #writeChunks({ chunked }: OpenVariable, box: Box, values: Uint8Array): Promise<void> {
    if (!chunked) return;
    const { chunk, counts, cellSize } = chunked.grid;
    this.#store ??= await ChunkStore.open(this.#path);
    for (const { ordinal, bytes } of cutChunks(values, box, chunk, counts, cellSize)) {
      await this.#store.add(chunked, ordinal, bytes);
    }
  }

  async #writeLater(dataset: string, { start, count }: Box, values: Values): Promise<void> {
    const own = values.slice();
    this.#later.push((file) => {
      if (own instanceof Uint8Array) file.write(dataset, start, count, own);
      else file.writeStrings(dataset, start, count, own);
    });
    this.#kept += own.length;
    if (this.#kept < mostKept) return;
    if (this.#store) await this.#store.lend(() => this.#writeKept());
    else this.#writeKept();
  }

  #writeKept(): void {
    // Stryker disable next-line ConditionalExpression: without this the library opens the file in vain
    if (this.#later.length === 0) return;
    written(() => {
      const file = Hdf5File.change(this.#hdf5, this.#path);
      for (const write of this.#later) write(file);
      file.close();
    });
    this.#later = [];
    this.#kept = 0;
  }
}

function written<T>(write: () => T): T {
  try {
    return write();
  } catch (cause) {
    throw new Error('the NetCDF file cannot be written', { cause });
  }
}
