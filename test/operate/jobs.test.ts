import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Job, JobInput } from '../../batch-jobs/api/job.ts';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { installationData } from '../../environments/index.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { requestLog } from '../../lambda/jobs/request-log.ts';
import { openAccount } from '../../stacks/operate/aws-account.ts';
import { environmentJobs, startEcho } from '../../stacks/operate/jobs/environment-jobs.ts';
import { followLog } from '../../stacks/operate/jobs/follow.ts';
import type { JobDesk, JobView, LogLine } from '../../stacks/operate/jobs/job-desk.ts';
import { environmentNamed, targetOf } from '../../stacks/operate/target.ts';
import { confirm, processTerminal } from '../../stacks/operate/terminal.ts';
import { FakeJobEngine } from '../fake-job-engine.ts';
import { MemoryObjectStore } from '../memory-object-store.ts';
import { sampleJob } from '../sample-job.ts';
import { serviceUnderTest } from '../service-under-test.ts';
import { type Answers, answeringAws, awsError } from './answering-aws.ts';
import { operate } from './called-program.ts';

const installation = () => parseInstallation(installationData);
const id = sampleJob().id;

describe('jobs of a service over HTTP', () => {
  const base = 'https://wps.example.org/DEV/';
  const target = ['--endpoint', `${base}wps`, '-H', 'x-api-key: secret'];
  let answers: Readonly<Record<string, readonly [number, unknown]>>;
  let asked: { readonly call: string; readonly headers: Headers; readonly body?: unknown }[];
  beforeEach(() => {
    asked = [];
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init = {}) => {
      const call = `${init.method ?? 'GET'} ${String(input).replace(base, '')}`;
      const body = typeof init.body === 'string' ? { body: JSON.parse(init.body) } : {};
      asked.push({ call, headers: new Headers(init.headers), ...body });
      const answer = answers[call];
      if (!answer) throw new TypeError('fetch failed', { cause: new Error(`refused ${call}`) });
      const [status, value] = answer;
      return new Response(typeof value === 'string' ? value : JSON.stringify(value), { status });
    });
  });
  afterEach(() => vi.mocked(fetch).mockRestore());

  const job = (change: object = {}) => ({
    jobID: id,
    processID: 'echo',
    status: 'successful',
    created: '2026-01-01T00:00:00Z',
    message: 'The outputs are ready.',
    progress: 100,
    type: 'process',
    links: [],
    ...change,
  });

  it('the jobs that are asked for are listed, with the headers of the call', async () => {
    answers = { 'GET jobs?limit=5&processID=echo&status=failed': [200, { jobs: [job()] }] };
    const options = ['--limit', '5', '--process', 'echo', '--status', 'failed'];
    const { code, printed } = await operate(['jobs', 'list', ...options, ...target]);
    expect(code).toBe(0);
    expect(printed).toMatch(new RegExp(`^${id}  echo +successful  2026-01-01T00:00:00Z  The`, 'm'));
    expect(asked[0]?.headers.get('x-api-key')).toBe('secret');
    expect(asked[0]?.headers.get('accept')).toBe('application/json');
    answers = { 'GET jobs?limit=20': [200, { jobs: [] }] };
    expect((await operate(['jobs', 'list', ...target])).printed).toBe('No jobs.');
  });

  it('a job is shown with its failure, labels and warnings, and without links', async () => {
    const exception = { title: 'Failed', detail: 'The disk is full.' };
    const shown = job({ exception, labels: ['a', 'b'], warnings: ['slow'], links: [{}] });
    answers = { [`GET jobs/${id}`]: [200, shown] };
    const { printed } = await operate(['jobs', 'show', id, ...target]);
    expect(printed).toMatch(/^failure +The disk is full\.$/m);
    expect(printed).toMatch(/^labels +a, b$/m);
    expect(printed).toMatch(/^warning +slow$/m);
    expect(printed).not.toMatch(/^(links|type) /m);
  });

  it('a job that does not exist is named, with how to list those that do', async () => {
    answers = { [`GET jobs/${id}`]: [404, { title: 'NoSuchJob' }] };
    const { code, told } = await operate(['jobs', 'show', id, ...target]);
    expect(code).toBe(1);
    expect(told).toContain(`There is no job "${id}"`);
  });

  it('a refusal of the service is shown in its own words, or by the text of its answer', async () => {
    answers = { 'GET jobs?limit=20': [403, { title: 'Forbidden', detail: 'Show who you are.' }] };
    expect((await operate(['jobs', 'list', ...target])).told).toBe(
      'GET /DEV/jobs was answered with HTTP 403: Show who you are.',
    );
    answers = { 'GET jobs?limit=20': [502, 'Bad gateway'] };
    expect(await operate(['jobs', 'list', ...target])).toMatchObject({
      code: 1,
      told: 'GET /DEV/jobs was answered with HTTP 502: Bad gateway',
    });
    answers = { 'GET jobs?limit=20': [200, '<html>'] };
    expect((await operate(['jobs', 'list', ...target])).code).toBe(1);
    answers = {};
    expect((await operate(['jobs', 'list', ...target])).told).toBe(
      'https://wps.example.org does not answer (refused GET jobs?limit=20). Is the service running?',
    );
  });

  it('the log of a job is its messages, and says that it is no more', async () => {
    const message = { time: '2026-01-01T00:00:01Z', status: 'running', progress: 5, message: 'on' };
    answers = { [`GET jobs/${id}/log`]: [200, { messages: [message] }] };
    const { printed, told } = await operate(['logs', id, ...target]);
    expect(printed).toBe('2026-01-01T00:00:01Z  running 5 % on');
    expect(told).toMatch(/^These are the messages of the job/);
    answers = {
      [`GET jobs/${id}/log`]: [200, { messages: [] }],
      [`GET jobs/${id}`]: [200, job()],
    };
    expect((await operate(['logs', id, ...target])).told).toContain(
      `Job ${id} is successful: The outputs are ready. It has logged nothing.`,
    );
  });

  it('jobs are dismissed only with a yes, and shown before', async () => {
    answers = {
      [`GET jobs/${id}`]: [200, job()],
      [`DELETE jobs/${id}`]: [200, job({ status: 'dismissed' })],
    };
    const call = ['jobs', 'dismiss', id, ...target];
    const deleted = () => asked.filter((each) => each.call.startsWith('DELETE'));
    const without = await operate(call);
    expect(without.code).toBe(1);
    expect(without.told).toMatch(/successful[\s\S]*Dismiss this job and remove outputs\?.*--yes/);
    expect((await operate(call, false)).code).toBe(1);
    expect(deleted()).toEqual([]);
    expect((await operate([...call, '--yes'])).printed).toMatch(/dismissed/);
    expect(deleted()).toHaveLength(1);
    expect((await operate([...call, id], true)).told).toContain('Dismiss these 2 jobs');
  });

  it('a job that is run again has the inputs and outputs of the first', async () => {
    const described = { processID: 'gs:GoGoDuck', inputs: { a: 1 }, outputs: { b: {} } };
    answers = {
      [`GET jobs/${id}/inputs`]: [200, described],
      'POST processes/gs%3AGoGoDuck/execution': [201, job({ jobID: 'another' })],
    };
    const { printed } = await operate(['jobs', 'run-again', id, ...target]);
    expect(printed).toBe(`Job another runs echo with the inputs of ${id}.`);
    expect(asked[1]).toMatchObject({ body: { inputs: { a: 1 }, outputs: { b: {} } } });
    expect(asked[1]?.headers.get('prefer')).toBe('respond-async');
    expect(asked[1]?.headers.get('content-type')).toBe('application/json');
    expect(asked[1]?.headers.get('x-api-key')).toBe('secret');
  });

  it('the status of a service counts its jobs, up to a thousand of each status', async () => {
    const listed = (count: number) => [200, { jobs: Array(count).fill(job()) }] as const;
    answers = {
      'GET jobs?limit=1000&status=accepted': listed(0),
      'GET jobs?limit=1000&status=running': listed(2),
      'GET jobs?limit=1000&status=successful': listed(1000),
      'GET jobs?limit=1000&status=failed': listed(999),
      'GET jobs?limit=1000&status=dismissed': listed(1),
    };
    expect((await operate(['status', ...target])).printed.split('\n')).toEqual([
      'service     https://wps.example.org/DEV/',
      'accepted    0',
      'running     2',
      'successful  1000 or more',
      'failed      999',
      'dismissed   1',
    ]);
  });

  it('headers of a call have a name and a value', async () => {
    const { code, told } = await operate(['jobs', 'list', '--endpoint', base, '-H', 'x-api-key']);
    expect(code).toBe(1);
    expect(told).toContain('Give a name and a value');
  });

  it('a limit is a whole number above 0', async () => {
    for (const limit of ['0', '-1', '1.5', 'all', '']) {
      const { code, told } = await operate(['jobs', 'list', '--limit', limit, ...target]);
      expect({ code, told }).toMatchObject({
        code: 1,
        told: expect.stringContaining('Give a whole number above 0.'),
      });
    }
    expect(asked).toEqual([]);
  });
});

