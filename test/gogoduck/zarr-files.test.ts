import { mkdir, mkdtemp, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadHdf5 } from '../../batch-jobs/gogoduck/netcdf/hdf5-file.ts';
import type { Variable } from '../../batch-jobs/gogoduck/netcdf/netcdf-file.ts';
import { openNetcdf } from '../../batch-jobs/gogoduck/netcdf/open-netcdf.ts';
import { ZarrNetcdfFile } from '../../batch-jobs/gogoduck/netcdf/zarr/zarr-netcdf-file.ts';
import { FolderStore, MirroredStore } from '../../batch-jobs/gogoduck/netcdf/zarr/zarr-store.ts';
import { type ArraySketch, writeStore } from './write-store.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zarr-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

let stores = 0;
const newFolder = () => join(folder, `${stores++}`);

interface ArrayMetadata {
  readonly shape: readonly number[];
  readonly chunks?: readonly number[];
  readonly type?: string;
  readonly dimensions?: readonly string[];
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly fill?: number | null;
}

/** A version 2 store in which no chunk is written, with consolidated metadata. @returns its folder */
async function emptyStore(arrays: Readonly<Record<string, ArrayMetadata>>): Promise<string> {
  const own = newFolder();
  await mkdir(own, { recursive: true });
  const metadata: Record<string, unknown> = { '.zgroup': { zarr_format: 2 } };
  for (const [
    name,
    { shape, chunks = shape, type = '|i1', dimensions, attributes, fill = null },
  ] of Object.entries(arrays)) {
    metadata[`${name}/.zarray`] = {
      ...{ zarr_format: 2, shape, chunks, dtype: type, compressor: null, filters: null },
      ...{ order: 'C', fill_value: fill },
    };
    metadata[`${name}/.zattrs`] = {
      _ARRAY_DIMENSIONS: dimensions ?? shape.map((_, axis) => `${name}_${axis}`),
      ...attributes,
    };
  }
  await writeFile(
    join(own, '.zmetadata'),
    JSON.stringify({ zarr_consolidated_format: 1, metadata }),
  );
  return own;
}

const variableOf = (file: ZarrNetcdfFile, name: string): Variable => {
  const variable = file.variables.get(name);
  if (!variable) throw new Error(`no ${name}`);
  return variable;
};

async function fetched(
  file: ZarrNetcdfFile,
  name: string,
  start: number[],
  count: number[],
  size = 1,
) {
  const target = new Uint8Array(count.reduce((product, each) => product * each, size));
  await file.fetch(variableOf(file, name), { start, count }, target);
  return [...target];
}

describe('a file that is not there', () => {
  it('a file that is not there is refused by its name', async () => {
    await expect(openNetcdf(await loadHdf5(), join(folder, 'absent.nc'))).rejects.toMatchObject({
      message: 'File "absent.nc" is listed for the layer but cannot be opened.',
      exitCode: 65,
    });
  });
});

