import { describe, expect, it } from 'vitest';
import {
  type Attributes,
  numbersOfAttribute,
  textAttribute,
  textOf,
} from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import { checkFilters } from '../../batch-jobs/gogoduck/netcdf/check-filters.ts';
import { withFlags } from '../../batch-jobs/gogoduck/netcdf/enumeration.ts';
import { storedFilters, unknownFilter } from '../../batch-jobs/gogoduck/netcdf/hdf5-filters.ts';
import {
  flatAttributes,
  flatNames,
  pathsOf,
  withGroupAttributes,
} from '../../batch-jobs/gogoduck/netcdf/hdf5-groups.ts';
import { leadsElsewhere } from '../../batch-jobs/gogoduck/netcdf/hdf5-guard.ts';
import {
  className,
  type ElementType,
  hdf5Text,
  hdf5Type,
  isText,
  isUtf8,
  netcdfType,
} from '../../batch-jobs/gogoduck/netcdf/hdf5-types.ts';
import type { NetcdfType } from '../../batch-jobs/gogoduck/netcdf/types.ts';
import { numbers } from './make-netcdf.ts';

/** A file of groups, datasets and types: a group is a list of members, and other members are their kind. */
function fileOf(
  groups: Readonly<Record<string, readonly string[]>>,
  types: readonly string[] = [],
) {
  return {
    names: (group = '') => [...(groups[group] ?? [])],
    kind: (path: string) => {
      if (path in groups) return 'group';
      if (types.includes(path)) return 'type';
      return path.includes('damaged') ? undefined : 'dataset';
    },
  } as const;
}

describe('the members of groups', () => {
  it('members of groups are listed after those outside, without types, and each is checked first', () => {
    const checked: string[] = [];
    const file = fileOf({ g: ['a', 'h'], 'g/h': ['b'] }, ['t']);
    expect(pathsOf(file, ['g', 't', 'x'], (path) => checked.push(path))).toEqual({
      datasets: ['x', 'g/a', 'g/h/b'],
      groups: ['g', 'g/h'],
    });
    expect(checked).toEqual(['g', 't', 'x', 'g/a', 'g/h', 'g/h/b']);
  });

  it('a member that cannot be read is a fault', () => {
    expect(() => pathsOf(fileOf({ g: ['damaged'] }), ['g'], () => {})).toThrow(
      'g/damaged cannot be read',
    );
  });

  it('a file has at most 2,000 members in its groups', () => {
    const of = (count: number) => fileOf({ g: Array.from({ length: count }, (_, at) => `v${at}`) });
    expect(pathsOf(of(1_999), ['g', 'x'], () => {}).datasets).toHaveLength(2_000);
    const checked: string[] = [];
    expect(() => pathsOf(of(2_000), ['g', 'x'], (path) => checked.push(path))).toThrow(
      'has 2001 variables; allowed: at most 2000 in a file.',
    );
    // None of those that are too many was looked at.
    expect(checked).toEqual(['g', 'x']);
  });

  it('groups are nested at most eight deep', () => {
    const deep = (depth: number) => {
      const groups: Record<string, string[]> = {};
      let path = 'g';
      for (let at = 0; at < depth; at++, path += '/g') groups[path] = ['g'];
      return pathsOf(fileOf(groups), ['g'], () => {});
    };
    expect(deep(8).datasets).toHaveLength(1);
    expect(() => deep(9)).toThrow('has groups in groups 9 deep; allowed: at most 8.');
  });
});

