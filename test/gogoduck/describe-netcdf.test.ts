import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeNetcdf } from '../../batch-jobs/gogoduck/describe-netcdf.ts';
import { writeSampleLayer } from '../../batch-jobs/gogoduck/sample-layer.ts';
import { gridSketch } from './grid-sketch.ts';
import { makeNetcdf } from './make-netcdf.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'describe-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a description of a NetCDF file', () => {
  it('a description of a NetCDF file has its dimensions, and its variables with units and ranges', async () => {
    const sketch = gridSketch({
      times: [1, 2],
      dimensions: { length: 2 },
      variables: {
        label: { type: 'char', dimensions: ['length'], values: 'ab' },
        none: { type: 'float', values: [Number.NaN] },
      },
    });
    const { dimensions, variables } = await describeNetcdf(
      await makeNetcdf(join(folder, 'a.nc'), sketch),
    );
    expect(dimensions).toEqual([
      { name: 'time', size: 2, unlimited: true },
      { name: 'lat', size: 4, unlimited: false },
      { name: 'lon', size: 3, unlimited: false },
      { name: 'length', size: 2, unlimited: false },
    ]);
    expect(variables).toContainEqual({
      name: 'temperature',
      type: 'float',
      dimensions: ['time', 'lat', 'lon'],
      units: 'degree_Celsius',
      minimum: 0,
      maximum: 23,
    });
    expect(variables).toContainEqual({ name: 'label', type: 'char', dimensions: ['length'] });
    expect(variables).toContainEqual({ name: 'none', type: 'float', dimensions: [] });
  });
});

describe('the sample layer', () => {
  it('the sample layer is hourly, plausible, has gaps, and is always the same', async () => {
    const size = { files: 2, rows: 20, columns: 25 };
    const [first = '', second = ''] = await writeSampleLayer(join(folder, 'one'), size);
    const [again = ''] = await writeSampleLayer(join(folder, 'two'), size);
    expect(first.endsWith('SAMPLE_SST_20240115T000000Z.nc')).toBe(true);
    const described = await describeNetcdf(first);
    expect(await describeNetcdf(again)).toEqual(described);
    expect(await describeNetcdf(second)).not.toEqual(described);
    const temperature = described.variables.find(({ name }) => name === 'sea_surface_temperature');
    expect(temperature).toMatchObject({ type: 'short', units: 'kelvin' });
    expect(temperature?.minimum).toBeGreaterThan(273);
    expect(temperature?.maximum).toBeLessThan(303);
  });
});
