import { describe, expect, it } from 'vitest';
import { type GridSketch, gridSketch } from './grid-sketch.ts';
import { everywhere, useLayer } from './layer-folder.ts';
import {
  type AttributeSketch,
  type NetcdfSketch,
  numbers,
  type VariableSketch,
} from './make-netcdf.ts';

const layer = useLayer();
const at = 'LATITUDE,-40,-40;LONGITUDE,140,140';

const field = (
  dimensions: readonly string[],
  values: VariableSketch['values'],
  attributes: Record<string, AttributeSketch> = {},
  type: VariableSketch['type'] = 'float',
): VariableSketch => ({ type, dimensions, values, attributes });
const onGrid = (
  values: readonly (number | bigint)[],
  attributes: Record<string, AttributeSketch>,
  type: VariableSketch['type'],
) => {
  const rest = Array(12 - values.length).fill(typeof values[0] === 'bigint' ? 0n : 0);
  return field(['time', 'lat', 'lon'], [...values, ...rest], attributes, type);
};

describe('files whose dimensions or coordinates differ', () => {
  const square = (hour: number, dimensions: readonly string[]): GridSketch => ({
    times: [hour],
    latitudes: [-40, -39, -38],
    variables: { temperature: field(dimensions, Array(9).fill(hour)) },
  });

  it('files are not joined if a square has its sides in another order', async () => {
    await layer.grids(square(0, ['time', 'lat', 'lon']), square(1, ['time', 'lon', 'lat']));
    const fault = await layer.fault();
    expect(fault.message).toContain(
      'File "1.nc" has temperature(time, lon, lat), but file "0.nc" has temperature(time, lat, lon); they cannot be joined.',
    );
    expect(fault.exitCode).toBe(65);
  });

  const levels = (hour: number, variables: Record<string, VariableSketch>): GridSketch => ({
    times: [hour],
    dimensions: { level: 2, length: 2 },
    variables: {
      ...variables,
      temperature: field(['time', 'level', 'lat', 'lon'], Array(24).fill(hour)),
    },
  });
  const level = (
    values: number[],
    attributes: Record<string, AttributeSketch> = { units: 'hPa' },
  ) => ({
    level: field(['level'], values, attributes, 'double'),
  });

  it.each<[string, Record<string, VariableSketch>, Record<string, VariableSketch>, string]>([
    [
      'levels',
      level([1000, 500]),
      level([500, 1000]),
      'File "1.nc" is on another grid than file "0.nc": its level differs.',
    ],
    [
      'the units of levels',
      level([1000, 500]),
      level([1000, 500], { units: 'Pa' }),
      'File "1.nc" has level with units "Pa", but file "0.nc" has it with "hPa"',
    ],
    [
      'levels, because one file has no units,',
      level([1000, 500]),
      level([1000, 500], {}),
      'File "1.nc" has level with units "", but file "0.nc" has it with "hPa"; they cannot be joined.',
    ],
    [
      'levels, because the first file has no units,',
      level([1000, 500], {}),
      level([1000, 500]),
      'File "1.nc" has level with units "hPa", but file "0.nc" has it with ""; they cannot be joined.',
    ],
    [
      'the direction of levels',
      level([10, 20], { units: 'm', positive: 'down' }),
      level([10, 20], { units: 'm', positive: 'up' }),
      'File "1.nc" has level with positive "up", but file "0.nc" has it with "down"',
    ],
    [
      'numbers of members',
      level([1, 2], { standard_name: 'realization' }),
      level([2, 3], { standard_name: 'realization' }),
      'its level differs',
    ],
    [
      'letters of members',
      { level: field(['level'], 'ab', {}, 'char') },
      { level: field(['level'], 'ba', {}, 'char') },
      'its level differs',
    ],
    [
      'names of members',
      { level: field(['level'], ['a', 'b'], {}, 'string') },
      { level: field(['level'], ['b', 'a'], {}, 'string') },
      'its level differs',
    ],
  ])('files are not joined if %s differ', async (_, first, second, words) => {
    await layer.grids(levels(0, first), levels(1, second));
    const fault = await layer.fault();
    expect(fault.message).toContain(words);
    expect(fault.exitCode).toBe(65);
    await layer.grids(levels(0, first), levels(1, first));
    expect((await layer.result()).variables['time']?.values).toEqual([0, 1]);
  });

  it('files are joined if levels have the same units in other words', async () => {
    await layer.grids(levels(0, level([9, 5])), levels(1, level([9, 5], { units: 'millibars' })));
    expect((await layer.result()).dimensions['time']).toBe(-2);
  });

  it('files are joined up to the tolerance of positions, and not beyond', async () => {
    await layer.grids({ times: [0] }, { times: [1], longitudes: [140, 141.000_009, 142] });
    expect((await layer.result()).dimensions['time']).toBe(-2);
    await layer.grids({ times: [0] }, { times: [1], longitudes: [140, 141.000_011, 142] });
    expect((await layer.fault()).message).toContain('its lon differs');
  });

  it('files are not joined if packed positions are the same numbers with another scale', async () => {
    const packed = (scale: number) =>
      ({
        lon: field(
          ['lon'],
          [100, 101, 102],
          { units: 'degrees_east', scale_factor: scale },
          'short',
        ),
      }) as const;
    await layer.grids({ times: [0], variables: packed(1) }, { times: [1], variables: packed(1) });
    expect((await layer.result()).dimensions['time']).toBe(-2);
    await layer.grids({ times: [0], variables: packed(1) }, { times: [1], variables: packed(1.5) });
    expect((await layer.fault()).message).toContain('its lon differs');
  });

  it('files are joined if the same cells of a bent grid have no position', async () => {
    const bent = (hour: number, shift: number, missing: number): NetcdfSketch => {
      const place = (units: string, values: number[]) =>
        field(['y', 'x'], values.with(missing, Number.NaN), { units }, 'double');
      return {
        dimensions: { time: -1, y: 2, x: 2 },
        variables: {
          time: field(['time'], [hour], { units: 'hours since 2020-01-01' }, 'double'),
          lat: place('degrees_north', [-40, -40, -39, -39 + shift]),
          lon: place('degrees_east', [140, 141, 140, 141]),
          t: field(['time', 'y', 'x'], [0, 1, 2, 3]),
        },
      };
    };
    await layer.file('0.nc', bent(0, 0, 0));
    await layer.file('1.nc', bent(1, 1e-7, 0));
    expect((await layer.result()).dimensions['time']).toBe(-2);
    await layer.file('1.nc', bent(1, 0, 1));
    expect((await layer.fault()).message).toContain('is on another grid than file "0.nc"');
  });

  it('files are joined whatever unused dimensions they have', async () => {
    await layer.grids({ times: [0] }, { times: [1], dimensions: { nv: 2 } });
    expect((await layer.result()).variables['time']?.values).toEqual([0, 1]);
    await layer.grids({ times: [0], dimensions: { nv: 2 } }, { times: [1], dimensions: { nv: 3 } });
    expect((await layer.result()).variables['time']?.values).toEqual([0, 1]);
  });
});