describe('what a command works on', () => {
  it.each([
    [{}, /^Nothing says what to work on/],
    [{ env: 'DEV', endpoint: 'http://127.0.0.1' }, /^Several options say what to work on/],
    [{ env: 'MARS' }, /no environment "MARS"; environments\/ has DEV, SYSTEST, RC, PROD\.$/],
    [{ env: 'http://127.0.0.1' }, /For a service at an URL: --endpoint http:\/\/127\.0\.0\.1$/],
    [{ endpoint: 'wps.example.org' }, /--endpoint is "wps\.example\.org"; give an absolute URL/],
    [{ endpoint: 'see http://wps.example.org' }, /give an absolute URL/],
    [{ endpoint: 'http://' }, /--endpoint is "http:\/\/"/],
    [{ dataDir: '/no/such/folder' }, /No service has used the data folder \/no\/such\/folder/],
  ])('an invalid target is refused: %j', async (options, message) => {
    await expect(targetOf(options, installation)).rejects.toThrow(message);
  });

  it('an environment is named in any case, and a service by its base URL or its WPS endpoint', async () => {
    expect(await targetOf({ env: 'prod' }, installation)).toMatchObject({
      kind: 'environment',
      environment: { name: 'PROD' },
    });
    for (const [endpoint, baseUrl] of [
      ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/'],
      ['http://127.0.0.1:8080/wps', 'http://127.0.0.1:8080/'],
      ['https://wps.example.org/DEV/wps/', 'https://wps.example.org/DEV/'],
      ['https://wps.example.org/DEV', 'https://wps.example.org/DEV/'],
    ] as const) {
      expect(await targetOf({ endpoint }, installation)).toMatchObject({ baseUrl });
    }
  });
});

