import { type JobDetail, TerminateJobCommand } from '@aws-sdk/client-batch';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeOneSetOfJobs } from '../contracts/one-set-of-jobs.ts';
import { faultsOf } from '../official-schemas.ts';
import { select } from '../xml.ts';
import { type BatchAgents, startBatchAgents } from './batch-agents.ts';
import { batchClient, createBatchResources } from './batch-resources.ts';
import { bucketsOf } from './buckets.ts';
import { emulatedRegion } from './emulator.ts';
import { contextOf, functionVariables, jobEvent } from './function-calls.ts';
import { httpEvent, restEvent, type Sent, throughGateway } from './gateway-events.ts';

type Alias = 'DEV' | 'PROD' | 'BROKEN' | 'ABSENT';
const context = (alias: Alias) => contextOf(`wps:${alias}`);

const executeRequest = (
  message: string,
  delaySeconds: number,
  response: string,
) => `<?xml version="1.0"?>
<wps:Execute service="WPS" version="1.0.0" xmlns:wps="http://www.opengis.net/wps/1.0.0"
    xmlns:ows="http://www.opengis.net/ows/1.1">
  <ows:Identifier>echo</ows:Identifier>
  <wps:DataInputs>
    <wps:Input><ows:Identifier>message</ows:Identifier><wps:Data><wps:LiteralData>${message}</wps:LiteralData></wps:Data></wps:Input>
    <wps:Input><ows:Identifier>delaySeconds</ows:Identifier><wps:Data><wps:LiteralData>${delaySeconds}</wps:LiteralData></wps:Data></wps:Input>
  </wps:DataInputs>
  <wps:ResponseForm>${response}</wps:ResponseForm>
</wps:Execute>`;
const asynchronous = `<wps:ResponseDocument storeExecuteResponse="true" status="true">
  <wps:Output asReference="true"><ows:Identifier>result</ows:Identifier></wps:Output>
</wps:ResponseDocument>`;

