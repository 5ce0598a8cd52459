import { describe, expect, it } from 'vitest';
import {
  type Attribute,
  textAttribute,
  textOf,
} from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import { fillCell } from '../../batch-jobs/gogoduck/netcdf/fill-cell.ts';
import {
  isPacked,
  packedAttributes,
  packingAttributes,
  packingOf,
  samePacking,
  unpacker,
  unpackInto,
} from '../../batch-jobs/gogoduck/netcdf/packing.ts';
import {
  bytesOf,
  defaultFillValues,
  inType,
  isInteger,
  isNumeric,
  mapNumbers,
  type NetcdfType,
  type NumericType,
  numbersIn,
  numbersOf,
  type StoredNumber,
  sameBits,
  sizeOf,
} from '../../batch-jobs/gogoduck/netcdf/types.ts';
import { numbers } from './make-netcdf.ts';

type Sketch = Readonly<Record<string, Attribute>>;

/** Rows of a table, with their attributes in words as second column. */
const inWords = <T>(rows: readonly (readonly [NetcdfType, Sketch, T])[]) =>
  rows.map(([type, attributes, expected]) => {
    const each = Object.entries(attributes).map(([name, attribute]) =>
      attribute.kind === 'numbers'
        ? `${name} ${[...attribute.values].join()} (${attribute.type})`
        : `${name} "${textOf(attribute)}"`,
    );
    return [type, each.join(' and ') || 'no attributes', expected, attributes] as const;
  });
const attributesOf = (attributes: Sketch) => new Map(Object.entries(attributes));