describe('the arrays of a Zarr store', () => {
  it.each<[string, Readonly<Record<string, ArrayMetadata>>, string]>([
    [
      'of one dimension in two sizes',
      { a: { shape: [2], dimensions: ['x'] }, b: { shape: [3], dimensions: ['x'] } },
      'has dimension x of 3 cells in b, and of 2 elsewhere.',
    ],
    [
      'of more cells than can be counted with',
      { a: { shape: [2 ** 31, 1, 1], chunks: [1, 1, 1], dimensions: ['x', 'y', 'z'] } },
      'has dimension x of 2147483648 cells in a.',
    ],
    [
      'of a dimension less than it names',
      { a: { shape: [2], dimensions: ['x', 'y'] } },
      'has array a without names of its dimensions;',
    ],
    [
      'whose coordinates are too many',
      { a: { shape: [16 * 1024 * 1024 + 1], chunks: [1], type: '<f8' } },
      'has coordinates of 134217736 bytes; allowed: at most 134217728.',
    ],
    [
      'of which there are too many',
      Object.fromEntries(
        Array.from({ length: 2_001 }, (_, at) => [`v${at}`, { shape: [] }] as const),
      ),
      'has 2001 arrays; allowed: at most 2000.',
    ],
  ])('arrays %s are refused', async (_, arrays, words) => {
    await expect(ZarrNetcdfFile.open(await emptyStore(arrays))).rejects.toThrow(words);
  });

  it('arrays may have just less than 2 ** 31 cells along a dimension', async () => {
    const shape = [2 ** 31 - 1, 1, 1];
    const store = await emptyStore({
      a: { shape, chunks: [1, 1, 1], dimensions: ['x', 'y', 'z'] },
    });
    const file = await ZarrNetcdfFile.open(store);
    expect(file.dimensions.get('x')?.size).toBe(2 ** 31 - 1);
    expect([...file.members]).toEqual(['a', 'x', 'y', 'z']);
    expect(file.layout('a')).toEqual({ type: 'byte', shape });
    expect(file.layout('absent')).toBeUndefined();
    expect(file.chunks()).toBeUndefined();
  });

  it.each<[string, string]>([
    ['|i1', 'byte'],
    ['|u1', 'ubyte'],
    ['|b1', 'byte'],
    ['<i2', 'short'],
    ['<u2', 'ushort'],
    ['<i4', 'int'],
    ['<u4', 'uint'],
    ['<i8', 'int64'],
    ['<u8', 'uint64'],
    ['<f4', 'float'],
    ['<f8', 'double'],
    ['|S1', 'char'],
    ['|S5', 'string'],
    ['<U5', 'string'],
  ])('arrays of type %s are of type %s', async (type, expected) => {
    const file = await ZarrNetcdfFile.open(await emptyStore({ v: { shape: [1, 0, 1], type } }));
    expect(variableOf(file, 'v').type).toBe(expected);
  });

  it.each(['<f2', '<c8', '<M8[ns]', '|V4', '<i16'])(
    'arrays of type %s are not read',
    async (type) => {
      const file = await ZarrNetcdfFile.open(await emptyStore({ v: { shape: [1, 1], type } }));
      expect([...file.unread]).toEqual([['v', type]]);
      expect(file.variables.size).toBe(0);
      const coordinate = await emptyStore({ v: { shape: [1], type, dimensions: ['v'] } });
      await expect(ZarrNetcdfFile.open(coordinate)).rejects.toThrow(
        `has coordinate v of type ${type}, which is not read here`,
      );
      // It is no coordinate if it is along another dimension.
      const other = await emptyStore({ v: { shape: [1], type, dimensions: ['x'] } });
      expect((await ZarrNetcdfFile.open(other)).unread.size).toBe(1);
    },
  );

  it('arrays in groups of the store, and outside it, do not count as its arrays', async () => {
    const store = await emptyStore({ v: { shape: [] }, 'g/v': { shape: [] } });
    expect([...(await ZarrNetcdfFile.open(store)).variables.keys()]).toEqual(['v']);
  });

  it('a fill value marks missing data in version 2, where it is an attribute', async () => {
    const file = await ZarrNetcdfFile.open(await emptyStore({ v: { shape: [2], fill: -5 } }));
    const attributes = file.attributes(variableOf(file, 'v'));
    expect(attributes.get('_FillValue')).toMatchObject({ type: 'byte', values: Int8Array.of(-5) });
    expect(file.attributes(variableOf(file, 'v'))).toBe(attributes);
    expect(file.encodingAttributes(variableOf(file, 'v'))).toBe(attributes);
    expect([...file.readBytes(variableOf(file, 'v'), { start: [0], count: [2] })]).toEqual([
      251, 251,
    ]);
  });
});

