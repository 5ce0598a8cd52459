import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { PreconditionFailed } from '../../batch-jobs/api/object-store.ts';
import { S3ObjectStore } from '../../batch-jobs/api/s3-object-store.ts';
import { keysPerPage, type S3StandIn, startS3StandIn } from '../s3-stand-in.ts';
import { describeObjectStore } from './object-store.ts';

const text = { contentType: 'text/plain' };
const settings = { bucket: 'jobs', prefix: 'DEV/' };

/** Uses a stand-in whose conditions are atomic. `npm run test:aws` runs the same tests on the emulator. */
describeObjectStore('S3ObjectStore', async () => {
  const s3 = await startS3StandIn();
  const [one, two] = [s3.client(), s3.client()];
  return {
    store: new S3ObjectStore({ ...settings, client: async () => one }),
    another: new S3ObjectStore({ ...settings, client: async () => two }),
    keysPerPage,
    stop: async () => s3.stop(),
  };
});

it('a link to an object in S3 is valid for the requested time', async () => {
  const s3 = await startS3StandIn();
  onTestFinished(() => s3.stop());
  const client = s3.client();
  const store = new S3ObjectStore({ ...settings, client: async () => client });
  for (const seconds of [60, 77]) {
    const link = await store.link('a.nc', { filename: 'a.nc', contentType: 'x/y', seconds });
    expect(new URL(link ?? '').searchParams.get('X-Amz-Expires')).toBe(String(seconds));
  }
});

it('a link to an object in S3 saves it under its name, as its type', async () => {
  const s3 = await startS3StandIn();
  onTestFinished(() => s3.stop());
  const client = s3.client();
  const store = new S3ObjectStore({ ...settings, client: async () => client });
  await store.put('a.nc', 'content', text);
  const options = { filename: 'Größe.nc', contentType: 'application/x-netcdf', seconds: 60 };
  const { headers } = await fetch((await store.link('a.nc', options)) ?? '');
  expect(headers.get('content-type')).toBe('application/x-netcdf');
  expect(headers.get('content-disposition')).toMatch(
    /^attachment; .*filename\*=UTF-8''Gr%C3%B6%C3%9Fe\.nc$/,
  );
});

