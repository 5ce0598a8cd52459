import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WriterThread } from '../../batch-jobs/gogoduck/netcdf/writer-thread.ts';
import { distDir } from '../bundled.ts';
import { describeNetcdfSink } from '../contracts/netcdf-sink.ts';
import { definitionOf } from './write-chunks.ts';

const built = pathToFileURL(join(distDir, 'batch-jobs', 'gogoduck', 'writer-worker.js'));

describeNetcdfSink('a writer thread', (path, definition) =>
  new WriterThread(built).create(path, definition),
);

describe('a writer thread', () => {
  const definition = definitionOf('byte', [9], [1]);
  const box = { start: [0], count: [1] };
  const program = (script: string) =>
    new WriterThread(new URL(`data:text/javascript,${encodeURIComponent(script)}`));

  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'writer-thread-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['by an error', 'throw new Error("out of everything")', 'out of everything'],
    ['without a word', 'process.exit(3)', 'the thread that writes ended with code 3'],
    ['as if all were well', '', 'the thread that writes ended with code 0'],
  ])('that ends %s fails who writes, and who closes', async (_, script, words) => {
    const thread = program(script);
    const writing = async () => {
      for (;;) await thread.write('data', box, new Uint8Array(1));
    };
    await expect(writing()).rejects.toThrow(words);
    await expect(thread.close()).rejects.toThrow(words);
  });

  it('passes on what the library says of a fault', async () => {
    const sink = await new WriterThread(built).create(join(folder, 'outside.nc'), definition);
    await sink.write('data', { start: [9], count: [1] }, new Uint8Array(1));
    const fault = await sink.close().catch((error) => error);
    expect(fault).toMatchObject({
      message: 'data cannot be written',
      cause: { message: expect.stringContaining('HDF5-DIAG') },
    });
  });

  it('has no more before it than it can soon write', async () => {
    const thread = program('setInterval(() => {}, 1e6)');
    let taken = 0;
    const writing = async () => {
      for (; taken < 9; taken++) await thread.write('data', box, new Uint8Array(1));
    };
    const ended = writing().catch((error) => error.message);
    await thread.abandon();
    expect(await ended).toContain('the thread that writes ended');
    expect(taken).toBe(2);
  });
});
