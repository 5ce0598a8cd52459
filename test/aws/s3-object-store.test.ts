import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PreconditionFailed } from '../../batch-jobs/api/object-store.ts';
import { S3ObjectStore } from '../../batch-jobs/api/s3-object-store.ts';
import { describeObjectStore } from '../contracts/object-store.ts';
import { type Emulator, emulatedRegion, startEmulator } from './emulator.ts';

const credentials = { accessKeyId: 'emulated', secretAccessKey: 'emulated' };

function clientOf(endpoint: string): S3Client {
  return new S3Client({
    region: emulatedRegion,
    endpoint,
    credentials,
    retryMode: 'adaptive',
    maxAttempts: 3,
  });
}

async function makeBucket(client: S3Client, bucket: string): Promise<void> {
  await client.send(
    new CreateBucketCommand({
      Bucket: bucket,
      CreateBucketConfiguration: { LocationConstraint: emulatedRegion },
    }),
  );
}

describeObjectStore('S3ObjectStore', async () => {
  const emulator = await startEmulator();
  const [one, two] = [clientOf(emulator.endpoint), clientOf(emulator.endpoint)];
  await makeBucket(one, 'jobs');
  const settings = { bucket: 'jobs', prefix: 'DEV/' };
  return {
    store: new S3ObjectStore({ ...settings, client: async () => one }),
    another: new S3ObjectStore({ ...settings, client: async () => two }),
    keysPerPage: 1_000,
    stop: emulator.stop,
  };
});

