import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { checkSources } from '../../batch-jobs/gogoduck/check-amount.ts';
import type { RunParts } from '../../batch-jobs/gogoduck/run.ts';
import type { GridSketch } from './grid-sketch.ts';
import { everywhere, faultOf, useLayer } from './layer-folder.ts';
import { numbers, type VariableSketch } from './make-netcdf.ts';
import { runGogoduck } from './run-gogoduck.ts';

const layer = useLayer();
const south = 'LATITUDE,-40,-40;LONGITUDE,140,142';

/** A grid without data in its southern row. */
const withLand = (more: Record<string, VariableSketch> = {}): GridSketch => ({
  times: [0],
  variables: {
    temperature: {
      type: 'short',
      dimensions: ['time', 'lat', 'lon'],
      values: [-9, -9, -9, ...Array(9).fill(0)],
      attributes: { _FillValue: numbers('short', -9) },
    },
    ...more,
  },
});

async function warningsOf(subset: string): Promise<{ warnings: string[]; history: unknown }> {
  const warnings: string[] = [];
  const parts: Partial<RunParts> = { warn: (text) => warnings.push(text) };
  const { attributes } = await layer.result(subset, {}, parts);
  return { warnings, history: attributes['history'] };
}

describe('a result without any value', () => {
  it('a result without values has a warning even if a mask that does not vary with time has values', async () => {
    await layer.grids(
      withLand({ mask: { type: 'short', dimensions: ['lat', 'lon'], values: Array(12).fill(1) } }),
    );
    expect((await warningsOf(south)).warnings).toHaveLength(1);
    expect((await warningsOf('LATITUDE,-40,-38;LONGITUDE,140,142')).warnings).toEqual([]);
  });

  it('a result without values has a warning, in the history, too', async () => {
    await layer.grids(withLand());
    const { warnings, history } = await warningsOf(south);
    expect(warnings).toEqual([
      `No cell of the result holds a value: all data of subset "${south}" is missing.`,
    ]);
    expect(history).toContain('; No cell of the result holds a value');
  });

  it('a result without values has a warning even if it has flags, bounds and positions', async () => {
    const flags: VariableSketch = {
      type: 'byte',
      dimensions: ['time', 'lat', 'lon'],
      values: Array(12).fill(1),
      attributes: { flag_values: numbers('byte', 0, 1), flag_meanings: 'sea land' },
    };
    await layer.grids(withLand({ flags }));
    expect((await warningsOf(south)).warnings).toHaveLength(1);
  });

  it.each([
    ['one cell has a value', 'LATITUDE,-40,-39;LONGITUDE,140,140', {}],
    [
      'another variable has values',
      south,
      {
        other: {
          type: 'float' as const,
          dimensions: ['time', 'lat', 'lon'],
          values: Array(12).fill(0),
        },
      },
    ],
  ])('a result has no warning if %s', async (_, subset, more) => {
    await layer.grids(withLand(more));
    const { warnings, history } = await warningsOf(subset);
    expect(warnings).toEqual([]);
    expect(history).not.toContain('No cell');
  });
});

describe('a request for more than is allowed', () => {
  const files = Array.from({ length: 732 }, (_, index) => ({
    name: `${index}.nc`,
    location: { path: '' },
    size: 38e9 / 732,
  }));

  it('a request for more than is allowed is refused with its size', () => {
    expect(() => checkSources(files, 7)).toThrow(
      'The subset needs 38 GB in 732 files; at most 7 GB: ask for a shorter period.',
    );
    expect(() => checkSources(files, 38)).not.toThrow();
  });

  it('a request is accepted up to a billion bytes per gigabyte, and refused with one byte more', () => {
    const one = (size: number) => [{ name: 'a.nc', location: { path: '' }, size }];
    expect(() => checkSources(one(7e9), 7)).not.toThrow();
    expect(() => checkSources(one(7e9 + 1), 7)).toThrow(
      'The subset needs 7 GB in 1 file; at most 7',
    );
  });

  it('a request for more than is allowed is refused with the size of its result, before that is made', async () => {
    await layer.grids({ times: [0] });
    const bytes = 8 * (1 + 4 + 3) + 4 * 12;
    const run = (mostGigabytes: number) =>
      runGogoduck(
        layer.layers,
        everywhere,
        {},
        {
          mostGigabytes,
          files: {
            index: { list: async () => [{ name: '0.nc', location: { path: '' } }] },
            obtain: async () => [join(layer.path, '0.nc')],
          },
        },
      );
    await expect(run(bytes / 1e9)).resolves.toBeDefined();
    const fault = await faultOf(run((bytes - 1) / 1e9));
    expect(fault.message).toMatch(
      /^The result would be 1\.1e-7 GB of 1 file; at most .* GB: ask for/,
    );
    expect(fault.exitCode).toBe(64);
  });
});

describe('a receipt', () => {
  it('a receipt has the request, the sources, the terms of the data and warnings', async () => {
    await layer.grids({
      ...withLand(),
      attributes: {
        title: 'T',
        license: 'CC BY 4.0',
        citation: 'IMOS, 2020',
        product_version: '2.1',
      },
    });
    const path = await runGogoduck(layer.layers, south, { result: 'application/zip' });
    const zip = unzipSync(await readFile(path));
    expect(Object.keys(zip)).toEqual(['layer.nc', 'receipt.json']);
    const receipt = JSON.parse(Buffer.from(zip['receipt.json'] ?? []).toString());
    expect(receipt).toMatchObject({
      process: 'gs:GoGoDuck 1.0.0',
      request: { layer: 'layer', subset: south, format: 'application/x-netcdf' },
      layer: { title: 'T', licence: 'CC BY 4.0', citation: 'IMOS, 2020', version: '2.1' },
      coverage: { start: '2020-01-01T00:00:00Z', end: '2020-01-01T00:00:00Z' },
      sources: [{ name: '0.nc' }],
      warnings: [expect.stringContaining('No cell')],
    });
    const output = await readFile(path.replace(/result$/, 'receipt'), 'utf8');
    expect(JSON.parse(output)).toEqual(receipt);
  });
});
