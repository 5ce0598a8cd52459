import { describe, expect, it } from 'vitest';
import { asItIs } from '../../batch-jobs/gogoduck/aggregate/found-differences.ts';
import {
  type Adaptation,
  filledVariables,
  JoinedFile,
  withTextLengths,
} from '../../batch-jobs/gogoduck/aggregate/joined-file.ts';
import { promotionOf } from '../../batch-jobs/gogoduck/aggregate/promote-time.ts';
import { textAttribute, textOf } from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import type { Box, NetcdfFile, Variable } from '../../batch-jobs/gogoduck/netcdf/netcdf-file.ts';
import { positionsIn, ravelled } from '../../batch-jobs/gogoduck/netcdf/positions.ts';
import type { NetcdfType } from '../../batch-jobs/gogoduck/netcdf/types.ts';
import { type HeaderSketch, header } from './header-sketch.ts';
import { numbers } from './make-netcdf.ts';

const variable = (
  name: string,
  type: NetcdfType,
  dimensions: string[],
  shape: number[],
): Variable => ({
  name,
  type,
  dimensions,
  shape,
});

/** A file whose bytes count up from 0 in each variable. */
function fileOf(...variables: Variable[]) {
  const closed: string[] = [];
  const read = ({ shape }: Variable, { start, count }: Box, target: Uint8Array): void => {
    target.set([...positionsIn(start, count)].map((each) => ravelled(each, shape)));
  };
  const byName = new Map(variables.map((each) => [each.name, each]));
  const file: NetcdfFile = {
    name: 'a.nc',
    members: new Set(byName.keys()),
    dimensions: new Map([['x', { name: 'x', size: 3, unlimited: false }]]),
    variables: byName,
    unread: new Map([['odd', 'opaque']]),
    layout: (name) => byName.get(name),
    attributes: (each) => new Map([['own', textAttribute(each?.name ?? 'file')]]),
    encodingAttributes: (each) => new Map([['own', textAttribute(each.name)]]),
    read,
    fetch: async (...args) => read(...args),
    readStrings: (each, { start, count }) =>
      [...positionsIn(start, count)].map((at) => `${each.dimensions.join()} ${at.join()}`),
    readBytes: (each, box) => {
      const target = new Uint8Array([...positionsIn(box.start, box.count)].length);
      read(each, box, target);
      return target;
    },
    chunks: (each) => ({ of: each.name }) as never,
    close: () => closed.push('closed'),
  };
  return { file, closed };
}

/** The same bytes, read and fetched. */
async function bytesOf(file: NetcdfFile, of: Variable, box: Box): Promise<number[]> {
  const bytes = file.readBytes(of, box);
  const fetched = new Uint8Array(bytes.length).fill(99);
  await file.fetch(of, box, fetched);
  expect([...fetched]).toEqual([...bytes]);
  return [...bytes];
}

