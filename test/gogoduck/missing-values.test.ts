import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Attribute, textAttribute } from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import { packingOf, unpacker } from '../../batch-jobs/gogoduck/netcdf/packing.ts';
import type { NumericType, StoredNumber } from '../../batch-jobs/gogoduck/netcdf/types.ts';
import { gridSketch } from './grid-sketch.ts';
import { makeNetcdf, numbers, type VariableSketch } from './make-netcdf.ts';
import { aggregated, csvLines, runGogoduck } from './run-gogoduck.ts';

const missingOf = (type: NumericType, attributes: Record<string, Attribute>) =>
  packingOf(type, new Map(Object.entries(attributes)))?.missing;

describe('numbers that stand for no data', () => {
  it.each<[string, NumericType, Record<string, Attribute>, StoredNumber[]]>([
    ['a double of the same worth', 'short', { _FillValue: numbers('double', -999) }, [-999]],
    ['a float where the data is double', 'double', { _FillValue: numbers('float', -1.5) }, [-1.5]],
    [
      'a double that is rounded to the float it means',
      'float',
      { _FillValue: numbers('double', 1e20) },
      [Math.fround(1e20)],
    ],
    [
      'a list of them',
      'byte',
      { _FillValue: numbers('byte', -1), missing_value: numbers('short', -2, -3) },
      [-1, -2, -3],
    ],
    [
      'a fill value of signed bytes that are meant unsigned',
      'byte',
      { _FillValue: numbers('byte', -1), _Unsigned: textAttribute('true') },
      [255],
    ],
    [
      'an unsigned fill value of bytes that are meant so',
      'byte',
      { _FillValue: numbers('short', 255), _Unsigned: textAttribute('true') },
      [255],
    ],
    [
      'a fill value of unsigned bytes that are meant signed',
      'ubyte',
      { _FillValue: numbers('ubyte', 255), _Unsigned: textAttribute('false') },
      [-1],
    ],
    [
      'the last of 64 bits',
      'int64',
      { _FillValue: numbers('int64', 9223372036854775807n) },
      [9223372036854775807n],
    ],
    [
      'the last of 64 bits without a sign',
      'uint64',
      { _FillValue: numbers('uint64', 18446744073709551615n) },
      [18446744073709551615n],
    ],
    ['a whole double of 64-bit data', 'int64', { _FillValue: numbers('double', -999) }, [-999n]],
    ['what the library fills 64 bits with', 'int64', {}, [-9223372036854775806n]],
    ['what the library fills 64 unsigned bits with', 'uint64', {}, [18446744073709551614n]],
    ['none of bytes, which are all data', 'byte', {}, []],
  ])('numbers that stand for no data are %s', (_, type, attributes, missing) => {
    expect(missingOf(type, attributes)).toEqual(missing);
  });

  it.each<[string, NumericType, Attribute]>([
    ['1e20 of a short', 'short', numbers('double', 1e20)],
    ['-99999 of a short', 'short', numbers('int', -99999)],
    ['NaN of a short', 'short', numbers('float', Number.NaN)],
    ['NaN of 64 bits', 'int64', numbers('double', Number.NaN)],
    ['1e20 of 64 bits', 'int64', numbers('double', 1e20)],
    ['-1 of 64 unsigned bits', 'uint64', numbers('int64', -1)],
    ['0.5 of an int', 'int', numbers('double', 0.5)],
    ['1e300 of a float', 'float', numbers('double', 1e300)],
    ['256 of an unsigned byte', 'ubyte', numbers('int', 256)],
    ['a text', 'short', textAttribute('-999')],
  ])('numbers that the type cannot hold do not stand for no data: %s', (_, type, attribute) => {
    const fill = numbers(type, 77);
    expect(missingOf(type, { _FillValue: fill, missing_value: attribute })).toEqual([
      ...(type.endsWith('int64') ? [77n] : [77]),
    ]);
  });

  it('numbers that stand for no data do not include real zeros', () => {
    const attributes = { missing_value: numbers('double', 1e20), _FillValue: numbers('short', -1) };
    const packing = packingOf('short', new Map(Object.entries(attributes)));
    if (!packing) throw new Error('no packing');
    const unpack = unpacker(packing);
    expect([unpack(0), unpack(-1)]).toEqual([0, Number.NaN]);
  });
});