describe('S3ObjectStore', () => {
  let emulator: Emulator;
  let client: S3Client;
  beforeAll(async () => {
    emulator = await startEmulator();
    client = clientOf(emulator.endpoint);
    await makeBucket(client, 'jobs');
  });
  afterAll(() => emulator?.stop());

  const storeOf = (prefix: string, kmsKeyId?: string) =>
    new S3ObjectStore({
      bucket: 'jobs',
      prefix,
      client: async () => client,
      ...(kmsKeyId && { kmsKeyId }),
    });
  const head = (key: string) =>
    client.send(new HeadObjectCommand({ Bucket: 'jobs', Key: key, ChecksumMode: 'ENABLED' }));

  it('stores in S3 with different prefixes are separate', async () => {
    await storeOf('DEV/').put('a', 'dev', { contentType: 'text/plain' });
    await storeOf('PROD/').put('a', 'prod', { contentType: 'text/plain' });
    const keys: string[] = [];
    for await (const key of storeOf('DEV/').list('')) keys.push(key);
    expect(keys).toEqual(['a']);
    expect((await head('PROD/a')).ContentLength).toBe(4);
  });

  it('objects in S3 are encrypted and have a checksum', async () => {
    await storeOf('sse/').put('put', 'one', { contentType: 'application/json' });
    await storeOf('sse/').upload('upload', Readable.from([Buffer.from('one')]), {
      contentType: 'text/csv',
    });
    for (const key of ['sse/put', 'sse/upload']) {
      const found = await head(key);
      expect(found.ServerSideEncryption).toBe('AES256');
      expect(found.ChecksumCRC32).toBeTruthy();
    }
    expect((await head('sse/put')).ContentType).toBe('application/json');
    expect((await head('sse/upload')).ContentType).toBe('text/csv');
  });

  it('objects in S3 are encrypted with the configured key', async () => {
    await storeOf('kms/', 'alias/outputs').put('a', 'one', { contentType: 'text/plain' });
    const found = await head('kms/a');
    expect(found.ServerSideEncryption).toBe('aws:kms');
    expect(found.SSEKMSKeyId).toBe('alias/outputs');
  });

  it('an upload to S3 that breaks off leaves no parts behind', async () => {
    function* breaking() {
      for (let sent = 0; sent < 40; sent++) yield Buffer.alloc(1024 * 1024);
      throw new Error('the disk is gone');
    }
    const upload = storeOf('').upload('broken', Readable.from(breaking()), {
      contentType: 'text/plain',
    });
    await expect(upload).rejects.toThrow('the disk is gone');
    const left = await client.send(new ListMultipartUploadsCommand({ Bucket: 'jobs' }));
    expect(left.Uploads ?? []).toEqual([]);
  });

  it('an upload to S3 fails and releases its stream if the bucket does not exist', async () => {
    const store = new S3ObjectStore({ bucket: 'absent', prefix: '', client: async () => client });
    const stream = Readable.from(endless());
    await expect(store.upload('a', stream, { contentType: 'text/plain' })).rejects.toThrow(
      'bucket',
    );
    expect(stream.destroyed).toBe(true);
    await expect(store.get('a')).rejects.toThrow('bucket');
  });

  // The emulator ignores the answer headers that a link asks for, so the test reads the link itself.
  it('signed links to S3 expire, and name file and type of the object', async () => {
    const link = await storeOf('').link('a', {
      filename: 'Größe "1".nc',
      contentType: 'application/x-netcdf',
      seconds: 300,
    });
    const query = new URL(link).searchParams;
    expect(query.get('X-Amz-Expires')).toBe('300');
    expect(query.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/);
    expect(query.get('response-content-type')).toBe('application/x-netcdf');
    expect(query.get('response-content-disposition')).toMatch(
      /^attachment; filename=".+"; filename\*=utf-8''Gr%C3%B6%C3%9Fe/i,
    );
  });

  describe('behind a connection that fails', () => {
    let faults: Faults;
    let store: S3ObjectStore;
    beforeAll(async () => {
      faults = await startFaults(emulator.endpoint);
      const faulty = clientOf(faults.endpoint);
      store = new S3ObjectStore({ bucket: 'jobs', prefix: 'fault/', client: async () => faulty });
    });
    afterAll(() => faults?.stop());

    it('a conditional put to S3 whose answer was lost recognises its own object', async () => {
      faults.next('lose the answer');
      const { etag } = await store.put('claim', 'mine', {
        contentType: 'text/plain',
        condition: 'absent',
      });
      expect((await store.get('claim'))?.etag).toBe(etag);
      expect(faults.left()).toBe(0);

      faults.next('lose the answer');
      const second = await store.put('claim', 'mine still', {
        contentType: 'text/plain',
        condition: { etag },
      });
      expect((await store.get('claim'))?.etag).toBe(second.etag);
    });

    it('a conditional put to S3 does not mistake another caller’s equal content for its own', async () => {
      await store.put('taken', 'same', { contentType: 'text/plain', condition: 'absent' });
      faults.next('lose the answer');
      const put = store.put('taken', 'same', { contentType: 'text/plain', condition: 'absent' });
      await expect(put).rejects.toBeInstanceOf(PreconditionFailed);
    });

    it('a put to S3 is tried again while another write is in progress', async () => {
      faults.next('conflict', 'conflict');
      await store.put('conflict', 'one', { contentType: 'text/plain', condition: 'absent' });
      expect((await store.get('conflict'))?.body).toHaveLength(3);
      expect(faults.left()).toBe(0);
    });

    it('calls of S3 are tried again after server faults and throttling', async () => {
      faults.next('internal error', 'slow down');
      await store.put('retried', 'one', { contentType: 'text/plain' });
      expect(faults.left()).toBe(0);
    });
  });
});

function* endless() {
  for (;;) yield Buffer.alloc(1024 * 1024);
}

type Fault = 'lose the answer' | 'conflict' | 'internal error' | 'slow down';

interface Faults {
  readonly endpoint: string;
  /** Queues faults. Each of the next calls receives one of them. */
  next(...faults: Fault[]): void;
  left(): number;
  stop(): Promise<void>;
}

const answers: Record<Exclude<Fault, 'lose the answer'>, [number, string]> = {
  conflict: [409, 'ConditionalRequestConflict'],
  'internal error': [500, 'InternalError'],
  'slow down': [503, 'SlowDown'],
};

/** A proxy between the SDK and the emulator that injects faults into calls. */
async function startFaults(endpoint: string): Promise<Faults> {
  const queue: Fault[] = [];
  const server: Server = createServer((incoming, outgoing) => {
    const fault = queue.shift();
    if (fault && fault !== 'lose the answer') {
      const [status, code] = answers[fault];
      incoming.resume().on('end', () => {
        outgoing.writeHead(status, { 'content-type': 'application/xml' });
        outgoing.end(`<Error><Code>${code}</Code><Message>${fault}</Message></Error>`);
      });
      return;
    }
    const onward = request(
      new URL(incoming.url ?? '/', endpoint),
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        if (fault) {
          answer.resume().on('end', () => incoming.socket.destroy());
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: (...faults) => queue.push(...faults),
    left: () => queue.length,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