describe('what a store in S3 sends', () => {
  /** A store that notes the input of each command. */
  const noting = async (more: { kmsKeyId?: string; signal?: AbortSignal } = {}) => {
    const s3 = await startS3StandIn();
    onTestFinished(() => s3.stop());
    const client = s3.client();
    const inputs: object[] = [];
    client.middlewareStack.add(
      (next) => async (args) => {
        inputs.push(args.input);
        return await next(args);
      },
      { step: 'initialize' },
    );
    return {
      s3,
      inputs,
      store: new S3ObjectStore({ ...settings, ...more, client: async () => client }),
    };
  };

  it.each([
    [
      'the key of the service',
      'alias/outputs',
      { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'alias/outputs', BucketKeyEnabled: true },
    ],
    ['that of S3', undefined, { ServerSideEncryption: 'AES256' }],
  ])(
    'an object in S3 is encrypted with %s, and has a type and a checksum, however it is written',
    async (_, kmsKeyId, encryption) => {
      const { store, inputs } = await noting(kmsKeyId === undefined ? {} : { kmsKeyId });
      await store.put('a', 'one', text);
      await store.upload('b', Readable.from([Buffer.from('two')]), { contentType: 'x/y' });
      const same = { Bucket: 'jobs', ...encryption, ChecksumAlgorithm: 'CRC32' };
      expect(inputs).toMatchObject([
        { ...same, Key: 'DEV/a', ContentType: 'text/plain' },
        { ...same, Key: 'DEV/b', ContentType: 'x/y' },
      ]);
      if (kmsKeyId === undefined) expect(inputs[0]).not.toHaveProperty('SSEKMSKeyId');
    },
  );

  it('an object in S3 that may not be read is a fault, not an absent object', async () => {
    const { s3, store } = await noting();
    const denied = { status: 403, code: 'AccessDenied' };
    s3.next(denied, denied);
    await expect(store.get('a')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(store.open('a')).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('a call of S3 ends with the signal of its store', async () => {
    const { s3, store } = await noting({ signal: AbortSignal.abort() });
    for (const call of [
      () => store.get('a'),
      () => store.put('a', 'one', text),
      () => store.delete('a'),
      () => store.list('')[Symbol.asyncIterator]().next(),
    ]) {
      await expect(call()).rejects.toMatchObject({ name: 'AbortError' });
    }
    expect(s3.requests).toEqual([]);
  });
});

describe('a conditional put to S3', () => {
  const conflict = { status: 409, code: 'ConditionalRequestConflict' };
  let s3: S3StandIn;
  let store: S3ObjectStore;
  let key = '';
  beforeAll(async () => {
    s3 = await startS3StandIn();
    const client = s3.client();
    store = new S3ObjectStore({ ...settings, client: async () => client });
  });
  afterAll(() => s3?.stop());
  beforeEach(({ task }) => {
    key = task.id;
  });
  const asked = () =>
    s3.requests
      .filter((request) => request.includes(key))
      .map((request) => request.slice(0, request.indexOf(' ')));

  it('a conditional put to S3 whose answer was lost recognises its own object', async () => {
    s3.next('lost answer');
    const { etag } = await store.put(key, 'mine', { ...text, condition: 'absent' });
    expect(asked()).toEqual(['PUT', 'PUT', 'HEAD']);
    expect((await store.get(key))?.etag).toBe(etag);
  });

  it("a conditional put to S3 whose answer was lost does not mistake another writer's equal content for its own", async () => {
    await store.put(key, 'same', { ...text, condition: 'absent' });
    s3.next({ status: 500, code: 'InternalError' });
    const put = store.put(key, 'same', { ...text, condition: 'absent' });
    await expect(put).rejects.toBeInstanceOf(PreconditionFailed);
  });

  it('a conditional put to S3 that is refused at its first try is not repeated', async () => {
    await store.put(key, 'one', { ...text, condition: 'absent' });
    const put = store.put(key, 'two', { ...text, condition: 'absent' });
    await expect(put).rejects.toBeInstanceOf(PreconditionFailed);
    expect(asked()).toEqual(['PUT', 'PUT']);
  });

  it('a conditional put to S3 of a deleted object fails its condition', async () => {
    const put = store.put(key, 'two', { ...text, condition: { etag: '"e"' } });
    await expect(put).rejects.toBeInstanceOf(PreconditionFailed);
  });

  it('a conditional put to S3 is tried again while another write is in progress', async () => {
    s3.next(conflict, conflict);
    await store.put(key, 'one', { ...text, condition: 'absent' });
    expect(asked()).toEqual(['PUT', 'PUT', 'PUT']);
  });

  it('a conditional put to S3 fails its condition if other writes do not end', async () => {
    s3.next(...Array.from({ length: 8 }, () => conflict));
    const put = store.put(key, 'one', { ...text, condition: 'absent' });
    await expect(put).rejects.toBeInstanceOf(PreconditionFailed);
    expect(asked()).toHaveLength(8);
    await store.put(key, 'one', { ...text, condition: 'absent' });
  });

  it("a conditional put to S3 fails with S3's own words for other errors", async () => {
    s3.next({ status: 403, code: 'AccessDenied' });
    const put = store.put(key, 'one', { ...text, condition: 'absent' });
    await expect(put).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(asked()).toEqual(['PUT']);
  });
});

describe('a put to S3 without a condition', () => {
  it('an empty put to S3 sends an explicit empty body, so that the SDK does not warn of a stream', async () => {
    const s3 = await startS3StandIn();
    const client = s3.client();
    const store = new S3ObjectStore({ ...settings, client: async () => client });
    const warned = vi.spyOn(console, 'warn').mockReturnValue();
    await store.put('index/all/1', '', text);
    expect((await store.get('index/all/1'))?.body).toHaveLength(0);
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
    s3.stop();
  });

  it("an unconditional put to S3 fails with S3's own words", async () => {
    const s3 = await startS3StandIn();
    const client = s3.client();
    const store = new S3ObjectStore({ ...settings, client: async () => client });
    s3.next({ status: 409, code: 'OperationAborted' });
    await expect(store.put('a', 'one', text)).rejects.toMatchObject({ name: 'OperationAborted' });
    s3.stop();
  });
});
