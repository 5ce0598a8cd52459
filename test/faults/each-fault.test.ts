import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isFinal } from '../../batch-jobs/api/job.ts';
import { EngineBusy, type EngineJob } from '../../lambda/jobs/job-engine.ts';
import { type Faults, Killed, NeverAnswers, NoAnswer } from './fault.ts';
import { endings } from './simulated-batch.ts';
import { World, type WorldParts } from './world.ts';

const id = '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';

/** Calls of a store, as `put job.json`, in the order in which one actor makes them. */
type Calls = string[];
const nameOf = (key: string) =>
  key
    .replace(/^index\/.*/, 'index')
    .replace(/^(jobs|unfinished)\/[^/]+\/?/, '$1 ')
    .trim();

let worlds: World[] = [];
beforeEach(() => {
  worlds = [];
});
afterEach(async () => {
  for (const world of worlds) await world.stop();
});
async function newWorld(parts: Partial<WorldParts> = {}): Promise<World> {
  const world = new World({ mintJobId: () => id, ...parts });
  await world.start();
  worlds.push(world);
  return world;
}

/** Records every call, and lets the call at the given place fail. */
function failingAt(place: number, how: (typeof ways)[number], calls: Calls = []): Faults {
  let isDead = false;
  const step = (call: string, isAfter: boolean) => {
    if (isDead) throw new Killed();
    if (!isAfter) calls.push(call);
    if (calls.length !== place + 1) return;
    if (how === 'dies before it' && !isAfter) isDead = true;
    if (how === 'dies after it' && isAfter) isDead = true;
    if (isDead) throw new Killed();
    if (how === 'fails once' && !isAfter) throw new NoAnswer();
    if (how === 'never answers' && !isAfter) throw new NeverAnswers();
    if (how === 'loses its answer' && isAfter) throw new NoAnswer();
  };
  return {
    before: (operation, key) => step(`${operation} ${nameOf(key)}`, false),
    after: (operation, key) => step(`${operation} ${nameOf(key)}`, true),
    beforeEngine: (call) => step(call, false),
    afterEngine: (call) => step(call, true),
  };
}
const never = (calls: Calls) => failingAt(-1, 'fails once', calls);
const ways = [
  'dies before it',
  'dies after it',
  'fails once',
  'loses its answer',
  'never answers',
] as const;

/** The calls that an actor makes when nothing fails. The tests below let each of them fail. */
async function callsOfHandler(): Promise<Calls> {
  const world = await newWorld();
  const calls: Calls = [];
  expect(await world.execute(never(calls))).toBe(200);
  await world.engine.idle();
  return calls;
}
async function callsOfRunner(): Promise<Calls> {
  const calls: Calls = [];
  const world = await newWorld({ attempt: () => ({ faults: never(calls) }) });
  await world.execute();
  await world.engine.idle();
  return calls;
}