describe('names without groups', () => {
  it('names have their groups before them where several have one name, or a group has it', () => {
    const paths = ['lat', 'g/lat', 'g/h/lat', 'g/only', 'f/g', 'g/_nc4_non_coord_time', 'h/time'];
    expect(Object.fromEntries(flatNames(paths, new Set(['lat', 'f', 'g'])))).toEqual({
      lat: 'lat',
      'g/lat': 'g__lat',
      'g/h/lat': 'g__h__lat',
      'g/only': 'only',
      'f/g': 'f__g',
      'g/_nc4_non_coord_time': 'g__time',
      'h/time': 'h__time',
    });
    expect(
      flatNames(['_nc4_non_coord_x'], new Set(['_nc4_non_coord_x'])).get('_nc4_non_coord_x'),
    ).toBe('x');
  });

  it('references of a variable are looked for in its group, and then in those around it', () => {
    const names = new Map([
      ['g/h/near', 'near'],
      ['g/both', 'g__both'],
      ['both', 'both'],
      ['top', 'top!'],
    ]);
    const references = [
      ...['ancillary_variables', 'bounds', 'cell_measures', 'climatology', 'coordinates'],
      ...['formula_terms', 'grid_mapping'],
    ];
    const text = 'near both /both top g: nowhere';
    const attributes = new Map(
      [...references, 'comment'].map((name) => [name, textAttribute(text)]),
    );
    const flat = flatAttributes(attributes, 'g/h/v', names);
    for (const name of references) {
      expect(textOf(flat.get(name)), name).toBe('near g__both both top! g: nowhere');
    }
    expect(textOf(flat.get('comment'))).toBe(text);
    // What does not change stays as it is stored.
    const stored = { kind: 'strings', values: ['nowhere'] } as const;
    expect(flatAttributes(new Map([['bounds', stored]]), 'g/v', names).get('bounds')).toBe(stored);
    const outside = flatAttributes(new Map([['bounds', textAttribute('g/both')]]), 'v', names);
    expect(textOf(outside.get('bounds'))).toBe('g__both');
  });

  it('attributes of groups have their groups before them where several have one name', () => {
    const of = (...names: string[]): Attributes =>
      new Map(names.map((name) => [name, textAttribute(name)]));
    const found = withGroupAttributes(
      of('title', 'own'),
      new Map([
        ['g', of('title', 'source')],
        ['g/h', of('level', 'note')],
        ['k', of('note')],
      ]),
    );
    expect([...found.keys()]).toEqual([
      'title',
      'own',
      'g__title',
      'source',
      'level',
      'g__h__note',
      'k__note',
    ]);
  });
});

describe('the links of an HDF5 file', () => {
  const links: Readonly<Record<string, { kind: 'soft' | 'external'; target: string }>> = {
    soft: { kind: 'soft', target: '/here' },
    dotted: { kind: 'soft', target: './here' },
    slashes: { kind: 'soft', target: './/here' },
    gone: { kind: 'soft', target: '/gone' },
    inner: { kind: 'soft', target: 'g/here' },
    toSoft: { kind: 'soft', target: 'soft' },
    external: { kind: 'external', target: 'other.nc' },
    sameName: { kind: 'external', target: 'here' },
  };
  const file = { link: (name: string) => links[name] ?? ({ kind: 'hard' } as const) };
  const members = new Set(['here', 'ghere', ...Object.keys(links)]);

  it.each([
    ['here', undefined],
    ['soft', undefined],
    ['dotted', undefined],
    ['slashes', undefined],
    ['inner', 'a link out of the file (to "g/here")'],
    ['gone', 'a link out of the file (to "/gone")'],
    ['toSoft', 'a link out of the file (to "soft")'],
    ['external', 'a link out of the file (to "other.nc")'],
    ['sameName', 'a link out of the file (to "here")'],
  ])('the link "%s" is followed only to a member of the file: %s', (name, words) => {
    expect(leadsElsewhere(file, members, name)).toBe(words);
  });
});