describe('what does not vary with time', () => {
  const mask = (hour: number, value: number): GridSketch => ({
    times: [hour],
    variables: {
      mask: field(['lat', 'lon'], [...Array(11).fill(1), value], {}, 'byte'),
      crs: { type: 'int', values: [7] },
    },
  });

  it('what does not vary with time is taken from one file, and the history names files that differ', async () => {
    await layer.grids(mask(0, 1), mask(1, 1), mask(2, 0));
    const { attributes, variables } = await layer.result();
    expect(variables['mask']?.values).toEqual(Array(12).fill(1));
    expect(attributes['history']).toContain(
      'without time, and taken from file "0.nc": mask (file "2.nc" has another), crs',
    );
  });

  it.each<[string, VariableSketch, VariableSketch, Record<string, number>]>([
    ['texts', field([], ['a'], {}, 'string'), field([], ['b'], {}, 'string'), {}],
    ['types', field([], [0], {}, 'int'), field([], [0], {}, 'float'), {}],
    ['sizes', field(['n'], [0, 0], {}, 'int'), field(['n'], [0, 0, 0], {}, 'int'), { n: 3 }],
    [
      'the last of very many numbers',
      field(['n'], Array(1_000_002).fill(1), {}, 'byte'),
      field(['n'], [...Array(1_000_001).fill(1), 2], {}, 'byte'),
      { n: 1_000_002 },
    ],
    ['greater number of dimensions', field(['n'], [1, 2]), field(['n', 'm'], [1, 2]), { m: 1 }],
    ['lesser number of dimensions', field(['n', 'm'], [1, 2]), field(['n'], [1, 2]), { m: 1 }],
  ])(
    'what does not vary with time differs by its %s, which the history says',
    async (_, one, other, sizes) => {
      const dimensions = {
        n: one.values.length,
        ...(one.dimensions?.includes('m') ? { m: 1 } : {}),
      };
      await layer.grids(
        { times: [0], dimensions, variables: { fixed: one } },
        { times: [1], dimensions, variables: { fixed: one } },
        { times: [2], dimensions: { ...dimensions, ...sizes }, variables: { fixed: other } },
      );
      expect((await layer.result(at)).attributes['history']).toContain(
        'taken from file "0.nc": fixed (file "2.nc" has another)',
      );
    },
  );

  it('what does not vary with time is not said to be taken from one file if there is but one', async () => {
    await layer.grids(mask(0, 1));
    expect((await layer.result()).attributes['history']).not.toContain('without time');
  });

  it('what does not vary with time is compared on both sides of a seam', async () => {
    const around = (hour: number, ...values: number[]): GridSketch => ({
      times: [hour],
      latitudes: [-40, -39],
      longitudes: [-180, -90, 0, 90],
      variables: { mask: field(['lat', 'lon'], values, {}, 'byte') },
    });
    const subset = 'LATITUDE,-40,-39;LONGITUDE,90,180';
    const history = async (last: readonly number[]) => {
      await layer.grids(around(0, 1, 1, 1, 1, 1, 1, 1, 1), around(1, ...last));
      const { attributes, variables } = await layer.result(subset);
      expect(variables['mask']?.values).toEqual([1, 1, 1, 1]);
      return attributes['history'];
    };
    expect(await history([1, 0, 0, 1, 1, 0, 0, 1])).toContain('"0.nc": mask');
    expect(await history([1, 0, 0, 1, 1, 0, 0, 1])).not.toContain('has another');
    expect(await history([1, 1, 1, 1, 0, 1, 1, 1])).toContain('mask (file "1.nc" has another)');
    expect(await history([1, 1, 1, 0, 1, 1, 1, 1])).toContain('mask (file "1.nc" has another)');
  });

  it('what does not vary with time is compared in the requested cells', async () => {
    await layer.grids(mask(0, 1), mask(1, 0));
    expect((await layer.result(at)).attributes['history']).toContain('"0.nc": mask, crs');
  });
});

