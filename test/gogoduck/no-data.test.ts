import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gridSketch } from './grid-sketch.ts';
import { everywhere, useLayer } from './layer-folder.ts';

const layer = useLayer();

describe('a subset without data', () => {
  it.each([
    [
      `TIME,2021-01-01,2021-02-01;${everywhere}`,
      'No data: the layer has no time step from 2021-01-01T00:00:00Z to 2021-02-01T23:59:59.999Z; those of its files are 2020-01-01T00:00:00Z to 2020-01-01T01:00:00Z.',
    ],
    [
      'LATITUDE,10,20;LONGITUDE,140,141',
      'No data: the layer has no cell centre at latitude 10 to 20, longitude 140 to 141; its cells are at latitude -40 to -37, longitude 140 to 142 (file "0.nc").',
    ],
    [
      'LATITUDE,-38.6,-38.4;LONGITUDE,140,141',
      'No data: the layer has no cell centre at latitude -38.6 to -38.4',
    ],
    [
      'LATITUDE,-20,-20;LONGITUDE,140,140',
      'No data: the layer has no cell centre at latitude -20 to -20',
    ],
  ])('a subset without data fails, and says what there is: %s', async (subset, words) => {
    await layer.grids({ times: [0, 1] });
    const fault = await layer.fault(subset);
    expect(fault.message).toContain(words);
    expect(fault.exitCode).toBe(64);
  });

  it('a layer without files fails', async () => {
    expect((await layer.fault()).message).toBe(
      'No data: layer "layer" lists no files for the subset.',
    );
  });

  it('DEPTH fails for a layer that has none', async () => {
    await layer.grids({ times: [0] });
    const fault = await layer.fault(`${everywhere};DEPTH,0,10`);
    expect(fault.message).toContain('has DEPTH, but the layer has no axis of depths');
  });
});

describe('files that are no grids in NetCDF', () => {
  it.each([
    ['begins as classic NetCDF', 'CDF\x01 and more', 'File "bad.nc" is damaged'],
    ['is something else', 'hello', 'File "bad.nc" is no NetCDF file.'],
    ['is empty', '', 'File "bad.nc" is no NetCDF file.'],
    ['begins well and ends early', '\x89HDF\r\n\x1a\n and no more', 'File "bad.nc" is damaged'],
  ])('a file that is no grid in NetCDF is named: %s', async (_, content, words) => {
    await writeFile(join(layer.path, 'bad.nc'), Buffer.from(content, 'latin1'));
    const fault = await layer.fault();
    expect(fault.message).toContain(words);
    expect(fault.exitCode).toBe(65);
  });

  it('files without positions, or with positions of no grid, are refused', async () => {
    const { lat: _, ...others } = gridSketch({ times: [0] }).variables;
    const dimensions = { time: -1, lat: 4, lon: 3, obs: 2 };
    await layer.file('bad.nc', { dimensions, variables: others });
    expect((await layer.fault()).message).toContain(
      'File "bad.nc" has no latitude: no variable has standard_name "latitude"',
    );
    const track = (units: string) => ({
      type: 'double' as const,
      dimensions: ['obs'],
      values: [1, 2],
      attributes: { units },
    });
    await layer.file('bad.nc', {
      dimensions: { obs: 2 },
      variables: { y: track('degrees_north'), x: track('degrees_east') },
    });
    expect((await layer.fault()).message).toContain(
      'File "bad.nc" is no grid: it has y(obs) and x(obs)',
    );
  });

  it('files whose positions neither rise nor fall are refused', async () => {
    await layer.grids({ times: [0], latitudes: [-40, -38, -39, -37] });
    expect((await layer.fault()).message).toContain('has lat neither rising nor falling');
  });
});