describe('the type of values that were packed', () => {
  const typeOf = (type: NumericType, scale: number, offset: number) =>
    packingOf(
      type,
      new Map([
        ['scale_factor', numbers('double', scale)],
        ['add_offset', numbers('double', offset)],
      ]),
    )?.unpackedType;

  it('unpacked values are float if that distinguishes any two packed numbers, otherwise double', () => {
    expect(typeOf('short', 0.01, 273.15)).toBe('float');
    expect(typeOf('byte', 1, 8_000_000)).toBe('float');
    expect(typeOf('byte', 1, 9_000_000)).toBe('double');
    // The largest value must be below 2 ** 23 steps, with 2 ** 16 of them in a short.
    expect(typeOf('short', 1, 2 ** 23 - 2 ** 16 - 1)).toBe('float');
    expect(typeOf('short', 1, 2 ** 23 - 2 ** 16)).toBe('double');
    expect(typeOf('short', -1, -(2 ** 23 - 2 ** 16 - 1))).toBe('float');
    expect(typeOf('short', -1, -(2 ** 23 - 2 ** 16))).toBe('double');
    expect(typeOf('short', 1e-3, 1e6)).toBe('double');
    expect(typeOf('int', 1, 0)).toBe('double');
  });
});

describe('a layer with missing values of another type', () => {
  let layers: string;
  beforeEach(async () => {
    layers = await mkdtemp(join(tmpdir(), 'missing-'));
    await mkdir(join(layers, 'layer'));
  });
  afterEach(() => rm(layers, { recursive: true }));
  const everywhere = 'LATITUDE,-90,90;LONGITUDE,-180,180';
  const grid = (name: string, hour: number, variables: Record<string, VariableSketch>) =>
    makeNetcdf(join(layers, 'layer', name), gridSketch({ times: [hour], variables }));

  it('a layer with missing values of another type keeps its zeros in NetCDF and CSV, even if files are packed differently', async () => {
    for (const [index, scale] of [0.01, 0.02].entries()) {
      await grid(`${index}.nc`, index, {
        temperature: {
          type: 'short',
          dimensions: ['time', 'lat', 'lon'],
          values: [-32768, ...Array(11).fill(0)],
          attributes: {
            _FillValue: numbers('short', -32768),
            missing_value: numbers('double', 1e20),
            scale_factor: numbers('double', scale),
            add_offset: numbers('double', 280),
          },
        },
      });
    }
    const values = (await aggregated(layers, everywhere)).variables['temperature']?.values ?? [];
    const fill = Math.fround(9.969209968386869e36);
    expect([values.slice(0, 2), values.slice(12, 14)]).toEqual([
      [fill, 280],
      [fill, 280],
    ]);
    const lines = await csvLines(layers, everywhere);
    expect(lines.slice(1, 3).map((line) => line.split(',').at(-1))).toEqual(['', '280']);
  });

  it('a layer keeps 64-bit integers to their last digit, and has nothing where they are missing', async () => {
    const variable = (type: 'int64' | 'uint64', ...values: bigint[]): VariableSketch => ({
      type,
      dimensions: ['time', 'lat', 'lon'],
      values: [...values, ...Array<bigint>(12 - values.length).fill(5n)],
      attributes: { _FillValue: numbers(type, values[1] as bigint) },
    });
    await grid('0.nc', 0, {
      n: variable('uint64', 18446744073709551613n, 18446744073709551615n, 0n),
      m: variable('int64', -9223372036854775807n, 9223372036854775807n, 9007199254740993n),
    });
    const lines = await csvLines(layers, 'LATITUDE,-40,-40;LONGITUDE,140,142');
    expect(lines.slice(1).map((line) => line.split(',').slice(-2))).toEqual([
      ['18446744073709551613', '-9223372036854775807'],
      ['', ''],
      ['0', '9007199254740993'],
    ]);
  });

  it('CSV lines end with CR and LF', async () => {
    await grid('0.nc', 0, {});
    const path = await runGogoduck(layers, 'LATITUDE,-40,-40;LONGITUDE,140,140', {
      result: 'text/csv',
      content: 'text/csv',
    });
    expect(await readFile(path, 'utf8')).toBe(
      '"time (ISO 8601, UTC)",lat (degrees_north),lon (degrees_east),temperature (degree_Celsius)\r\n2020-01-01T00:00:00Z,-40,140,0\r\n',
    );
  });
});