describe('a fault of the handler', () => {
  it('faults can strike each write of the handler', async () => {
    const writes = (await callsOfHandler()).filter((call) => !/^(get|list) /.test(call));
    expect(new Set(writes)).toEqual(
      new Set([
        'put unfinished',
        'put index',
        'put jobs request.kvp',
        'put jobs inputs.json',
        'put jobs job.json',
        'put jobs status.xml',
        'submit',
      ]),
    );
  });

  it.each(ways)('no job is lost, whichever call of the handler %s', async (how) => {
    const { length } = await callsOfHandler();
    for (let place = 0; place < length; place++) {
      const world = await newWorld();
      const status = await world.execute(failingAt(place, how));
      await world.calm();
      expect(await world.violations(), `call ${place}`).toEqual([]);
      const [job] = await world.jobs();
      // A client that received a job id has a job.
      if (status === 200) expect(job?.status, `call ${place}`).toBe('succeeded');
    }
  });

  it('a handler that dies between record and submission leaves a job that a sweep ends', async () => {
    const world = await newWorld();
    const calls = await callsOfHandler();
    expect(await world.execute(failingAt(calls.indexOf('submit'), 'dies before it'))).toBe(500);
    expect((await world.objects.record(id))?.status).toBe('accepted');
    expect(await world.engine.find({ id })).toBeUndefined();
    await world.calm();
    expect((await world.objects.record(id))?.status).toBe('failed');
    expect(await world.engine.find({ id })).toBeUndefined();
    expect(await world.violations()).toEqual([]);
  });

  it('a failing engine ends the record, so that no client waits for a job that will never run', async () => {
    const world = await newWorld();
    const refuses: Faults = {
      beforeEngine: () => {
        throw new EngineBusy('throttled');
      },
    };
    expect(await world.execute(refuses)).toBe(503);
    expect((await world.objects.record(id))?.status).toBe('failed');
    await world.calm();
    expect(await world.violations()).toEqual([]);
  });

  it('a submission whose answer is lost does not fail a running job, since the engine is asked', async () => {
    const world = await newWorld();
    const loses: Faults = {
      afterEngine: (call) => {
        if (call === 'submit') throw new NoAnswer();
      },
    };
    expect(await world.execute(loses)).toBe(200);
    await world.engine.idle();
    expect((await world.objects.record(id))?.status).toBe('succeeded');
  });

  it('of a job that is submitted twice only one copy works', async () => {
    const runners: Calls[] = [];
    const world = await newWorld({
      attempt: () => {
        const calls: Calls = [];
        runners.push(calls);
        return { faults: never(calls) };
      },
    });
    const calls = await callsOfHandler();
    await world.execute(failingAt(calls.indexOf('submit'), 'dies before it'));
    const submission = { jobId: id, processIdentifier: 'echo', queue: 'small' as const };
    const { echo } = await import('../echo.ts');
    const requirements = { ...echo.job, attempts: 3 };
    await world.engine.submit({ ...submission, requirements });
    await world.engine.submit({ ...submission, requirements });
    await world.engine.idle();
    expect(
      runners.filter((made) => made.includes('upload jobs outputs/1/result.txt')),
    ).toHaveLength(1);
    await world.calm();
    expect((await world.objects.record(id))?.status).toBe('succeeded');
    expect(await world.violations()).toEqual([]);
  });
});

describe('a fault of the runner', () => {
  it('faults can strike before, during and after publishing', async () => {
    const calls = await callsOfRunner();
    const upload = calls.indexOf('upload jobs outputs/1/result.txt');
    expect(calls.slice(0, upload)).toContain('put jobs job.json');
    expect(calls.slice(upload + 1)).toContain('put jobs job.json');
  });

  it.each(ways)('no job is lost, whichever call of the runner %s', async (how) => {
    const { length } = await callsOfRunner();
    for (let place = 0; place < length; place++) {
      let attempt = 0;
      const world = await newWorld({
        attempt: () => ({ faults: attempt++ === 0 ? failingAt(place, how) : {} }),
      });
      expect(await world.execute()).toBe(200);
      await world.calm();
      expect((await world.objects.record(id))?.status, `call ${place}`).toBe('succeeded');
      expect(await world.violations(), `call ${place}`).toEqual([]);
    }
  });

  it.each(['dies before it', 'dies after it'] as const)(
    'a job whose runner %s on every attempt is ended by events or a sweep',
    async (how) => {
      const calls = await callsOfRunner();
      for (let place = 0; place < calls.length; place++) {
        const world = await newWorld({
          attempt: () => ({ faults: failingAt(place, how) }),
        });
        await world.execute();
        await world.engine.idle();
        const before = await world.objects.record(id);
        await world.calm();
        const after = await world.objects.record(id);
        // When everything that knew of the success has ended, only a stored success survives.
        expect(after?.status).toBe(before?.status === 'succeeded' ? 'succeeded' : 'failed');
        expect(await world.violations(), `call ${place}`).toEqual([]);
      }
    },
  );
});

describe('an attempt that its engine takes for lost and that goes on', () => {
  it('an attempt that its engine believed lost changes nothing that the next one did, however late its calls come', async () => {
    const calls = await callsOfRunner();
    for (const [place, call] of calls.entries()) {
      let attempt = 0;
      const world = await newWorld({
        attempt: (_, machine) => {
          if (attempt++ > 0) return { faults: {} };
          let made = 0;
          const before = async () => {
            if (made++ !== place) return;
            machine.lose();
            while (!isFinal((await world.objects.record(id))?.status ?? 'accepted')) {
              await new Promise((resolve) => setImmediate(resolve));
            }
          };
          return { faults: { before } };
        },
      });
      expect(await world.execute()).toBe(200);
      await world.calm();
      expect((await world.objects.record(id))?.status, call).toBe('succeeded');
      expect(await world.violations(), call).toEqual([]);
    }
  });
});

