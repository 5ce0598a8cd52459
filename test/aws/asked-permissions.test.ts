import { Readable } from 'node:stream';
import type { JobDetail } from '@aws-sdk/client-batch';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { s3Connection } from '../../batch-jobs/api/s3-connection.ts';
import { S3ObjectStore } from '../../batch-jobs/api/s3-object-store.ts';
import { select } from '../xml.ts';
import { type BatchAgents, startBatchAgents } from './batch-agents.ts';
import { createBatchResources } from './batch-resources.ts';
import { bucketsOf } from './buckets.ts';
import { type CallRecorder, startCallRecorder } from './call-recorder.ts';
import { emulatedAccount, emulatedRegion } from './emulator.ts';
import { contextOf, jobEvent } from './function-calls.ts';
import { restEvent, type Sent, throughGateway } from './gateway-events.ts';

/** Named as in the stack of DEV, so that the recorded permissions match its policies. */
const bucket = `wps-dev-outputs-${emulatedAccount}-${emulatedRegion}`;
const configuration = `wps-configuration-${emulatedAccount}-${emulatedRegion}`;
const batchArn = (resource: string) =>
  `arn:aws:batch:${emulatedRegion}:${emulatedAccount}:${resource}`;
const kmsKey = `arn:aws:kms:${emulatedRegion}:${emulatedAccount}:key/1`;
const context = contextOf('wps:DEV');

let agents: BatchAgents;
let recorder: CallRecorder;
let handler: typeof import('../../lambda/handler.ts')['handler'];
let jobEvents: typeof import('../../lambda/job-events.ts')['handler'];
/** How often the SDK tries a call of AWS Batch. */
const tries = 4;
let buckets: ReturnType<typeof bucketsOf>;
/** When true, events are lost and the sweep has to find the jobs. */
let losesEvents = false;

/** Sets the credentials that a client of the SDK finds when it is made. */
const as = (caller: string) => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', caller);
  return { AWS_ENDPOINT_URL: recorder.endpoint, AWS_ACCESS_KEY_ID: caller };
};

const tell = (type: string, detail: Partial<JobDetail> = {}) =>
  jobEvents(jobEvent(type, detail), context);
const send = (sent: Sent) => throughGateway(handler, restEvent(sent), context);
const execute = async (delaySeconds: number) => {
  const inputs = `message=hello;delaySeconds=${delaySeconds}`;
  const query = `service=WPS&version=1.0.0&request=Execute&identifier=echo&DataInputs=${inputs}&storeExecuteResponse=true&status=true&ResponseDocument=result=@asReference=true`;
  const { body } = await send({ method: 'GET', path: '/wps', query });
  const [location] = select(body, '//@statusLocation');
  return location ? (new URL(String(location)).searchParams.get('jobId') ?? '') : '';
};
const statusOf = async (jobId: string) =>
  (await send({ method: 'GET', path: '/wps/jobStatus', query: { jobId, format: 'XML' } })).body;
const follow = (jobId: string, until: RegExp) =>
  expect.poll(() => statusOf(jobId), { timeout: 60_000, interval: 200 }).toMatch(until);

