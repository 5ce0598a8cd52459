import { describe, expect, it } from 'vitest';
import { decoderOf } from '../../batch-jobs/gogoduck/aggregate/decode.ts';
import type {
  OutputTreatment,
  OutputVariable,
} from '../../batch-jobs/gogoduck/aggregate/define-output.ts';
import {
  encodingOf,
  extremesOf,
  type Treatment,
  treatmentOf,
  widest,
} from '../../batch-jobs/gogoduck/aggregate/encodings.ts';
import { JobError } from '../../batch-jobs/gogoduck/job-error.ts';
import { type Attribute, textAttribute } from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import {
  bytesOf,
  isInteger,
  type NetcdfType,
  type NumericType,
  numbersIn,
  numbersOf,
  type StoredNumber,
  sizeOf,
} from '../../batch-jobs/gogoduck/netcdf/types.ts';
import { type AttributeSketch, numbers } from './make-netcdf.ts';

type Sketch = readonly [type: NetcdfType, attributes?: Readonly<Record<string, AttributeSketch>>];

const encoding = ([type, attributes = {}]: Sketch) =>
  encodingOf(
    type,
    new Map(
      Object.entries(attributes).map(([name, value]): [string, Attribute] => {
        if (typeof value === 'string') return [name, textAttribute(value)];
        return [name, typeof value === 'number' ? numbers('double', value) : value];
      }),
    ),
  );
const treatment = (one: Sketch, other: Sketch) =>
  treatmentOf(
    'v',
    { file: '0.nc', encoding: encoding(one) },
    { file: '1.nc', encoding: encoding(other) },
  );

const hours = { units: 'hours since 2000-01-01' };
const days = { units: 'days since 2000-01-01' };