describe('the types of NetCDF', () => {
  it.each<[NetcdfType, number, boolean, boolean]>([
    ['byte', 1, true, true],
    ['ubyte', 1, true, true],
    ['char', 1, false, false],
    ['short', 2, true, true],
    ['ushort', 2, true, true],
    ['int', 4, true, true],
    ['uint', 4, true, true],
    ['int64', 8, true, true],
    ['uint64', 8, true, true],
    ['float', 4, true, false],
    ['double', 8, true, false],
    ['string', 4, false, false],
  ])('a %s has %d bytes; it is a number: %s, a whole one: %s', (type, size, isNumber, isWhole) => {
    expect(sizeOf(type)).toBe(size);
    expect(isNumeric(type)).toBe(isNumber);
    expect(isInteger(type)).toBe(isWhole);
  });

  it('numbers share the memory of their bytes where it is aligned, and are copied where it is not', () => {
    const memory = new Uint8Array(16);
    const there = numbersIn('int', memory.subarray(4, 12));
    expect(there).toHaveLength(2);
    there[0] = 7;
    expect(memory[4]).toBe(7);
    const copied = numbersIn('int', memory.subarray(3, 11));
    // The bytes 0, 7, 0, 0 are 7 * 256.
    expect([...copied]).toEqual([7 * 256, 0]);
    copied[0] = 1;
    expect(memory[3]).toBe(0);
  });

  it('numbers become 64-bit integers by rounding, and those that are not finite become 0', () => {
    const values = [1.4, 1.6, -1.6, Number.NaN, Number.POSITIVE_INFINITY, 5n];
    expect([...numbersOf('int64', values)]).toEqual([1n, 2n, -2n, 0n, 0n, 5n]);
    expect([...numbersOf('uint64', [2n ** 64n - 1n, 3])]).toEqual([2n ** 64n - 1n, 3n]);
    expect([...numbersOf('short', [1n, 2])]).toEqual([1, 2]);
  });

  it.each<[NumericType, StoredNumber, StoredNumber | undefined]>([
    ['byte', 127, 127],
    ['byte', 128, undefined],
    ['byte', -128, -128],
    ['byte', -129, undefined],
    ['ubyte', 0, 0],
    ['ubyte', -1, undefined],
    ['ubyte', 255, 255],
    ['ubyte', 256, undefined],
    ['short', 1.5, undefined],
    ['short', 1e20, undefined],
    ['int', Number.NaN, undefined],
    ['int', Number.NEGATIVE_INFINITY, undefined],
    ['int', 7n, 7],
    ['int', 2n ** 31n, undefined],
    ['int64', 2n ** 63n - 1n, 2n ** 63n - 1n],
    ['int64', 2n ** 63n, undefined],
    ['int64', 5, 5n],
    ['int64', 0.5, undefined],
    ['uint64', -1n, undefined],
    ['float', 0.1, Math.fround(0.1)],
    ['float', 3e38, Math.fround(3e38)],
    ['float', 1e39, undefined],
    ['float', 2n ** 200n, undefined],
    ['float', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ['float', Number.NaN, Number.NaN],
    ['double', 1e39, 1e39],
    ['double', 0.1, 0.1],
  ])('a %s represents %s as %s', (type, value, held) => {
    expect(inType(type, value)).toBe(held);
  });

  it('numbers may be meant in another type of the same size', () => {
    expect(sameBits('ubyte', 'byte', -1)).toBe(255);
    expect(sameBits('byte', 'ubyte', 255)).toBe(-1);
    expect(sameBits('ushort', 'short', -2)).toBe(65534);
    expect(sameBits('uint64', 'int64', -1)).toBe(2n ** 64n - 1n);
  });

  it('a function is applied to each number', () => {
    expect(mapNumbers(BigInt64Array.of(3n, 4n), (value) => value * 2)).toEqual([6, 8]);
  });

  it('data that was never written has the values of the NetCDF library', () => {
    expect(defaultFillValues).toEqual({
      short: -32767,
      ushort: 65535,
      int: -2147483647,
      uint: 4294967295,
      int64: -(2n ** 63n) + 2n,
      uint64: 2n ** 64n - 2n,
      float: 9.969209968386869e36,
      double: 9.969209968386869e36,
    });
  });
});

describe('the cell that stands for data that was never written', () => {
  it.each(
    inWords<StoredNumber>([
      ['byte', {}, -127],
      ['ubyte', {}, 255],
      ['short', {}, -32767],
      ['double', {}, 9.969209968386869e36],
      ['int64', {}, -(2n ** 63n) + 2n],
      ['short', { _FillValue: numbers('short', -9) }, -9],
      // The library takes only one number of the variable's own type.
      ['short', { _FillValue: numbers('int', -9) }, -32767],
      ['short', { _FillValue: numbers('short', -9, -8) }, -32767],
      ['short', { _FillValue: textAttribute('x') }, -32767],
      ['short', { missing_value: numbers('short', -9) }, -32767],
    ]),
  )('a cell of a %s with %s that was never written is %s', (type, _, value, attributes) => {
    if (!isNumeric(type)) throw new Error(type);
    expect([...numbersIn(type, fillCell(type, attributesOf(attributes)))]).toEqual([value]);
  });

  it('a character that was never written is NUL, or the fill character', () => {
    expect([...fillCell('char', new Map())]).toEqual([0]);
    expect([...fillCell('char', attributesOf({ _FillValue: textAttribute('x') }))]).toEqual([120]);
    expect([...fillCell('char', attributesOf({ _FillValue: textAttribute('xy') }))]).toEqual([0]);
    expect([...fillCell('char', attributesOf({ _FillValue: numbers('byte', 1) }))]).toEqual([0]);
  });
});

describe('packed data', () => {
  const packing = (type: NetcdfType, attributes: Sketch = {}) =>
    packingOf(type, attributesOf(attributes));

  it('texts are not packed', () => {
    expect(packing('char')).toBeUndefined();
    expect(packing('string')).toBeUndefined();
  });

  it('numbers without attributes are as they are', () => {
    expect(packing('short')).toEqual({
      type: 'short',
      scale: 1,
      offset: 0,
      missing: [-32767],
      unpackedType: 'float',
    });
  });

  it.each(
    inWords<'float' | 'double'>([
      ['double', {}, 'double'],
      ['int', {}, 'double'],
      ['uint', {}, 'double'],
      ['int64', {}, 'double'],
      ['uint64', {}, 'double'],
      ['float', {}, 'float'],
      ['byte', {}, 'float'],
      ['ushort', {}, 'float'],
      ['short', { _Unsigned: textAttribute('true') }, 'float'],
      ['float', { scale_factor: numbers('float', 2) }, 'float'],
      ['float', { scale_factor: numbers('double', 2) }, 'double'],
      ['float', { add_offset: numbers('double', 2) }, 'double'],
      ['float', { scale_factor: numbers('float', 2), add_offset: numbers('float', 2) }, 'float'],
      ['short', { scale_factor: numbers('double', 0.01) }, 'float'],
      ['short', { scale_factor: numbers('double', -0.01) }, 'float'],
      // A float has 24 bits: steps of 1 are distinguished below 2 ** 23, with the 65,536 numbers of a short.
      ['short', { add_offset: numbers('double', 2 ** 23 - 65_536 - 1) }, 'float'],
      ['short', { add_offset: numbers('double', 2 ** 23 - 65_536) }, 'double'],
      ['short', { add_offset: numbers('double', -(2 ** 23)) }, 'double'],
      ['byte', { add_offset: numbers('double', 2 ** 23) }, 'double'],
    ]),
  )('packed data of type %s with %s is unpacked to %s', (type, _, unpacked, attributes) => {
    expect(packing(type, attributes)?.unpackedType).toBe(unpacked);
  });

  it.each(
    inWords<readonly StoredNumber[]>([
      ['byte', {}, []],
      ['int64', {}, [-(2n ** 63n) + 2n]],
      ['short', { _FillValue: numbers('short', -9) }, [-9]],
      ['short', { missing_value: numbers('short', -9) }, [-9, -32767]],
      ['short', { _FillValue: numbers('short', -9), missing_value: numbers('short', -9) }, [-9]],
      [
        'short',
        { _FillValue: numbers('short', -9), missing_value: numbers('short', -8, -7) },
        [-9, -8, -7],
      ],
      ['short', { _FillValue: numbers('double', 1e20) }, []],
      ['short', { _FillValue: numbers('double', Number.NaN) }, []],
      ['float', { _FillValue: numbers('double', 0.1) }, [Math.fround(0.1)]],
      ['float', { _FillValue: numbers('float', Number.NaN) }, [Number.NaN]],
      // Bytes that are meant as unsigned may have a fill value in either type.
      ['byte', { _Unsigned: textAttribute('true'), _FillValue: numbers('byte', -1) }, [255]],
      ['byte', { _Unsigned: textAttribute('TRUE '), _FillValue: numbers('short', 254) }, [254]],
      ['byte', { _Unsigned: textAttribute('true'), _FillValue: numbers('short', 300) }, []],
      ['ubyte', { _Unsigned: textAttribute('false'), _FillValue: numbers('ubyte', 255) }, [-1]],
      ['short', { _Unsigned: textAttribute('true') }, [32769]],
    ]),
  )('of data of type %s with %s, missing are its numbers %o', (type, _, missing, attributes) => {
    expect(packing(type, attributes)?.missing).toEqual(missing);
  });

  it.each<[NumericType, string, NumericType]>([
    ['byte', 'true', 'ubyte'],
    ['short', 'true', 'ushort'],
    ['int', 'true', 'uint'],
    ['int64', 'true', 'uint64'],
    ['float', 'true', 'float'],
    ['ubyte', 'true', 'ubyte'],
    ['ubyte', 'false', 'byte'],
    ['ushort', 'false', 'short'],
    ['uint', 'false', 'int'],
    ['uint64', 'false', 'int64'],
    ['byte', 'false', 'byte'],
    ['byte', 'perhaps', 'byte'],
  ])('data of type %s that is unsigned: %s, is of type %s', (type, unsigned, meant) => {
    expect(packing(type, { _Unsigned: textAttribute(unsigned) })?.type).toBe(meant);
  });

  it('data is packed if it has a scale other than 1 or an offset other than 0', () => {
    const is = (scale: number, offset: number) =>
      isPacked({ type: 'short', scale, offset, missing: [], unpackedType: 'float' });
    expect([is(1, 0), is(2, 0), is(1, 3), is(2, 3)]).toEqual([false, true, true, true]);
  });

  it('data is packed alike if type, scale, offset and missing numbers are the same', () => {
    const one = {
      type: 'short',
      scale: 1,
      offset: 0,
      missing: [1],
      unpackedType: 'float',
    } as const;
    const changed = [
      { ...one, type: 'int' as const },
      { ...one, scale: 2 },
      { ...one, offset: 1 },
      { ...one, missing: [] },
      { ...one, missing: [2] },
      { ...one, missing: [1, 2] },
    ];
    expect(samePacking(one, { ...one, unpackedType: 'double' })).toBe(true);
    expect(changed.map((other) => samePacking(one, other))).toEqual(changed.map(() => false));
    expect(changed.map((other) => samePacking(other, one))).toEqual(changed.map(() => false));
    const none = { ...one, missing: [Number.NaN] };
    expect(samePacking(none, { ...none })).toBe(true);
  });

  it.each([[[]], [[7]], [[7, 8]], [[7, 8, 9]], [[7, 8, 9, 10]]])(
    'packed data is unpacked, and marked if it is one of the missing numbers %j',
    (missing) => {
      const own = { type: 'short', scale: 2, offset: 1, missing, unpackedType: 'float' } as const;
      const stored = [6, 7, 8, 9, 10, 11];
      const isMissing = new Set<number>(missing);
      const expected = stored.map((each) => (isMissing.has(each) ? Number.NaN : each * 2 + 1));
      expect(stored.map(unpacker(own))).toEqual(expected);
      const target = new Float32Array(stored.length);
      unpackInto(target, Int16Array.from(stored), own, -1);
      expect([...target]).toEqual(expected.map((each) => (Number.isNaN(each) ? -1 : each)));
    },
  );

  it('packed data that is no number is missing', () => {
    const own = { type: 'float', scale: 1, offset: 0, missing: [], unpackedType: 'float' } as const;
    const target = new Float64Array(2);
    unpackInto(target, Float32Array.of(Number.NaN, 3), own, -1);
    expect([...target]).toEqual([-1, 3]);
  });

  it('attributes that say how data is packed, and those with packed numbers, are known', () => {
    const own = ['scale_factor', 'add_offset', '_FillValue', 'missing_value', '_Unsigned'];
    expect([...packingAttributes]).toEqual(own);
    expect([...packedAttributes]).toEqual([...own, 'valid_min', 'valid_max', 'valid_range']);
  });

  it('bytes of numbers are those of their part of the memory', () => {
    const memory = Int16Array.of(1, 2, 3, 4);
    expect([...bytesOf(memory.subarray(1, 3))]).toEqual([2, 0, 3, 0]);
  });
});