describe('jobs of an environment', () => {
  let answers: Answers;
  let aws: ReturnType<typeof answeringAws>;
  beforeAll(() => {
    aws = answeringAws(() => answers);
  });
  beforeEach(() => {
    answers = { 'sts GetCallerIdentity': () => ({ Account: '123456789012' }) };
    aws.sent.length = 0;
  });
  afterAll(() => aws.end());

  const message: readonly JobInput[] = [
    {
      identifier: 'message',
      title: 'Message',
      given: true,
      value: { kind: 'literal', value: 'hi', dataType: 'string' },
    },
  ];

  async function deskWith(change: Partial<Job>, inputs = message) {
    const { dependencies, store } = serviceUnderTest({
      objects: new MemoryObjectStore(),
      catalogue,
      configuration: { languages: ['en-US'] },
      limits: { referenceHosts: ['data.example.org'] },
    });
    await store.create(sampleJob(change), { body: '{}', contentType: 'application/json' }, inputs);
    const engine = new FakeJobEngine();
    const account = await openAccount(environmentNamed('DEV', installation()));
    const desk: JobDesk = environmentJobs(account, {
      ...dependencies,
      engine: async () => engine,
      caller: { listsAllJobs: true },
      log: requestLog(dependencies.log),
    });
    return { desk, engine, store };
  }

  it('a job of an environment is shown with what Batch says of it', async () => {
    answers = {
      ...answers,
      'batch DescribeJobs': ({ jobs }) => ({
        jobs: [
          {
            jobId: String(jobs),
            status: 'FAILED',
            jobQueue: 'arn:aws:batch:x:1:job-queue/wps-dev-small',
            statusReason: 'Host terminated',
            attempts: [{ stoppedAt: 1, container: { exitCode: 1 } }],
          },
        ],
      }),
    };
    const { desk } = await deskWith({ status: 'failed', engineJobId: 'b-1' });
    expect((await desk.show(id)).engine).toEqual({
      jobId: 'b-1',
      status: 'FAILED',
      queue: 'wps-dev-small',
      attempts: 1,
      reason: 'Host terminated',
      exitCode: 1,
    });
  });

  it('a job of an environment that Batch has forgotten is shown without it', async () => {
    answers = { ...answers, 'batch DescribeJobs': () => ({ jobs: [] }) };
    const { desk } = await deskWith({ status: 'failed', engineJobId: 'b-1' });
    expect(await desk.show(id)).not.toHaveProperty('engine');
    await expect(desk.show('nothing')).rejects.toThrow(/^There is no job "nothing"/);
  });

  it('the log of a job is that of its container in every attempt, oldest first', async () => {
    const container = (logStreamName: string) => ({ container: { logStreamName } });
    answers = {
      ...answers,
      'batch DescribeJobs': () => ({
        jobs: [
          {
            jobId: 'b-1',
            status: 'SUCCEEDED',
            ...container('two'),
            attempts: [container('one'), container('two')],
          },
        ],
      }),
      'logs FilterLogEvents': () => ({
        events: [
          { eventId: '2', timestamp: 2000, message: 'later\n' },
          { eventId: '1', timestamp: 1000, message: 'first' },
        ],
      }),
    };
    const { desk } = await deskWith({ status: 'succeeded', engineJobId: 'b-1' });
    expect(await desk.log(id)).toEqual([
      { id: '1', at: '1970-01-01T00:00:01.000Z', text: 'first' },
      { id: '2', at: '1970-01-01T00:00:02.000Z', text: 'later' },
    ]);
    const [{ input } = { input: {} }] = aws.sent.filter(
      ({ call }) => call === 'logs FilterLogEvents',
    );
    expect(input).toMatchObject({
      logGroupName: '/aws/batch/wps-dev-jobs',
      startTime: Date.parse('2026-01-01T00:00:00Z'),
      logStreamNames: ['two', 'one'],
    });
    expect(input).not.toHaveProperty('filterPattern');
  });

  it('the log of a job that Batch has forgotten is found by the job’s id, and a missing log is empty', async () => {
    answers = {
      ...answers,
      'batch DescribeJobs': () => ({ jobs: [] }),
      'logs FilterLogEvents': () => {
        throw awsError('ResourceNotFoundException');
      },
    };
    const { desk } = await deskWith({ status: 'succeeded', engineJobId: 'b-1' });
    expect(await desk.log(id)).toEqual([]);
    const [{ input } = { input: {} }] = aws.sent.filter(
      ({ call }) => call === 'logs FilterLogEvents',
    );
    expect(input).toMatchObject({ filterPattern: `"${id}"` });
  });

  it('jobs of an environment are listed and dismissed regardless of owner', async () => {
    const { desk, engine } = await deskWith({
      owner: 'somebody',
      status: 'running',
      engineJobId: 'e-9',
    });
    engine.becomes('e-9', { status: 'RUNNING' });
    expect(await desk.list({ limit: 10 })).toMatchObject([{ jobID: id, status: 'running' }]);
    expect(await desk.list({ limit: 10, status: 'failed' })).toEqual([]);
    expect(await desk.list({ limit: 10, process: 'another' })).toEqual([]);
    expect(await desk.dismiss(id)).toMatchObject({ status: 'dismissed' });
    expect(engine.terminated).toEqual(['e-9']);
  });

  it('a job of an environment that is run again has the inputs, the labels and the owner of the first', async () => {
    const { desk, engine, store } = await deskWith({
      owner: 'somebody',
      status: 'failed',
      labels: ['a'],
    });
    const { jobID, processID } = await desk.runAgain(id);
    expect(processID).toBe('echo');
    expect(jobID).not.toBe(id);
    expect(engine.submissions.map((each) => each.jobId)).toEqual([jobID]);
    const started = await store.read(jobID);
    expect(started?.job).toMatchObject({ owner: 'somebody', labels: ['a'] });
    const given = (await store.readInputs(jobID)).filter((input) => input.given);
    expect(given).toMatchObject([{ identifier: 'message', given: true, value: { value: 'hi' } }]);
  });

  it('a job that is run again has its document in the same format, and asks for its outputs in the same', async () => {
    const document: JobInput = {
      identifier: 'document',
      given: true,
      value: {
        kind: 'complex',
        mimeType: 'application/json',
        source: { base64: 'e30=' },
      },
    };
    const requested = { ...sampleJob().requestedOutputs[0], transmission: 'value' } as const;
    const titled = message.map((input) => ({ ...input, title: 'Words', abstract: 'Any words.' }));
    const referred: JobInput = {
      identifier: 'document',
      given: true,
      value: {
        ...{ kind: 'complex', mimeType: 'text/xml' },
        source: { href: 'https://data.example.org/one.xml', method: 'GET', headers: [] },
      },
    };
    const { desk: another, store: itsStore } = await deskWith({ status: 'failed' }, [
      ...message,
      referred,
    ]);
    const { jobID: ofReference } = await another.runAgain(id);
    expect((await itsStore.readInputs(ofReference)).at(-1)?.value).toMatchObject(referred.value);
    const { desk, store } = await deskWith(
      { status: 'failed', requestedOutputs: [requested as Job['requestedOutputs'][number]] },
      [...titled, document],
    );
    const { jobID } = await desk.runAgain(id);
    const inputs = await store.readInputs(jobID);
    expect(inputs.find(({ identifier }) => identifier === 'document')?.value).toMatchObject({
      mimeType: 'application/json',
      source: { base64: 'e30=' },
    });
    expect(inputs.find(({ identifier }) => identifier === 'message')).toMatchObject({
      ...{ title: 'Words', abstract: 'Any words.' },
    });
    const started = await store.read(jobID);
    expect(started?.job.requestedOutputs).toMatchObject([
      { identifier: 'result', mimeType: 'text/plain', transmission: 'value' },
    ]);
  });
});

