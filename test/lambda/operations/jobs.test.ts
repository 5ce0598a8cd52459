import { describe, expect, it } from 'vitest';
import { JobStore } from '../../../batch-jobs/api/job-store.ts';
import type { LinkOptions } from '../../../batch-jobs/api/object-store.ts';
import type {
  LiteralInputs,
  ProcessDescription,
} from '../../../batch-jobs/api/process-description.ts';
import { requestLog } from '../../../lambda/jobs/request-log.ts';
import type { Caller, Dependencies } from '../../../lambda/operations/dependencies.ts';
import { dismissJob } from '../../../lambda/operations/dismiss-job.ts';
import { execute } from '../../../lambda/operations/execute.ts';
import type { ExecuteCommand } from '../../../lambda/operations/execute-command.ts';
import { findJob, jobInputs } from '../../../lambda/operations/find-job.ts';
import {
  findOutput,
  type OpenedOutput,
  openPublished,
} from '../../../lambda/operations/open-output.ts';
import { findOwnOutputs } from '../../../lambda/operations/own-outputs.ts';
import { removeJob } from '../../../lambda/operations/remove-job.ts';
import { ServiceFault } from '../../../lambda/service-fault.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';
import { sampleJob } from '../../sample-job.ts';
import { type ServiceUnderTestOptions, serviceUnderTest } from '../../service-under-test.ts';
import { everything } from '../../test-catalogue.ts';

const jobId = '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';

/** A store that records the options of its links. */
class LinkingObjectStore extends MemoryObjectStore {
  readonly links: (LinkOptions & { readonly key: string })[] = [];
  override async link(key: string, options: LinkOptions): Promise<string> {
    this.links.push({ ...options, key });
    return `https://store.example.org/${key}`;
  }
}

function started(options: ServiceUnderTestOptions = {}) {
  const service = serviceUnderTest({ mintJobId: () => jobId, ...options });
  const dependencies: Dependencies = {
    ...service.dependencies,
    log: requestLog(service.dependencies.log),
  };
  return { ...service, dependencies };
}

const command = (change: Partial<ExecuteCommand> = {}): ExecuteCommand => ({
  process: 'fixed',
  inputs: [],
  outputs: [],
  mode: 'async',
  presentation: { protocol: 'a-protocol', answer: 42 },
  received: { body: '{}', contentType: 'application/json' },
  ...change,
});

const kindOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof ServiceFault ? error.kind : error),
  );

describe('an input that is an output of this service', () => {
  it('an output as an input is read for callers that may see its job, and for no others', async () => {
    const { dependencies, engine } = started();
    engine.isHeld = true;
    const mine = { ...dependencies, caller: { owner: 'me', listsAllJobs: false } };
    await execute(command(), mine);
    const href = `https://example.org/TEST/wps/outputs/${jobId}/result.txt`;
    const inputs = [
      { identifier: 'document', data: { kind: 'reference', href, method: 'GET', headers: [] } },
    ] as const;
    await expect(findOwnOutputs(inputs, mine)).rejects.toThrow('The job has not ended yet.');
    const other = { ...dependencies, caller: { owner: 'other', listsAllJobs: false } };
    await expect(findOwnOutputs(inputs, other)).rejects.toThrow('There is no such job.');
  });

  it('an output as an input may be a link of the store of any age, but no imitation of one', async () => {
    const objects = new LinkingObjectStore();
    const { dependencies, engine } = started({ objects });
    await execute(command(), dependencies);
    await engine.idle();
    const named = async (href: string) => {
      const data = { kind: 'reference', href, method: 'GET', headers: [] } as const;
      const [input] = await findOwnOutputs([{ identifier: 'document', data }], dependencies);
      return input?.data.kind === 'reference' ? input.data.ownOutput : undefined;
    };
    const key = `jobs/${jobId}/outputs/1/number.txt`;
    const ownOutput = { jobId, attempt: 1, name: 'number.txt', size: 5 };
    const link = `https://store.example.org/${key}`;
    const expired = '?X-Amz-Date=20200101T000000Z&X-Amz-Expires=60&X-Amz-Signature=00';
    expect(await named(link)).toMatchObject(ownOutput);
    expect(await named(`${link}${expired}`)).toMatchObject(ownOutput);
    expect(await named(link.replace('number', '%6eumber'))).toMatchObject(ownOutput);
    for (const other of [
      link.replace('store.', 'another.'),
      link.replace('https:', 'http:'),
      link.replace('/jobs/', '/another/jobs/'),
      link.replace('number.txt', '%2e%2e%2fnumber.txt'),
      link.replace(jobId, 'no-job'),
      link.replace('number', '%E0%A4%A'),
    ]) {
      expect(await named(other), other).toBeUndefined();
    }
    await expect(named(link.replace('number.txt', 'another.txt'))).rejects.toThrow(
      'The job has no output',
    );
    await expect(named(link.replace('3f0e', '3f0f'))).rejects.toThrow('There is no such job.');
  });
});