describe('a file that is made like the others of its layer', () => {
  const own = variable('v', 'byte', ['time', 'x'], [2, 3]);

  it('a file that needs nothing is as it is', async () => {
    const { file, closed } = fileOf(own);
    const joined = new JoinedFile(file, asItIs, 'time');
    expect([joined.name, [...joined.members], [...joined.unread]]).toEqual([
      'a.nc',
      ['v'],
      [['odd', 'opaque']],
    ]);
    expect(joined.dimensions).toBe(file.dimensions);
    expect([...joined.variables]).toEqual([['v', own]]);
    expect(joined.layout('v')).toEqual(own);
    expect(joined.layout('absent')).toBeUndefined();
    expect(textOf(joined.attributes().get('own'))).toBe('file');
    expect(textOf(joined.attributes(own).get('own'))).toBe('v');
    expect(textOf(joined.encodingAttributes(own).get('own'))).toBe('v');
    expect(await bytesOf(joined, own, { start: [0, 1], count: [2, 2] })).toEqual([1, 2, 4, 5]);
    expect(joined.readStrings(own, { start: [0, 1], count: [1, 1] })).toEqual(['time,x 0,1']);
    expect(joined.chunks(own)).toEqual({ of: 'v' });
    joined.close();
    expect(closed).toEqual(['closed']);
  });

  it('a variable that it lacks is filled, for as many steps as it has times', async () => {
    const { file } = fileOf(variable('time', 'double', ['time'], [5]), own);
    const lacking = variable('w', 'short', ['time', 'x'], [2, 3]);
    const attributes = new Map([['_FillValue', numbers('short', 258)]]);
    const adaptation = { ...asItIs, filled: new Map([['w', { variable: lacking, attributes }]]) };
    const joined = new JoinedFile(file, adaptation, 'time');
    expect(joined.layout('w')).toEqual({ type: 'short', shape: [5, 3] });
    expect(joined.attributes(lacking)).toBe(attributes);
    expect(joined.encodingAttributes(lacking)).toBe(attributes);
    const box = { start: [4, 0], count: [1, 2] };
    expect(await bytesOf(joined, lacking, box)).toEqual([2, 1, 2, 1]);
    expect(joined.readStrings(lacking, box)).toEqual(['', '']);
    expect(joined.chunks(lacking)).toBeUndefined();
    // A variable that is there is not filled.
    const there = new JoinedFile(
      file,
      { ...asItIs, filled: new Map([['v', { variable: own, attributes }]]) },
      'time',
    );
    expect(there.layout('v')).toEqual(own);
    expect(there.chunks(own)).toEqual({ of: 'v' });
    const timeless = new JoinedFile(fileOf(own).file, adaptation, 'time');
    expect(timeless.layout('w')).toEqual({ type: 'short', shape: [1, 3] });
  });

  it('a time without a dimension becomes one, of what belongs to it', async () => {
    const still = variable('v', 'byte', ['x'], [3]);
    const time = variable('time', 'double', [], []);
    const other = variable('mask', 'byte', ['x'], [3]);
    const { file } = fileOf(time, still, other);
    const promotion = { time: 'time', variables: new Set(['time', 'v']) };
    const joined = new JoinedFile(file, { ...asItIs, promotion }, 'time');
    expect([...joined.dimensions.values()]).toEqual([
      { name: 'time', size: 1, unlimited: true },
      { name: 'x', size: 3, unlimited: false },
    ]);
    const promoted = variable('v', 'byte', ['time', 'x'], [1, 3]);
    expect([...joined.variables.values()]).toEqual([
      variable('time', 'double', ['time'], [1]),
      promoted,
      other,
    ]);
    expect(joined.layout('v')?.shape).toEqual([1, 3]);
    expect(joined.layout('mask')?.shape).toEqual([3]);
    const box = { start: [0, 1], count: [1, 2] };
    expect(await bytesOf(joined, promoted, box)).toEqual([1, 2]);
    expect(joined.readStrings(promoted, box)).toEqual(['x 1', 'x 2']);
    expect(joined.readStrings(other, { start: [1], count: [1] })).toEqual(['x 1']);
    expect([joined.chunks(promoted), joined.chunks(other)]).toEqual([undefined, { of: 'mask' }]);
    const flat = variable('v', 'byte', ['y', 'x'], [2, 3]);
    const square = new JoinedFile(fileOf(time, flat).file, { ...asItIs, promotion }, 'time');
    const promotedToo = variable('v', 'byte', ['time', 'y', 'x'], [1, 2, 3]);
    const inner = { start: [0, 1, 1], count: [1, 1, 2] };
    expect(await bytesOf(square, promotedToo, inner)).toEqual([4, 5]);
  });

  it('texts are as long as the longest, and end with NUL', async () => {
    const words = variable('w', 'char', ['time', 'length'], [2, 5]);
    const { file } = fileOf({ ...words, shape: [2, 3] }, own);
    const joined = new JoinedFile(
      file,
      { ...asItIs, textLengths: new Map([['length', 5]]) },
      'time',
    );
    expect(await bytesOf(joined, words, { start: [0, 0], count: [2, 5] })).toEqual([
      ...[0, 1, 2, 0, 0],
      ...[3, 4, 5, 0, 0],
    ]);
    expect(joined.chunks(words)).toBeUndefined();
    expect(joined.chunks(own)).toEqual({ of: 'v' });
    // Texts that are as long as those that are asked for are read as they are.
    const long = new JoinedFile(
      fileOf(words).file,
      { ...asItIs, textLengths: new Map([['length', 5]]) },
      'time',
    );
    expect(await bytesOf(long, words, { start: [1, 0], count: [1, 5] })).toEqual([5, 6, 7, 8, 9]);
    // Bytes along that dimension are no texts.
    const bytes = { ...words, type: 'byte' } as const;
    expect(
      await bytesOf(
        new JoinedFile(
          fileOf(bytes).file,
          { ...asItIs, textLengths: new Map([['length', 9]]) },
          'time',
        ),
        bytes,
        { start: [0, 0], count: [1, 2] },
      ),
    ).toEqual([0, 1]);
  });
});

