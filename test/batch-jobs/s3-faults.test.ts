import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { S3ObjectStore } from '../../batch-jobs/api/s3-object-store.ts';

/** Larger than one part, so that an upload takes several. */
const large = 40 * 1024 * 1024;

/** Uses a stand-in, because the emulator never answers like this. */
describe('a store in S3 that answers as S3 does on a bad day', () => {
  let server: Server;
  let calls: string[];
  let answers: (call: string, outgoing: ServerResponse, incoming: IncomingMessage) => boolean;

  beforeEach(async () => {
    calls = [];
    answers = () => false;
    server = createServer((incoming, outgoing) => {
      incoming.resume();
      incoming.on('end', () => {
        const call = callOf(incoming);
        calls.push(call);
        if (!answers(call, outgoing, incoming)) answerWell(call, outgoing);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const storeWith = (
    credentials: NonNullable<S3ClientConfig['credentials']>,
    signal?: AbortSignal,
  ) => {
    const client = new S3Client({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      forcePathStyle: true,
      region: 'ap-southeast-2',
      maxAttempts: 3,
      credentials,
    });
    return new S3ObjectStore({
      ...{ bucket: 'outputs', prefix: '', client: async () => client },
      ...(signal ? { signal } : {}),
    });
  };
  const store = () => storeWith({ accessKeyId: 'id', secretAccessKey: 'secret' });
  const upload = () =>
    store().upload('output.nc', Readable.from(chunks(large)), { contentType: 'x/y' });
  const error = (outgoing: ServerResponse, status: number, code: string) => {
    outgoing.writeHead(status, { 'content-type': 'application/xml' });
    outgoing.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>x</Message></Error>`);
    return true;
  };

  it('an output is published even if S3 completes the upload with status 200 and an error inside', async () => {
    let failures = 1;
    answers = (call, outgoing) =>
      call === 'complete' && failures-- > 0 && error(outgoing, 200, 'InternalError');
    await upload();
    expect(calls.filter((call) => call === 'complete')).toHaveLength(2);
    // Parts of 32 MiB: an upload has at most 10,000 of them.
    expect(calls.filter((call) => call === 'part')).toHaveLength(2);
    expect(calls).not.toContain('abort');
  });

  it('an upload whose completion keeps failing publishes nothing and removes its parts', async () => {
    answers = (call, outgoing) => call === 'complete' && error(outgoing, 200, 'InternalError');
    await expect(upload()).rejects.toThrow();
    expect(calls.at(-1)).toBe('abort');
  });

  it('an object of unknown length is not opened, because the length is promised to clients', async () => {
    answers = (_call, outgoing) => {
      outgoing.writeHead(200, { etag: '"e"' });
      outgoing.write('x');
      outgoing.end();
      return true;
    };
    await expect(store().open('a')).rejects.toThrow('without a stream of known length');
  });

  it('many calls at once that one signal can stop cause no warning of a leak', async () => {
    const warnings: Error[] = [];
    const keep = (warning: Error) => warnings.push(warning);
    process.on('warning', keep);
    const held: ServerResponse[] = [];
    answers = (_call, outgoing) => held.push(outgoing) > 0;
    const stop = new AbortController();
    const stopped = storeWith({ accessKeyId: 'id', secretAccessKey: 'secret' }, stop.signal);
    const reads = Promise.allSettled([...Array(12).keys()].map((key) => stopped.get(`${key}`)));
    await expect.poll(() => held).toHaveLength(12);
    stop.abort();
    for (const { status } of await reads) expect(status).toBe('rejected');
    await setImmediate();
    process.off('warning', keep);
    expect(warnings).toEqual([]);
  });

  it('writing to S3 works with a clock that is wrong by an hour', async () => {
    let isFirst = true;
    answers = (call, outgoing) => {
      if (call !== 'put' || !isFirst) return false;
      isFirst = false;
      outgoing.setHeader('date', new Date(Date.now() + 3_600_000).toUTCString());
      return error(outgoing, 403, 'RequestTimeTooSkewed');
    };
    await store().put('job.json', '{}', { contentType: 'application/json' });
    expect(calls).toEqual(['put', 'put']);
  });

  it('credentials that are about to expire are renewed', async () => {
    let given = 0;
    const inUse: string[] = [];
    answers = (_, __, { headers: { authorization = '' } }) => {
      inUse.push(/Credential=(\w+)/.exec(authorization)?.[1] ?? '');
      return false;
    };
    const written = storeWith(async () => ({
      accessKeyId: `id${++given}`,
      secretAccessKey: 'secret',
      expiration: new Date(Date.now() + (given === 1 ? 1_000 : 3_600_000)),
    }));
    for (const key of ['a', 'b', 'c']) await written.put(key, '{}', { contentType: 'x/y' });
    expect(inUse.at(-1)).toBe('id2');
    expect(given).toBe(2);
  });
});

function callOf({ method, url = '' }: IncomingMessage): string {
  if (method === 'POST') return url.includes('uploads') ? 'begin' : 'complete';
  if (method === 'DELETE') return url.includes('uploadId') ? 'abort' : 'delete';
  return url.includes('partNumber') ? 'part' : 'put';
}

function answerWell(call: string, outgoing: ServerResponse): void {
  outgoing.setHeader('etag', '"e"');
  if (call === 'begin') {
    outgoing.end(
      '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>',
    );
  } else if (call === 'complete') {
    outgoing.end('<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>');
  } else outgoing.end();
}

function* chunks(bytes: number): Iterable<Buffer> {
  const chunk = Buffer.alloc(1 << 20);
  for (let sent = 0; sent < bytes; sent += chunk.length) yield chunk;
}
