import { describe, expect, it } from 'vitest';
import {
  contradiction,
  flagAttributesOf,
  flagKind,
  flagMeaningsOf,
  flagNumbers,
} from '../../batch-jobs/gogoduck/grid/flags.ts';
import { hullOf, runsOf, totalCount } from '../../batch-jobs/gogoduck/grid/index-range.ts';
import { metresPer } from '../../batch-jobs/gogoduck/grid/length-units.ts';
import { sameUnits } from '../../batch-jobs/gogoduck/grid/same-units.ts';
import { type Attribute, textAttribute } from '../../batch-jobs/gogoduck/netcdf/attributes.ts';

describe('units in different spellings', () => {
  it.each([
    ['degC', 'Degrees_Celsius'],
    ['km', 'Kilometers'],
    ['m s-1', 'm/s'],
    ['m s-1', 'metres per second'],
    ['m s-1', 'm.s^-1'],
    ['m s-1', 's**-1 m1'],
    ['kg m-3', ' kg / m3 '],
    ['m2 s-2', 'm m / s / s'],
    ['W m-2', 'W·m-2'],
    ['1', ''],
    ['1', undefined],
    [' ', undefined],
    ['m m-1', '1'],
    ['s-1', '1 / s'],
    ['no unit at all!', 'no unit at all!'],
  ])('units "%s" and "%s" are the same', (one, other) => {
    expect(sameUnits(one, other)).toBe(true);
    expect(sameUnits(other, one)).toBe(true);
  });

  // biome-ignore format: a unit per line
  it.each([
    'degC deg_C degree_C degrees_C degreeC degreesC celsius degree_celsius degrees_celsius deg_celsius degcelsius °c',
    'K kelvin kelvins degK deg_K degree_K degrees_K degreeK degree_kelvin degrees_kelvin',
    'degrees_north degree_north degrees_N degree_N degreesN degreeN',
    'degrees_east degree_east degrees_E degree_E degreesE degreeE',
    'degree degrees deg °', 'm metre metres meter meters', 'km kilometre kilometres kilometer kilometers',
    'cm centimetre centimetres centimeter centimeters', 'mm millimetre millimetres millimeter millimeters',
    's sec secs second seconds', 'min minute minutes', 'h hr hrs hour hours', 'd day days', 'kg kilogram kilograms',
    'g gram grams', 'mg milligram milligrams', 'ug microgram micrograms µg μg', 'mol mole moles',
    'umol micromol micromole micromoles µmol μmol', 'Pa pascal pascals',
    'hPa hectopascal hectopascals mbar millibar millibars', 'dbar decibar decibars', 'W watt watts',
    'J joule joules', 'N newton newtons', '% percent',
  ])('units are the same in each spelling: %s', (line) => {
    const [first, ...others] = line.split(' ');
    expect(others.filter((other) => !sameUnits(first, other))).toEqual([]);
  });

  it.each([
    ['m', 'M'],
    ['K', 'degC'],
    ['m', 'cm'],
    ['m s-1', 'm s'],
    ['m s-1', 'm'],
    ['m2', 'm'],
    ['m / s s', 'm s-2'],
    ['m', undefined],
    ['m', '1'],
    ['2 m', '3 m'],
    ['K', 'no unit at all!'],
    ['degrees_north', 'degrees_east'],
  ])('units "%s" and "%s" differ', (one, other) => {
    expect(sameUnits(one, other)).toBe(false);
    expect(sameUnits(other, one)).toBe(false);
  });

  it.each([
    ['m', 1],
    [' Metres ', 1],
    ['meter', 1],
    ['km', 1000],
    ['kilometre', 1000],
    ['cm', 0.01],
    ['centimeters', 0.01],
    ['mm', 0.001],
    ['millimetres', 0.001],
    ['', undefined],
    ['1', undefined],
    ['dbar', undefined],
    ['m s-1', undefined],
    ['per m', undefined],
  ])('a unit "%s" has %s metres', (units, metres) => {
    expect(metresPer(units)).toBe(metres);
  });
});

describe('lengths', () => {
  it.each([
    ['m metre metres meter meters M', 1],
    ['km kilometre kilometres kilometer kilometers KM', 1000],
    ['cm centimetre centimetres centimeter centimeters', 0.01],
    ['mm millimetre millimetres millimeter millimeters', 0.001],
  ])('lengths %s have %d metres, as whole words', (spellings, metres) => {
    for (const name of spellings.split(' ')) {
      expect(metresPer(name), name).toBe(metres);
      for (const other of [`x${name}`, `${name}x`]) expect(metresPer(other), other).toBeUndefined();
    }
  });
});