beforeAll(async () => {
  agents = await startBatchAgents(
    async (detail) => {
      if (!losesEvents) await tell('Batch Job State Change', detail);
    },
    () => ({ AWS_ENDPOINT_URL: recorder.endpoint, AWS_ACCESS_KEY_ID: 'job' }),
  );
  recorder = await startCallRecorder(agents.emulator.endpoint);
  buckets = bucketsOf(agents.emulator);
  for (const name of [bucket, configuration]) await buckets.create(name);
  await createBatchResources(agents.emulator, {
    queues: ['wps-dev-small'],
    jobDefinitions: [{ name: 'wps-dev-echo' }],
  });
  await buckets.put(
    configuration,
    'DEV/wps.properties',
    `STATUS_LOCATION=https://wps.example.org/wps/
JOB_NAME=wps-dev-job
JOB_QUEUE_NAME=${batchArn('job-queue/wps-dev-small')}
JOB_DEFINITION_ECHO=${batchArn('job-definition/wps-dev-echo:1')}
AWS_REGION=${emulatedRegion}
OUTPUT_S3_BUCKET=${bucket}
OUTPUT_KMS_KEY=${kmsKey}
JOB_OVERDUE_SECONDS=1
`,
  );
  for (const [name, value] of Object.entries({
    ...agents.emulator.variables,
    AWS_ENDPOINT_URL: recorder.endpoint,
    CONFIGURATION_S3_BUCKET: configuration,
    CONFIG_FILENAME: 'wps.properties',
  })) {
    vi.stubEnv(name, value);
  }
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockReturnValue(true);
  }
  ({ handler } = await import('../../lambda/handler.ts'));
  ({ handler: jobEvents } = await import('../../lambda/job-events.ts'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await agents?.stop();
  await recorder?.stop();
});

it('the code asks AWS for exactly what test/stacks/asked-permissions.json says', async () => {
  // Each function makes its clients on its first call, and keeps using the credentials it found then.
  losesEvents = true;
  as('wps');
  await follow(await execute(0), /ProcessSucceeded/);
  as('jobEvents');
  await tell('Scheduled Event');
  losesEvents = false;

  // A job from its submission to its output, with events.
  const jobId = await execute(0);
  await follow(jobId, /ProcessSucceeded/);
  const output = await send({ method: 'GET', path: `/wps/outputs/${jobId}/result.txt` });
  await (await fetch(String(output.headers?.['location']))).arrayBuffer();
  await send({ method: 'HEAD', path: `/wps/outputs/${jobId}/result.txt` });
  await tell('Scheduled Event');

  // A status request for a missing job checks whether it has expired.
  await statusOf(jobId.replace(/^.{8}/, 'ffffffff'));

  // The answer to a write is lost; then all answers to a submission are lost, including those of its retries.
  recorder.loseAnswersOf(/\/job\.json$/, 1);
  await follow(await execute(0), /ProcessSucceeded/);
  recorder.loseAnswersOf(/^\/v1\/submitjob$/, tries);
  await follow(await execute(0), /ProcessSucceeded/);

  // A submission fails when Batch refuses it, or when the job cannot be stored.
  recorder.refuse(/^\/v1\/submitjob$/, tries);
  await execute(0);
  recorder.refuse(/\/inputs\.json$/, 5);
  await execute(0);

  // Status requests find out how a job ended when no event reported it.
  losesEvents = true;
  const unheard = await execute(60);
  for (const _ of [1, 2]) {
    await expect.poll(() => agents.running.has(unheard)).toBe(true);
    const runner = agents.running.get(unheard);
    agents.loseMachine(unheard);
    await expect.poll(() => agents.running.get(unheard) !== runner).toBe(true);
  }
  await follow(unheard, /ProcessFailed/);

  // One job is dismissed at once. Batch cannot be called for another one, which the sweep ends later.
  const dismiss = async (id: string) => {
    await follow(id, />waiting</);
    await send({ method: 'DELETE', path: '/wps/jobStatus', query: { jobId: id } });
  };
  await dismiss(await execute(20));
  const running = await execute(60);
  recorder.refuse(/^\/v1\/terminatejob$/, tries);
  await dismiss(running);
  await expect
    .poll(
      async () => {
        await tell('Scheduled Event');
        return agents.running.has(running);
      },
      { timeout: 60_000, interval: 1_000 },
    )
    .toBe(false);

  // A job that was stored and, as far as the service knows, never submitted.
  const lost = jobId.replace(/^.{8}/, '00000000');
  const record = JSON.parse(await buckets.read(bucket, `jobs/${jobId}/job.json`));
  const { engineJobId, claim, attempt, submittedAt, startedAt, endedAt, ...rest } = record;
  const then = new Date(Date.now() - 120_000).toISOString();
  const accepted = { ...rest, id: lost, status: 'accepted', createdAt: then, updatedAt: then };
  await buckets.put(bucket, `jobs/${lost}/job.json`, JSON.stringify({ ...accepted, outputs: [] }));
  await buckets.put(bucket, `unfinished/${lost}`, then);
  await tell('Scheduled Event');

  // An output that does not fit into one request, and an upload that breaks off.
  as('job');
  const store = new S3ObjectStore({
    bucket,
    prefix: '',
    kmsKeyId: kmsKey,
    client: s3Connection({ region: emulatedRegion, silenceMilliseconds: 60_000 }),
  });
  const mebibytes = function* (count: number, fails = false) {
    for (let sent = 0; sent < count; sent++) yield Buffer.alloc(1024 * 1024);
    if (fails) throw new Error('the disk is gone');
  };
  const binary = { contentType: 'application/octet-stream' };
  await store.upload('jobs/large', Readable.from(mebibytes(40)), binary);
  const broken = store.upload('jobs/broken', Readable.from(mebibytes(40, true)), binary);
  await expect(broken).rejects.toThrow('the disk is gone');

  await expect(`${JSON.stringify(recorder.asked(), null, 2)}\n`).toMatchFileSnapshot(
    '../stacks/asked-permissions.json',
  );
});
