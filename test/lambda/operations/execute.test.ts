import { describe, expect, it } from 'vitest';
import type { LiteralInput } from '../../../batch-jobs/api/process-description.ts';
import { plainQueues } from '../../../lambda/configuration/queue-traits.ts';
import { DeadlinePassed } from '../../../lambda/jobs/request-deadline.ts';
import { requestLog } from '../../../lambda/jobs/request-log.ts';
import type { Dependencies, Recipients } from '../../../lambda/operations/dependencies.ts';
import { execute } from '../../../lambda/operations/execute.ts';
import type { ExecuteCommand } from '../../../lambda/operations/execute-command.ts';
import { FaultyObjectStore } from '../../faulty-object-store.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';
import { type ServiceUnderTestOptions, serviceUnderTest } from '../../service-under-test.ts';
import { fixed } from '../../test-catalogue.ts';

const jobId = '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';
const mine = { owner: 'me', listsAllJobs: false };

function service(options: ServiceUnderTestOptions = {}, more: Partial<Dependencies> = {}) {
  const under = serviceUnderTest({ mintJobId: () => jobId, ...options });
  const log = requestLog(under.dependencies.log);
  const dependencies: Dependencies = { ...under.dependencies, log, ...more };
  const run = (change: Partial<ExecuteCommand> = {}) =>
    execute(
      {
        process: 'fixed',
        inputs: [],
        outputs: [],
        mode: 'async',
        presentation: { protocol: 'a-protocol' },
        received: { body: '{}', contentType: 'application/json' },
        ...change,
      },
      dependencies,
    );
  return { ...under, dependencies, run };
}

/** Waits some turns, within which a call that has only begun does not end. */
const turns = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('a command that is carried out', () => {
  it('a command whose subscriber is on a host that callbacks may not go to creates no job', async () => {
    const { run, store } = service({
      limits: { referenceHosts: ['data.example.org'], callbackHosts: ['client.example.org'] },
    });
    const subscriber = { successUri: 'https://data.example.org/done' };
    await expect(run({ subscriber })).rejects.toMatchObject({ subject: 'subscriber/successUri' });
    expect(await store.read(jobId)).toBeUndefined();
  });

  it('a command that is repeated with its key is answered with the same job, once that has ended', async () => {
    const { run } = service();
    const once = { idempotencyKey: 'a-key', mode: 'sync' } as const;
    const first = await run({ ...once, mode: 'async' });
    const second = await run(once);
    expect(second).toMatchObject({ mode: 'sync', job: { id: first.job.id, status: 'succeeded' } });
  });

  it('a job costs what the queue costs in which it waits', async () => {
    const price = { kind: 'machine', vcpus: 1, memoryGiB: 1024, usdPerHour: 36 } as const;
    const chosen = { ...fixed, job: { ...fixed.job, chooseQueue: () => 'large' as const } };
    const { run, engine } = service({
      catalogue: [chosen],
      configuration: {
        queueTraits: { ...plainQueues, large: { ...plainQueues.large, price } },
      },
    });
    engine.isHeld = true;
    expect((await run()).job).toMatchObject({ queue: 'large', usdPerHour: 36 });
  });

  it('a job that has ended makes room for the next one', async () => {
    const next = jobId.replace('3f', '4f');
    const ids = [jobId, next];
    const { run, engine, store, dependencies } = service({
      limits: { maxUnfinishedJobs: 1 },
      mintJobId: () => ids.shift() ?? '',
    });
    await run();
    await engine.idle();
    const ended = await store.read(jobId);
    if (ended) await store.finish(ended);
    await dependencies.wait(5_000);
    expect((await run()).job.id).toBe(next);
    await engine.idle();
  });

  it('a command is answered in the language that it asks for, or refused', async () => {
    const { run } = service();
    expect((await run({ language: 'fr' })).job.language).toBe('fr');
    await expect(run({ language: 'de' })).rejects.toMatchObject({ subject: 'language' });
  });

  it('a caller with an identity may have as many unfinished jobs as the configuration says', async () => {
    const ids = ['1', '2', '3'].map((digit) => jobId.replace('3f', `${digit}f`));
    const { run, engine } = service({
      caller: mine,
      limits: { maxUnfinishedJobsPerOwner: 2 },
      mintJobId: () => ids.shift() ?? '',
    });
    engine.isHeld = true;
    for (const _ of [1, 2]) await run();
    await expect(run()).rejects.toMatchObject({
      kind: 'busy',
      message: expect.stringContaining('Of your jobs 2'),
    });
  });

  it('the unfinished jobs of a caller without an identity are not counted apart', async () => {
    const { run, log } = service();
    await run();
    expect(log.join()).not.toContain('were not counted');
  });

  const withOwnedListing = (list: () => Promise<void>, work?: AbortSignal) => {
    const objects = new FaultyObjectStore(new MemoryObjectStore(), {
      before: async (operation, key) => {
        if (operation === 'list' && key.startsWith('index/unfinished/')) await list();
      },
    });
    const under = service({ objects, caller: mine });
    const { deadline } = under.dependencies;
    if (work) Object.assign(under.dependencies, { deadline: { ...deadline, work } });
    return under;
  };

  it("a command is accepted if its caller's unfinished jobs cannot be counted, and the log says so", async () => {
    const { run, log } = withOwnedListing(() => Promise.reject(new Error('no answer')));
    expect((await run()).job.status).toBe('accepted');
    expect(log.join()).toContain('unfinished jobs of an owner were not counted');
  });

  it("a command whose caller's unfinished jobs are not counted in time creates no job", async () => {
    const time = new AbortController();
    const { run, store } = withOwnedListing(() => {
      time.abort();
      return new Promise(() => undefined);
    }, time.signal);
    await expect(run()).rejects.toThrow(DeadlinePassed);
    expect(await store.read(jobId)).toBeUndefined();
  });
});

