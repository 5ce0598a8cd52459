import { mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { advice } from '../../batch-jobs/gogoduck/advice.ts';
import { defaultHttpSettings, httpClient } from '../../batch-jobs/gogoduck/http-client.ts';
import { obtainFiles } from '../../batch-jobs/gogoduck/obtain-files.ts';
import { ZarrUrlIndex } from '../../batch-jobs/gogoduck/zarr-url-index.ts';
import { type S3StandIn, startS3StandIn } from '../s3-stand-in.ts';
import { everywhere, faultOf, useLayer } from './layer-folder.ts';
import { readNetcdf } from './read-netcdf.ts';
import { runGogoduck } from './run-gogoduck.ts';
import { gridStore, writeStore } from './write-store.ts';

const layer = useLayer();
let s3: S3StandIn;
beforeAll(async () => {
  s3 = await startS3StandIn();
});
afterAll(() => s3.stop());

beforeEach(async () => {
  vi.stubEnv('AWS_ENDPOINT_URL_S3', s3.endpoint);
  vi.stubEnv('AWS_REGION', 'ap-southeast-2');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'id');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  const v = {
    dimensions: ['time', 'lat', 'lon'],
    shape: [1, 2, 3],
    type: '<i2',
    bytes: new Uint8Array(Int16Array.from([0, 1, 2, 3, 4, 5]).buffer),
  };
  await writeStore(join(layer.path, 'store'), gridStore(0, { v }));
  await upload(join(layer.path, 'store'), 'gridded/imos:sst.zarr');
});
afterEach(() => vi.unstubAllEnvs());

async function upload(folder: string, prefix: string): Promise<void> {
  const client = s3.client();
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    if (!(await stat(path)).isFile()) continue;
    const object = { Bucket: 'archive', Key: `${prefix}/${name}`, Body: await readFile(path) };
    await client.send(new PutObjectCommand(object));
  }
}

/** The requests since the stand-in had received `count` of them. */
function since(count: number) {
  return {
    asked: s3.requests.slice(count),
    signatures: new Set(s3.authorizations.slice(count).map((each) => each?.split(' ')[0])),
  };
}

async function run(
  name: string,
  subset = everywhere,
  publicBuckets: readonly string[] = [],
): Promise<string> {
  const scratch = await mkdtemp(join(layer.layers, 'scratch-'));
  const client = httpClient({ ...defaultHttpSettings, firstRetryMilliseconds: 1 });
  return await runGogoduck(
    layer.layers,
    subset,
    { layer: name },
    {
      files: {
        index: new ZarrUrlIndex('s3://archive/gridded'),
        obtain: (files, onFile) => obtainFiles(files, scratch, client, onFile, publicBuckets),
      },
    },
  );
}

describe('a Zarr store in S3', () => {
  it('a Zarr store in S3 is read by signed requests, each object once, and listed if necessary', async () => {
    const before = s3.requests.length;
    const { variables } = await readNetcdf(await run('imos:sst'));
    expect(variables['v']?.values).toEqual([0, 1, 2, 3, 4, 5]);
    const { asked, signatures } = since(before);
    expect(signatures).toEqual(new Set(['AWS4-HMAC-SHA256']));
    expect(asked.filter((each) => each.includes('list-type'))).toHaveLength(1);
    const objects = asked.filter((each) => !each.includes('list-type'));
    expect(new Set(objects).size).toBe(objects.length);
    expect(objects).toContain('GET gridded/imos:sst.zarr/v/0.0.0?x-id=GetObject');
  });

  it('a Zarr store in a public bucket is read without signatures or credentials', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', '');
    const before = s3.requests.length;
    const { variables } = await readNetcdf(await run('imos:sst', everywhere, ['archive']));
    expect(variables['v']?.values).toEqual([0, 1, 2, 3, 4, 5]);
    expect(since(before).signatures).toEqual(new Set([undefined]));
  });

  it('a Zarr store in S3 is asked again if S3 is busy', async () => {
    s3.next({ status: 503, code: 'SlowDown' });
    const { variables } = await readNetcdf(await run('imos:sst'));
    expect(variables['v']?.values).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('a Zarr store in S3 that does not exist is refused', async () => {
    const { message } = await faultOf(run('imos:gone'));
    expect(message).toBe('File "imos_gone.zarr" is no Zarr store: it has no group.');
  });

  it('a Zarr store in S3 with a forbidden chunk is refused, since a gap would look like missing data', async () => {
    const key = 'gridded/imos:sst.zarr/v/0.0.0';
    s3.refused.set(key, { status: 403, code: 'AccessDenied' });
    const { message, exitCode } = await faultOf(run('imos:sst'));
    expect([message, exitCode]).toEqual([
      'Object "/v/0.0.0" of a Zarr store is unavailable: its server answered 403.',
      66,
    ]);
    s3.refused.delete(key);
  });
});

describe('the layers of a form, from Zarr stores', () => {
  const suggest = async (url: string, text: string) =>
    await advice.suggest?.(
      { input: 'layer', text, inputs: {} },
      { variables: { GOGODUCK_ZARR_URL: url }, signal: new AbortController().signal },
    );

  it('a form suggests the Zarr stores in S3, with what their headers say of them', async () => {
    await expect
      .poll(() => suggest('s3://archive/gridded', 'sst'))
      .toMatchObject([
        {
          value: 'imos:sst',
          coverage: { bbox: [140, -40, 142, -39], variables: [{ name: 'v' }] },
        },
      ]);
  });

  it('a form suggests no Zarr stores below an HTTP URL, which cannot be listed', async () => {
    expect(await suggest('https://archive.example.org/gridded', '')).toEqual([]);
  });
});