describe('SIGTERM', () => {
  it.each([
    ['reclaimed', /was taken away/],
    ['timedOut', /longer than it may/],
    ['terminated', /ended by the provider/],
  ] as const)(
    'SIGTERM for a job that is %s ends it with that reason, at any call of the runner, on every attempt',
    async (name, words) => {
      const { length } = await callsOfRunner();
      for (let place = 0; place < length; place++) {
        const world = await newWorld({
          attempt: (_, machine) => {
            let calls = 0;
            const before = () => {
              if (calls++ === place) machine.stop(endings[name]);
            };
            return { faults: { before } };
          },
        });
        await world.execute();
        await world.engine.idle();
        // The cause has not been reported yet, so the runner has not reported one either.
        expect((await world.objects.record(id))?.status, `call ${place}`).not.toBe('failed');
        await world.calm();
        const job = await world.objects.record(id);
        if (job?.status !== 'succeeded') {
          expect(job?.failure?.text, `call ${place}`).toMatch(words);
        }
        expect(await world.violations(), `call ${place}`).toEqual([]);
      }
    },
  );

  it('SIGTERM ends a run whose call never answers, whichever call it is', async () => {
    const { length } = await callsOfRunner();
    for (let place = 0; place < length; place++) {
      let attempt = 0;
      const world = await newWorld({
        attempt: (_, machine) => {
          if (attempt++ > 0) return { faults: {} };
          let calls = 0;
          const before = () => {
            if (calls++ !== place) return;
            machine.stop(endings.reclaimed);
            throw new NeverAnswers();
          };
          return { faults: { before } };
        },
      });
      await world.execute();
      await world.calm();
      expect((await world.objects.record(id))?.status, `call ${place}`).toBe('succeeded');
      expect(await world.violations(), `call ${place}`).toEqual([]);
    }
  });

  it.each([
    ['says much', false],
    ['says nothing', true],
  ])(
    'the run of a dismissed job that %s notices the dismissal even without SIGTERM',
    async (_, isSilent) => {
      const world = await newWorld({
        attempt: () => ({ faults: {}, behaviour: 'runsOn', isSilent }),
      });
      await world.execute();
      await expect.poll(() => world.happenings.get(id)?.has('runsOn')).toBe(true);
      const refuses: Faults = {
        beforeEngine: (call) => {
          if (call === 'terminate') throw new NoAnswer();
        },
      };
      expect((await world.objects.record(id))?.status).toBe('running');
      expect(await world.dismiss(id, refuses)).toBe(200);
      await world.engine.idle();
      expect((await world.objects.record(id))?.status).toBe('dismissed');
      await world.calm();
      expect(await world.violations()).toEqual([]);
    },
  );
});

describe('events of the engine', () => {
  const told: [string, EngineJob][] = [];
  const start = async (faults: () => Faults) => {
    told.length = 0;
    const world = await newWorld({
      attempt: () => ({ faults: faults() }),
      emit: (...event) => told.push(event),
    });
    await world.execute();
    await world.engine.idle();
    return world;
  };
  const dead = () => failingAt(0, 'dies before it');

  it('events of the engine end a job that no runner could report, as soon as they come', async () => {
    const world = await start(dead);
    expect((await world.objects.record(id))?.status).toBe('accepted');
    for (const event of told) await world.deliver(...event);
    expect((await world.objects.record(id))?.status).toBe('failed');
    expect(await world.violations()).toEqual([]);
  });

  it.each([
    ['doubled', () => [...told, ...told]],
    ['backwards', () => told.toReversed()],
    ['only the last', () => told.slice(-1)],
  ])('events of the engine that come %s leave the same record', async (_, events) => {
    for (const faults of [dead, () => ({})]) {
      const world = await start(faults);
      for (const event of events()) await world.deliver(...event);
      const expected = faults === dead ? 'failed' : 'succeeded';
      expect((await world.objects.record(id))?.status).toBe(expected);
      expect(world.counted.get(id)).toBe(1);
      expect(await world.violations()).toEqual([]);
    }
  });

  it('after events of the engine are lost, the next status request asks the engine', async () => {
    const world = await start(dead);
    world.pass(300);
    expect((await world.objects.record(id))?.status).toBe('accepted');
    expect(await world.status(id)).toBe(200);
    expect((await world.objects.record(id))?.status).toBe('failed');
  });

  it('of two concurrent updates by events, the record keeps what is true last', async () => {
    const world = await start(dead);
    await Promise.all([...told, ...told].map((event) => world.deliver(...event)));
    expect((await world.objects.record(id))?.status).toBe('failed');
    expect(world.counted.get(id)).toBe(1);
    expect(await world.violations()).toEqual([]);
  });
});
