import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { IndexedFile } from '../../batch-jobs/gogoduck/file-index.ts';
import { everywhere, useLayer } from './layer-folder.ts';
import { readNetcdf } from './read-netcdf.ts';
import { runGogoduck } from './run-gogoduck.ts';

const layer = useLayer();

/** Runs on files that an index lists as given, and returns which of them were fetched. */
async function run(listed: readonly IndexedFile[], subset = everywhere, testMode = false) {
  const fetched: string[] = [];
  const path = await runGogoduck(
    layer.layers,
    subset,
    { testMode },
    {
      files: {
        index: { list: async () => [...listed] },
        obtain: async (files) => {
          fetched.push(...files.map(({ name }) => name));
          return files.map(({ name }) => join(layer.path, name));
        },
      },
    },
  );
  return { path, fetched };
}

const listed = (name: string, time?: number): IndexedFile => ({
  name,
  location: { path: '' },
  ...(time === undefined ? {} : { time }),
});

describe('the files that a run uses', () => {
  it('test mode uses only the latest file if the index knows its times', async () => {
    await layer.grids({ times: [0] }, { times: [1, 2] });
    const { path, fetched } = await run([listed('0.nc', 0), listed('1.nc', 1)], everywhere, true);
    expect(fetched).toEqual(['1.nc']);
    expect((await readNetcdf(path)).variables['time']?.values).toEqual([2]);
  });

  it('test mode uses all files if one of them has no known time', async () => {
    await layer.grids({ times: [5] }, { times: [1, 2] });
    const { path, fetched } = await run([listed('0.nc'), listed('1.nc', 1)], everywhere, true);
    expect(fetched).toEqual(['0.nc', '1.nc']);
    expect((await readNetcdf(path)).variables['time']?.values).toEqual([5]);
  });

  it('a run uses all files of a period', async () => {
    await layer.grids({ times: [0] }, { times: [1] });
    const { fetched } = await run([listed('0.nc', 0), listed('1.nc', 1)]);
    expect(fetched).toEqual(['0.nc', '1.nc']);
  });

  it('provenance names the files of which the result has steps, and no others', async () => {
    await layer.grids({ times: [0] }, { times: [1] }, { times: [2] }, { times: [1] });
    const files = [0, 1, 2, 3].map((index) => listed(`${index}.nc`));
    const { path } = await run(files, `TIME,2020-01-01T01:00Z,2020-01-01T02:00Z;${everywhere}`);
    const xml = await readFile(path.replace(/result$/, 'provenance'), 'utf8');
    // The first file is before the period. The second and the last have the same time, and the last is used.
    expect(xml.match(/<prov:label>\d\.nc/g)).toEqual(['<prov:label>3.nc', '<prov:label>2.nc']);
    const receipt = JSON.parse(await readFile(path.replace(/result$/, 'receipt'), 'utf8'));
    expect(receipt.sources.map(({ name }: { name: string }) => name)).toEqual(['3.nc', '2.nc']);
  });
});