describe('an output of this service that an input refers to', () => {
  /** A job whose second attempt has published an output, and a service that has it. */
  const published = async (objects?: MemoryObjectStore) => {
    const under = started(objects ? { objects } : {});
    const output = {
      identifier: 'the result',
      name: 'the-result.txt',
      attempt: 2,
      contentType: 'text/plain',
      size: 7,
      sha256: '',
      filename: 'result.txt',
    };
    const job = sampleJob({ id: jobId, status: 'succeeded', outputs: [output] });
    await under.store.create(job, { body: '', contentType: 'text/plain' }, []);
    const named = async (path: string, change: object = {}) => {
      const href = new URL(path, 'https://example.org/TEST/').href;
      const data = { kind: 'reference', href, method: 'GET', headers: [], ...change } as const;
      const [input] = await findOwnOutputs([{ identifier: 'document', data }], under.dependencies);
      return input?.data.kind === 'reference' ? input.data.ownOutput : undefined;
    };
    return named;
  };
  const own = { jobId, attempt: 2, name: 'the-result.txt', size: 7 };

  it.each([`wps/outputs/${jobId}/the-result.txt`, `jobs/${jobId}/results/the%20result`])(
    'an output as an input is found by its URL %s, with its attempt and size',
    async (path) => {
      expect(await (await published())(path)).toEqual(own);
    },
  );

  it.each([
    `https://example.org:8443/TEST/wps/outputs/${jobId}/the-result.txt`,
    `http://example.org/TEST/wps/outputs/${jobId}/the-result.txt`,
    `https://example.com/TEST/wps/outputs/${jobId}/the-result.txt`,
    `https://example.org/PROD/wps/outputs/${jobId}/the-result.txt`,
    `https://example.org/TEST/wps/outputs/${jobId}/the-result.txt/more`,
    `https://example.org/TEST/wps/outputs/${jobId}/%E0%A4%A`,
    `https://example.org/TEST/jobs/${jobId}`,
  ])('a URL that only resembles that of an output is an ordinary reference: %s', async (href) => {
    expect(await (await published())(href)).toBeUndefined();
  });

  it('a reference that is no URL is left to the check of its input', async () => {
    const { dependencies } = started();
    const data = { kind: 'reference', href: 'outputs/a.txt', method: 'GET', headers: [] } as const;
    const inputs = [{ identifier: 'document', data }];
    expect(await findOwnOutputs(inputs, dependencies)).toEqual(inputs);
  });

  it('an output as an input is fetched by GET only', async () => {
    const named = await published();
    await expect(
      named(`wps/outputs/${jobId}/the-result.txt`, { method: 'POST' }),
    ).rejects.toMatchObject({ kind: 'invalid-value', subject: 'document' });
  });

  it('an output as an input whose job has a damaged record is a fault of the service', async () => {
    const objects = new MemoryObjectStore();
    const named = await published(objects);
    await objects.put(`jobs/${jobId}/job.json`, '{', { contentType: 'application/json' });
    await expect(named(`wps/outputs/${jobId}/the-result.txt`)).rejects.toMatchObject({
      kind: 'internal',
    });
  });
});

