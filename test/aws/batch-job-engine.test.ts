import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { BatchClient, type SubmitJobRequest } from '@aws-sdk/client-batch';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BatchJobEngine } from '../../lambda/aws/batch-job-engine.ts';
import { defaultLimits } from '../../lambda/configuration/limits.ts';
import { plainQueues } from '../../lambda/configuration/queue-traits.ts';
import { EngineBusy } from '../../lambda/jobs/job-engine.ts';
import { awsConfiguration } from '../aws-configuration.ts';
import { describeJobEngine } from '../contracts/job-engine.ts';
import { echo } from '../echo.ts';
import { sampleJob } from '../sample-job.ts';
import { batchClient, createBatchResources } from './batch-resources.ts';
import { startContainerEngine } from './container-engine.ts';
import { emulatedRegion, startEmulator } from './emulator.ts';

describeJobEngine('BatchJobEngine', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'batch-job-engine-'));
  const log = join(folder, 'attempts');
  const runner = join(import.meta.dirname, '..', 'contracts', 'tiny-runner.mjs');
  const containers = await startContainerEngine(async (variables, killed) => {
    const child = spawn(process.execPath, [runner], {
      env: { ...variables, TINY_RUNNER_LOG: log },
      stdio: 'inherit',
    });
    killed.addEventListener('abort', () => child.kill());
    const [code] = await once(child, 'exit');
    return code ?? 137;
  });
  const emulator = await startEmulator({ containerEngine: containers.address });
  await createBatchResources(emulator, {
    queues: ['small', 'timeseries', 'large'],
    jobDefinitions: [{ name: 'echo' }],
  });
  const client = batchClient(emulator);
  return {
    engine: new BatchJobEngine({ configuration: awsConfiguration(), client: async () => client }),
    attempts: () => readFile(log, 'utf8').catch(() => ''),
    stop: async () => {
      await emulator.stop();
      await containers.stop();
      await rm(folder, { recursive: true });
    },
  };
});

