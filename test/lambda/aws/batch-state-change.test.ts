import type { JobDetail } from '@aws-sdk/client-batch';
import { beforeEach, describe, expect, it } from 'vitest';
import { JobStore } from '../../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { engineJobOf, submittedJobOf } from '../../../lambda/aws/batch-job-detail.ts';
import { followBatchStateChange } from '../../../lambda/aws/batch-state-change.ts';
import type { FinishDependencies } from '../../../lambda/jobs/finish-job.ts';
import { noMetrics } from '../../../lambda/jobs/metrics.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';
import { sampleJob } from '../../sample-job.ts';

const { id } = sampleJob();
const address = 's3://outputs/DEV/';

/** An event's detail as EventBridge delivers it, without fields that do not matter here. */
const detail = (change: Partial<JobDetail> = {}): Partial<JobDetail> => ({
  jobName: `javaduck-echo-${id}`,
  jobId: '4c7599ae-0a82-49aa-ba5a-4727fcce14a8',
  jobQueue: 'arn:aws:batch:us-east-1:123456789012:job-queue/small',
  status: 'RUNNABLE',
  attempts: [],
  createdAt: 1641944200058,
  container: {
    environment: [
      { name: 'WPS_JOB_ID', value: id },
      { name: 'WPS_JOB_STORE', value: address },
    ],
  },
  ...change,
});
const attempt = (stoppedAt: number, exitCode: number, reason?: string) => ({
  startedAt: 1641944300000,
  stoppedAt,
  statusReason: 'Essential container in task exited',
  container: { exitCode, ...(reason === undefined ? {} : { reason }) },
});

describe('what AWS Batch says of a job', () => {
  it("Batch's job detail counts the attempts that have ended, and the running one", () => {
    const attempts = [attempt(1641944400000, 1)];
    expect(engineJobOf(detail({ attempts }))?.attempts).toBe(1);
    expect(engineJobOf(detail({ status: 'RUNNING', attempts }))?.attempts).toBe(2);
    const running = [...attempts, { startedAt: 1641944500000 }];
    expect(engineJobOf(detail({ status: 'RUNNING', attempts: running }))?.attempts).toBe(2);
  });

  it("Batch's job detail gives the container’s reason before its own, and the last exit code", () => {
    expect(
      engineJobOf(
        detail({
          status: 'FAILED',
          statusReason: 'Essential container in task exited',
          startedAt: 1641944300000,
          stoppedAt: 1641944400000,
          container: { exitCode: 137, reason: 'OutOfMemoryError: Container killed' },
        }),
      ),
    ).toEqual({
      engineJobId: '4c7599ae-0a82-49aa-ba5a-4727fcce14a8',
      status: 'FAILED',
      attempts: 0,
      exitCode: 137,
      reason: 'OutOfMemoryError: Container killed; Essential container in task exited',
      startedAt: '2022-01-11T23:38:20.000Z',
      stoppedAt: '2022-01-11T23:40:00.000Z',
    });
    const attempts = [attempt(1641944400000, 1), attempt(1641944500000, 65, 'why')];
    const { container: _, ...bare } = detail({ status: 'FAILED', attempts });
    expect(engineJobOf(bare)).toMatchObject({
      exitCode: 65,
      reason: 'why; Essential container in task exited',
    });
  });

  it("Batch's job detail of a job that waits again takes the reason from its last attempt", () => {
    const lost = { stoppedAt: 1, statusReason: 'Host EC2 (instance i-0be) terminated.' };
    expect(engineJobOf(detail({ attempts: [lost] }))?.reason).toBe(lost.statusReason);
  });

  it("Batch's job detail says whether somebody ended the job", () => {
    expect(engineJobOf(detail({ isTerminated: true }))?.isTerminated).toBe(true);
    expect(engineJobOf(detail({ isCancelled: true }))?.isTerminated).toBe(true);
    expect(engineJobOf(detail({ isTerminated: false }))).not.toHaveProperty('isTerminated');
  });

  it("Batch's job detail without an id or with an unknown state is ignored", () => {
    expect(engineJobOf({ status: 'RUNNING' })).toBeUndefined();
    expect(engineJobOf({ jobId: 'b', status: 'PAUSED' as 'RUNNING' })).toBeUndefined();
  });

  it("Batch's job detail names the job and its store by variable, tag or name", () => {
    expect(submittedJobOf(detail())).toEqual({ jobId: id, store: address });
    expect(submittedJobOf({ tags: { WpsJobId: id } })).toEqual({ jobId: id });
    expect(submittedJobOf({ jobName: `javaduck-echo-${id}` })).toEqual({ jobId: id });
    expect(submittedJobOf({ jobName: 'nightly-report' })).toBeUndefined();
  });
});

describe('a state change of AWS Batch', () => {
  let store: JobStore;
  let logged: string[];
  let parts: FinishDependencies;
  beforeEach(async () => {
    logged = [];
    store = new JobStore(new MemoryObjectStore(), {
      filename: 'status.xml',
      encode: ({ status }) => status,
    });
    parts = { store, metrics: noMetrics, log: jsonLog((line) => logged.push(line)) };
    await store.create(sampleJob(), { body: '<Execute/>', contentType: 'application/xml' }, []);
  });
  const follow = (change: Partial<JobDetail>) =>
    followBatchStateChange(detail(change), address, parts);
  const status = async () => (await store.read(id))?.job.status;

  it("Batch's state changes take a job from accepted to failed, in any order", async () => {
    await follow({ status: 'RUNNING' });
    expect(await status()).toBe('running');
    await follow({ status: 'RUNNABLE', attempts: [attempt(1641944400000, 143)] });
    expect(await status()).toBe('paused');
    await follow({ status: 'FAILED', statusReason: 'Host EC2 (instance i-0be) terminated.' });
    await follow({ status: 'RUNNING' });
    expect(await status()).toBe('failed');
  });

  it('a state change of Batch does not affect jobs of another environment’s store', async () => {
    const environment = [
      { name: 'WPS_JOB_ID', value: id },
      { name: 'WPS_JOB_STORE', value: 's3://outputs/PROD/' },
    ];
    await follow({ status: 'FAILED', container: { environment } });
    expect(await status()).toBe('accepted');
  });

  it('a state change of Batch for jobs of other systems is ignored', async () => {
    await follow({ status: 'FAILED', jobName: 'nightly-report', container: {} });
    expect(await status()).toBe('accepted');
    expect(logged.join()).toContain('not a job of this environment');
  });

  it('a state change of Batch is logged with its reason and the job’s id', async () => {
    await follow({ status: 'FAILED', statusReason: 'Host EC2 (instance i-0be) terminated.' });
    const line = logged.map((text) => JSON.parse(text)).find(({ state }) => state === 'FAILED');
    expect(line).toMatchObject({ jobId: id, reason: 'Host EC2 (instance i-0be) terminated.' });
  });
});