describe('indices along a dimension', () => {
  const among =
    (...wanted: number[]) =>
    (index: number) =>
      wanted.includes(index);

  it.each([
    ['in a row', [2, 3, 4], { start: 2, count: 3 }, [{ start: 2, count: 3 }]],
    [
      'with a gap',
      [0, 1, 4],
      { start: 0, count: 5 },
      [
        { start: 0, count: 2 },
        { start: 4, count: 1 },
      ],
    ],
    ['only the first', [0], { start: 0, count: 1 }, [{ start: 0, count: 1 }]],
    ['only the last', [5], { start: 5, count: 1 }, [{ start: 5, count: 1 }]],
    ['none', [], undefined, []],
    ['beyond the end', [6], undefined, []],
  ])('wanted indices %s have one hull, and as many runs as parts', (_, wanted, hull, runs) => {
    expect(hullOf(6, among(...wanted))).toEqual(hull);
    expect(runsOf(6, among(...wanted))).toEqual(runs);
    expect(totalCount(runs)).toBe(wanted.filter((index) => index < 6).length);
  });
});

describe('flags', () => {
  const bytes = (...values: number[]): Attribute => ({
    kind: 'numbers',
    type: 'byte',
    values: Int8Array.from(values),
  });
  const text = textAttribute;
  const of = (attributes: Readonly<Record<string, Attribute>>) =>
    flagMeaningsOf(new Map(Object.entries(attributes)));
  const flag_meanings = text(' good  bad ');

  it.each([
    [
      'values',
      { flag_values: bytes(1, 2), flag_meanings },
      { '/1': 'good', '/2': 'bad' },
      'values',
    ],
    ['bits', { flag_masks: bytes(1, 4), flag_meanings }, { '1/': 'good', '4/': 'bad' }, 'masks'],
    [
      'values of bits',
      { flag_masks: bytes(3, 3), flag_values: bytes(1, 2), flag_meanings },
      { '3/1': 'good', '3/2': 'bad' },
      'values of masks',
    ],
    ['no numbers', { flag_meanings }, { '#0': 'good', '#1': 'bad' }, undefined],
    ['no meanings', { flag_values: bytes(1) }, {}, undefined],
    [
      'a standard name only',
      { standard_name: text('sea_water_temperature status_flag') },
      {},
      undefined,
    ],
    ['a standard name of quality', { standard_name: text(' quality_flag ') }, {}, undefined],
  ])('flags with %s are recognised', (_, attributes, meanings, kind) => {
    const found = of(attributes);
    expect(Object.fromEntries(found ?? [['none', 'none']])).toEqual(meanings);
    expect(flagKind(found ?? new Map())).toBe(kind);
  });

  it.each([
    ['no attributes', {}],
    ['another standard name', { standard_name: text('quality_flags') }],
    ['a standard name that ends so by chance', { standard_name: text('inequality_flag') }],
  ])('a variable with %s has no flags', (_, attributes) => {
    expect(of(attributes)).toBeUndefined();
  });

  it('flags are written as they were read', () => {
    for (const own of [
      { flag_values: bytes(1, 2) },
      { flag_masks: bytes(1, 4) },
      { flag_masks: bytes(3, 3), flag_values: bytes(1, 2) },
    ]) {
      const meanings = of({ ...own, flag_meanings }) ?? new Map();
      const attributes = flagAttributesOf(meanings, 'byte');
      expect(Object.fromEntries(attributes)).toEqual({ ...own, flag_meanings: text('good bad') });
    }
    expect(flagAttributesOf(of({ flag_meanings }) ?? new Map(), 'byte').size).toBe(0);
    expect(
      [
        ...flagNumbers(
          new Map([
            ['3/1', 'a'],
            ['/2', 'b'],
          ]),
        ),
      ].sort(),
    ).toEqual(['', '1', '2', '3']);
  });

  it.each([
    [[['/1', 'good']], [['/1', 'GOOD']], undefined],
    [[['/1', 'good']], [['/2', 'bad']], undefined],
    [[['/1', 'good']], [['/1', 'bad']], '1 as "good" and as "bad"'],
    [
      [
        ['4/', 'a'],
        ['8/', 'b'],
      ],
      [['8/', 'c']],
      '8 as "b" and as "c"',
    ],
    [[['3/1', 'a']], [['3/1', 'b']], '3/1 as "a" and as "b"'],
    [[['#0', 'a']], [['#0', 'b']], '0 as "a" and as "b"'],
  ] as const)('flags %j and %j contradict each other: %s', (one, other, words) => {
    expect(contradiction(new Map(one), new Map(other))?.inWords).toBe(words);
  });
});