describe('what is read whole when a Zarr store is opened', () => {
  const places = (attributes: Readonly<Record<string, unknown>>) => ({
    shape: [2, 2],
    dimensions: ['y', 'x'],
    attributes,
  });

  it.each<[string, Readonly<Record<string, unknown>>, boolean]>([
    ['degrees_north', { units: 'degrees_north' }, true],
    ['degree_east', { units: 'degree_east' }, true],
    ['degreesN', { units: 'degreesN' }, true],
    ['degrees_E', { units: 'degrees_E' }, true],
    ['a latitude', { standard_name: 'latitude' }, true],
    ['a longitude', { standard_name: 'longitude', units: 'degrees' }, true],
    ['a turned longitude', { standard_name: 'grid_longitude' }, false],
    ['degrees', { units: 'degrees' }, false],
    ['degrees_Celsius', { units: 'degrees_Celsius' }, false],
    ['nothing', {}, false],
  ])('data of two dimensions with %s is a coordinate: %s', async (_, attributes, expected) => {
    const file = await ZarrNetcdfFile.open(
      await emptyStore({ v: { ...places(attributes), fill: 3 } }),
    );
    const read = () => file.readBytes(variableOf(file, 'v'), { start: [1, 0], count: [1, 2] });
    if (expected) expect([...read()]).toEqual([3, 3]);
    else expect(read).toThrow('has v where coordinates are looked for.');
    expect(await fetched(file, 'v', [1, 0], [1, 2])).toEqual([3, 3]);
  });

  it.each(['bounds', 'climatology', 'coordinates'])(
    'data that is named as %s is a coordinate',
    async (attribute) => {
      const store = await emptyStore({
        v: places({}),
        w: places({}),
        t: { shape: [1], attributes: { [attribute]: 'u v' } },
      });
      const file = await ZarrNetcdfFile.open(store);
      const box = { start: [0, 0], count: [1, 1] };
      expect(() => file.readBytes(variableOf(file, 'v'), box)).not.toThrow();
      expect(() => file.readBytes(variableOf(file, 'w'), box)).toThrow('where coordinates are');
    },
  );

  it('texts are read whole, and cells beyond them are empty', async () => {
    const words: ArraySketch = {
      dimensions: ['y', 'x'],
      shape: [2, 2],
      type: '|S2',
      bytes: Buffer.from('abcdefgh'),
    };
    const own = newFolder();
    await writeStore(own, {
      words,
      v: { ...words, type: '|i1', bytes: Uint8Array.of(1, 2, 3, 4) },
    });
    const file = await ZarrNetcdfFile.open(own);
    const read = (name: string, start: number[], count: number[]) =>
      file.readStrings(variableOf(file, name), { start, count });
    expect(read('words', [0, 1], [2, 1])).toEqual(['cd', 'gh']);
    expect(read('words', [1, 0], [1, 2])).toEqual(['ef', 'gh']);
    expect(read('v', [0, 0], [1, 1])).toEqual(['']);
    file.close();
  });

  it('texts in several chunks are in their places', async () => {
    const own = newFolder();
    await writeStore(own, {
      words: { dimensions: ['y', 'x'], shape: [1, 1], type: '|S1', bytes: Buffer.from('?') },
    });
    const zarray = {
      zarr_format: 2,
      shape: [3, 3],
      chunks: [2, 2],
      dtype: '|S2',
      compressor: null,
      filters: null,
      order: 'C',
      fill_value: null,
    };
    await writeFile(join(own, 'words', '.zarray'), JSON.stringify(zarray));
    for (const [key, text] of [
      ['0.0', 'a0b0c0d0'],
      ['0.1', 'e0..f0..'],
      ['1.0', 'g0h0....'],
      ['1.1', 'i0......'],
    ] as const) {
      await writeFile(join(own, 'words', key), text);
    }
    const file = await ZarrNetcdfFile.open(own);
    const box = { start: [0, 0], count: [3, 3] };
    expect(file.readStrings(variableOf(file, 'words'), box)).toEqual(
      ['a', 'b', 'e', 'c', 'd', 'f', 'g', 'h', 'i'].map((each) => `${each}0`),
    );
  });
});

