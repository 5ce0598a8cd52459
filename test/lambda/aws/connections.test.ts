import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DescribeJobsCommand } from '@aws-sdk/client-batch';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { s3Connection } from '../../../batch-jobs/api/s3-connection.ts';
import { batchConnection } from '../../../lambda/aws/batch-connection.ts';

/** The real clients with a stand-in of AWS that answers every call except the first. */
describe('a connection to AWS whose first call is not answered', () => {
  let calls: number;
  let brokenOff: number;
  const server = createServer((_, outgoing) => {
    calls++;
    outgoing.on('close', () => {
      if (!outgoing.writableEnded) brokenOff++;
    });
    if (calls > 1) outgoing.end('{"jobs":[]}');
  });
  beforeEach(async () => {
    calls = 0;
    brokenOff = 0;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
  });
  afterEach(async () => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('a call of Batch that is not answered is broken off after five seconds, and tried again', async () => {
    const client = await batchConnection('ap-southeast-2')();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answer = client.send(new DescribeJobsCommand({ jobs: ['b-1'] }));
    await expect.poll(() => calls).toBe(1);
    await vi.advanceTimersByTimeAsync(4_900);
    expect(brokenOff).toBe(0);
    await vi.advanceTimersByTimeAsync(100);
    await expect.poll(() => brokenOff).toBe(1);
    await expect
      .poll(async () => {
        await vi.advanceTimersByTimeAsync(1_000);
        return calls;
      })
      .toBe(2);
    vi.useRealTimers();
    expect((await answer).jobs).toEqual([]);
    client.destroy();
  });

  it('a call of S3 that is silent for too long is tried again', async () => {
    const connect = s3Connection({ region: 'ap-southeast-2', silenceMilliseconds: 500 });
    const client = await connect();
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));
    expect(await Body?.transformToString()).toBe('{"jobs":[]}');
    expect(brokenOff).toBeGreaterThanOrEqual(1);
    expect(await connect()).toBe(client);
    client.destroy();
  });
});
