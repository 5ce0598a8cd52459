import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { BatchClient, type SubmitJobRequest } from '@aws-sdk/client-batch';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BatchJobEngine } from '../../../lambda/aws/batch-job-engine.ts';
import { defaultLimits } from '../../../lambda/configuration/limits.ts';
import { plainQueues } from '../../../lambda/configuration/queue-traits.ts';
import { EngineBusy } from '../../../lambda/jobs/job-engine.ts';
import { awsConfiguration } from '../../aws-configuration.ts';
import { echo } from '../../echo.ts';
import { sampleJob } from '../../sample-job.ts';

/** The real SDK with a stand-in of AWS Batch that answers as a test decides. */
describe('a submission to AWS Batch', () => {
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
      region: 'ap-southeast-2',
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
    const limits = { ...defaultLimits, referenceHosts: ['a.example.org', '*.example.com'] };
    expect(await submit({ outputKmsKey: 'alias/outputs', limits })).toEqual({ engineJobId: 'b-1' });
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
      WPS_REFERENCE_HOSTS: 'a.example.org,*.example.com',
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

  it('an answer of Batch without a job id is no submission', async () => {
    answers.push([200, {}]);
    await expect(engineOf({ jobDefinitions }).submit(submission)).rejects.toThrow(
      'without a job id',
    );
  });

  it('every call of Batch ends with the request that it belongs to', async () => {
    const signal = AbortSignal.abort();
    const configuration = awsConfiguration({ jobDefinitions });
    const engine = new BatchJobEngine({ configuration, client: async () => client, signal });
    for (const call of [
      engine.submit(submission),
      engine.describe('b-1'),
      engine.find(sampleJob()),
      engine.terminate('b-1', 'dismissed'),
    ]) {
      await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    }
    expect(requests).toEqual([]);
  });
});