describe('following a log', () => {
  const follow = async (
    states: readonly Partial<JobView>[],
    logs: readonly (readonly string[])[],
  ) => {
    const printed: string[] = [];
    const told: string[] = [];
    let at = 0;
    let paused = 0;
    const now = <T>(of: readonly T[]) => of[Math.min(at, of.length - 1)] as T;
    await followLog(
      {
        show: async (jobID) => ({ jobID, ...now(states) }) as JobView,
        log: async () => now(logs).map((text): LogLine => ({ id: text, at: '', text })),
      },
      'one',
      {
        print: ({ text }) => printed.push(text),
        tell: (text) => told.push(text),
        pause: async () => {
          at++;
          paused++;
        },
      },
    );
    return { printed, told, paused };
  };
  const running = { status: 'running', message: 'goes on' } as const;
  const done = { status: 'successful', message: 'is done' } as const;

  it('each line and each state in a log is printed once, until the job has ended', async () => {
    const states = [running, running, done];
    expect(await follow(states, [['a'], ['a', 'b'], ['a', 'b', 'c']])).toEqual({
      printed: ['a', 'b', 'c'],
      told: ['Job one is running: goes on', 'Job one is successful: is done'],
      paused: 2,
    });
  });

  it('the log of a job that has ended and logged nothing says so', async () => {
    expect(await follow([done], [[]])).toEqual({
      printed: [],
      told: ['Job one is successful: is done It has logged nothing.'],
      paused: 0,
    });
  });
});

