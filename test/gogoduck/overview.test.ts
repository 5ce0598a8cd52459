import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { advice } from '../../batch-jobs/gogoduck/advice.ts';
import { type GridSketch, gridSketch } from './grid-sketch.ts';
import { makeNetcdf } from './make-netcdf.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overview-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function layer(name: string, sketch: GridSketch): Promise<void> {
  await mkdir(join(folder, name));
  await makeNetcdf(join(folder, name, 'a.nc'), gridSketch(sketch));
}

const overview = (name: string, variables?: string) =>
  advice.overview?.(
    { layer: [name], ...(variables === undefined ? {} : { variables: [variables] }) },
    { variables: { GOGODUCK_LAYERS_DIR: folder }, signal: new AbortController().signal },
  );

describe('the overview of a layer', () => {
  it('the overview of a layer is its last step in colours, transparent where there is no value', async () => {
    const perStep = 12;
    await layer('steps', {
      times: [0, 24],
      // The first step is far colder. The southern row of the last step has no values.
      temperature: (index) => (index < perStep ? -50 : index < perStep + 3 ? Number.NaN : index),
    });
    const drawn = await overview('steps');
    expect(drawn).toMatchObject({
      title: 'temperature',
      instant: '2020-01-02T00:00:00Z',
      from: 15,
      to: 23,
      units: 'degree_Celsius',
    });
    const [west = 0, south = 0, east = 0, north = 0] = drawn?.bbox ?? [];
    expect([west, south, east, north]).toEqual([139.5, -40.5, 142.5, -36.5]);
    const { width, height, data, palette } = decode(drawn?.png ?? new Uint8Array());
    const alphaAt = (y: number) =>
      palette?.[data[y * width + Math.floor(width / 2)] ?? -1]?.[3] ?? 255;
    expect(alphaAt(0)).toBe(255);
    expect(alphaAt(height - 1)).toBe(0);
  });

  it('the overview of a layer continues past 180 degrees across the date line', async () => {
    await layer('dateline', { times: [0], longitudes: [178, 180, 182] });
    expect((await overview('dateline'))?.bbox).toMatchObject({ 0: 177, 2: 183 });
  });

  it('the overview of a layer shows the requested variable', async () => {
    const salinity = {
      type: 'float',
      dimensions: ['time', 'lat', 'lon'],
      values: Array.from({ length: 12 }, (_, index) => 30 + index),
      attributes: { long_name: 'Salinity' },
    } as const;
    await layer('two', { times: [0], variables: { psal: salinity } });
    expect((await overview('two'))?.title).toBe('temperature');
    expect(await overview('two', 'psal')).toMatchObject({ title: 'Salinity', from: 30, to: 41 });
  });

  it('the overview of a layer is left out if it cannot be drawn quickly, or there is nothing to draw', async () => {
    const rows = Array.from({ length: 2_001 }, (_, index) => -80 + index * 0.05);
    await layer('large', { times: [0], latitudes: rows, longitudes: rows, temperature: () => 1 });
    await layer('empty', { times: [0], temperature: () => Number.NaN });
    await mkdir(join(folder, 'broken'));
    await writeFile(join(folder, 'broken', 'a.nc'), 'no NetCDF');
    for (const name of ['large', 'empty', 'broken', 'nope', '']) {
      expect(await overview(name), name).toBeUndefined();
    }
  });

  it('the overview of a layer follows a file that is rewritten', async () => {
    await layer('changing', { times: [0], temperature: () => 1 });
    expect(await overview('changing')).toMatchObject({ from: 1 });
    const path = join(folder, 'changing', 'a.nc');
    await makeNetcdf(path, gridSketch({ times: [0, 24], temperature: () => 2 }));
    expect(await overview('changing')).toMatchObject({ from: 2 });
  });
});