describe('the chunks of a Zarr store', () => {
  const mebibyte = 1024 * 1024;

  it('a box is cut out of all chunks that it touches, and out of no other', async () => {
    const own = await emptyStore({
      v: { shape: [3, 5], chunks: [2, 2], dimensions: ['y', 'x'], fill: 99 },
    });
    await mkdir(join(own, 'v'));
    const keys = ['0.0', '0.1', '0.2', '1.0', '1.1', '1.2'];
    for (const [at, key] of keys.entries()) {
      await writeFile(
        join(own, 'v', key),
        Uint8Array.from([0, 1, 2, 3], (cell) => at * 10 + cell),
      );
    }
    const file = await ZarrNetcdfFile.open(own);
    expect(await fetched(file, 'v', [1, 1], [2, 3])).toEqual([3, 12, 13, 31, 40, 41]);
    expect(await fetched(file, 'v', [0, 4], [3, 1])).toEqual([20, 22, 50]);
    expect(await fetched(file, 'v', [0, 0], [0, 5])).toEqual([]);
    await writeFile(join(own, 'v', '1.1'), 'xyz');
    const again = await ZarrNetcdfFile.open(own);
    expect(await fetched(again, 'v', [0, 1], [2, 3])).toEqual([1, 10, 11, 3, 12, 13]);
    await expect(fetched(again, 'v', [2, 2], [1, 1])).rejects.toThrow('is damaged');
  });

  it('chunks are kept up to 96 MiB, and those that were wanted longest ago go first', async () => {
    const size = 40 * mebibyte;
    const own = await emptyStore({
      v: { shape: [4, size], chunks: [1, size], dimensions: ['y', 'x'], fill: 7 },
    });
    await mkdir(join(own, 'v'));
    // Files of nothing but zeros, which take no room.
    for (const row of [0, 1, 2]) {
      await writeFile(join(own, 'v', `${row}.0`), '');
      await truncate(join(own, 'v', `${row}.0`), size);
    }
    const file = await ZarrNetcdfFile.open(own);
    const cell = async (row: number) => (await fetched(file, 'v', [row, 5], [1, 1]))[0];
    expect([await cell(0), await cell(1), await cell(0)]).toEqual([0, 0, 0]);
    for (const row of [0, 1]) await unlink(join(own, 'v', `${row}.0`));
    // A chunk that is gone has the fill value, as long as it is not kept.
    expect([await cell(0), await cell(1)]).toEqual([0, 0]);
    expect(await cell(0)).toBe(0);
    expect(await cell(2)).toBe(0);
    expect([await cell(0), await cell(1)]).toEqual([0, 7]);
  });

  /** Serves a store without chunks, and answers to a request for a chunk only if so many are waiting. */
  async function mostWaiting(chunk: number, wanted: number, chunks: number): Promise<number> {
    const own = await emptyStore({
      v: { shape: [chunks, chunk], chunks: [1, chunk], dimensions: ['y', 'x'], fill: 0 },
    });
    const metadata = new FolderStore(own);
    const waiting: ServerResponse[] = [];
    let [most, arrived] = [0, 0];
    const absent = (response: ServerResponse | undefined) => response?.writeHead(404).end();
    const server = createServer(async (request, response) => {
      const key = (request.url ?? '/') as `/${string}`;
      if (!/\/v\/\d+\.\d+$/.test(key)) {
        const bytes = await metadata.get(key);
        return bytes ? response.writeHead(200).end(bytes) : absent(response);
      }
      waiting.push(response);
      most = Math.max(most, waiting.length);
      if (++arrived === chunks) for (const each of waiting.splice(0)) absent(each);
      else if (waiting.length >= wanted) absent(waiting.shift());
      return undefined;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const mirror = newFolder();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await MirroredStore.prepare(mirror, { url });
    const file = await ZarrNetcdfFile.open(mirror);
    try {
      await fetched(file, 'v', [0, 0], [chunks, 1]);
    } finally {
      file.close();
      server.close();
    }
    return most;
  }

  it.each([
    [16, 'small', 10, 40],
    [2, 'of 32 MiB', 32 * mebibyte, 3],
    [1, 'of more than 32 MiB', 32 * mebibyte + 1, 3],
    [1, 'of more than 64 MiB', 64 * mebibyte + 1, 2],
  ])('chunks are fetched %d at a time if they are %s', async (atOnce, _, size, chunks) => {
    expect(await mostWaiting(size, atOnce, chunks)).toBe(atOnce);
  });
});

describe('a Zarr store on another machine', () => {
  async function served(
    answer: (key: string) => number,
  ): Promise<{ store: MirroredStore; asked: string[]; stop: () => Promise<void> }> {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(answer(request.url ?? '')).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const mirror = newFolder();
    // Slashes at the end do not count.
    await MirroredStore.prepare(mirror, {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base//`,
    });
    const store = (await MirroredStore.of(mirror)) as MirroredStore;
    const stop = async () => {
      await store.close();
      server.close();
    };
    return { store, asked, stop };
  }

  it.each<[string, number, boolean]>([
    ['/.zgroup', 404, true],
    ['/v/.zarray', 403, true],
    ['/zarr.json', 403, true],
    ['/v/0.0', 404, true],
    ['/v/0.0', 403, false],
    ['/v/zarrXjson', 403, false],
    ['/.zgroup', 401, false],
    ['/.zgroup', 400, false],
  ])('an object %s that is answered with %d is absent: %s', async (key, status, isAbsent) => {
    const { store, asked, stop } = await served(() => status);
    try {
      const get = () => store.get(key as `/${string}`);
      if (isAbsent) {
        expect(await get()).toBeUndefined();
        expect(await get()).toBeUndefined();
        // It is asked for once.
        expect(asked).toEqual([`/base${key}`]);
      } else {
        await expect(get()).rejects.toMatchObject({
          message: `Object "${key}" of a Zarr store is unavailable: its server answered ${status}.`,
          exitCode: 66,
        });
      }
    } finally {
      await stop();
    }
  });

  it('an object is fetched once, and cannot be listed', async () => {
    const { store, asked, stop } = await served(() => 200);
    try {
      expect(Buffer.from((await store.get('/v/.zattrs')) ?? []).toString()).toBe('{}');
      expect(Buffer.from((await store.get('/v/.zattrs')) ?? []).toString()).toBe('{}');
      expect(asked).toEqual(['/base/v/.zattrs']);
      expect(await store.folders()).toBeUndefined();
      await expect(store.get('/../x')).rejects.toThrow('leads out of the store');
    } finally {
      await stop();
    }
  });

  it('a folder that mirrors nothing is no such store', async () => {
    const own = newFolder();
    await mkdir(own);
    expect(await MirroredStore.of(own)).toBeUndefined();
  });

  it('what is no file is absent from a folder, and other faults are faults', async () => {
    const own = newFolder();
    await mkdir(join(own, 'v'), { recursive: true });
    await writeFile(join(own, 'file'), 'x');
    const store = new FolderStore(own);
    expect(await store.get('/absent')).toBeUndefined();
    expect(await store.get('/v')).toBeUndefined();
    expect(await store.get('/file/below')).toBeUndefined();
    await expect(store.get(`/${'n'.repeat(300)}`)).rejects.toThrow('ENAMETOOLONG');
  });
});