it('results of a command are lines on standard output, and everything else lines on standard error', () => {
  const written: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream, at) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      written.push(`${at + 1}: ${text}`);
      return true;
    }),
  );
  const terminal = processTerminal();
  terminal.print('a result');
  terminal.tell('a warning');
  for (const spy of spies) spy.mockRestore();
  expect(written).toEqual(['1: a result\n', '2: a warning\n']);
});

describe('a question', () => {
  const terminal = (isInteractive: boolean, answer: boolean) => {
    const asked: string[] = [];
    const ask = async (question: string) => {
      asked.push(question);
      return answer;
    };
    return { asked, terminal: { isInteractive, ask } as never };
  };

  it.each([
    { yes: true, interactive: false, answer: false, asks: 0, fault: undefined },
    { yes: false, interactive: true, answer: true, asks: 1, fault: undefined },
    { yes: false, interactive: true, answer: false, asks: 1, fault: 'Nothing was changed.' },
    { yes: false, interactive: false, answer: true, asks: 0, fault: /no terminal.*--yes/ },
  ])(
    'a question is asked only of a person, and without an answer nothing goes on: %j',
    async (row) => {
      const { asked, terminal: given } = terminal(row.interactive, row.answer);
      const confirmed = confirm(given, 'Go on?', row.yes);
      if (row.fault === undefined) await confirmed;
      else await expect(confirmed).rejects.toThrow(row.fault);
      expect(asked).toHaveLength(row.asks);
    },
  );
});

it('the test job of the operators is an asynchronous job of echo, which the other protocols show as well', async () => {
  const objects = new MemoryObjectStore();
  const { dependencies, store, engine } = serviceUnderTest({ catalogue, objects });
  engine.isHeld = true;
  const log = requestLog(dependencies.log);
  const { jobID } = await startEcho({ ...dependencies, log });
  const { job } = (await store.read(String(jobID))) ?? {};
  expect(job).toMatchObject({
    process: { identifier: 'echo' },
    presentation: { protocol: 'ogc-api' },
    status: 'accepted',
  });
  const text = 'test of the operators';
  const [message] = await store.readInputs(String(jobID));
  expect(message).toMatchObject({ identifier: 'message', value: { kind: 'literal', value: text } });
  const request = await objects.get(`jobs/${jobID}/request.json`);
  expect(JSON.parse(Buffer.from(request?.body ?? '').toString())).toEqual({
    inputs: { message: text },
  });
});
