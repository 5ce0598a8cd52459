import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  numbersOfAttribute,
  storedNumbersOf,
} from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import { zarrAttributes } from '../../batch-jobs/gogoduck/netcdf/zarr/zarr-attributes.ts';
import { readableJson } from '../../batch-jobs/gogoduck/netcdf/zarr/zarr-json.ts';
import { useLayer } from './layer-folder.ts';
import { type ArraySketch, gridStore, writeStore } from './write-store.ts';

const layer = useLayer();
const places = { dimensions: ['time', 'lat', 'lon'], shape: [1, 2, 3] };
const shorts = (...values: number[]): ArraySketch => ({
  ...places,
  type: '<i2',
  bytes: new Uint8Array(Int16Array.from(values).buffer),
});
const read = (json: string) =>
  JSON.parse(Buffer.from(readableJson(Buffer.from(json))).toString()) as Record<string, unknown>;

describe('numbers in the metadata of a Zarr store', () => {
  it('numbers in Zarr metadata that a short cannot hold mark no missing data: zeros stay zeros', async () => {
    const v = { ...shorts(0, 1, 2, 3, 4, 5), attributes: '"missing_value":1e20' };
    await writeStore(join(layer.path, '0.zarr'), gridStore(0, { v }));
    const { variables } = await layer.result();
    expect(variables['v']).toMatchObject({
      values: [0, 1, 2, 3, 4, 5],
      attributes: { missing_value: 1e20 },
    });
    expect((await layer.csv()).slice(1).map((line) => line.split(',').at(-1))).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
    ]);
  });

  it('numbers of a Zarr store may be stored column by column, and texts as well', async () => {
    const shape = { dimensions: ['time', 'lat', 'lon'], shape: [1, 2, 3] };
    const v: ArraySketch = { ...shorts(0, 3, 1, 4, 2, 5), ...shape, order: 'F' };
    const w: ArraySketch = { ...shape, type: '|S1', bytes: Buffer.from('adbecf'), order: 'F' };
    await writeStore(join(layer.path, '0.zarr'), gridStore(0, { v, w }));
    const { variables } = await layer.result();
    expect(variables['v']?.values).toEqual([0, 1, 2, 3, 4, 5]);
    expect(variables['w']?.values.join('')).toBe('abcdef');
  });

  it('numbers in Zarr metadata may be NaN, as Python writes it, and infinite', async () => {
    const v = {
      ...shorts(1, 2, 3, 4, 5, 6),
      attributes: '"missing_value":NaN,"range":[-Infinity,1]',
    };
    await writeStore(join(layer.path, '0.zarr'), gridStore(0, { v }));
    const { variables } = await layer.result();
    expect(variables['v']?.attributes).toEqual({
      missing_value: Number.NaN,
      range: [Number.NEGATIVE_INFINITY, 1],
    });
  });

  it('64-bit numbers in Zarr metadata keep their digits: fill values, and cells that were never written', async () => {
    const bytes = new Uint8Array(
      BigInt64Array.from([1n, 2n ** 63n - 1n, 3n, 4n, 5n, 2n ** 60n + 1n]).buffer,
    );
    const v: ArraySketch = { ...places, type: '<i8', bytes, fill: '9223372036854775807' };
    await writeStore(join(layer.path, '0.zarr'), gridStore(0, { v }));
    expect((await layer.csv()).slice(1).map((line) => line.split(',').at(-1))).toEqual([
      '1',
      '',
      '3',
      '4',
      '5',
      '1152921504606846977',
    ]);
  });

  it('64-bit numbers in Zarr attributes keep their digits, and texts of digits stay texts', () => {
    const json = read('{"flag_values":[9007199254740993,-1],"id":"20200101000000123456"}');
    const attributes = zarrAttributes(json, 'int64');
    expect(storedNumbersOf(attributes.get('flag_values'))).toEqual([9007199254740993n, -1n]);
    expect(attributes.get('id')).toMatchObject({ kind: 'text' });
    const real = zarrAttributes(
      read('{"scale_factor":0.1234567890123456,"big":12345678901234567e3}'),
      'short',
    );
    expect(numbersOfAttribute(real.get('scale_factor'))).toEqual([0.1234567890123456]);
  });
});

describe('several Zarr stores', () => {
  it('several Zarr stores with data without time are joined, and the history names the source', async () => {
    const mask = (...values: number[]): ArraySketch => ({
      dimensions: ['lat', 'lon'],
      shape: [2, 3],
      type: '|i1',
      bytes: Uint8Array.from(values),
    });
    for (const [hour, last] of [5, 6].entries()) {
      const arrays = { v: shorts(0, 1, 2, 3, 4, last), mask: mask(0, 1, 2, 3, 4, last) };
      await writeStore(join(layer.path, `${hour}.zarr`), gridStore(hour, arrays));
    }
    const { variables, attributes } = await layer.result();
    expect(variables['mask']?.values).toEqual([0, 1, 2, 3, 4, 5]);
    expect(attributes['history']).toContain('mask (file "1.zarr" has another)');
  });
});

describe('texts in a Zarr store', () => {
  it('characters in a Zarr store are characters in the result, and texts in a table', async () => {
    const name: ArraySketch = {
      dimensions: ['time', 'length'],
      shape: [1, 4],
      type: '|S1',
      bytes: Buffer.from('day\0'),
    };
    await writeStore(
      join(layer.path, '0.zarr'),
      gridStore(0, { v: shorts(0, 1, 2, 3, 4, 5), name }),
    );
    const { variables } = await layer.result();
    expect(variables['name']).toMatchObject({ type: 'char', values: ['d', 'a', 'y', '\0'] });
    expect((await layer.csv())[1]).toBe('2020-01-01T00:00:00Z,-40,140,day,0');
  });

  it('texts of two dimensions in a Zarr store are cut as numbers are', async () => {
    const word: ArraySketch = {
      dimensions: ['lat', 'lon'],
      shape: [2, 3],
      type: '|S2',
      bytes: Buffer.from('abcdefghijkl'),
    };
    await writeStore(
      join(layer.path, '0.zarr'),
      gridStore(0, { v: shorts(0, 1, 2, 3, 4, 5), word }),
    );
    const { variables } = await layer.result('LATITUDE,-40,-39;LONGITUDE,141,142');
    expect(variables['word']?.values).toEqual(['cd', 'ef', 'ij', 'kl']);
  });
});