describe('variables that not all files have', () => {
  const more = (
    attributes: Record<string, AttributeSketch> = {},
    type: 'byte' | 'ubyte' | 'short' = 'short',
  ) => ({
    salinity: onGrid([5], attributes, type),
  });

  it('a variable is without data where a file lacks it, and the history says so', async () => {
    await layer.grids(
      { times: [0], variables: more() },
      { times: [1, 2] },
      { times: [3], variables: more() },
    );
    const { attributes, variables } = await layer.result(at);
    expect(variables['salinity']?.values).toEqual([5, -32767, -32767, 5]);
    expect(attributes['history']).toContain(
      'salinity is without data where files do not have it, as file "1.nc" does not',
    );
  });

  it('a variable that one file has instead of another is left out, and the history says so of both', async () => {
    await layer.grids(
      { times: [0], variables: more() },
      { times: [1], variables: { oxygen: onGrid([7], {}, 'short') } },
    );
    const { attributes, variables } = await layer.result(at);
    expect(variables['salinity']?.values).toEqual([5, -32767]);
    expect(variables).not.toHaveProperty('oxygen');
    expect(attributes['history']).toContain(
      'oxygen of file "1.nc" left out, as file "0.nc" does not have it',
    );
    await layer.grids({ times: [0], variables: more() }, { times: [1], variables: more() });
    const alike = await layer.result(at);
    expect(alike.variables['salinity']?.values).toEqual([5, 5]);
    expect(alike.attributes['history']).not.toMatch(/left out|without/);
  });

  it('a variable whose chunks are copied is without data where a file lacks it', async () => {
    const sides = Array.from({ length: 64 }, (_, index) => index);
    const large = (hour: number, value?: number): GridSketch => ({
      times: [hour],
      latitudes: sides,
      longitudes: sides,
      variables:
        value === undefined
          ? {}
          : { salinity: field(['time', 'lat', 'lon'], Array(64 * 64).fill(value), {}, 'short') },
    });
    await layer.grids(large(0, 5), large(1), large(2, 6));
    const values = (await layer.result(everywhere)).variables['salinity']?.values ?? [];
    expect([0, 1, 2].map((step) => new Set(values.slice(step * 4096, (step + 1) * 4096)))).toEqual([
      new Set([5]),
      new Set([-32767]),
      new Set([6]),
    ]);
  });

  it('strings that a file lacks are empty there', async () => {
    const name = { name: field(['time'], ['one'], {}, 'string') };
    await layer.grids({ times: [0], variables: name }, { times: [1] });
    expect((await layer.result(at)).variables['name']?.values).toEqual(['one', '']);
  });

  it('variables that a file lacks are left out, and files joined, if none of their data varies with time', async () => {
    const temperature = field(['lat', 'lon'], Array(12).fill(1));
    const mask = field(['lat', 'lon'], Array(12).fill(2));
    await layer.grids(
      { times: [0], variables: { temperature } },
      { times: [1], variables: { temperature, mask } },
    );
    const { attributes, variables } = await layer.result(at);
    expect(variables['time']?.values).toEqual([0, 1]);
    expect(attributes['history']).toContain('mask of file "1.nc" left out');
  });

  it('a variable that a file lacks has its own fill value there', async () => {
    const variables = more({ _FillValue: numbers('byte', -1) }, 'byte');
    await layer.grids({ times: [0], variables }, { times: [1] });
    expect((await layer.result(at)).variables['salinity']?.values).toEqual([5, -1]);
  });

  it.each(['byte', 'ubyte'] as const)(
    'a variable that a file lacks is left out if no number stands for no data: %s',
    async (type) => {
      await layer.grids({ times: [0], variables: more({}, type) }, { times: [1] });
      const { attributes, variables } = await layer.result(at);
      expect(variables).not.toHaveProperty('salinity');
      expect(attributes['history']).toContain('salinity left out, as file "1.nc" does not have it');
    },
  );

  it('bounds of time that a file lacks are left out, because bounds have no missing values', async () => {
    const time = (hour: number, bounds?: number[]): GridSketch => ({
      times: [hour],
      dimensions: { nv: 2 },
      variables: {
        time: field(
          ['time'],
          [hour],
          { units: 'hours since 2020-01-01', bounds: 'time_bounds' },
          'double',
        ),
        ...(bounds ? { time_bounds: field(['time', 'nv'], bounds, {}, 'double') } : {}),
      },
    });
    await layer.grids(time(0, [0, 1]), time(1));
    const { variables } = await layer.result(at);
    expect(variables).not.toHaveProperty('time_bounds');
    expect(variables['time']?.attributes).not.toHaveProperty('bounds');
  });

  it('a variable that the first file lacks is left out', async () => {
    await layer.grids({ times: [0] }, { times: [1], variables: more() });
    const { attributes, variables } = await layer.result(at);
    expect(variables).not.toHaveProperty('salinity');
    expect(attributes['history']).toContain(
      'salinity of file "1.nc" left out, as file "0.nc" does not have it',
    );
  });
});