describe('the service on AWS', () => {
  let agents: BatchAgents;
  let buckets: ReturnType<typeof bucketsOf>;
  let handler: typeof import('../../lambda/handler.ts')['handler'];
  let jobEvents: typeof import('../../lambda/job-events.ts')['handler'];
  /** When true, events are lost. Otherwise they reach the rules of every environment of the account. */
  let losesEvents = false;
  /** Called when both environments have handled an event, before the machine continues. */
  let afterEvent: (detail: Partial<JobDetail>) => Promise<void>;
  let printed: string[];

  const emit = async (detail: Partial<JobDetail>) => {
    if (losesEvents) return;
    for (const alias of ['DEV', 'PROD'] as const)
      await tell('Batch Job State Change', alias, detail);
    await afterEvent(detail);
  };
  const tell = (type: string, alias: Alias, detail: Partial<JobDetail> = {}) =>
    jobEvents(jobEvent(type, detail), context(alias));

  beforeAll(async () => {
    agents = await startBatchAgents(emit);
    const { emulator } = agents;
    for (const [name, value] of Object.entries(functionVariables(emulator, 'configuration'))) {
      vi.stubEnv(name, value);
    }
    buckets = bucketsOf(emulator);
    for (const bucket of ['configuration', 'dev-outputs', 'prod-outputs'])
      await buckets.create(bucket);
    await createBatchResources(emulator, {
      queues: ['dev-queue', 'prod-queue', 'prod-small'],
      jobDefinitions: [{ name: 'dev-echo' }, { name: 'prod-echo' }],
    });
    const configuration = (name: string, more = '') => `
STATUS_LOCATION=https://wps.example.org/${name}/wps/
JOB_NAME=${name}
JOB_QUEUE_NAME=${name}-queue
JOB_DEFINITION_ECHO=${name}-echo
JOB_DEFINITION_GOGODUCK=${name}-echo
AWS_REGION=${emulatedRegion}
OUTPUT_S3_BUCKET=${name}-outputs
JOB_OVERDUE_SECONDS=1
${more}`;
    const put = (alias: Alias, text: string) =>
      buckets.put('configuration', `${alias}/wps.properties`, text);
    await put('DEV', configuration('dev'));
    await put(
      'PROD',
      configuration('prod', 'JOB_QUEUE_NAME_SMALL=prod-small\nOUTPUT_S3_PREFIX=results/'),
    );
    await put('BROKEN', configuration('dev', 'SYNC_TIMEOUT_SECONDS=never'));
    ({ handler } = await import('../../lambda/handler.ts'));
    ({ handler: jobEvents } = await import('../../lambda/job-events.ts'));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await agents?.stop();
  });
  beforeEach(() => {
    losesEvents = false;
    afterEvent = async () => undefined;
    printed = [];
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((text) => {
        printed.push(String(text));
        return true;
      });
    }
    return () => vi.restoreAllMocks();
  });

  const send = (sent: Sent, alias: Alias = 'DEV') =>
    throughGateway(handler, restEvent(sent), context(alias));
  const kvp = (query: Readonly<Record<string, string>>, alias: Alias = 'DEV') =>
    send({ method: 'GET', path: '/wps', query: { service: 'WPS', ...query } }, alias);
  const execute = (
    message: string,
    delaySeconds = 0,
    alias: Alias = 'DEV',
    response = asynchronous,
  ) =>
    send(
      { method: 'POST', path: '/wps', body: executeRequest(message, delaySeconds, response) },
      alias,
    );
  const submit = async (message: string, delaySeconds = 0, alias: Alias = 'DEV') => {
    const { statusCode, body } = await execute(message, delaySeconds, alias);
    expect(statusCode).toBe(200);
    expect(faultsOf(body)).toEqual([]);
    expect(select(body, '//wps:ProcessAccepted')).toHaveLength(1);
    const location = new URL(select(body, '//@statusLocation')[0] as string);
    return location.searchParams.get('jobId') as string;
  };
  const statusOf = async (jobId: string, alias: Alias = 'DEV') => {
    const sent = { method: 'GET', path: '/wps/jobStatus', query: { jobId, format: 'XML' } };
    const { statusCode, body } = await throughGateway(handler, httpEvent(sent), context(alias));
    expect(statusCode).toBe(200);
    expect(faultsOf(body)).toEqual([]);
    return body;
  };
  /** Polls until the status document matches. Checks that every document on the way is valid. */
  const follow = async (jobId: string, until: RegExp, alias: Alias = 'DEV') => {
    let body = '';
    await expect
      .poll(
        async () => {
          body = await statusOf(jobId, alias);
          return body;
        },
        { timeout: 30_000, interval: 100 },
      )
      .toMatch(until);
    return body;
  };
  const ended = (jobId: string, alias: Alias = 'DEV') =>
    follow(jobId, /<wps:Process(Succeeded|Failed)/, alias);
  const lines = () =>
    printed
      .join('')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));

  describe.each([
    // A REST API leaves its stage out of the path. An HTTP API does not.
    ['REST', restEvent, ''],
    ['HTTP', httpEvent, '/dev'],
  ] as const)('by events of a %s API', (form, eventOf, stage) => {
    describeOneSetOfJobs(`by events of ${form} APIs`, () => ({
      listsJobs: false,
      send: async ({ path, ...request }) => {
        const event = eventOf({ ...request, path: `${stage}${path}` });
        const { statusCode, headers, body, isBase64Encoded } = await throughGateway(
          handler,
          event,
          context('DEV'),
        );
        return {
          status: statusCode,
          headers: Object.fromEntries(
            Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]),
          ),
          body: isBase64Encoded ? Buffer.from(body, 'base64').toString() : body,
        };
      },
    }));
  });

  it('the service on AWS runs a job from Execute to its outputs in S3', async () => {
    const jobId = await submit('hello', 0.5);
    await follow(jobId, /ProcessStarted|ProcessSucceeded/);
    const document = await ended(jobId);
    const [href] = select(document, '//wps:Reference/@href');
    expect(href).toBe(`https://wps.example.org/dev/wps/outputs/${jobId}/result.txt`);

    const path = `/wps/outputs/${jobId}/result.txt`;
    expect(await send({ method: 'HEAD', path })).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'text/plain', 'content-length': '6' },
      body: '',
    });
    const output = await send({ method: 'GET', path });
    expect(output.statusCode).toBe(303);
    expect(output.headers).toMatchObject({ 'cache-control': 'no-store' });
    const opened = await fetch(String(output.headers?.['location']));
    expect(await opened.text()).toBe('hello\n');

    const documents = await buckets.list('dev-outputs', `jobs/${jobId}/`);
    expect(documents.map((key) => key.replace(`jobs/${jobId}/`, ''))).toEqual([
      'inputs.json',
      'job.json',
      'outputs/1/result.txt',
      'request.xml',
      'status.xml',
    ]);
    // The event of the end brings the stored status document up to the service's answer.
    await expect.poll(() => buckets.read('dev-outputs', `jobs/${jobId}/status.xml`)).toBe(document);
    // The last event removes the job from the list.
    await expect.poll(() => buckets.list('dev-outputs', `unfinished/${jobId}`)).toEqual([]);
  });

  it('the service on AWS serves two environments in one process, each with its own configuration, queue and store', async () => {
    const [dev, prod] = await Promise.all([submit('to dev'), submit('to prod', 0, 'PROD')]);
    await Promise.all([ended(dev), ended(prod, 'PROD')]);
    expect(await buckets.read('dev-outputs', `jobs/${dev}/outputs/1/result.txt`)).toBe('to dev\n');
    expect(await buckets.read('prod-outputs', `results/jobs/${prod}/outputs/1/result.txt`)).toBe(
      'to prod\n',
    );
    const { body } = await kvp({ request: 'GetCapabilities' }, 'PROD');
    expect(select(body, '//ows:Get/@xlink:href')[0]).toContain('https://wps.example.org/prod/wps');
    expect(
      (await send({ method: 'GET', path: '/wps/jobStatus', query: { jobId: prod } })).statusCode,
    ).toBe(404);
  });

  it('the service on AWS answers a synchronous Execute with the output itself', async () => {
    const raw = '<wps:RawDataOutput><ows:Identifier>result</ows:Identifier></wps:RawDataOutput>';
    const { statusCode, headers, body, isBase64Encoded } = await execute('at once', 0, 'DEV', raw);
    expect(statusCode).toBe(200);
    expect(headers?.['content-type']).toBe('text/plain');
    expect(isBase64Encoded).toBe(true);
    expect(Buffer.from(body, 'base64').toString()).toBe('at once\n');
  });

  it('the service on AWS shows each step of a job whose machine is lost, up to its next attempt', async () => {
    // The last event of an earlier job may come late.
    const steps = new Map<string, string[]>();
    afterEvent = async ({ jobName = '', status = '' }) => {
      const id = jobName.slice(-36);
      const [, shown] = /<wps:Status [^>]*>\s*<wps:(\w+)/.exec(await statusOf(id)) ?? [];
      steps.set(id, [...(steps.get(id) ?? []), `${status}: ${shown}`]);
    };
    const jobId = await submit('again', 1);
    await follow(jobId, />waiting</);
    agents.loseMachine(jobId);
    expect(await ended(jobId)).toContain('ProcessSucceeded');
    await expect
      .poll(() => steps.get(jobId))
      .toEqual([
        'RUNNING: ProcessStarted',
        'RUNNABLE: ProcessPaused',
        'RUNNING: ProcessStarted',
        'SUCCEEDED: ProcessSucceeded',
      ]);
    expect(JSON.parse(await buckets.read('dev-outputs', `jobs/${jobId}/job.json`)).attempt).toBe(2);
  });

  it('the service on AWS tells the user why if every machine of a job is lost', async () => {
    const jobId = await submit('never', 20);
    for (const attempt of [1, 2]) {
      await expect
        .poll(() => buckets.read('dev-outputs', `jobs/${jobId}/job.json`))
        .toMatch(
          new RegExp(
            `"attempt":${attempt}.*"message":"waiting"|"message":"waiting".*"attempt":${attempt}`,
          ),
        );
      agents.loseMachine(jobId);
    }
    const document = await ended(jobId);
    expect(select(document, '//ows:ExceptionText')[0]).toContain('taken away');
    expect(document).not.toMatch(/i-0123|arn:|dev-outputs/);
  });

  const reasonOf = (document: string) => select(document, '//ows:ExceptionText')[0];

  it('the service on AWS says that a machine was reclaimed, retries the job, and says so again of the last attempt', async () => {
    const jobId = await submit('reclaimed', 20);
    const messages: string[] = [];
    afterEvent = async () => {
      const record = await buckets.read('dev-outputs', `jobs/${jobId}/job.json`);
      messages.push(JSON.parse(record).message);
    };
    await follow(jobId, />waiting</);
    agents.reclaimMachine(jobId);
    await expect
      .poll(() => messages)
      .toContain('The machine that ran the job was taken away; the next attempt follows.');
    await expect
      .poll(() => buckets.read('dev-outputs', `jobs/${jobId}/job.json`))
      .toMatch(/"attempt":2.*"message":"waiting"|"message":"waiting".*"attempt":2/);
    agents.reclaimMachine(jobId);
    expect(reasonOf(await ended(jobId))).toBe(
      'The machine that ran the job was taken away. Please send the request again.',
    );
  });

  it('the service on AWS says that a job took too long, not that its machine was lost, when its time is over', async () => {
    const jobId = await submit('slow', 60);
    await follow(jobId, />waiting</);
    agents.endForTimeout(jobId);
    expect(reasonOf(await ended(jobId))).toContain('longer than it may');
  });

  it('the service on AWS says that a job was ended by the provider if an operator ends it, whatever the reason', async () => {
    const jobId = await submit('dear', 60);
    await follow(jobId, />waiting</);
    const record = JSON.parse(await buckets.read('dev-outputs', `jobs/${jobId}/job.json`));
    await batchClient(agents.emulator).send(
      new TerminateJobCommand({ jobId: record.engineJobId, reason: 'too dear this month' }),
    );
    expect(reasonOf(await ended(jobId))).toBe('The job was ended by the provider.');
  });

  it('the service on AWS finds out how a job ended whose events were all lost', async () => {
    losesEvents = true;
    const jobId = await submit('unheard', 20);
    for (const _ of [1, 2]) {
      await expect.poll(() => agents.running.has(jobId)).toBe(true);
      const runner = agents.running.get(jobId);
      agents.loseMachine(jobId);
      await expect.poll(() => agents.running.get(jobId) !== runner).toBe(true);
    }
    expect(await ended(jobId)).toContain('ProcessFailed');
    await tell('Scheduled Event', 'DEV');
    expect(await buckets.list('dev-outputs', `unfinished/${jobId}`)).toEqual([]);
  });

  it('the service on AWS ends jobs in a sweep that were stored and never submitted', async () => {
    const jobId = await submit('left behind');
    await ended(jobId);
    await expect.poll(() => buckets.list('dev-outputs', `unfinished/${jobId}`)).toEqual([]);
    // The same job in the state in which it is stored when the handler dies before it submits.
    const other = jobId.replace(/^.{8}/, '00000000');
    const record = JSON.parse(await buckets.read('dev-outputs', `jobs/${jobId}/job.json`));
    const now = new Date(Date.now() - 120_000).toISOString();
    const { engineJobId, claim, attempt, submittedAt, startedAt, endedAt, ...rest } = record;
    const accepted = {
      ...rest,
      id: other,
      status: 'accepted',
      outputs: [],
      createdAt: now,
      updatedAt: now,
    };
    await buckets.put('dev-outputs', `unfinished/${other}`, now);
    await buckets.put(
      'dev-outputs',
      `jobs/${other}/inputs.json`,
      await buckets.read('dev-outputs', `jobs/${jobId}/inputs.json`),
    );
    await buckets.put('dev-outputs', `jobs/${other}/job.json`, JSON.stringify(accepted));
    await tell('Scheduled Event', 'DEV');
    expect(await statusOf(other)).toContain('The job was lost before it could run.');
    expect(await buckets.list('dev-outputs', `unfinished/${other}`)).toEqual([]);
  });

  it('the service on AWS ends the container of a job that the client dismisses', async () => {
    const jobId = await submit('dismissed', 60);
    await follow(jobId, />waiting</);
    const { body } = await send({ method: 'DELETE', path: '/wps/jobStatus', query: { jobId } });
    expect(select(body, '//wps:ProcessFailed')).toHaveLength(1);
    await expect.poll(() => agents.running.has(jobId)).toBe(false);
    expect(await statusOf(jobId)).toContain('dismissed');
  });

  it.each([
    ['ABSENT', 's3://configuration/ABSENT/wps.properties is not there'],
    ['BROKEN', 'SYNC_TIMEOUT_SECONDS is \\"never\\"'],
  ] as const)(
    'the service on AWS answers an internal fault, and logs the reason, if configuration %s cannot be used',
    async (alias, words) => {
      const { statusCode, headers, body } = await kvp({ request: 'GetCapabilities' }, alias);
      expect(statusCode).toBe(500);
      expect(headers).toMatchObject({ 'content-type': 'text/xml', 'cache-control': 'no-store' });
      expect(faultsOf(body)).toEqual([]);
      expect(body).not.toContain('properties');
      expect(printed.join()).toContain(words);
      expect(
        lines().some((line) => line.ConfigurationFaults === 1 && line.environment === alias),
      ).toBe(true);
    },
  );

  it.each([{}, { requestContext: {} }])(
    "the service on AWS answers the event %j, which is not API Gateway's, with an exception report",
    async (event) => {
      const answer = await handler(event as APIGatewayProxyEvent, context('DEV'));
      expect(answer.statusCode).toBe(500);
      expect(faultsOf(answer.body)).toEqual([]);
    },
  );

  it('the service on AWS answers an event without a path as an unknown resource', async () => {
    const event = { httpMethod: 'GET' } as APIGatewayProxyEvent;
    const answer = await handler(event, context('DEV'));
    expect(answer.statusCode).toBe(404);
    expect(JSON.parse(answer.body)).toMatchObject({ status: 404 });
  });

  it('the service on AWS writes log lines with environment, request and job, and nothing that was sent', async () => {
    const jobId = await submit('a secret message');
    await ended(jobId);
    const accepted = lines().find(({ message }) => message === 'job accepted');
    expect(accepted).toMatchObject({
      level: 'INFO',
      environment: 'DEV',
      requestId: context('DEV').awsRequestId,
      jobId,
      process: 'echo',
    });
    expect(
      lines().some(
        (line) => line.Requests === 1 && line.operation === 'Execute' && line.outcome === 'ok',
      ),
    ).toBe(true);
    expect(lines().some((line) => line.SubmissionTime >= 0 && line.outcome === 'ok')).toBe(true);
    await expect
      .poll(() => lines().some((line) => line.JobsEnded === 1 && line.status === 'succeeded'))
      .toBe(true);
    expect(printed.join()).not.toMatch(/a secret message|emulated|127\.0\.0\.1/);
  });
});
