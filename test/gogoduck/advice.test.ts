import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { advice } from '../../batch-jobs/gogoduck/advice.ts';
import { writeSampleLayer } from '../../batch-jobs/gogoduck/sample-layer.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'advice-'));
  await writeSampleLayer(join(folder, 'sample_sst'), { files: 4, rows: 80, columns: 100 });
  await mkdir(join(folder, 'Other_layer'));
  await writeFile(join(folder, 'Other_layer', 'broken.nc'), 'no NetCDF');
  await mkdir(join(folder, '.hidden'));
});
afterAll(() => rm(folder, { recursive: true }));

const surroundings = () => ({
  variables: { GOGODUCK_LAYERS_DIR: folder },
  signal: new AbortController().signal,
});
const layers = (text: string) =>
  advice.suggest?.({ input: 'layer', text, inputs: {} }, surroundings()) ?? [];
const estimate = (inputs: Record<string, readonly string[]>) =>
  advice.estimate?.(inputs, surroundings());

describe('an area in which a layer has no cell', () => {
  const within = async (area: string) =>
    await estimate({
      layer: ['sample_sst'],
      subset: [`TIME,2024-01-15T00:00:00Z,2024-01-15T03:00:00Z;${area}`],
    });

  it.each([
    ['outside the layer', 'LATITUDE,-80,-79;LONGITUDE,143,149'],
    ['on its other side of the earth', 'LATITUDE,-44,-40;LONGITUDE,-40,-30'],
    ['between its cells', 'LATITUDE,-42.0001,-42.00005;LONGITUDE,143,149'],
  ])('an area without a cell is a fault before the job is sent: %s', async (_, area) => {
    const { faults } = (await within(area)) ?? {};
    expect(faults).toMatchObject([{ input: 'subset' }]);
    expect(faults?.[0]?.text).toMatch(
      /where layer "sample_sst" has no cell centre; its cells are at latitude -4\d\S* to -3\d\S*, longitude 14\d\S* to 15\d\S*\.$/,
    );
  });

  it.each([
    ['one that it has', 'LATITUDE,-44,-40;LONGITUDE,143,149'],
    ['a latitude without width between two rows', 'LATITUDE,-42.0001,-42.0001;LONGITUDE,143,149'],
  ])('an area is accepted: %s', async (_, area) => {
    expect(await within(area)).toMatchObject({ faults: [] });
  });
});

describe('a period in which a layer has no data', () => {
  it.each([
    '1500-01-01T00:00:00Z,1582-10-10T00:00:00Z',
    '2024-01-15T00:10:00Z,2024-01-15T00:20:00Z',
  ])('a period without data is a fault before the job is sent: %s', async (time) => {
    const subset = `TIME,${time};LATITUDE,-44,-40;LONGITUDE,143,149`;
    const { faults } = (await estimate({ layer: ['sample_sst'], subset: [subset] })) ?? {};
    expect(faults).toMatchObject([{ input: 'subset' }]);
    expect(faults?.[0]?.text).toMatch(
      /when layer "sample_sst" has no data; the layer has 2024-01-15T00:00:00Z to 2024-01-15T03:00:00Z\.$/,
    );
  });
});

describe('suggestions of GoGoDuck', () => {
  it('GoGoDuck suggests the layers of the folder whose names contain the typed text, in any case', async () => {
    const names = async (text: string) => (await layers(text)).map(({ value }) => value);
    expect(await names('')).toEqual(['Other_layer', 'sample_sst']);
    expect(await names('LAYER')).toEqual(['Other_layer']);
    expect(await names('nothing like it')).toEqual([]);
  });

  it('GoGoDuck finds layers by the names of their variables, too, and says what they cover', async () => {
    const [found, ...others] = await layers('Surface Temp');
    expect(others).toEqual([]);
    expect(found).toMatchObject({ value: 'sample_sst', coverage: { files: 4 } });
  });

  it('GoGoDuck says what a fully named layer covers', async () => {
    const [first] = await layers('sample_sst');
    expect(first).toMatchObject({
      value: 'sample_sst',
      coverage: {
        bbox: [142.05, -45.95, 151.95, -38.05],
        period: { start: '2024-01-15T00:00:00Z', end: '2024-01-15T03:00:00Z' },
        spacing: { latitude: 0.1, longitude: 0.1, time: 3600 },
        files: 4,
        licence: 'http://creativecommons.org/publicdomain/zero/1.0/',
      },
    });
    expect(first?.coverage?.variables).toEqual([
      {
        name: 'sea_surface_temperature',
        title: 'sea surface temperature',
        standardName: 'sea_surface_temperature',
        units: 'kelvin',
      },
      {
        name: 'quality_level',
        title: 'quality level of the temperature',
        standardName: 'sea_surface_temperature status_flag',
      },
    ]);
  });

  it('GoGoDuck suggests a layer whose files cannot be read, without what it covers', async () => {
    expect(await layers('Other_layer')).toEqual([{ value: 'Other_layer' }]);
  });

  it('GoGoDuck suggests the variables of the chosen layer, with names, units and standard names', async () => {
    const variables = (layer: string, text = '') =>
      advice.suggest?.({ input: 'variables', text, inputs: { layer: [layer] } }, surroundings());
    expect(await variables('sample_sst')).toEqual([
      {
        value: 'sea_surface_temperature',
        title: 'sea surface temperature',
        abstract: 'kelvin, standard name sea_surface_temperature',
      },
      {
        value: 'quality_level',
        title: 'quality level of the temperature',
        abstract: 'standard name sea_surface_temperature status_flag',
      },
    ]);
    expect(await variables('sample_sst', 'KELVIN')).toHaveLength(1);
    expect(await variables('nope')).toEqual([]);
    expect(await variables(' ')).toEqual(await variables('sample_sst'));
  });

  it('GoGoDuck suggests nothing for other inputs', async () => {
    const question = { input: 'filename', text: '', inputs: {} };
    expect(await advice.suggest?.(question, surroundings())).toEqual([]);
  });
});

