import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LiteralInputs, WantedOutput } from '../../batch-jobs/api/process-description.ts';
import { advice } from '../../batch-jobs/gogoduck/advice.ts';
import { checkRequest } from '../../batch-jobs/gogoduck/check-request.ts';
import { writeSampleLayer } from '../../batch-jobs/gogoduck/sample-layer.ts';
import { gridSketch } from './grid-sketch.ts';
import { makeNetcdf } from './make-netcdf.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'constraints-'));
  await writeSampleLayer(join(folder, 'sample_sst'), { files: 4, rows: 8, columns: 10 });
});
afterAll(() => rm(folder, { recursive: true }));

const constraints = (inputs: LiteralInputs, outputs: readonly WantedOutput[] = []) =>
  advice.constraints?.(inputs, outputs, {
    variables: { GOGODUCK_LAYERS_DIR: folder },
    signal: new AbortController().signal,
  });

describe('layers beside the variables that are chosen', () => {
  let layers: string;
  beforeAll(async () => {
    layers = await mkdtemp(join(tmpdir(), 'constraints-'));
    for (const name of ['cold', 'warm', 'broken']) await mkdir(join(layers, name));
    await makeNetcdf(join(layers, 'cold', 'a.nc'), gridSketch({ times: [0] }));
    const salinity = {
      type: 'float',
      dimensions: ['time', 'lat', 'lon'],
      values: Array.from({ length: 12 }, () => 35),
      attributes: { standard_name: 'sea_water_salinity' },
    } as const;
    const sketch = gridSketch({ times: [0], variables: { psal: salinity } });
    await makeNetcdf(join(layers, 'warm', 'a.nc'), sketch);
    await writeFile(join(layers, 'broken', 'a.nc'), 'no NetCDF');
  });
  afterAll(() => rm(layers, { recursive: true }));
  const left = async (variables?: string, signal = new AbortController().signal) => {
    const inputs = { layer: ['cold'], ...(variables ? { variables: [variables] } : {}) };
    const surroundings = { variables: { GOGODUCK_LAYERS_DIR: layers }, signal };
    return (await advice.constraints?.(inputs, [], surroundings))?.inputs?.['layer'];
  };

  it('all layers stay possible if none could be read in time', async () => {
    expect((await left('psal', AbortSignal.abort()))?.values).toEqual(['broken', 'cold', 'warm']);
  });

  it('layers with each chosen variable by name or standard name stay possible, and those that could not be read', async () => {
    expect(await left()).toEqual({ values: ['broken', 'cold', 'warm'] });
    expect(await left('temperature')).toEqual({ values: ['broken', 'cold', 'warm'] });
    await expect
      .poll(() => left('temperature,sea_water_salinity'))
      .toEqual({
        values: ['broken', 'warm'],
        text: 'Layers that are without "temperature", "sea_water_salinity" cannot be chosen; 2 of 3 can.',
      });
    await expect.poll(async () => (await left('psal'))?.values).toEqual(['broken', 'warm']);
  });
});