describe('the types of HDF5', () => {
  const integer = 0;
  const enumeration = (
    size: number,
    members: Readonly<Record<string, number>>,
    type = integer,
  ) => ({
    type: 8,
    size,
    signed: false,
    vlen: false,
    enum_type: { type, nmembers: Object.keys(members).length, members },
  });

  it.each<[string, ElementType, NetcdfType | undefined]>([
    ['a signed byte', { type: 0, size: 1, signed: true, vlen: false }, 'byte'],
    ['an unsigned byte', { type: 0, size: 1, signed: false, vlen: false }, 'ubyte'],
    ['two signed bytes', { type: 0, size: 2, signed: true, vlen: false }, 'short'],
    ['two unsigned bytes', { type: 0, size: 2, signed: false, vlen: false }, 'ushort'],
    ['four signed bytes', { type: 0, size: 4, signed: true, vlen: false }, 'int'],
    ['four unsigned bytes', { type: 0, size: 4, signed: false, vlen: false }, 'uint'],
    ['eight signed bytes', { type: 0, size: 8, signed: true, vlen: false }, 'int64'],
    ['eight unsigned bytes', { type: 0, size: 8, signed: false, vlen: false }, 'uint64'],
    ['three bytes', { type: 0, size: 3, signed: true, vlen: false }, undefined],
    ['a float of two bytes', { type: 1, size: 2, signed: true, vlen: false }, undefined],
    ['a float of four bytes', { type: 1, size: 4, signed: true, vlen: false }, 'float'],
    ['a float of eight bytes', { type: 1, size: 8, signed: true, vlen: false }, 'double'],
    ['a character', { type: 3, size: 1, signed: false, vlen: false }, 'char'],
    ['a text of fixed length', { type: 3, size: 2, signed: false, vlen: false }, 'string'],
    ['a text of any length', { type: 3, size: 1, signed: false, vlen: true }, 'string'],
    ['a compound', { type: 6, size: 4, signed: false, vlen: false }, undefined],
    ['an enumeration of bytes', enumeration(1, { land: 0, sea: 200 }), 'ubyte'],
    ['an enumeration of negative bytes', enumeration(1, { land: -1, sea: 7 }), 'byte'],
    ['an enumeration of two bytes', enumeration(2, { land: 0, sea: 7 }), 'short'],
    ['an enumeration of nothing whole', enumeration(1, { land: 0 }, 1), undefined],
  ])('%s is read as its NetCDF type', (_, type, expected) => {
    expect(netcdfType(type)).toBe(expected);
  });

  it.each([
    [2, 'time'],
    [4, 'bit field'],
    [5, 'opaque'],
    [6, 'compound'],
    [7, 'reference'],
    [9, 'variable-length list'],
    [10, 'array'],
    [0, 'with 3 bytes'],
  ])('an HDF5 type of class %d that is not read is called %s', (type, name) => {
    expect(className({ type, size: 3, signed: false, vlen: false })).toBe(name);
  });

  it.each<[NetcdfType, object]>([
    ['byte', { type: 0, size: 1, signed: true, vlen: false }],
    ['uint', { type: 0, size: 4, signed: false, vlen: false }],
    ['uint64', { type: 0, size: 8, signed: false, vlen: false }],
    ['float', { type: 1, size: 4, signed: false, vlen: false }],
    ['double', { type: 1, size: 8, signed: false, vlen: false }],
    ['char', { type: 3, size: 1, signed: false, vlen: false, cset: 0 }],
    ['string', { type: 3, size: 4, signed: false, vlen: true, cset: 1 }],
  ])('a %s is stored as its HDF5 type', (type, expected) => {
    expect(hdf5Type(type)).toEqual(expected);
  });

  it('a text knows its length and its characters', () => {
    const [ascii, utf8] = [hdf5Text(3, false), hdf5Text(3, true)];
    expect(ascii).toEqual({ type: 3, size: 3, signed: false, vlen: false, cset: 0 });
    expect([isUtf8(ascii), isUtf8(utf8)]).toEqual([false, true]);
    expect([isText(ascii), isText(hdf5Type('string')), isText(hdf5Type('int'))]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('an enumeration becomes flags, unless the variable has its own', () => {
    const type = enumeration(1, { 'open  sea': 7, land: -1 });
    const flags = withFlags(new Map([['units', textAttribute('1')]]), type);
    expect([...flags.keys()]).toEqual(['units', 'flag_values', 'flag_meanings']);
    expect(flags.get('flag_values')).toEqual(numbers('byte', 7, -1));
    expect(textOf(flags.get('flag_meanings'))).toBe('open_sea land');
    const own = new Map([['flag_values', numbers('byte', 1)]]);
    expect(withFlags(own, type)).toBe(own);
    for (const other of [
      { type: 0, size: 1, signed: true, vlen: false },
      enumeration(1, {}),
      enumeration(3, { land: 1 }),
    ]) {
      expect([...withFlags(new Map(), other)]).toEqual([]);
    }
    expect(numbersOfAttribute(flags.get('flag_values'))).toEqual([7, -1]);
  });
});

describe('the filters of HDF5', () => {
  const filter = (id: number, name = '', ...values: number[]) => ({ id, name, values });

  it.each([1, 2, 3, 4, 5, 6, 307, 32000, 32001, 32004, 32008, 32015, 32022, 32023, 32026])(
    'the filter %d is known',
    (id) => {
      expect(unknownFilter([filter(id)])).toBeUndefined();
    },
  );

  it.each([
    [32013, 'zfp'],
    [32017, 'sz'],
    [32018, 'fcidecomp'],
    [32019, 'jpeg'],
    [32024, 'sz3'],
    [32028, 'sperr'],
  ])('the filter %d is unknown, and called %s whatever the file calls it', (id, name) => {
    expect(unknownFilter([filter(1), filter(id, 'other')])).toBe(`"${name}" (HDF5 filter ${id})`);
  });

  it('another filter has the name that the file gives it, if it does', () => {
    expect(unknownFilter([filter(400, 'own'), filter(401)])).toBe('"own" (HDF5 filter 400)');
    expect(unknownFilter([filter(7)])).toBe('HDF5 filter 7');
    expect(unknownFilter([])).toBeUndefined();
  });

  it('chunks are declared as they are compressed, or the file is not complete', () => {
    const chunked = (shuffle: boolean) => ({
      header: 0,
      grid: { counts: [1], chunk: [1], cellSize: 4 },
      compression: { shuffle, deflateLevel: 6 },
    });
    const check = (shuffle: boolean, ...found: ReturnType<typeof filter>[]) =>
      checkFilters({ filters: () => found }, [
        { dataset: 'text', chunked: undefined },
        { dataset: 'v', chunked: chunked(shuffle) },
      ]);
    check(true, filter(2, 'shuffle', 4), filter(1, 'deflate', 6));
    check(false, filter(1, '', 6));
    expect(() => check(false, filter(2, '', 4), filter(1, '', 6))).toThrow('v has the filters');
    expect(() => check(true, filter(1, '', 6))).toThrow(
      'v has the filters [{"id":1,"values":[6]}]',
    );
    expect(() => check(true, filter(2, '', 8), filter(1, '', 6))).toThrow('v has the filters');
    expect(() => check(false, filter(1, '', 5))).toThrow('v has the filters');
    expect(() => check(false)).toThrow('v has the filters []');
  });

  it.each([
    ['none', [], { shuffle: false, deflateLevel: undefined }],
    ['deflate', [filter(1, '', 4)], { shuffle: false, deflateLevel: 4 }],
    [
      'shuffle and deflate',
      [filter(2, '', 4), filter(1, '', 6)],
      { shuffle: true, deflateLevel: 6 },
    ],
    ['shuffle of other cells', [filter(2, '', 8), filter(1, '', 6)], undefined],
    ['shuffle alone', [filter(2, '', 4)], undefined],
    ['deflate before shuffle', [filter(1, '', 6), filter(2, '', 4)], undefined],
    ['a checksum', [filter(1, '', 6), filter(3)], undefined],
  ])('filters that this code applies itself: %s', (_, found, expected) => {
    expect(storedFilters(found, 4)).toEqual(expected);
  });
});