describe('texts', () => {
  it('texts are joined even if they are longer in some files', async () => {
    const named = (hour: number, length: number, text: string): GridSketch => ({
      times: [hour],
      dimensions: { length },
      variables: { name: field(['time', 'length'], text, {}, 'char') },
    });
    await layer.grids(named(0, 2, 'ab'), named(1, 4, 'cdef'), named(2, 3, 'ghi'));
    const { variables, dimensions } = await layer.result(at);
    expect(dimensions['length']).toBe(4);
    expect(variables['name']?.values.join('')).toBe('ab\0\0cdefghi\0');
    expect((await layer.csv(at)).slice(1).map((line) => line.split(',').at(-1))).toEqual([
      'ab',
      'cdef',
      'ghi',
    ]);
  });
});

describe('flags', () => {
  const flags = (
    values: number[],
    fill: number | undefined,
    meanings = 'bad good best',
    type: 'byte' | 'short' = 'byte',
  ) => ({
    quality: onGrid(
      values,
      {
        ...(fill === undefined ? {} : { _FillValue: numbers(type, fill) }),
        flag_values: numbers(type, 0, 1, 2),
        flag_meanings: meanings,
      },
      type,
    ),
  });

  it('flags stay flags if their fill values differ', async () => {
    await layer.grids(
      { times: [0], variables: flags([0, -128], -128) },
      { times: [1], variables: flags([2, -1], -1) },
      { times: [2], variables: flags([1, 0], undefined) },
    );
    const { variables } = await layer.result('LATITUDE,-40,-40;LONGITUDE,140,141');
    expect(variables['quality']).toMatchObject({
      type: 'byte',
      values: [0, -128, 2, -128, 1, 0],
      attributes: { _FillValue: -128, flag_values: [0, 1, 2], flag_meanings: 'bad good best' },
    });
  });

  it('flags with several fill values get one that differs from all flags', async () => {
    await layer.grids(
      { times: [0], variables: flags([1, 0], 0) },
      { times: [1], variables: flags([0, -9], -9) },
    );
    const { variables } = await layer.result('LATITUDE,-40,-40;LONGITUDE,140,141');
    expect(variables['quality']).toMatchObject({
      values: [1, -9, 0, -9],
      attributes: { _FillValue: -9 },
    });
  });

  it('flags stay flags if a file has them in a wider type', async () => {
    await layer.grids(
      { times: [0], variables: flags([0, -1], -1) },
      { times: [1], variables: flags([2, 999], 999, undefined, 'short') },
    );
    const { variables } = await layer.result('LATITUDE,-40,-40;LONGITUDE,140,141');
    expect(variables['quality']).toMatchObject({ type: 'short', values: [0, -1, 2, -1] });
  });

  it('flags are not joined if one of them has another meaning', async () => {
    await layer.grids(
      { times: [0], variables: flags([0], -1) },
      { times: [1], variables: flags([0], -1, 'good bad best') },
    );
    expect((await layer.fault()).message).toContain(
      'Files "0.nc" and "1.nc" have flag 0 as "bad" and as "good" in quality; they cannot be joined.',
    );
  });

  it('flags are not joined if a value is data in one file and missing in the other', async () => {
    await layer.grids(
      { times: [0], variables: flags([0, -128], -128) },
      { times: [1], variables: flags([-128, -1], -1) },
    );
    const fault = await layer.fault();
    expect(fault.message).toContain('quality with different fill values, and -128 is data in one');
    expect(fault.exitCode).toBe(65);
  });
});

