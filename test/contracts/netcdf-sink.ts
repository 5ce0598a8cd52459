import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf } from '../../batch-jobs/gogoduck/netcdf/types.ts';
import { readNetcdf } from '../gogoduck/read-netcdf.ts';
import { type CreateNetcdf, definitionOf, writeChunks } from '../gogoduck/write-chunks.ts';

/** Tests of the NetCDF sink port that every adapter must pass. */
export function describeNetcdfSink(name: string, create: CreateNetcdf): void {
  describe(`${name} keeps the contract of a NetCDF sink`, () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'netcdf-sink-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    it.each(['byte', 'short', 'int', 'float', 'double', 'uint64'] as const)(
      'a NetCDF sink accepts chunks of %s, including those past the edges, from memory that is reused',
      async (type) => {
        const path = join(folder, `${type}.nc`);
        const values = await writeChunks(create, path, type, [7, 5, 6], [2, 3, 4]);
        expect((await readNetcdf(path)).variables['data']?.values).toEqual(values);
      },
    );

    it('a NetCDF sink accepts any number of chunks', async () => {
      const path = join(folder, 'many-chunks.nc');
      const values = await writeChunks(create, path, 'short', [70, 9, 8], [1, 1, 1]);
      expect((await readNetcdf(path)).variables['data']?.values).toEqual(values);
    });

    it('a NetCDF sink accepts strings between numbers', async () => {
      const path = join(folder, 'strings.nc');
      const definition = definitionOf('int', [2], [1], [{ name: 'text', type: 'string' }]);
      const sink = await create(path, definition);
      for (const [index, text] of ['one', 'twö'].entries()) {
        const box = { start: [index], count: [1] };
        await sink.write('data', box, bytesOf(Int32Array.of(index)));
        await sink.write('text', box, [text]);
      }
      await sink.close();
      const { variables } = await readNetcdf(path);
      expect(variables['data']?.values).toEqual([0, 1]);
      expect(variables['text']?.values).toEqual(['one', 'twö']);
    });

    it.each<[string, Uint8Array | string[], string]>([
      ['cells are missing', new Uint8Array(16), '8 cells of data were not written'],
      [
        'a box has another size than its bytes',
        new Uint8Array(15),
        '15 bytes are not a box of data',
      ],
      ['a box has another size than its strings', ['a'], '1 strings are not a box of data'],
    ])('a NetCDF sink fails if %s, at the latest when it is closed', async (_, values, words) => {
      const definition = definitionOf('short', [4, 4], [2, 4]);
      const sink = await create(join(folder, 'refused.nc'), definition);
      const writing = sink.write('data', { start: [0, 0], count: [2, 4] }, values);
      await expect(writing.then(() => sink.close())).rejects.toThrow(words);
      await sink.abandon();
    });

    it('a NetCDF sink fails if its file cannot be created, at the latest when it is closed', async () => {
      const definition = definitionOf('short', [4], [4]);
      const path = join(folder, 'absent', 'file.nc');
      await expect(create(path, definition).then((sink) => sink.close())).rejects.toThrow();
    });
  });
}