describe('what a layer needs so that its files are alike', () => {
  it('the header has the longest texts', () => {
    const file = header({
      word: { dimensions: 'time length', type: 'char' },
      v: { dimensions: 'time' },
    });
    expect(withTextLengths(file, new Map())).toBe(file);
    const longer = withTextLengths(file, new Map([['length', 7]]));
    expect(longer.dimensions.get('length')).toMatchObject({ name: 'length', size: 7 });
    expect(longer.dimensions.get('time')).toMatchObject({ size: 3 });
    expect(longer.variables.get('word')?.shape).toEqual([3, 7]);
    expect(longer.variables.get('v')?.shape).toEqual([3]);
    const shorter = withTextLengths(file, new Map([['length', 2]]));
    expect(shorter.variables.get('word')?.shape).toEqual([3, 3]);
  });

  it('variables that are filled have their attributes; others are not filled', () => {
    const file = header({ v: { dimensions: 'time', attributes: { units: 'm' } } });
    const filled = filledVariables(file, ['v', 'absent']);
    expect([...filled.keys()]).toEqual(['v']);
    expect(textOf(filled.get('v')?.attributes.get('units'))).toBe('m');
  });
});

describe('the single time of a file', () => {
  const place = (units: string, dimensions: string): HeaderSketch => ({
    dimensions,
    attributes: { units },
  });
  const grid = { lat: place('degrees_north', 'lat'), lon: place('degrees_east', 'lon') };
  const time = (attributes = {}): HeaderSketch => ({
    attributes: { units: 'days since 2000-01-01', standard_name: 'time', ...attributes },
  });
  const of = (sketch: Readonly<Record<string, HeaderSketch>>): Adaptation['promotion'] =>
    promotionOf(header(sketch));

  it('the single time gets a dimension, and so do data on the grid and what names it', () => {
    const promotion = of({
      ...grid,
      time: time({ bounds: 'ends' }),
      ends: { dimensions: 'nv' },
      v: { dimensions: 'lat lon' },
      profile: { dimensions: 'z', attributes: { coordinates: 'lat time' } },
      other: { dimensions: 'z', attributes: { coordinates: 'times' } },
      run: { attributes: { units: 'hours since 2000-01-01' } },
      crs: {},
      row: { dimensions: 'lat' },
    });
    expect(promotion).toEqual({
      time: 'time',
      variables: new Set(['time', 'ends', 'v', 'profile', 'run']),
    });
  });

  it('bounds of cells and places get no dimension', () => {
    const bent = {
      time: time(),
      lat: { dimensions: 'y x', attributes: { units: 'degrees_north', bounds: 'corners' } },
      lon: place('degrees_east', 'y x'),
      corners: { dimensions: 'y x nv' },
      v: { dimensions: 'y x' },
    };
    expect(of(bent)?.variables).toEqual(new Set(['time', 'v']));
  });

  it.each<[string, Readonly<Record<string, HeaderSketch>>]>([
    ['there is none', grid],
    [
      'the time has a dimension',
      { ...grid, time: { ...time(), dimensions: 'time' }, v: { dimensions: 'time lat lon' } },
    ],
    ['a dimension has its name', { ...grid, time: time(), v: { dimensions: 'time lat lon' } }],
    [
      'there is another time axis',
      {
        ...grid,
        time: time(),
        t: { dimensions: 't', attributes: { units: 'days since 2000-01-01' } },
        v: { dimensions: 't lat lon' },
      },
    ],
  ])('no time gets a dimension if %s', (_, sketch) => {
    expect(of(sketch)).toBeUndefined();
  });
});