describe('integers of 64 bits', () => {
  it('64-bit integers keep their digits if their fill values differ', async () => {
    const counts = (values: bigint[], fill: bigint) => ({
      count: onGrid(values, { _FillValue: numbers('int64', fill) }, 'int64'),
    });
    await layer.grids(
      { times: [0], variables: counts([9007199254740993n, -1n], -1n) },
      { times: [1], variables: counts([9007199254740995n, -2n], -2n) },
    );
    const lines = await layer.csv('LATITUDE,-40,-40;LONGITUDE,140,141');
    expect(lines.slice(1).map((line) => line.split(',').at(-1))).toEqual([
      '9007199254740993',
      '',
      '9007199254740995',
      '',
    ]);
  });

  it.each([
    ['first', 'int64', 'int'],
    ['second', 'int', 'int64'],
  ] as const)(
    '64-bit integers keep their digits if the %s file alone has them',
    async (_, one, other) => {
      const count = (type: 'int' | 'int64') => {
        const values = type === 'int' ? [7] : [9007199254740993n];
        return { count: onGrid(values, { _FillValue: numbers(type, -1) }, type) };
      };
      await layer.grids(
        { times: [0], variables: count(one) },
        { times: [1], variables: count(other) },
      );
      const lines = await layer.csv(at);
      expect(lines.slice(1).map((line) => line.split(',').at(-1))).toEqual(
        one === 'int' ? ['7', '9007199254740993'] : ['9007199254740993', '7'],
      );
    },
  );
});