describe('the recipients of mail about a job', () => {
  const email: LiteralInput = {
    kind: 'literal',
    identifier: 'email',
    title: 'E-mail',
    minOccurs: 0,
    maxOccurs: 2,
    dataType: 'string',
    mail: 'recipients',
  };
  const address = 'ada@example.org';
  const asked = {
    inputs: [{ identifier: 'email', data: { kind: 'literal', value: address } as const }],
    received: { body: `{"email":"${address}"}`, contentType: 'application/json' },
  };
  /** A service that notes the steps of mail, each after some turns. */
  const mailing = (
    change: Partial<Recipients> = {},
    input: LiteralInput = email,
    options: ServiceUnderTestOptions = {},
  ) => {
    const steps: string[] = [];
    const step = (name: string) => async (_: unknown, recipients?: readonly string[]) => {
      await turns();
      steps.push([name, ...(recipients ?? [])].join(' '));
    };
    const mail = {
      domains: ['example.org'],
      keep: step('keep'),
      forget: step('forget'),
      ...change,
    };
    const objects = new MemoryObjectStore();
    const under = service({
      objects,
      catalogue: [{ ...fixed, inputs: [input] }],
      mail,
      ...options,
    });
    under.engine.isHeld = true;
    const submit = under.engine.submit.bind(under.engine);
    under.engine.submit = (submission) => {
      steps.push('submit');
      return submit(submission);
    };
    const stored = async (name: string) =>
      String(Buffer.from((await objects.get(`jobs/${jobId}/${name}`))?.body ?? ''));
    return { ...under, steps, stored };
  };

  it('recipients of mail are stored before their job is submitted, and apart from its request and inputs', async () => {
    const { run, steps, stored } = mailing();
    await run(asked);
    expect(steps).toEqual([`keep ${address}`, 'submit']);
    expect(await stored('request.json')).toBe('{"email":"not-kept"}');
    expect(await stored('inputs.json')).not.toContain('ada');
  });

  it('only recipients of mail are withheld from the stored request and inputs', async () => {
    const { mail: _, ...plain } = { ...email, identifier: 'remark' };
    const { run, stored } = mailing({}, email, {
      catalogue: [{ ...fixed, inputs: [email, plain] }],
    });
    const remark = {
      identifier: 'remark',
      data: { kind: 'literal', value: 'of interest' } as const,
    };
    await run({
      inputs: [...asked.inputs, remark],
      received: { ...asked.received, body: `{"email":"${address}","remark":"of interest"}` },
    });
    expect(await stored('request.json')).toBe('{"email":"not-kept","remark":"of interest"}');
    expect(JSON.parse(await stored('inputs.json'))).toMatchObject([
      { identifier: 'remark', value: { value: 'of interest' } },
    ]);
  });

  it('recipients of mail are forgotten before a client learns that its job was not started', async () => {
    const { run, engine, steps } = mailing();
    engine.isBusy = true;
    await run(asked).catch(() => steps.push('refused'));
    expect(steps).toEqual([`keep ${address}`, 'submit', 'forget', 'refused']);
  });

  it('a job runs even if its recipients of mail cannot be stored, and the log says so', async () => {
    const { run, log } = mailing({ keep: () => Promise.reject(new Error('the disk is full')) });
    expect((await run(asked)).job.status).toBe('accepted');
    expect(log.join()).toContain('the recipients of mail were not kept');
  });

  it('a job is refused for its own reason even if its recipients of mail cannot be forgotten', async () => {
    const { run, engine } = mailing({ forget: () => Promise.reject(new Error('no answer')) });
    engine.isBusy = true;
    await expect(run(asked)).rejects.toMatchObject({ kind: 'busy' });
  });

  it('a request does not wait for its recipients of mail to be stored beyond its deadline', async () => {
    const time = new AbortController();
    const { run, dependencies, steps } = mailing({
      keep: () => {
        time.abort();
        return new Promise(() => undefined);
      },
    });
    Object.assign(dependencies, { deadline: { ...dependencies.deadline, work: time.signal } });
    await run(asked);
    expect(steps).toEqual(['submit']);
  });

  it("a process's own recipient gets mail without a change to the request, and a job without recipients stores none", async () => {
    const { run, steps, stored } = mailing({}, { ...email, default: 'ops@example.org' });
    await run();
    expect(steps).toEqual(['keep ops@example.org', 'submit']);
    expect(await stored('request.json')).toBe('{}');
    const without = mailing();
    await without.run();
    expect(without.steps).toEqual(['submit']);
  });

  it('a recipient of mail at a domain that is not allowed is refused before a job is created', async () => {
    const { run, store } = mailing({ domains: ['example.com'] });
    await expect(run(asked)).rejects.toMatchObject({ kind: 'invalid-value', subject: 'email' });
    expect(await store.read(jobId)).toBeUndefined();
  });

  it('recipients of mail are not stored by a service that sends none', async () => {
    const under = service({ catalogue: [{ ...fixed, inputs: [email] }] });
    under.engine.isHeld = true;
    await under.run(asked);
    expect(await under.store.inputsToTell(jobId)).toEqual([]);
  });
});
