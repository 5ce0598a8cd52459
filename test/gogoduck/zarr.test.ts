import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RangeQuery } from '@zarrita/storage';
import FileSystemStore from '@zarrita/storage/fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as zarr from 'zarrita';
import { defaultHttpSettings, httpClient } from '../../batch-jobs/gogoduck/http-client.ts';
import { FolderStore, MirroredStore } from '../../batch-jobs/gogoduck/netcdf/zarr/zarr-store.ts';
import { obtainFiles } from '../../batch-jobs/gogoduck/obtain-files.ts';
import { ZarrUrlIndex } from '../../batch-jobs/gogoduck/zarr-url-index.ts';
import { python } from './python.ts';
import { readNetcdf } from './read-netcdf.ts';
import { aggregated, csvLines, runGogoduck } from './run-gogoduck.ts';
import { describeWith } from './tools.ts';

const everywhere = 'LATITUDE,-90,90;LONGITUDE,-180,360';
let layers: string;
beforeAll(async () => {
  layers = await mkdtemp(join(tmpdir(), 'zarr-'));
});
afterAll(() => rm(layers, { recursive: true }));

/** Serves a folder with a delay for each request, and counts the bytes it sends. */
class StoreServer {
  bytes = 0;
  readonly asked: string[] = [];
  /** HTTP statuses to refuse paths with, by the end of the path. */
  refuse: Readonly<Record<string, number>> = {};
  readonly #server: Server;