describe('how the numbers of two files are joined', () => {
  const asStored: Treatment = { kind: 'as-stored' };
  const fill = (type: NumericType, value: StoredNumber) => ({ _FillValue: numbers(type, value) });

  it.each<[string, Sketch, Sketch, Treatment]>([
    ['the same type', ['short'], ['short'], asStored],
    [
      'the same units in other words',
      ['short', { units: 'm s-1' }],
      ['short', { units: 'm/s' }],
      asStored,
    ],
    ['texts', ['char'], ['char'], asStored],
    ['other types', ['short'], ['float'], { kind: 'unpack', type: 'float' }],
    ['other types of whole numbers', ['byte'], ['short'], { kind: 'unpack', type: 'float' }],
    [
      'whole numbers that a float does not hold',
      ['short'],
      ['int'],
      { kind: 'unpack', type: 'double' },
    ],
    ['a double', ['double'], ['float'], { kind: 'unpack', type: 'double' }],
    [
      'another scale',
      ['short', { scale_factor: 2 }],
      ['short', { scale_factor: 3 }],
      { kind: 'unpack', type: 'float' },
    ],
    [
      'another fill value',
      ['short', fill('short', 1)],
      ['short', fill('short', 2)],
      { kind: 'unpack', type: 'float' },
    ],
    [
      'another fill value of 64 bits',
      ['int64', fill('int64', 1n)],
      ['int64', fill('int64', 2n)],
      { kind: 'recode', type: 'int64', fill: 1n },
    ],
    [
      '64 bits in one of them',
      ['int', fill('int', 1)],
      ['int64', fill('int64', 2n)],
      { kind: 'recode', type: 'int64', fill: 1n },
    ],
    [
      '64 bits in the first',
      ['int64', fill('int64', 3n)],
      ['int', fill('int', 1)],
      { kind: 'recode', type: 'int64', fill: 3n },
    ],
    [
      '64 bits without a sign',
      ['uint64', fill('uint64', 3n)],
      ['ushort', fill('ushort', 1)],
      { kind: 'recode', type: 'uint64', fill: 3n },
    ],
    [
      '64 bits that no type holds together',
      ['uint64', fill('uint64', 3n)],
      ['int64', fill('int64', 1n)],
      { kind: 'unpack', type: 'double' },
    ],
    [
      '64 bits that are packed',
      ['int64', { scale_factor: 2 }],
      ['int64'],
      { kind: 'unpack', type: 'double' },
    ],
    [
      '64 bits of which the other are packed',
      ['int64'],
      ['int64', { add_offset: 2 }],
      { kind: 'unpack', type: 'double' },
    ],
    ['64 bits and a real number', ['int64'], ['float'], { kind: 'unpack', type: 'double' }],
    ['a real number and 64 bits', ['double'], ['int64'], { kind: 'unpack', type: 'double' }],
    [
      'numbers of which one file counts in an unknown calendar',
      ['double', hours],
      ['double', { ...hours, calendar: 'lunar' }],
      asStored,
    ],
    ['the same times', ['double', hours], ['double', hours], asStored],
    ['times in other units', ['double', hours], ['double', days], { kind: 'instants' }],
    [
      'times in the same units and in another type',
      ['double', hours],
      ['int', hours],
      { kind: 'instants' },
    ],
    [
      'times in another calendar of real days',
      ['double', { ...hours, calendar: 'julian' }],
      ['double', hours],
      { kind: 'instants' },
    ],
    [
      'times in another name of the calendar',
      ['double', { ...hours, calendar: '365_day' }],
      ['double', { ...hours, calendar: 'noleap' }],
      asStored,
    ],
  ])('numbers of two files are joined as they are, or converted: %s', (_, one, other, expected) => {
    expect(treatment(one, other)).toEqual(expected);
  });

  it.each<[string, Sketch, Sketch, string]>([
    [
      'units',
      ['short', { units: 'm' }],
      ['short', { units: 'K' }],
      'has v in "K", but file "0.nc" has it in "m"',
    ],
    [
      'no units',
      ['short', { units: 'm' }],
      ['short'],
      'has v in "", but file "0.nc" has it in "m"',
    ],
    [
      'units of time',
      ['double', hours],
      ['double', { units: 'm' }],
      'has v in "m", but file "0.nc" has it in "hours since 2000-01-01"',
    ],
    [
      'calendars',
      ['double', { ...hours, calendar: 'noleap' }],
      ['double', hours],
      'has v in calendar "standard", but file "0.nc" has it in calendar "noleap"',
    ],
    [
      'calendars of models',
      ['double', { ...hours, calendar: 'noleap' }],
      ['double', { ...hours, calendar: '360_day' }],
      'has v in calendar "360_day", but file "0.nc" has it in calendar "noleap"',
    ],
    ['kinds of values', ['char'], ['short'], 'has v as short, but file "0.nc" has it as char'],
    ['kinds of texts', ['string'], ['char'], 'has v as char, but file "0.nc" has it as string'],
  ])('numbers of two files are not joined if they have different %s', (_, one, other, words) => {
    let fault: unknown;
    try {
      treatment(one, other);
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(JobError);
    expect(fault).toMatchObject({
      message: `File "1.nc" ${words}; they cannot be joined. A shorter period may hold files of one kind only.`,
      exitCode: 65,
    });
  });

  it.each<[NumericType, NumericType, NumericType | undefined]>([
    ['byte', 'byte', 'byte'],
    ['uint64', 'uint64', 'uint64'],
    ['byte', 'short', 'short'],
    ['short', 'byte', 'short'],
    ['byte', 'ubyte', 'short'],
    ['ubyte', 'short', 'short'],
    ['short', 'ushort', 'int'],
    ['ubyte', 'ushort', 'ushort'],
    ['int', 'uint', 'int64'],
    ['uint', 'ubyte', 'uint'],
    ['int64', 'uint', 'int64'],
    ['int64', 'uint64', undefined],
    ['byte', 'uint64', undefined],
  ])('%s and %s are both held by %s', (one, other, expected) => {
    expect(widest(one, other)).toBe(expected);
  });

  it('the smallest and the largest number of a type are known', () => {
    const types = ['byte', 'ubyte', 'short', 'ushort', 'int', 'uint', 'int64', 'uint64'] as const;
    for (const type of types) {
      expect(isInteger(type)).toBe(true);
      const [least = 0, most = 0] = extremesOf(type);
      expect([...numbersOf(type, [least, most])].map(BigInt)).toEqual([least, most]);
      const bits = sizeOf(type) * 8;
      expect(BigInt(most) - BigInt(least)).toBe(2n ** BigInt(bits) - 1n);
    }
  });
});

describe('how the bytes of a file become those of the result', () => {
  const output = (treated: OutputTreatment, counts: readonly number[] = [4]): OutputVariable => ({
    source: { name: 'v', type: 'short', dimensions: ['x'], shape: [4] },
    definition: { name: 'v', type: 'short', dimensions: ['x'], attributes: new Map(), chunk: [4] },
    extents: { counts, timeAxis: -1, cellSize: 2 },
    treatment: treated,
    copied: false,
  });
  const decoded = (
    treated: OutputTreatment,
    own: Sketch,
    stored: readonly StoredNumber[],
    type: NumericType,
    first: Sketch = own,
    counts?: readonly number[],
  ) => {
    const decode = decoderOf(output(treated, counts), encoding(own), encoding(first));
    const target = new Uint8Array(stored.length * sizeOf(type));
    decode?.(bytesOf(numbersOf(own[0] as NumericType, stored)), target);
    return decode && [...numbersIn(type, target)];
  };
  const missing = Math.fround(9.969209968386869e36);

  it('bytes that mean the same stay as they are', () => {
    expect(decoded({ kind: 'as-stored' }, ['short'], [1], 'short')).toBeUndefined();
  });

  it('packed numbers become values, and those that are missing the default fill value', () => {
    const own: Sketch = [
      'short',
      { scale_factor: 0.5, add_offset: 1, _FillValue: numbers('short', 7) },
    ];
    expect(decoded({ kind: 'unpack', type: 'float' }, own, [1, 7, -2], 'float')).toEqual([
      1.5,
      missing,
      0,
    ]);
    expect(decoded({ kind: 'unpack', type: 'double' }, own, [1, 7, -2], 'double')).toEqual([
      1.5, 9.969209968386869e36, 0,
    ]);
  });

  it('longitudes move by their degrees, and each number of their bounds by those of its column', () => {
    const shift = { kind: 'shift', type: 'double', degrees: [0, -360] } as const;
    expect(decoded(shift, ['double'], [1, 2], 'double', undefined, [2])).toEqual([1, -358]);
    expect(decoded(shift, ['double'], [1, 2, 3, 4], 'double', undefined, [2, 2])).toEqual([
      1, 2, -357, -356,
    ]);
    const single = { kind: 'shift', type: 'float', degrees: [360, 0] } as const;
    const packed: Sketch = ['short', { scale_factor: numbers('float', 0.5) }];
    expect(decoded(single, packed, [2, 3], 'float', undefined, [2])).toEqual([361, 1.5]);
  });

  it('whole numbers get another type and another fill value, unless that is data', () => {
    const own: Sketch = ['byte', { _FillValue: numbers('byte', 9) }];
    const recode = { kind: 'recode', type: 'short', fill: -1 } as const;
    expect(decoded(recode, own, [1, 9, -2], 'short')).toEqual([1, -1, -2]);
    expect(() => decoded(recode, own, [1, -1], 'short')).toThrow(
      `The layer's files have v with different fill values, and -1 is data in one and no data in others; they cannot be joined.`,
    );
    const wide = { kind: 'recode', type: 'int64', fill: 9n } as const;
    const large: Sketch = ['int64', { _FillValue: numbers('int64', 5n) }];
    expect(decoded(wide, large, [2n ** 60n + 1n, 5n], 'int64')).toEqual([2n ** 60n + 1n, 9n]);
  });

  it('instants are counted in the units of the first file', () => {
    const instants = { kind: 'instants' } as const;
    expect(decoded(instants, ['int', hours], [0, 36], 'double', ['double', days])).toEqual([
      0, 1.5,
    ]);
    const later: Sketch = ['double', { units: 'days since 2000-01-03' }];
    expect(decoded(instants, later, [0, 1], 'double', ['double', hours])).toEqual([48, 72]);
    const filled: Sketch = ['int', { ...hours, _FillValue: numbers('int', -1) }];
    expect(decoded(instants, filled, [-1, 24], 'double', ['double', days])).toEqual([
      9.969209968386869e36, 1,
    ]);
    expect(() => decoded(instants, ['int'], [1], 'double', ['int', hours])).toThrow(
      'no units of time',
    );
    expect(() => decoded(instants, ['int', hours], [1], 'double', ['int'])).toThrow(
      'no units of time',
    );
  });

  it('texts have no numbers to convert', () => {
    expect(() =>
      decoderOf(output({ kind: 'instants' }), encoding(['char']), encoding(['char'])),
    ).toThrow('v holds no numbers');
  });

  it('a part of the memory is converted in its place', () => {
    const decode = decoderOf(
      output({ kind: 'unpack', type: 'float' }),
      encoding(['short']),
      encoding(['short']),
    );
    const memory = new Uint8Array(16);
    decode?.(bytesOf(Int16Array.of(3, 4)), memory.subarray(4, 12));
    expect([...new Float32Array(memory.buffer)]).toEqual([0, 3, 4, 0]);
  });
});