describe('a command', () => {
  it('an execute command becomes a job with its protocol, owner, labels and subscriber', async () => {
    const { dependencies, store, engine } = started({
      limits: { callbackHosts: ['client.example.org'] },
    });
    engine.isHeld = true;
    const subscriber = { successUri: 'https://client.example.org/done' };
    const owned = { ...dependencies, caller: { owner: 'me', listsAllJobs: false } };
    const { job, mode } = await execute(command({ labels: ['a'], subscriber }), owned);
    expect(mode).toBe('async');
    expect((await store.read(jobId))?.job).toEqual(job);
    expect(job).toMatchObject({
      baseUrl: 'https://example.org/TEST/',
      presentation: { protocol: 'a-protocol', answer: 42 },
      owner: 'me',
      labels: ['a'],
      subscriber,
    });
  });

  it.each(['every:Thing', 'fixed', 'give-back'])(
    'a job has what is known of its process and its request, and nothing else: %s',
    async (identifier) => {
      const { dependencies, engine } = started();
      engine.isHeld = true;
      const known = dependencies.catalogue.find((each) => each.identifier === identifier);
      if (!known) throw new Error('there is no such process');
      const data = { kind: 'complex', content: { text: 'a' } } as const;
      const inputs = identifier === 'give-back' ? [{ identifier: 'document', data }] : [];
      const { job } = await execute(command({ process: identifier, inputs }), dependencies);
      const { version, title, abstract, metadata } = known;
      const { requestedOutputs, submittedAt, engineJobId, ...rest } = job;
      expect(rest).toStrictEqual({
        ...{ id: jobId, status: 'accepted', message: 'The job waits to be run.' },
        process: {
          ...{ identifier, version, title },
          ...(abstract === undefined ? {} : { abstract }),
          ...(metadata === undefined ? {} : { metadata }),
        },
        ...{ percentCompleted: 0, baseUrl: 'https://example.org/TEST/', language: 'en-AU' },
        ...{ presentation: { protocol: 'a-protocol', answer: 42 }, queue: 'small', outputs: [] },
        ...{ createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z' },
      });
      expect(requestedOutputs).toHaveLength(known.outputs.length);
      expect([submittedAt, engineJobId]).toEqual([job.createdAt, `e-${jobId}`]);
    },
  );

  it('the log of a command names its job from its acceptance on', async () => {
    const { dependencies, engine, log } = started();
    engine.isHeld = true;
    await execute(command(), dependencies);
    dependencies.log.info('answered');
    for (const message of ['job accepted', 'answered']) {
      const lines = log.map((line) => JSON.parse(line));
      expect(lines).toContainEqual(expect.objectContaining({ message, jobId }));
    }
  });

  it.each([
    ['sync', undefined, 20, 'sync'],
    ['sync', 3, 3, 'sync'],
    ['sync', 300, 20, 'sync'],
    ['auto', 3, 3, 'async'],
    ['auto', undefined, 0, 'async'],
    ['async', 3, 0, 'async'],
  ] as const)(
    'a command of mode %s that waits %s s is answered after %i s as %s while its job continues',
    async (mode, waitSeconds, seconds, answered) => {
      const { dependencies, engine } = started();
      engine.isHeld = true;
      const start = dependencies.now().getTime();
      const waits = waitSeconds === undefined ? {} : { waitSeconds };
      const execution = await execute(command({ mode, ...waits }), dependencies);
      expect(dependencies.now().getTime() - start).toBe(seconds * 1000);
      expect(execution).toMatchObject({ mode: answered, job: { status: 'accepted' } });
    },
  );

  it.each(['sync', 'auto'] as const)(
    'a command of mode %s is answered with its outputs if the job ends in time',
    async (mode) => {
      const { dependencies } = started();
      const { job, mode: answered } = await execute(
        command({ mode, waitSeconds: 10 }),
        dependencies,
      );
      expect(answered).toBe('sync');
      expect(job).toMatchObject({ status: 'succeeded', outputs: [{ identifier: 'number' }] });
    },
  );
});

describe('a process that looks at a request', () => {
  const inputs = ['a', 'b'].map((value) => ({
    identifier: 'text',
    data: { kind: 'literal', value } as const,
  }));
  const asked = command({ process: everything.identifier, inputs });
  const withJob = (job: Partial<ProcessDescription['job']>) =>
    started({ catalogue: [{ ...everything, job: { ...everything.job, ...job } }] });

  it('a process that chooses the queue sees every value of each literal, with defaults', async () => {
    const seen: LiteralInputs[] = [];
    const { dependencies, engine } = withJob({
      chooseQueue: (literals) => {
        seen.push(literals);
        return 'large';
      },
    });
    engine.isHeld = true;
    expect((await execute(asked, dependencies)).job.queue).toBe('large');
    expect(seen).toEqual([{ text: ['a', 'b'], length: ['10'] }]);
  });

  it('a process refuses what no run could answer, before a job is created', async () => {
    const { dependencies, store } = withJob({
      check: ({ text = [] }, outputs) => [
        { input: 'text', text: `not ${text.join(' and ')}` },
        { input: 'length', text: `not ${outputs.length} outputs` },
      ],
    });
    await expect(execute(asked, dependencies)).rejects.toMatchObject({
      kind: 'invalid-value',
      all: [
        { kind: 'invalid-value', subject: 'text', text: 'not a and b' },
        {
          kind: 'invalid-value',
          subject: 'length',
          text: `not ${everything.outputs.length} outputs`,
        },
      ],
    });
    expect(await store.read(jobId)).toBeUndefined();
    expect(await store.unfinished.has(jobId)).toBe(false);
  });
});

describe('a job', () => {
  it('a job is unknown if it never existed, and expired if it was removed', async () => {
    const { dependencies, store, engine } = started();
    expect(await kindOf(findJob(jobId, dependencies))).toBe('unknown-job');
    expect(await kindOf(findJob('../..', dependencies))).toBe('unknown-job');
    await execute(command(), dependencies);
    await engine.idle();
    expect((await findJob(jobId, dependencies)).status).toBe('succeeded');
    await store.expire(jobId);
    for (const operation of [findJob, dismissJob]) {
      expect(await kindOf(operation(jobId, dependencies))).toBe('expired-job');
    }
    expect(await kindOf(openOutput(jobId, 'number', dependencies))).toBe('expired-job');
  });

  it.each([
    [0, 'The job waits for a free place, and is the next.'],
    [1, 'The job waits for a free place: 1 job is ahead.'],
    [12, 'The job waits for a free place: 12 jobs are ahead.'],
    [undefined, 'The job waits to be run.'],
  ])('a job says why it waits, if the engine knows: %s', async (ahead, message) => {
    const { dependencies, engine } = started();
    engine.isHeld = true;
    Object.assign(engine, { ahead: async () => ahead });
    await execute(command(), dependencies);
    expect(await findJob(jobId, dependencies)).toMatchObject({ status: 'accepted', message });
    engine.isHeld = false;
  });

  it('a job that the engine has not named yet does not say why it waits', async () => {
    const { dependencies, store, engine } = started();
    const asked: unknown[] = [];
    Object.assign(engine, { ahead: async (job: unknown) => void asked.push(job) });
    await store.create(sampleJob({ id: jobId }), { body: '', contentType: 'text/plain' }, []);
    expect((await findJob(jobId, dependencies)).message).toBe('The job waits to be run.');
    expect(asked).toEqual([]);
  });

  it('a waiting job is answered as it is stored if the engine cannot be reached', async () => {
    const { dependencies, engine, log } = started();
    engine.isHeld = true;
    await execute(command(), dependencies);
    const unreachable = { ...dependencies, engine: () => Promise.reject(new Error('no answer')) };
    expect(await findJob(jobId, unreachable)).toMatchObject({ status: 'accepted' });
    expect(log.join()).toContain('overdue job was not repaired');
  });

  it('the engine is asked about a job that nothing was heard of for as long as the configuration says', async () => {
    const { dependencies, engine } = started({ limits: { jobOverdueSeconds: 50 } });
    engine.isHeld = true;
    await execute(command(), dependencies);
    const asked: string[] = [];
    const describe = engine.describe.bind(engine);
    engine.describe = async (engineJobId) => {
      asked.push(engineJobId);
      return await describe(engineJobId);
    };
    await dependencies.wait(49_999);
    await findJob(jobId, dependencies);
    expect(asked).toEqual([]);
    await dependencies.wait(1);
    await findJob(jobId, dependencies);
    expect(asked).toEqual([`e-${jobId}`]);
  });

  it('the log names the job of a request, and nothing that a client sent in its place', async () => {
    const { dependencies, log } = started();
    const about = (id: string) => {
      const own = { ...dependencies, log: requestLog(dependencies.log) };
      return findJob(id, own)
        .catch(() => undefined)
        .then(() => own.log.info('done'));
    };
    await about(jobId);
    await about('a-secret');
    const done = log.filter((line) => line.includes('done')).map((line) => JSON.parse(line));
    expect(done).toEqual([
      expect.objectContaining({ jobId }),
      expect.not.objectContaining({ jobId: expect.anything() }),
    ]);
  });

  it('a running job no longer says why it waited, and the stored one never does', async () => {
    const { dependencies, store, engine } = started();
    Object.assign(engine, { ahead: async () => 3 });
    await execute(command(), dependencies);
    await engine.idle();
    expect((await findJob(jobId, dependencies)).message).toBe('The outputs are ready.');
    expect((await store.read(jobId))?.job.message).toBe('The outputs are ready.');
  });

  it('a job of another caller is unknown even after it has ended, and known to its owner and on one machine', async () => {
    const objects = new MemoryObjectStore();
    const { dependencies } = started({ objects });
    // As on AWS, where the end of a job is marked at once.
    const store = new JobStore(objects, undefined, dependencies.now, { expiresByItself: true });
    const job = sampleJob({ id: jobId, owner: 'me', status: 'succeeded' });
    await store.finish(await store.create(job, { body: '', contentType: 'text/plain' }, []));
    const seenBy = (caller: Caller) =>
      kindOf(findJob(jobId, { ...dependencies, caller, store: async () => store }));
    expect(await seenBy({ owner: 'other', listsAllJobs: false })).toBe('unknown-job');
    expect(await seenBy({ listsAllJobs: false })).toBe('unknown-job');
    expect(await seenBy({ owner: 'me', listsAllJobs: false })).toBeUndefined();
    expect(await seenBy({ listsAllJobs: true })).toBeUndefined();
  });

  it('a job whose record cannot be read now is neither unknown nor damaged', async () => {
    const { dependencies, store } = started();
    store.read = () => Promise.reject(new Error('no answer'));
    await expect(findJob(jobId, dependencies)).rejects.toThrow('no answer');
  });

  it('a job without an owner is known to every caller that knows its id', async () => {
    const { dependencies, store } = started();
    await store.create(sampleJob({ id: jobId }), { body: '', contentType: 'text/plain' }, []);
    for (const caller of [{ listsAllJobs: false }, { owner: 'me', listsAllJobs: false }]) {
      expect((await findJob(jobId, { ...dependencies, caller })).id).toBe(jobId);
    }
  });

  it('a job shows its inputs, with defaults', async () => {
    const { dependencies } = started();
    const data = { kind: 'literal', value: '7' } as const;
    const inputs = [{ identifier: 'exitCode', data }];
    await execute(command({ process: 'failing', inputs }), dependencies);
    expect(await jobInputs(jobId, dependencies)).toMatchObject([
      { identifier: 'exitCode', given: true, value: { value: '7' } },
      { identifier: 'message', given: false, value: { value: 'It was told to fail.' } },
    ]);
  });
});

const read = async ({ stream }: OpenedOutput) =>
  Buffer.concat((await stream?.toArray()) ?? []).toString();
const openOutput = async (id: string, name: string, dependencies: Dependencies) =>
  openPublished({ id }, await findOutput(id, name, dependencies), false, dependencies);

describe('an output', () => {
  it('an output is found by its identifier and by its name, once the job has ended', async () => {
    const { dependencies, engine } = started();
    engine.isHeld = true;
    await execute(command(), dependencies);
    expect(await kindOf(openOutput(jobId, 'number', dependencies))).toBe('result-not-ready');
    await dismissJob(jobId, dependencies);
    expect(await kindOf(openOutput(jobId, 'number', dependencies))).toBe('unknown-output');

    const other = started();
    await execute(command(), other.dependencies);
    await other.engine.idle();
    for (const name of ['number', 'number.txt']) {
      const { output, stream, size } = await openOutput(jobId, name, other.dependencies);
      expect(output.identifier).toBe('number');
      expect(await stream?.toArray()).toHaveLength(1);
      expect(size).toBe(output.size);
    }
    expect(await kindOf(openOutput(jobId, 'job.json', other.dependencies))).toBe('unknown-output');
  });

  it.each([true, false])(
    'a requested range of an output is returned with the size of the whole (small ones streamed: %s)',
    async (isSmallStreamed) => {
      const { dependencies } = started();
      const { job } = await execute(command({ mode: 'sync' }), dependencies);
      const [output] = job.outputs;
      if (!output) throw new Error('the job has no output');
      const all = await openPublished(job, output, isSmallStreamed, dependencies);
      const whole = await read(all);
      const range = { start: 1, end: 1 };
      const part = await openPublished(job, output, isSmallStreamed, dependencies, range);
      expect(await read(part)).toBe(whole.slice(1, 2));
      expect(whole.length).toBeGreaterThan(2);
      expect(part.size).toBe(whole.length);
    },
  );

  it('an output that is recorded and not stored is a fault of the service', async () => {
    const { dependencies, store } = started();
    const output = {
      identifier: 'number',
      name: 'number.txt',
      attempt: 1,
      contentType: 'text/plain',
      size: 1,
      sha256: '',
      filename: 'number.txt',
    };
    const job = sampleJob({ id: jobId, status: 'succeeded', outputs: [output] });
    await store.create(job, { body: '', contentType: 'text/plain' }, []);
    const opened = openOutput(jobId, 'number', dependencies);
    await expect(opened).rejects.toThrow('is recorded but not stored');
    await expect(opened).rejects.not.toBeInstanceOf(ServiceFault);
  });

  it("an output's link lasts as long as the configuration says", async () => {
    const objects = new LinkingObjectStore();
    const { dependencies, engine } = started({ objects, limits: { outputLinkSeconds: 77 } });
    await execute(command(), dependencies);
    await engine.idle();
    const { link, stream } = await openOutput(jobId, 'number', dependencies);
    expect(link).toBe(`https://store.example.org/jobs/${jobId}/outputs/1/number.txt`);
    expect(stream).toBeUndefined();
    expect(objects.links).toMatchObject([
      { seconds: 77, filename: 'number.txt', contentType: 'text/plain' },
    ]);
  });

  it.each([
    [4, true, 'stream'],
    [5, true, 'stream'],
    [3, true, 'link'],
    [1000, false, 'link'],
  ] as const)(
    'an output of 4 bytes where %i may pass through the service (to be streamed: %s) is a %s',
    async (inlineOutputBytes, isSmallStreamed, form) => {
      const { dependencies } = started({ objects: new LinkingObjectStore() });
      const { configuration } = dependencies;
      const { job } = await execute(command({ mode: 'sync' }), dependencies);
      const [output] = job.outputs;
      if (!output) throw new Error('the job has no output');
      const limits = { ...configuration.limits, inlineOutputBytes };
      const opened = await openPublished(job, { ...output, size: 4 }, isSmallStreamed, {
        ...dependencies,
        configuration: { ...configuration, limits },
      });
      expect(opened[form]).toBeDefined();
      expect(opened[form === 'link' ? 'stream' : 'link']).toBeUndefined();
    },
  );
});

describe('a dismissal', () => {
  it('a dismissal is answered only after the engine has ended the run', async () => {
    const { dependencies, engine } = started();
    engine.isHeld = true;
    await execute(command(), dependencies);
    const { asked, release } = slowTerminate(engine);
    let isAnswered = false;
    const answered = dismissJob(jobId, dependencies).then(() => {
      isAnswered = true;
    });
    await asked;
    await new Promise((resolve) => setImmediate(resolve));
    expect(isAnswered).toBe(false);
    release();
    await answered;
    expect(isAnswered).toBe(true);
  });

  it('a dismissal tells the engine which run to end, and why', async () => {
    const { dependencies, engine } = started();
    engine.isHeld = true;
    await execute(command(), dependencies);
    const told: unknown[] = [];
    engine.terminate = async (...given: unknown[]) => void told.push(...given);
    await dismissJob(jobId, dependencies);
    expect(told).toEqual([`e-${jobId}`, 'dismissed by the client']);
  });

  it('a dismissal of a job that has ended changes nothing, and ends no run', async () => {
    const { dependencies, engine, store } = started();
    await execute(command({ mode: 'sync' }), dependencies);
    const told: unknown[] = [];
    engine.terminate = async (...given: unknown[]) => void told.push(...given);
    expect((await dismissJob(jobId, dependencies)).status).toBe('succeeded');
    expect((await store.read(jobId))?.job.status).toBe('succeeded');
    expect(told).toEqual([]);
  });

  it('a dismissal ends the record of a job that the engine does not know', async () => {
    const { dependencies, engine, store, log } = started();
    await store.create(sampleJob({ id: jobId }), { body: '', contentType: 'text/plain' }, []);
    const told: unknown[] = [];
    engine.terminate = async (...given: unknown[]) => void told.push(...given);
    expect((await dismissJob(jobId, dependencies)).status).toBe('dismissed');
    expect(told).toEqual([]);
    expect(log.join()).not.toContain('was not ended');
  });

  it.each(['running', 'succeeded'] as const)(
    'a job that is %s is removed with its outputs before the answer, however slow the store is',
    async (status) => {
      const objects = new MemoryObjectStore();
      const { dependencies, store, engine } = started({ objects });
      const told: unknown[] = [];
      engine.terminate = async (engineJobId: string) => void told.push(engineJobId);
      await store.create(
        sampleJob({ id: jobId, status, engineJobId: 'e-1' }),
        { body: '', contentType: 'text/plain' },
        [],
      );
      const key = `jobs/${jobId}/outputs/1/number.txt`;
      await objects.put(key, '1', { contentType: 'text/plain' });
      const remove = objects.delete.bind(objects);
      objects.delete = async (each) => {
        for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
        await remove(each);
      };
      expect((await removeJob(jobId, dependencies)).status).toBe('dismissed');
      expect((await store.read(jobId))?.job.status).toBe('dismissed');
      expect(await objects.get(key)).toBeUndefined();
      expect(told).toEqual(status === 'running' ? ['e-1'] : []);
    },
  );

  it('a dismissal ends the record even if the engine cannot be reached', async () => {
    const { dependencies, engine, store, log } = started();
    engine.isHeld = true;
    await execute(command(), dependencies);
    engine.terminate = () => Promise.reject(new Error('throttled'));
    expect((await dismissJob(jobId, dependencies)).status).toBe('dismissed');
    expect((await store.read(jobId))?.job.status).toBe('dismissed');
    expect(log.join()).toContain('the run of a dismissed job was not ended');
  });
});

function slowTerminate(engine: { terminate: (engineJobId: string) => Promise<void> }) {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const asked = new Promise<void>((resolve) => {
    engine.terminate = () => {
      resolve();
      return released;
    };
  });
  return { asked, release };
}