  constructor(folder: string, latency: number) {
    this.#server = createServer(async (request, response) => {
      const path = new URL(request.url ?? '', 'http://x').pathname;
      this.asked.push(path);
      await new Promise((resolve) => setTimeout(resolve, latency));
      const refused = Object.entries(this.refuse).find(([end]) => path.endsWith(end));
      const file = join(folder, path);
      const found = await stat(file).catch(() => undefined);
      if (refused || !found?.isFile()) {
        response.writeHead(refused?.[1] ?? 404, { location: '/elsewhere' }).end();
        return;
      }
      this.bytes += found.size;
      response.writeHead(200, { 'content-length': found.size });
      createReadStream(file).pipe(response);
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** Runs GoGoDuck on a store below a URL. */
async function fromUrl(url: string, layer: string, subset: string): Promise<string> {
  const scratch = await mkdtemp(join(layers, 'scratch-'));
  const client = httpClient({ ...defaultHttpSettings, firstRetryMilliseconds: 1 });
  return await runGogoduck(
    layers,
    subset,
    { layer },
    {
      files: {
        index: new ZarrUrlIndex(url),
        obtain: (files, onFile) => obtainFiles(files, scratch, client, onFile),
      },
    },
  );
}

async function bytesBelow(folder: string): Promise<number> {
  let total = 0;
  for (const name of await readdir(folder, { recursive: true })) {
    const found = await stat(join(folder, name));
    if (found.isFile()) total += found.size;
  }
  return total;
}

/** Writes a version 3 store with zarrita's own writer. */
async function writeThird(folder: string, consolidated: boolean): Promise<void> {
  await mkdir(folder, { recursive: true });
  const root = zarr.root(new FileSystemStore(folder));
  await zarr.create(root, { attributes: { title: 'three' } });
  const axes = {
    time: { values: [0, 1, 2], attributes: { units: 'days since 2020-01-01' } },
    lat: { values: [-40, -39], attributes: { units: 'degrees_north' } },
    lon: { values: [140, 141, 142, 143], attributes: { units: 'degrees_east' } },
  };
  for (const [name, { values, attributes }] of Object.entries(axes)) {
    const array = await zarr.create(root.resolve(name), {
      dtype: 'float64',
      shape: [values.length],
      chunkShape: [values.length],
      dimensionNames: [name],
      attributes,
      fillValue: 0,
    });
    await zarr.set(array, [null], {
      data: Float64Array.from(values),
      shape: [values.length],
      stride: [1],
    });
  }
  const data = await zarr.create(root.resolve('t'), {
    dtype: 'int16',
    shape: [3, 2, 4],
    chunkShape: [2, 2, 3],
    dimensionNames: ['time', 'lat', 'lon'],
    attributes: { units: 'K', _FillValue: -9, scale_factor: 2 },
    fillValue: -9,
  });
  // The last step is not written.
  await zarr.set(data, [zarr.slice(0, 2), null, null], {
    data: Int16Array.from({ length: 16 }, (_, index) => index),
    shape: [2, 2, 4],
    stride: [8, 4, 1],
  });
  if (consolidated) await consolidate(folder);
}

/** Consolidates a version 3 store as zarr-python does. */
async function consolidate(folder: string): Promise<void> {
  const read = async (name: string) =>
    JSON.parse(await readFile(join(folder, name, 'zarr.json'), 'utf8'));
  const metadata: Record<string, unknown> = {};
  for (const name of ['time', 'lat', 'lon', 't']) metadata[name] = await read(name);
  const root = { ...(await read('')), consolidated_metadata: { kind: 'inline', metadata } };
  await (await import('node:fs/promises')).writeFile(
    join(folder, 'zarr.json'),
    JSON.stringify(root),
  );
}

describe('a Zarr store of version 3', () => {
  it('a Zarr store is a layer, as a folder or a folder in one, and what was never written has the fill value', async () => {
    await writeThird(join(layers, 'third'), false);
    await writeThird(join(layers, 'within', 'deep', 'third.zarr'), true);
    for (const layer of ['third', 'within']) {
      const read = await aggregated(layers, everywhere, { layer });
      expect(read.dimensions).toEqual({ time: -3, lat: 2, lon: 4 });
      expect(read.attributes['title']).toBe('three');
      expect(read.variables['t']).toMatchObject({
        type: 'short',
        attributes: { units: 'K', _FillValue: -9, scale_factor: 2 },
        values: [...Array.from({ length: 16 }, (_, index) => index), ...Array(8).fill(-9)],
      });
    }
  });

  it('a Zarr store is cut as files are, and given as CSV', async () => {
    await writeThird(join(layers, 'cut'), false);
    const subset = 'TIME,2020-01-02,2020-01-02;LATITUDE,-39,-39;LONGITUDE,141,142';
    const lines = await csvLines(layers, subset, { layer: 'cut' });
    expect(lines.slice(1)).toEqual([
      '2020-01-02T00:00:00Z,-39,141,26',
      '2020-01-02T00:00:00Z,-39,142,28',
    ]);
  });

  it('a Zarr store is refused if an array does not name its dimensions', async () => {
    const folder = join(layers, 'nameless');
    await writeThird(folder, false);
    const root = zarr.root(new FileSystemStore(folder));
    await zarr.create(root.resolve('x'), { dtype: 'int8', shape: [1], chunkShape: [1] });
    await expect(aggregated(layers, everywhere, { layer: 'nameless' })).rejects.toThrow(
      'File "nameless" has array x without names of its dimensions',
    );
  });
});

describe('a Zarr store at a URL', () => {
  let server: StoreServer;
  let url: string;
  beforeAll(async () => {
    await writeThird(join(layers, 'stores', 'good.zarr'), true);
    await writeThird(join(layers, 'stores', 'loose.zarr'), false);
    server = new StoreServer(join(layers, 'stores'), 0);
    url = await server.start();
  });
  afterAll(() => server.stop());

  it('a Zarr store at a URL gives what it gives in a folder, and each object is requested once', async () => {
    server.asked.length = 0;
    const read = await readNetcdf(await fromUrl(url, 'good', everywhere));
    expect(read.variables['t']?.values.slice(0, 4)).toEqual([0, 1, 2, 3]);
    expect(new Set(server.asked).size).toBe(server.asked.length);
  });

  it.each([
    ['is not there', 'absent', {}, 'File "absent.zarr" is no Zarr store: it has no group.'],
    ['cannot be listed', 'loose', {}, 'File "loose.zarr" has no consolidated metadata'],
    ['keeps a chunk to itself', 'good', { 't/c/0/0/0': 403 }, 'its server answered 403'],
    ['leads elsewhere', 'good', { 't/c/0/0/0': 302 }, 'its server answered 302'],
  ])('a Zarr store at a URL is refused if it %s', async (_, layer, refuse, words) => {
    server.refuse = refuse;
    await expect(fromUrl(url, layer, everywhere)).rejects.toThrow(words);
    server.refuse = {};
  });
});

describe('a part of an object of a Zarr store', () => {
  it('a part of an object is the same in a folder and at a URL, which is asked for no more', async () => {
    const folder = join(layers, 'parts');
    await mkdir(folder);
    await writeFile(join(folder, 'object'), 'abcdefgh');
    const ranges: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      const { range } = request.headers;
      ranges.push(range);
      if (request.url !== '/object') return response.writeHead(404).end();
      const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
      const [first, last] = from ? [Number(from), Number(to)] : [8 - Number(to), 7];
      const part = 'abcdefgh'.slice(first, last + 1);
      const headers = {
        'content-range': `bytes ${first}-${last}/8`,
        'content-length': part.length,
      };
      return response.writeHead(206, headers).end(part);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const mirror = join(layers, 'mirror');
    await MirroredStore.prepare(mirror, { url });
    const remote = (await MirroredStore.of(mirror)) as MirroredStore;
    try {
      for (const store of [new FolderStore(folder), remote]) {
        const part = async (key: `/${string}`, range: RangeQuery) => {
          const bytes = await store.getRange(key, range);
          return bytes && Buffer.from(bytes).toString();
        };
        expect(await part('/object', { offset: 2, length: 3 })).toBe('cde');
        expect(await part('/object', { suffixLength: 2 })).toBe('gh');
        expect(await part('/gone', { offset: 0, length: 1 })).toBeUndefined();
        await expect(store.getRange('/../object', { offset: 0, length: 1 })).rejects.toThrow(
          'leads out of the store',
        );
      }
      expect(ranges).toEqual(['bytes=2-4', 'bytes=-2', 'bytes=0-0']);
    } finally {
      await remote.close();
      server.close();
    }
  });
});

describeWith(['zarr', 'xarray'], 'a Zarr store of version 2, by xarray', () => {
  const make = `
import json, sys, numpy as np, xarray as xr, numcodecs
path, consolidated = sys.argv[1], sys.argv[2] == 'true'
size = (12, 60, 100)
random = np.random.default_rng(1)
values = random.normal(15, 3, size).astype('f4'); values[:, :5, :7] = np.nan
data = xr.Dataset(
  {'sst': (('time', 'lat', 'lon'), values, {'units': 'degC', 'valid_max': 40}),
   'packed': (('time', 'lat', 'lon'), np.where(np.isnan(values), np.nan, np.round(values)), {'units': 'K'}),
   'count': (('time', 'lat', 'lon'), random.integers(-2**62, 2**62, size)),
   'label': (('time',), np.array(['step %d' % step for step in range(12)], dtype=object))},
  coords={'time': ('time', np.arange(12), {'units': 'days since 2020-01-01'}),
          'lat': ('lat', np.linspace(-50, -20, 60), {'units': 'degrees_north'}),
          'lon': ('lon', np.linspace(110, 160, 100), {'units': 'degrees_east'})},
  attrs={'title': 'two'})
data.to_zarr(path, mode='w', consolidated=consolidated, encoding={
  'sst': {'chunks': (5, 20, 30)},
  'packed': {'chunks': (12, 7, 100), 'dtype': 'i2', 'scale_factor': 0.5, 'add_offset': 10.0, '_FillValue': -999, 'compressor': numcodecs.Zlib(4), 'filters': [numcodecs.Shuffle(2)]},
  'count': {'chunks': (1, 60, 100), 'compressor': numcodecs.Zstd(1), 'dtype': '>i8'}})
print('null')`;
  const compare = `
import json, sys, numpy as np, xarray as xr
store, result, area = xr.open_zarr(sys.argv[1], consolidated=None), xr.open_dataset(sys.argv[2]), json.loads(sys.argv[3])
expected = store.sel(time=slice(*area['time']), lat=slice(*area['lat']), lon=slice(*area['lon'])).load()
faults = [name for name in expected.variables if not (
  np.array_equal(result[name].values, expected[name].values, equal_nan=expected[name].dtype.kind == 'f')
  if expected[name].dtype.kind != 'O' else list(result[name].values) == list(expected[name].values))]
faults += [name for name in result.variables if name not in expected.variables]
print(json.dumps(faults))`;
  const area = { time: ['2020-01-03', '2020-01-08'], lat: [-40, -30], lon: [120, 135] };
  const subset = 'TIME,2020-01-03,2020-01-08;LATITUDE,-40,-30;LONGITUDE,120,135';

  it.each([
    ['consolidated', true],
    ['not consolidated', false],
  ])('a Zarr store that is %s gives the values that xarray gives', async (name, consolidated) => {
    const store = join(layers, name.replaceAll(' ', '_'));
    python('zarr', make, store, String(consolidated));
    const path = await runGogoduck(layers, subset, { layer: name.replaceAll(' ', '_') });
    expect(python('xarray', compare, store, path, JSON.stringify(area))).toEqual([]);
  });

  it('a Zarr store at a URL transfers the chunks of the box, a small part of the whole', async () => {
    const store = join(layers, 'remote', 'store.zarr');
    await mkdir(join(layers, 'remote'));
    python('zarr', make, store, 'true');
    const server = new StoreServer(join(layers, 'remote'), 20);
    try {
      const url = await server.start();
      const path = await fromUrl(url, 'store', subset);
      expect(python('xarray', compare, store, path, JSON.stringify(area))).toEqual([]);
      expect(server.bytes).toBeLessThan((await bytesBelow(store)) * 0.7);
      // These are six of the twelve steps of one variable, whose chunks are whole maps.
      expect(server.asked.filter((key) => key.includes('/count/')).length).toBe(6);
    } finally {
      server.stop();
    }
  });
});