describe('units in other words', () => {
  it('files in the same units are joined, in the words of the first', async () => {
    const inUnits = (hour: number, units: string): GridSketch => ({
      times: [hour],
      variables: { temperature: onGrid([hour], { units }, 'float') },
    });
    await layer.grids(inUnits(0, 'degC'), inUnits(1, 'Celsius'));
    const { variables } = await layer.result(at);
    expect(variables['temperature']).toMatchObject({
      values: [0, 1],
      attributes: { units: 'degC' },
    });
  });
});

describe('a time without a dimension', () => {
  const single = (hour: number, variables: Record<string, VariableSketch> = {}): NetcdfSketch => {
    const { time, temperature, ...places } = gridSketch({ times: [hour] }).variables;
    const dimensions = ['lat', 'lon'];
    return {
      dimensions: { lat: 4, lon: 3 },
      variables: {
        temperature: { ...(temperature as VariableSketch), dimensions },
        time: { ...(time as VariableSketch), dimensions: [] },
        ...places,
        ...variables,
      },
    };
  };

  it('a time without a dimension becomes one to join files along', async () => {
    await layer.file(
      'b.nc',
      single(1, {
        reference: {
          type: 'double',
          values: [7],
          attributes: { standard_name: 'forecast_reference_time', units: 'days since 2000-01-01' },
        },
      }),
    );
    await layer.file(
      'a.nc',
      single(2, {
        reference: {
          type: 'double',
          values: [8],
          attributes: { standard_name: 'forecast_reference_time', units: 'days since 2000-01-01' },
        },
      }),
    );
    const { dimensions, variables } = await layer.result('LATITUDE,-40,-40;LONGITUDE,140,141');
    expect(dimensions).toEqual({ time: -2, lat: 1, lon: 2 });
    expect(variables['time']).toMatchObject({ dimensions: ['time'], values: [1, 2] });
    expect(variables['temperature']).toMatchObject({
      dimensions: ['time', 'lat', 'lon'],
      values: [0, 1, 0, 1],
    });
    expect(variables['reference']?.values).toEqual([7, 8]);
    expect(variables['lat']?.dimensions).toEqual(['lat']);
  });

  it('a time without a dimension becomes one of all grids of the file', async () => {
    const along = (name: string, units: string): VariableSketch =>
      field([name], [0, 1], {
        units,
        standard_name: units.endsWith('north') ? 'latitude' : 'longitude',
      });
    const sketch = single(1, {
      lat_u: along('lat_u', 'degrees_north'),
      lon_u: along('lon_u', 'degrees_east'),
      u: field(['lat_u', 'lon_u'], [0, 1, 2, 3]),
    });
    await layer.file('a.nc', {
      ...sketch,
      dimensions: { ...sketch.dimensions, lat_u: 2, lon_u: 2 },
    });
    const { variables } = await layer.result();
    expect(variables['u']?.dimensions).toEqual(['time', 'lat_u', 'lon_u']);
    expect(variables['temperature']?.dimensions).toEqual(['time', 'lat', 'lon']);
  });

  it.each(['bounds', 'climatology'])(
    'a time without a dimension has its %s joined along the one that it gets',
    async (attribute) => {
      for (const hour of [1, 2]) {
        const sketch = single(hour, { limits: field(['side'], [hour - 1, hour], {}, 'double') });
        const { time } = sketch.variables as { time: VariableSketch };
        await layer.file(`${hour}.nc`, {
          dimensions: { ...sketch.dimensions, side: 2 },
          variables: {
            ...sketch.variables,
            time: { ...time, attributes: { ...time.attributes, [attribute]: 'limits' } },
          },
        });
      }
      expect((await layer.result(at)).variables['limits']).toMatchObject({
        dimensions: ['time', 'side'],
        values: [0, 1, 1, 2],
      });
    },
  );

  it('a time without a dimension is not added to what has only the rows of a bent grid', async () => {
    const position = (units: string, standard_name: string, start: number) =>
      field(['y', 'x'], [start, start, start, start + 1], { units, standard_name }, 'double');
    const { time } = single(1).variables as { time: VariableSketch };
    await layer.file('a.nc', {
      dimensions: { y: 2, x: 2, side: 2 },
      variables: {
        time,
        lat: position('degrees_north', 'latitude', -40),
        lon: position('degrees_east', 'longitude', 140),
        temperature: field(['y', 'x'], [0, 1, 2, 3]),
        width: field(['y', 'side'], [4, 5, 6, 7]),
      },
    });
    const { variables } = await layer.result();
    expect(variables['temperature']?.dimensions).toEqual(['time', 'y', 'x']);
    expect(variables['width']?.dimensions).toEqual(['y', 'side']);
  });

  it('a time without a dimension is not added to the bounds of bent cells, but to data that is copied chunk by chunk', async () => {
    const sides = Array.from({ length: 128 }, (_, index) => Math.floor(index / 2) / 100);
    const cells = (at: (row: number, column: number) => number) =>
      Array.from({ length: 128 * 64 }, (_, cell) => at(Math.floor(cell / 64), cell % 64));
    const north = cells((row) => -40 + (sides[row] as number) + row / 200);
    const place = (values: number[], units: string, bounds: string) =>
      field(['y', 'x'], values, { units, bounds }, 'double');
    const sketch = (hour: number): NetcdfSketch => ({
      dimensions: { y: 128, x: 64, nv: 1 },
      variables: {
        time: field([], [hour], { units: 'hours since 2020-01-01' }, 'double'),
        lat: place(north, 'degrees_north', 'lat_bounds'),
        lon: place(
          cells((_, column) => 140 + column / 100),
          'degrees_east',
          'lon_bounds',
        ),
        lat_bounds: field(['y', 'x', 'nv'], north, {}, 'double'),
        speed: field(
          ['y', 'x'],
          cells((row) => row + hour),
          {},
          'short',
        ),
      },
    });
    await layer.file('0.nc', sketch(0));
    await layer.file('1.nc', sketch(1));
    const { variables } = await layer.result();
    expect(variables['lat_bounds']?.shape).toEqual([128, 64, 1]);
    expect(variables['speed']?.shape).toEqual([2, 128, 64]);
    const values = variables['speed']?.values ?? [];
    expect([0, 64, 128 * 64, 128 * 64 + 64].map((cell) => values[cell])).toEqual([0, 1, 1, 2]);
  });

  it('a time without a dimension is joined with files of the same kind only, which faults name', async () => {
    await layer.file('0.nc', single(0));
    const { lon } = gridSketch({ times: [0], longitudes: [1, 2, 3] }).variables;
    await layer.file('1.nc', single(1, { lon: lon as VariableSketch }));
    expect((await layer.fault()).message).toContain(
      'File "1.nc" is on another grid than file "0.nc": its lon differs.',
    );
    await layer.grids({ times: [0] });
    await layer.file('1.nc', single(1));
    expect((await layer.fault()).message).toBe('File "1.nc" has no time axis time.');
  });

  it('a time without a dimension can be selected by TIME', async () => {
    await layer.file('a.nc', single(1));
    await layer.file('b.nc', single(2));
    const subset = `TIME,2020-01-01T02:00Z,2020-01-01T03:00Z;${everywhere}`;
    const { variables, attributes } = await layer.result(subset);
    expect(variables['time']?.values).toEqual([2]);
    expect(attributes['time_coverage_start']).toBe('2020-01-01T02:00:00Z');
    expect(await layer.csv(subset)).toHaveLength(13);
  });
});