describe('what GoGoDuck leaves to choose', () => {
  it('any layer of the folder stays possible, whatever was typed', async () => {
    const found = await constraints({ layer: ['sam'] });
    expect(found?.inputs?.['layer']).toEqual({ values: ['sample_sst'] });
    expect(found?.inputs?.['subset']).toBeUndefined();
    expect(found?.inputs?.['variables']).toBeUndefined();
  });

  it('the area, period and variables of the chosen layer stay possible, and no depth if it has none', async () => {
    const found = await constraints({ layer: ['sample_sst'], variables: ['salinity'] });
    expect(found?.inputs?.['subset']).toEqual({
      extent: {
        bbox: [142.5, -45.5, 151.5, -38.5],
        period: { start: '2024-01-15T00:00:00Z', end: '2024-01-15T03:00:00Z' },
        depth: null,
      },
    });
    expect(found?.inputs?.['variables']).toEqual({
      values: ['sea_surface_temperature', 'quality_level'],
    });
  });

  it.each(['application/x-netcdf', 'text/csv', 'application/zip', 'application/zarr+zip'])(
    'the formats of the aggregation that a run accepts beside %s stay possible',
    async (mimeType) => {
      const wanted = [{ identifier: 'result', mimeType }];
      const found = await constraints({}, wanted);
      const all = ['application/x-netcdf', 'text/csv', 'application/zip', 'application/zarr+zip'];
      const taken = all.filter(
        (value) => checkRequest({ aggregationOutputMime: [value] }, wanted).length === 0,
      );
      expect(found?.inputs?.['aggregationOutputMime']?.values ?? all).toEqual(taken);
    },
  );

  it.each([
    ['text/csv', ['text/csv', 'application/zip']],
    ['application/x-netcdf', ['application/x-netcdf', 'application/zip']],
    ['application/zip', ['application/zip']],
    ['application/zarr+zip', ['application/zarr+zip']],
    ['TEXT/CSV', ['text/csv', 'application/zip']],
  ])(
    'the formats of the result that agree with an aggregation as %s stay possible',
    async (mime, formats) => {
      const found = await constraints({ aggregationOutputMime: [mime] });
      expect(found?.outputs?.['result']?.formats).toEqual(formats);
    },
  );

  it('a value that no format has, or outputs without the result, constrain nothing', async () => {
    expect((await constraints({ aggregationOutputMime: ['nope'] }))?.outputs).toEqual({});
    const found = await constraints({}, [{ identifier: 'receipt' }]);
    expect(found?.inputs?.['aggregationOutputMime']).toBeUndefined();
  });

  it('GoGoDuck accepts any layer by its name, and says so, if there are none yet', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'constraints-'));
    const surroundings = {
      variables: { GOGODUCK_LAYERS_DIR: empty },
      signal: new AbortController().signal,
    };
    const found = await advice.constraints?.({}, [], surroundings);
    expect(found?.inputs?.['layer']).toEqual({ text: 'There are no layers yet.' });
    await rm(empty, { recursive: true });
  });

  it('everything stays possible if the settings name no layers', async () => {
    const nowhere = { variables: {}, signal: new AbortController().signal };
    expect(
      await advice.constraints?.({ layer: ['x'] }, [{ identifier: 'receipt' }], nowhere),
    ).toEqual({ inputs: {}, outputs: {} });
  });
});

describe('layers beside the area and the period that are chosen', () => {
  let layers: string;
  beforeAll(async () => {
    layers = await mkdtemp(join(tmpdir(), 'constraints-'));
    await mkdir(join(layers, 'unreadable'));
    await writeFile(join(layers, 'unreadable', 'a.nc'), 'no NetCDF');
    await writeSampleLayer(join(layers, 'tasman'), { files: 4, rows: 8, columns: 10 });
    await mkdir(join(layers, 'dateline'));
    const sketch = gridSketch({ times: [0], longitudes: [179, 180, 181, 182] });
    await makeNetcdf(join(layers, 'dateline', 'a.nc'), sketch);
  });
  afterAll(() => rm(layers, { recursive: true }));
  const left = async (subset: string) => {
    const surroundings = {
      variables: { GOGODUCK_LAYERS_DIR: layers },
      signal: new AbortController().signal,
    };
    return (await advice.constraints?.({ subset: [subset] }, [], surroundings))?.inputs?.['layer'];
  };

  it.each([
    ['a box in one of them', 'LATITUDE,-44,-40;LONGITUDE,143,149', ['tasman', 'unreadable']],
    ['a side of it alone', 'LONGITUDE,143,149', ['tasman', 'unreadable']],
    [
      'the other parts being wrong',
      'LATITUDE,x,y;LONGITUDE,143,149;DEPTH,,',
      ['tasman', 'unreadable'],
    ],
    ['a box that goes on past 180', 'LONGITUDE,181.5,182.5', ['dateline', 'unreadable']],
    ['the same box from -180', 'LONGITUDE,-178.5,-177.5', ['dateline', 'unreadable']],
    ['a period', 'TIME,2024-01-15T01:00:00Z,2024-01-15T02:00:00Z', ['tasman', 'unreadable']],
    ['half of a cell beyond the centres', 'LONGITUDE,151.9,160', ['tasman', 'unreadable']],
    ['what cannot be read yet', 'LONGITUDE,143,', ['dateline', 'tasman', 'unreadable']],
  ])('layers that may have data for %s stay possible', async (_, subset, values) => {
    // An answer does not wait for layers that are slow to inspect. A later answer includes them.
    await expect.poll(async () => (await left(subset))?.values).toEqual(values);
  });

  it('layers that cannot be chosen beside an area and period are listed with the reason', async () => {
    const text = async () => (await left('LATITUDE,-44,-40;LONGITUDE,143,149'))?.text;
    await expect.poll(text).toBe('Layers that are outside the area cannot be chosen; 2 of 3 can.');
  });
});