describe('the estimate of GoGoDuck', () => {
  const subset = (text: string) => ({ layer: ['sample_sst'], subset: [text] });

  it('an estimate of GoGoDuck counts files, time steps and cells of the requested part', async () => {
    expect(
      await estimate(
        subset('TIME,2024-01-15T01:00:00Z,2024-01-15T02:00:00Z;LATITUDE,-41,-40;LONGITUDE,145,147'),
      ),
    ).toMatchObject({ faults: [], files: 2, steps: 2, cells: 10 * 20 });
  });

  it('an estimate of GoGoDuck reads less for a smaller area', async () => {
    const whole = await estimate(subset('LATITUDE,-90,90;LONGITUDE,-180,180'));
    const half = await estimate(subset('LATITUDE,-42,-38;LONGITUDE,-180,180'));
    expect(whole?.bytes).toBe(half?.bytes);
    expect(half?.cells).toBe((whole?.cells ?? 0) / 2);
    expect(half?.outputBytes).toBe((whole?.outputBytes ?? 0) / 2);
    expect(whole?.outputBytes).toBeGreaterThan(0);
  });

  it('an estimate of GoGoDuck counts one cell at a point, and one step in test mode', async () => {
    const point = subset('LATITUDE,-40,-40;LONGITUDE,145,145');
    expect(await estimate({ ...point, TestMode: ['true'] })).toMatchObject({
      files: 1,
      steps: 1,
      cells: 1,
    });
  });

  it('an estimate of GoGoDuck counts only the requested variables and positions', async () => {
    const all = subset('LATITUDE,-90,90;LONGITUDE,-180,180');
    const whole = await estimate(all);
    const quality = await estimate({ ...all, variables: ['quality_level'] });
    // A temperature takes two bytes, and a quality level takes one.
    expect(quality?.outputBytes).toBe((whole?.outputBytes ?? 0) / 3);
    const byStandardName = await estimate({ ...all, variables: ['sea_surface_temperature'] });
    expect(byStandardName?.outputBytes).toBe(((whole?.outputBytes ?? 0) * 2) / 3);
    expect(await estimate({ ...all, stride: ['TIME,3;LATITUDE,10;LONGITUDE,7'] })).toMatchObject({
      steps: 2,
      cells: 8 * 15,
    });
  });

  it('an estimate of GoGoDuck finds exactly the variables that the layer does not have', async () => {
    const asked = { ...subset('LATITUDE,-90,90;LONGITUDE,-180,180') };
    const names = ['salinity,quality_level,sea_surface_temperature,lat'];
    expect((await estimate({ ...asked, variables: names }))?.faults).toEqual([
      {
        input: 'variables',
        text: 'Input "variables" has "salinity", which the layer does not have; its variables are sea_surface_temperature, quality_level.',
      },
    ]);
  });

  it('an estimate of GoGoDuck counts columns east of 180 degrees that the layer has west of it', async () => {
    expect(await estimate(subset('LATITUDE,-41,-40;LONGITUDE,-215,-213'))).toMatchObject({
      faults: [{ input: 'subset' }],
    });
    expect(await estimate(subset('LATITUDE,-41,-40;LONGITUDE,145,360'))).toMatchObject({
      cells: 10 * 70,
    });
  });

  it('an estimate of GoGoDuck finds every fault that a run would find in the inputs, each with its input', async () => {
    expect(await estimate({ layer: ['nope'], subset: ['LATITUDE,95,99;LONGITUDE,1,2'] })).toEqual({
      faults: [
        {
          input: 'subset',
          text: 'Input "subset" has LATITUDE "95"; allowed: -90 to 90 (degrees north).',
        },
        { input: 'layer', text: 'Input "layer" is "nope"; there is no such layer.' },
      ],
    });
  });

  it('an estimate of GoGoDuck refuses to read more than is allowed, and says how much that is', async () => {
    const { variables, signal } = surroundings();
    const inputs = subset('LATITUDE,-90,90;LONGITUDE,-180,180');
    const limited = (gigabytes: string) =>
      advice.estimate?.(inputs, {
        variables: { ...variables, GOGODUCK_MAX_GIGABYTES: gigabytes },
        signal,
      });
    expect(await limited('0.00001')).toMatchObject({
      limitBytes: 10_000,
      faults: [{ input: 'subset', text: expect.stringContaining('at most 0.00001 GB') }],
    });
    expect(await limited('1')).toMatchObject({ limitBytes: 1e9, faults: [] });
  });

  it('an estimate of GoGoDuck says nothing of inputs that are not given yet', async () => {
    expect(await estimate({})).toEqual({ faults: [] });
    expect(await estimate({ layer: ['sample_sst'] })).toEqual({ faults: [] });
  });

  it('an estimate of GoGoDuck has no sizes if the settings name no layers', async () => {
    const inputs = subset('LATITUDE,-41,-40;LONGITUDE,145,147');
    const nowhere = { variables: {}, signal: new AbortController().signal };
    expect(await advice.estimate?.(inputs, nowhere)).toEqual({ faults: [] });
  });
});
