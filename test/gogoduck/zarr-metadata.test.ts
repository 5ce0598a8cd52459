import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Attribute,
  type Attributes,
  textAttribute,
} from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import type { NetcdfType, StoredNumber } from '../../batch-jobs/gogoduck/netcdf/types.ts';
import { isZarr } from '../../batch-jobs/gogoduck/netcdf/zarr/is-zarr.ts';
import { zarrAttributes } from '../../batch-jobs/gogoduck/netcdf/zarr/zarr-attributes.ts';
import { exactNumber, readableJson } from '../../batch-jobs/gogoduck/netcdf/zarr/zarr-json.ts';
import {
  arrayMetadata,
  attributesMetadata,
  jsonText,
} from '../../batch-jobs/gogoduck/netcdf/zarr/zarr-metadata.ts';
import { numbers } from './make-netcdf.ts';

const strings = (...values: string[]): Attribute => ({ kind: 'strings', values });
const read = (json: string) =>
  JSON.parse(Buffer.from(readableJson(Buffer.from(json))).toString()) as Record<string, unknown>;

describe('attributes of a Zarr array, whose JSON has no types', () => {
  it.each<[string, NetcdfType | undefined, string, Attribute | undefined]>([
    ['a text', 'short', '"a"', textAttribute('a')],
    ['an empty text', 'short', '""', textAttribute('')],
    ['true', 'short', 'true', textAttribute('true')],
    ['false', 'short', 'false', textAttribute('false')],
    ['null', 'short', 'null', undefined],
    ['texts', 'short', '["a","b"]', strings('a', 'b')],
    ['no values', 'short', '[]', textAttribute('[]')],
    ['values of several kinds', 'short', '["a",1]', textAttribute('["a",1]')],
    ['members', 'short', '{"a":1}', textAttribute('{"a":1}')],
    ['a whole number', 'short', '5', numbers('int', 5)],
    ['whole numbers', undefined, '[5,-6]', numbers('int', 5, -6)],
    ['the largest int', 'short', '2147483647', numbers('int', 2147483647)],
    ['a whole number beyond int', 'short', '2147483648', numbers('double', 2147483648)],
    ['a real number', 'short', '0.5', numbers('double', 0.5)],
    ['whole and real numbers', 'short', '[1,0.5]', numbers('double', 1, 0.5)],
    ['NaN', 'short', 'NaN', numbers('double', Number.NaN)],
    ['infinity', 'short', '-Infinity', numbers('double', Number.NEGATIVE_INFINITY)],
    // Whole numbers of 16 digits and more are exact.
    ['a large whole number', 'short', '9007199254740993', numbers('int64', 9007199254740993n)],
    ['the largest int64', 'short', '9223372036854775807', numbers('int64', 9223372036854775807n)],
    [
      'a whole number beyond int64',
      'short',
      '9223372036854775808',
      numbers('uint64', 9223372036854775808n),
    ],
    [
      'whole numbers that no type has together',
      'short',
      '[-1,9223372036854775808]',
      numbers('double', -1, 2 ** 63),
    ],
    ['a whole number beyond uint64', 'short', '18446744073709551616', numbers('double', 2 ** 64)],
    [
      'a large whole number and NaN',
      'short',
      '[9007199254740993,NaN]',
      numbers('double', 9007199254740992, Number.NaN),
    ],
  ])('an attribute that is %s is of its type', (_, type, json, expected) => {
    expect(zarrAttributes(read(`{"a":${json}}`), type).get('a')).toEqual(expected);
  });

  it.each(['scale_factor', 'add_offset'])('%s is real, whatever its digits', (name) => {
    expect(zarrAttributes({ [name]: 1 }, 'short').get(name)).toEqual(numbers('double', 1));
  });

  it.each([
    ...['missing_value', 'valid_min', 'valid_max', 'valid_range'],
    ...['flag_values', 'flag_masks', 'actual_range'],
  ])('%s has the type of the variable, if that can have its numbers', (name) => {
    const of = (value: unknown, type?: NetcdfType) =>
      zarrAttributes({ [name]: value }, type).get(name);
    expect(of([1, 2], 'short')).toEqual(numbers('short', 1, 2));
    expect(of(1, 'float')).toEqual(numbers('float', 1));
    expect(of(70_000, 'short')).toEqual(numbers('int', 70_000));
    expect(of(1.5, 'short')).toEqual(numbers('double', 1.5));
    expect(of(1, 'char')).toEqual(numbers('int', 1));
    expect(of(1)).toEqual(numbers('int', 1));
  });

  it('null is no attribute', () => {
    expect([...zarrAttributes({ a: null, b: 1 }, 'short').keys()]).toEqual(['b']);
  });

  it('what xarray and Zarr use internally is no attribute', () => {
    expect([...zarrAttributes({ _ARRAY_DIMENSIONS: ['x'], a: 1 }, 'short').keys()]).toEqual(['a']);
  });

  const fillOf = (json: Readonly<Record<string, unknown>>, type?: NetcdfType, fill?: unknown) => {
    const attribute = zarrAttributes(json, type, fill).get('_FillValue');
    return attribute?.kind === 'numbers' ? [attribute.type, ...attribute.values] : attribute;
  };
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

  it.each<[string, NetcdfType | undefined, unknown, unknown, [string, StoredNumber] | undefined]>([
    ['of the array', 'short', undefined, -9, ['short', -9]],
    ['of the array, of 64 bits', 'int64', undefined, 2n ** 60n + 1n, ['int64', 2n ** 60n + 1n]],
    ['of the attributes before that of the array', 'short', -8, -9, ['short', -8]],
    ['that the type does not have', 'short', undefined, 1e20, undefined],
    ['of characters', 'char', undefined, 0, undefined],
    ['of a group', undefined, 5, undefined, undefined],
    ['that is no number', 'short', undefined, 'x', undefined],
    ['that is not there', 'short', undefined, null, undefined],
    ['in base64', 'float', base64(new Uint8Array(Float64Array.of(0.5).buffer)), 7, ['float', 0.5]],
    ['in base64', 'double', base64(new Uint8Array(Float64Array.of(-3).buffer)), 7, ['double', -3]],
    ['in base64 of another length', 'double', base64(new Uint8Array(4)), 7, undefined],
    ['in base64', 'short', base64(new Uint8Array(8)), 7, undefined],
  ])('a fill value %s (%s) is read', (_, type, own, ofArray, expected) => {
    expect(fillOf(own === undefined ? {} : { _FillValue: own }, type, ofArray)).toEqual(expected);
  });

  it('a fill value that JSON has not is read as Python writes it', () => {
    expect(fillOf(read('{"_FillValue":NaN}'), 'float')).toEqual(['float', Number.NaN]);
    expect(fillOf(read('{"_FillValue":9223372036854775807}'), 'int64')).toEqual([
      'int64',
      9223372036854775807n,
    ]);
  });
});

