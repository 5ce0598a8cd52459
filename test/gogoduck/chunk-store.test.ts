import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChunkedDataset, ChunkStore } from '../../batch-jobs/gogoduck/netcdf/chunk-store.ts';
import {
  collectGarbage,
  countLargeBuffer,
} from '../../batch-jobs/gogoduck/netcdf/collect-garbage.ts';
import { loadHdf5 } from '../../batch-jobs/gogoduck/netcdf/hdf5-file.ts';
import { NetcdfWriter } from '../../batch-jobs/gogoduck/netcdf/netcdf-writer.ts';
import { definitionOf } from './write-chunks.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chunk-store-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
/** A store for a file that is defined. */
async function open(): Promise<ChunkStore> {
  const path = join(folder, `${files++}.nc`);
  new NetcdfWriter(await loadHdf5(), path, definitionOf('byte', [2], [1]));
  return ChunkStore.open(path);
}

const dataset = (deflateLevel: number): ChunkedDataset => ({
  header: 0,
  grid: { counts: [2], chunk: [1], cellSize: 1 },
  compression: { shuffle: false, deflateLevel },
});

describe('a store of chunks', () => {
  it('a store of chunks that cannot compress one fails from then on', async () => {
    const store = await open();
    const bad = dataset(99);
    await store.add(bad, 0, Uint8Array.of(1)).catch(() => {});
    await expect(store.close()).rejects.toThrow('level');
    await expect(store.lend(() => {})).rejects.toThrow('level');
    await expect(store.add(dataset(1), 1, Uint8Array.of(1))).rejects.toThrow('level');
    await store.abandon();
  });

  it.each([
    ['the last', [0]],
    ['the first', [1]],
  ])('a store of chunks is not complete without %s of them', async (_, ordinals) => {
    const store = await open();
    const own = dataset(1);
    for (const ordinal of ordinals) await store.add(own, ordinal, Uint8Array.of(1));
    await expect(store.close()).rejects.toThrow('1 of 2 chunks were written');
    await store.abandon();
  });

  it('a store of chunks that is abandoned takes none', async () => {
    const store = await open();
    await store.abandon();
    await expect(store.addStored(dataset(1), 0, Uint8Array.of(1))).rejects.toThrow();
  });
});

describe('memory that is no longer used', () => {
  it('memory that is no longer used is freed after each 32 MiB of buffers', async () => {
    collectGarbage();
    const unused = () => new WeakRef({});
    const before = unused();
    // What a job has seen stays until it ends.
    await setImmediate();
    countLargeBuffer(32 * 1024 * 1024 - 1);
    countLargeBuffer(1);
    expect(before.deref()).toBeUndefined();
  });
});
