import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { batchConnection } from '../../../lambda/aws/batch-connection.ts';
import { BatchJobEngine } from '../../../lambda/aws/batch-job-engine.ts';
import { QueueSnapshots } from '../../../lambda/aws/queue-snapshots.ts';
import { awsConfiguration } from '../../aws-configuration.ts';
import { sampleJob } from '../../sample-job.ts';

interface Call {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The real SDK with a stand-in of AWS Batch that answers as a test decides. */
describe('the engine of AWS Batch', () => {
  let calls: Call[] = [];
  let answer: (call: Call) => { status?: number; silent?: boolean; body: unknown };
  const server = createServer(async (incoming, outgoing) => {
    const call = { path: incoming.url ?? '', body: (await json(incoming)) as Call['body'] };
    calls.push(call);
    const { status = 200, silent = false, body } = answer(call);
    if (silent) return;
    outgoing.writeHead(status, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify(body));
  });
  let engine: BatchJobEngine;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
    const client = batchConnection('ap-southeast-2');
    engine = new BatchJobEngine({ configuration: awsConfiguration(), client });
  });
  beforeEach(() => {
    calls = [];
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const refused = { status: 400, body: { message: 'no' } };

  it.each(['small', 'timeseries', 'large'] as const)(
    'the Batch engine looks for a job in the queue that it waits in: %s',
    async (queue) => {
      answer = () => ({ body: { jobSummaryList: [{ jobId: 'b-1', jobName: 'any' }] } });
      expect(await engine.find(sampleJob({ queue }))).toBe('b-1');
      expect(calls).toMatchObject([{ path: '/v1/listjobs', body: { jobQueue: queue } }]);
    },
  );

  describe('how many jobs are ahead of one that waits', () => {
    let now = 0;
    let told: string[] = [];
    const arn = (id: string) => `arn:aws:batch:ap-southeast-2:123456789012:job/${id}`;
    const fronted = (...ids: string[]) => ({
      body: { frontOfQueue: { jobs: ids.map((id) => ({ jobArn: arn(id) })), lastUpdatedAt: 1 } },
    });
    const watched = (patienceMilliseconds?: number) => {
      told = [];
      const client = batchConnection('ap-southeast-2');
      const snapshots = new QueueSnapshots({
        client,
        log: jsonLog((line) => told.push(line)),
        now: () => new Date(now),
        ...(patienceMilliseconds === undefined ? {} : { patienceMilliseconds }),
      });
      const watching = new BatchJobEngine({ configuration: awsConfiguration(), client, snapshots });
      return (engineJobId: string, queue: 'small' | 'large' = 'small') =>
        watching.ahead({ engineJobId, queue });
    };

    it('the number of jobs ahead is the place at the front of the queue, and unknown for other jobs', async () => {
      answer = () => fronted('b-7', 'b-3', 'b-9');
      const ahead = watched();
      expect(await Promise.all(['b-7', 'b-9', 'b-1'].map((id) => ahead(id)))).toEqual([
        0,
        2,
        undefined,
      ]);
      expect(calls).toEqual([{ path: '/v1/getjobqueuesnapshot', body: { jobQueue: 'small' } }]);
    });

    it('the number of jobs ahead is requested once per queue in ten seconds, for all callers together', async () => {
      answer = ({ body }) => fronted(body['jobQueue'] === 'large' ? 'b-2' : 'b-1');
      const ahead = watched();
      for (const at of [0, 9_999]) {
        now = at;
        expect(await ahead('b-1')).toBe(0);
        expect(await ahead('b-2', 'large')).toBe(0);
      }
      expect(calls).toHaveLength(2);
      now = 10_000;
      answer = () => fronted('b-5', 'b-1');
      expect(await ahead('b-1')).toBe(1);
      expect(calls).toHaveLength(3);
    });

    it.each([
      ['may not be asked for', { status: 403, body: { message: 'no' } }],
      ['is empty', { body: {} }],
    ])(
      'the number of jobs ahead is unknown if the front %s, and not requested again at once',
      async (_, given) => {
        answer = () => given;
        now = 0;
        const ahead = watched();
        for (const _again of [1, 2]) expect(await ahead('b-1')).toBeUndefined();
        expect(calls).toHaveLength(1);
        expect(told.join('')).not.toContain('"ERROR"');
      },
    );

    it('the number of jobs ahead is not waited for longer than a status is worth', async () => {
      answer = () => ({ silent: true, body: {} });
      expect(await watched(50)('b-1')).toBeUndefined();
      expect(told.join('')).toContain('the front of a queue is not known');
    });

    it('the number of jobs ahead is not requested from an engine without snapshots', async () => {
      expect(await engine.ahead({ engineJobId: 'b-1', queue: 'small' })).toBeUndefined();
      expect(calls).toEqual([]);
    });
  });

  it('the Batch engine looks for a job by its exact name, on every page', async () => {
    answer = ({ body }) =>
      body['nextToken'] === 'two'
        ? { body: { jobSummaryList: [{ jobId: 'b-2', jobName: 'any' }] } }
        : { body: { jobSummaryList: [], nextToken: 'two' } };
    const job = sampleJob();
    expect(await engine.find(job)).toBe('b-2');
    const filters = [{ name: 'JOB_NAME', values: [`javaduck-echo-${job.id}`] }];
    expect(calls.map(({ body }) => body['filters'])).toEqual([filters, filters]);
    answer = () => ({ body: { jobSummaryList: [] } });
    expect(await engine.find(job)).toBeUndefined();
  });

  it.each([
    ['has ended', [{ jobId: 'b-1', status: 'FAILED' }]],
    ['is not known', []],
  ])(
    'the Batch engine counts a job as ended if it cannot be ended because it %s',
    async (_, jobs) => {
      answer = ({ path }) => (path === '/v1/terminatejob' ? refused : { body: { jobs } });
      await engine.terminate('b-1', 'dismissed');
      expect(calls.map(({ path }) => path)).toEqual(['/v1/terminatejob', '/v1/describejobs']);
    },
  );

  it('the Batch engine reports that a running job cannot be ended', async () => {
    const jobs = [{ jobId: 'b-1', status: 'RUNNING' }];
    answer = ({ path }) => (path === '/v1/terminatejob' ? refused : { body: { jobs } });
    await expect(engine.terminate('b-1', 'dismissed')).rejects.toThrow('no');
  });

  it('the Batch engine describes any number of jobs, a hundred per call', async () => {
    answer = ({ body }) => ({
      body: {
        jobs: (body['jobs'] as string[]).map((jobId) => ({ jobId, status: 'RUNNING' })),
      },
    });
    const ids = Array.from({ length: 201 }, (_, index) => `b-${index}`);
    expect([...(await engine.describeMany(ids)).keys()]).toEqual(ids);
    expect(calls.map(({ body }) => (body['jobs'] as string[]).length)).toEqual([100, 100, 1]);
  });

  it('the Batch engine gives up a call that is not answered', async () => {
    const client = await batchConnection('ap-southeast-2')();
    const options = await Reflect.get(client.config.requestHandler, 'configProvider');
    expect(options).toMatchObject({ requestTimeout: 5_000, throwOnRequestTimeout: true });
  });
});