describe('JSON as Python writes it', () => {
  it.each<[string, unknown]>([
    ['1', 1],
    ['-12.5e3', -12500],
    ['123456789012345', 123456789012345],
    ['1234567890123456', 1234567890123456n],
    ['-1234567890123456', -1234567890123456n],
    ['1234567890123456.5', 1234567890123456.5],
    ['1e400', Number.POSITIVE_INFINITY],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['"NaN"', 'NaN'],
    ['"a \\" 1234567890123456"', 'a " 1234567890123456'],
    ['"1234567890123456"', '1234567890123456'],
    ['true', true],
  ])('%s is read without loss', (json, value) => {
    expect(exactNumber(read(`{"a":${json}}`)['a'])).toBe(value);
    expect(exactNumber((read(`{"b":1,"a" : [${json}]}`)['a'] as unknown[])[0])).toBe(value);
  });

  it('a fill value is a text of its digits, which zarrita expects', () => {
    expect(read('{"fill_value":NaN}')).toEqual({ fill_value: 'NaN' });
    expect(read('{"fill_value" : 9223372036854775807,"x":NaN}')).toEqual({
      fill_value: '9223372036854775807',
      x: '\u0001NaN',
    });
    expect(read('{"fill_value":5}')).toEqual({ fill_value: 5 });
  });

  it('JSON without such values is not copied', () => {
    const bytes = Buffer.from('{"a":[1,"b"]}');
    expect(readableJson(bytes)).toBe(bytes);
  });
});