describe('what BatchJobEngine sends', () => {
  const { id } = sampleJob();
  const requests: { path: string; body: SubmitJobRequest }[] = [];
  let answers: [status: number, body: object, error?: string][];
  const server = createServer(async (incoming: IncomingMessage, outgoing) => {
    requests.push({
      path: incoming.url ?? '',
      body: (await json(incoming)) as SubmitJobRequest,
    });
    const [status, body, error] = answers.shift() ?? [500, {}];
    outgoing.writeHead(status, {
      'content-type': 'application/json',
      ...(error && { 'x-amzn-errortype': error }),
    });
    outgoing.end(JSON.stringify(body));
  });
  let client: BatchClient;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = new BatchClient({
      region: emulatedRegion,
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 2,
    });
  });
  beforeEach(() => {
    requests.length = 0;
    answers = [];
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const engineOf = (change: Parameters<typeof awsConfiguration>[0] = {}) =>
    new BatchJobEngine({ configuration: awsConfiguration(change), client: async () => client });
  const submission = {
    jobId: id,
    processIdentifier: 'gs:GoGoDuck',
    queue: 'large' as const,
    requirements: { ...echo.job, timeoutSeconds: 5, attempts: 3 },
  };
  const jobDefinitions = { 'gs:GoGoDuck': 'arn:gogoduck:7' };
  const submit = (change: Parameters<typeof awsConfiguration>[0] = {}) => {
    answers.push([200, { jobId: 'b-1', jobName: 'x' }]);
    return engineOf({ jobDefinitions, ...change }).submit(submission);
  };

  it('a submission to Batch is the job, with the needs of its process and where it is stored', async () => {
    expect(await submit({ outputKmsKey: 'alias/outputs' })).toEqual({ engineJobId: 'b-1' });
    const body = requests[0]?.body;
    expect(body).toMatchObject({
      jobName: `javaduck-gs_GoGoDuck-${id}`,
      jobQueue: 'large',
      jobDefinition: 'arn:gogoduck:7',
      // Batch accepts no shorter timeout.
      timeout: { attemptDurationSeconds: 60 },
      retryStrategy: { attempts: 3 },
      propagateTags: true,
      tags: { WpsJobId: id, WpsProcess: 'gs:GoGoDuck', WpsEnvironment: 'DEV' },
    });
    expect(body?.containerOverrides?.resourceRequirements).toEqual([
      { type: 'VCPU', value: '1' },
      { type: 'MEMORY', value: '256' },
    ]);
    expect(
      Object.fromEntries(
        body?.containerOverrides?.environment?.map(({ name, value }) => [name, value]) ?? [],
      ),
    ).toEqual({
      WPS_JOB_ID: id,
      WPS_ENVIRONMENT: awsConfiguration().environment,
      WPS_JOB_ATTEMPTS: '3',
      WPS_JOB_STORE: 's3://jobs/DEV/',
      AWS_REGION: 'ap-southeast-2',
      WPS_OUTPUT_KMS_KEY: 'alias/outputs',
      WPS_INLINE_OUTPUT_BYTES: '1048576',
      WPS_REFERENCE_MAX_BYTES: '536870912',
      WPS_REFERENCE_TIMEOUT_SECONDS: '60',
    });
  });

  it('a submission to Batch names no share if the queue has none', async () => {
    await submit();
    expect(requests[0]?.body).not.toHaveProperty('shareIdentifier');
  });

  it('a submission to Batch counts against the share of its owner, or of its process without an owner', async () => {
    const traits = { platform: 'EC2', scheduling: 'fair-share' } as const;
    const engine = engineOf({ jobDefinitions, queueTraits: { ...plainQueues, large: traits } });
    const owners = ['arn:aws:iam::123456789012:user/one', 'two@example.org', 'two@example.org'];
    for (const owner of [...owners, undefined]) {
      answers.push([200, { jobId: 'b-1', jobName: 'x' }]);
      await engine.submit({ ...submission, ...(owner === undefined ? {} : { owner }) });
    }
    const [one, two, again, none] = requests.map(({ body }) => body.shareIdentifier);
    for (const share of [one, two, none]) expect(share).toMatch(/^[A-Za-z0-9]{1,255}$/);
    expect(again).toBe(two);
    expect(new Set([one, two, none]).size).toBe(3);
  });

  it('a submission to a Fargate queue has a size and a definition that Fargate accepts', async () => {
    const traits = { platform: 'FARGATE', scheduling: 'first-come' } as const;
    const queueTraits = { ...plainQueues, large: traits };
    await expect(engineOf({ jobDefinitions, queueTraits }).submit(submission)).rejects.toThrow(
      'process gs:GoGoDuck has no job definition for queue large here',
    );
    const fargateJobDefinitions = { 'gs:GoGoDuck': 'arn:gogoduck-fargate:1' };
    await submit({ fargateJobDefinitions, queueTraits });
    expect(requests[0]?.body.jobDefinition).toBe('arn:gogoduck-fargate:1');
    expect(requests[0]?.body.containerOverrides?.resourceRequirements).toEqual([
      { type: 'VCPU', value: '1' },
      { type: 'MEMORY', value: '2048' },
    ]);
  });

  it('a submission to Batch retries failures of the machine, and not of the request or the memory', async () => {
    await submit();
    expect(requests[0]?.body.retryStrategy?.evaluateOnExit).toEqual([
      { onStatusReason: 'Host EC2*', action: 'RETRY' },
      { onReason: 'OutOfMemoryError*', action: 'EXIT' },
      { onExitCode: '6*', action: 'EXIT' },
      { onExitCode: '7*', action: 'EXIT' },
    ]);
  });

  it('a submission to Batch has a name that is not too long, and valid tags', async () => {
    await submit({ jobNamePrefix: 'n'.repeat(100), environment: '$LATEST' });
    const { jobName, tags } = requests[0]?.body ?? {};
    expect(jobName).toHaveLength(128);
    expect(jobName?.endsWith(`-${id}`)).toBe(true);
    expect(tags?.['WpsEnvironment']).toBe('_LATEST');
  });

  it('a submission to Batch has no more overrides than Batch accepts, however long the configuration is', async () => {
    const outputPrefix = `${'p'.repeat(511)}/`;
    const outputKmsKey = `arn:aws:kms:ap-southeast-2:123456789012:alias/${'k'.repeat(250)}`;
    const limits = { ...defaultLimits, referenceHosts: ['h'.repeat(4096)] };
    await submit({ outputPrefix, outputKmsKey, limits });
    expect(JSON.stringify(requests[0]?.body.containerOverrides).length).toBeLessThan(8192);
  });

  it('a process without a job definition is refused without a call of Batch', async () => {
    await expect(engineOf().submit(submission)).rejects.toThrow(
      'process gs:GoGoDuck has no job definition for queue large here',
    );
    expect(requests).toEqual([]);
  });

  it('a submission to Batch is tried again after a server fault', async () => {
    answers.push([500, { message: 'no' }, 'ServerException']);
    expect(await submit()).toEqual({ engineJobId: 'b-1' });
    expect(requests).toHaveLength(2);
  });

  it('a submission to Batch is refused as busy if throttling outlasts the retries', async () => {
    answers.push(
      [429, { message: 'slow' }, 'TooManyRequestsException'],
      [429, { message: 'slow' }, 'TooManyRequestsException'],
    );
    await expect(submit()).rejects.toBeInstanceOf(EngineBusy);
  });

  it('a submission that Batch refuses fails without a retry', async () => {
    answers.push([400, { message: 'Job queue large is disabled' }, 'ClientException']);
    await expect(submit()).rejects.toThrow('Job queue large is disabled');
    expect(requests).toHaveLength(1);
  });

  it('Batch is asked about a hundred jobs per call', async () => {
    const ids = Array.from({ length: 101 }, (_, index) => `b-${index}`);
    answers.push(
      [200, { jobs: [{ jobId: 'b-3', status: 'RUNNING' }] }],
      [200, { jobs: [{ jobId: 'b-100', status: 'FAILED' }] }],
    );
    expect([...(await engineOf().describeMany(ids)).keys()]).toEqual(['b-3', 'b-100']);
    expect(requests.map(({ body }) => body)).toEqual([
      { jobs: ids.slice(0, 100) },
      { jobs: ['b-100'] },
    ]);
  });

  it('Batch is asked for a job by its exact name, page after page', async () => {
    answers.push(
      [200, { jobSummaryList: [], nextToken: 'more' }],
      [200, { jobSummaryList: [{ jobId: 'b-1', jobName: 'x' }] }],
    );
    expect(await engineOf().find(sampleJob())).toBe('b-1');
    expect(requests.map(({ body }) => body)).toEqual([
      { jobQueue: 'small', filters: [{ name: 'JOB_NAME', values: [`javaduck-echo-${id}`] }] },
      {
        jobQueue: 'small',
        filters: [{ name: 'JOB_NAME', values: [`javaduck-echo-${id}`] }],
        nextToken: 'more',
      },
    ]);
  });
});