describe('times of other calendars', () => {
  const modelled = (
    calendar: string,
    times: number[],
    units = 'days since 2000-01-01',
  ): GridSketch => ({
    times,
    variables: {
      time: field(['time'], times, { standard_name: 'time', units, calendar }, 'double'),
    },
  });

  it.each<[string, string, number[]]>([
    ['360_day', '2000-02-29,2000-02-30', [58, 59]],
    ['360_day', '2000-01-31,2000-02-01', [30]],
    ['360_day', '2000-02-01,2000-12-31', [30, 58, 59, 60]],
    ['noleap', '2000-02-28,2000-03-01', [58, 59]],
    ['noleap', '2000-02-29,2000-03-01', [59]],
    ['noleap', '2000-02-01,2000-02-29', [58]],
    ['365_day', '2000-03-01,2000-03-01', [59]],
    ['all_leap', '2000-02-29,2000-03-01', [59, 60]],
    ['julian', '2000-02-29,2000-03-01', [59, 60]],
    ['standard', '2000-02-29,2000-03-01', [59, 60]],
  ])('%s: %s are dates of the calendar', async (calendar, dates, expected) => {
    await layer.grids(modelled(calendar, [30, 58]), modelled(calendar, [59, 60]));
    const { variables } = await layer.result(`TIME,${dates};${at}`);
    expect(variables['time']?.values).toEqual(expected);
    expect(variables['time']?.attributes['calendar']).toBe(calendar);
  });

  it("times of other calendars have the calendar's dates in attributes and tables", async () => {
    await layer.grids(modelled('360_day', [59]));
    const { attributes } = await layer.result(at);
    expect(attributes['time_coverage_end']).toBe('2000-02-30T00:00:00Z');
    expect((await layer.csv(at))[1]).toBe('2000-02-30T00:00:00Z,-40,140,0');
  });

  it('a date that a calendar does not have is refused with that reason', async () => {
    await layer.grids(modelled('standard', [59]));
    const fault = await layer.fault(`TIME,2000-02-01,2000-02-30;${at}`);
    expect(fault.message).toBe(
      'Input "subset" has TIME 2000-02-30, which is no date of the layer\'s calendar "standard".',
    );
    expect(fault.exitCode).toBe(64);
  });

  it('times are joined by other names of one calendar, in other units', async () => {
    await layer.grids(
      modelled('noleap', [58, 59]),
      modelled('365_day', [24], 'hours since 2000-03-01'),
    );
    expect((await layer.result(at)).variables['time']?.values).toEqual([58, 59, 60]);
  });

  it('times are joined if both calendars have real days', async () => {
    await layer.grids(modelled('standard', [58]), modelled('proleptic_gregorian', [59]));
    expect((await layer.result(at)).variables['time']?.values).toEqual([58, 59]);
  });

  it('times of different types are joined as double', async () => {
    const time = (hour: number, type: 'float' | 'short'): GridSketch => ({
      times: [hour],
      variables: { time: field(['time'], [hour], { units: 'hours since 2020-01-01' }, type) },
    });
    await layer.grids(time(1, 'short'), time(2, 'float'));
    expect((await layer.result(at)).variables['time']).toMatchObject({
      type: 'double',
      values: [1, 2],
    });
  });

  it('times may be counted in nanoseconds', async () => {
    const units = 'nanoseconds since 1970-01-01';
    const times = (hour: bigint): GridSketch => ({
      times: [0],
      variables: {
        time: field(
          ['time'],
          [1577836800000000000n + hour * 3600000000000n],
          { standard_name: 'time', units, calendar: 'proleptic_gregorian' },
          'int64',
        ),
      },
    });
    await layer.grids(times(1n), times(0n));
    const { variables, attributes } = await layer.result(at);
    expect(variables['time']?.type).toBe('int64');
    expect(attributes).toMatchObject({
      time_coverage_start: '2020-01-01T00:00:00Z',
      time_coverage_end: '2020-01-01T01:00:00Z',
    });
  });
});