describe('the metadata of a Zarr array that is written', () => {
  const metadata = (
    type: NetcdfType,
    attributes: Readonly<Record<string, Attribute>> = {},
    storage = { chunk: [2, 0], shuffle: false, level: 4 },
  ) =>
    JSON.parse(
      jsonText(
        arrayMetadata(
          { name: 'v', type, dimensions: ['x', 'y'], shape: [3, 0] },
          new Map(Object.entries(attributes)),
          storage,
        ),
      ),
    );

  it.each<[NetcdfType, string]>([
    ['byte', '|i1'],
    ['ubyte', '|u1'],
    ['char', '|S1'],
    ['short', '<i2'],
    ['ushort', '<u2'],
    ['int', '<i4'],
    ['uint', '<u4'],
    ['int64', '<i8'],
    ['uint64', '<u8'],
    ['float', '<f4'],
    ['double', '<f8'],
    ['string', '|O'],
  ])('a %s is a %s', (type, expected) => {
    expect(metadata(type)).toEqual({
      zarr_format: 2,
      shape: [3, 0],
      // A chunk has a cell even where the array has none.
      chunks: [2, 1],
      dtype: expected,
      compressor: { id: 'zlib', level: 4 },
      fill_value: null,
      order: 'C',
      filters: type === 'string' ? [{ id: 'vlen-utf8' }] : null,
    });
  });

  it('shuffled bytes are declared with the size of a cell', () => {
    expect(metadata('double', {}, { chunk: [1, 1], shuffle: true, level: 1 }).filters).toEqual([
      { id: 'shuffle', elementsize: 8 },
    ]);
  });

  it.each<[NetcdfType, Attribute, string]>([
    ['short', numbers('short', -9), '-9'],
    ['float', numbers('float', 1), '1.0'],
    ['float', numbers('float', 0.5), '0.5'],
    ['double', numbers('double', 1e30), '1e+30'],
    ['double', numbers('double', Number.NaN), '"NaN"'],
    ['double', numbers('double', Number.NEGATIVE_INFINITY), '"-Infinity"'],
    ['int64', numbers('int64', 2n ** 60n + 1n), '1152921504606846977'],
    ['char', textAttribute('x'), 'null'],
    ['short', textAttribute('x'), 'null'],
  ])('a fill value of type %s is the fill value of the array', (type, fill, json) => {
    const text = jsonText(
      arrayMetadata(
        { name: 'v', type, dimensions: [], shape: [] },
        new Map([['_FillValue', fill]]),
        { chunk: [], shuffle: false, level: 1 },
      ),
    );
    expect(text).toContain(`"fill_value":${json},`);
  });

  it('attributes are written in ASCII; those of an array with its dimensions and without its fill value', () => {
    const attributes: Attributes = new Map<string, Attribute>([
      ['_FillValue', numbers('short', -9)],
      ['ä', textAttribute('°"😀')],
      ['texts', strings('a', 'b')],
      ['one', strings('a')],
      ['whole', numbers('int', 1, 2)],
      ['real', numbers('float', 1, Number.NaN)],
      ['none', strings()],
    ]);
    const rest =
      '"\\u00e4":"\\u00b0\\"\\ud83d\\ude00","texts":["a","b"],"one":"a","whole":[1,2],"real":[1.0,null],"none":[]}';
    expect(jsonText(attributesMetadata(attributes, ['x', 'y']))).toBe(
      `{"_ARRAY_DIMENSIONS":["x","y"],${rest}`,
    );
    expect(jsonText(attributesMetadata(attributes))).toBe(`{"_FillValue":-9,${rest}`);
  });
});

describe('a folder', () => {
  it('a folder is a Zarr store if it has the file of one, or mirrors one', async () => {
    for (const [name, expected] of [
      ['.zgroup', true],
      ['.zmetadata', true],
      ['zarr.json', true],
      ['.mirror-of', true],
      ['.zarray', false],
      ['zarr.txt', false],
    ] as const) {
      const folder = await mkdtemp(join(tmpdir(), 'is-zarr-'));
      await writeFile(join(folder, name), '');
      expect(await isZarr(folder), name).toBe(expected);
      expect(await isZarr(join(folder, name))).toBe(false);
      await rm(folder, { recursive: true });
    }
  });
});
