import { Worker } from 'node:worker_threads';
import type { Box } from './netcdf-file.ts';
import type { NetcdfSink, Values } from './netcdf-sink.ts';
import type { NetcdfDefinition } from './netcdf-writer.ts';

/** Orders the thread may have before it: the one it carries out, and the next. */
const ordersAtOnce = 2;

export type Order =
  | { readonly do: 'create'; readonly path: string; readonly definition: NetcdfDefinition }
  | { readonly do: 'write'; readonly variable: string; readonly box: Box; readonly values: Values }
  | { readonly do: 'close' };

/** What the thread is told. Its answer, when it has done so, is the memory. */
export interface Message {
  readonly order: Order;
  /** Where the values lie that are bytes. */
  readonly memory: ArrayBuffer;
}

/**
 * Writes a NetCDF file in a thread of its own, so that data is compressed beside the work that makes
 * it. An error there ends the thread and fails one of the next calls here, `close` at the latest.
 */
export class WriterThread implements NetcdfSink {
  readonly #worker: Worker;
  /** What is not with the thread: a piece goes there with each order, and comes back. */
  readonly #memory: ArrayBuffer[] = Array.from({ length: ordersAtOnce }, () => new ArrayBuffer(0));
  /** Why the thread has ended, once it has. */
  #end: Error | undefined;
  /** Wakes who waits for the thread. */
  #wake = () => {};

  /**
   * Starts the thread, which loads the HDF5 library.
   *
   * @param program `writer-worker.ts` as it was built
   */
  constructor(program: URL) {
    this.#worker = new Worker(program)
      .on('message', (memory: ArrayBuffer) => {
        this.#memory.push(memory);
        this.#wake();
      })
      .on('error', (error) => {
        this.#end = error;
      })
      .on('exit', (code) => {
        this.#end ??= new Error(`the thread that writes ended with code ${code}`);
        this.#wake();
      });
  }

  async create(path: string, definition: NetcdfDefinition): Promise<NetcdfSink> {
    await this.#tell({ do: 'create', path, definition });
    return this;
  }

  async write(variable: string, box: Box, values: Values): Promise<void> {
    await this.#tell({ do: 'write', variable, box, values });
  }

  async close(): Promise<void> {
    await this.#tell({ do: 'close' });
    await this.#memoryBack(ordersAtOnce);
    await this.abandon();
  }

  async abandon(): Promise<void> {
    await this.#worker.terminate();
  }

  async #tell(order: Order): Promise<void> {
    await this.#memoryBack(1);
    const message = inMemory(order, this.#memory.pop() as ArrayBuffer);
    this.#worker.postMessage(message, [message.memory]);
  }

  /** Waits until so many pieces are here. */
  async #memoryBack(pieces: number): Promise<void> {
    while (this.#memory.length < pieces) {
      if (this.#end) throw this.#end;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** Copies the values of an order into the memory, or into larger memory. */
function inMemory(order: Order, memory: ArrayBuffer): Message {
  if (order.do !== 'write' || !(order.values instanceof Uint8Array)) return { order, memory };
  const { length } = order.values;
  const enough = memory.byteLength < length ? new ArrayBuffer(length) : memory;
  const values = new Uint8Array(enough, 0, length);
  values.set(order.values);
  return { order: { ...order, values }, memory: enough };
}
