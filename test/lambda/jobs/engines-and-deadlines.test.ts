import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Job } from '../../../batch-jobs/api/job.ts';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { boundedJobEngine } from '../../../lambda/jobs/bounded-job-engine.ts';
import type { JobCallbacks } from '../../../lambda/jobs/finish-job.ts';
import {
  EngineBusy,
  type EngineJob,
  engineStatuses,
  isEnded,
  type JobEngine,
  type Submission,
} from '../../../lambda/jobs/job-engine.ts';
import { meteredJobEngine } from '../../../lambda/jobs/metered-job-engine.ts';
import { noMetrics } from '../../../lambda/jobs/metrics.ts';
import {
  DeadlinePassed,
  requestDeadline,
  unlessPassed,
} from '../../../lambda/jobs/request-deadline.ts';
import { requestLog } from '../../../lambda/jobs/request-log.ts';
import { tellAll } from '../../../lambda/jobs/tell-all.ts';
import { echo } from '../../echo.ts';
import { sampleJob } from '../../sample-job.ts';

const job = sampleJob();
const submission: Submission = {
  jobId: job.id,
  processIdentifier: 'echo',
  queue: 'small',
  requirements: echo.job,
};
const waiting = { engineJobId: 'e-1', queue: 'small' } as const;

const run: EngineJob = { engineJobId: 'e-1', status: 'RUNNING', attempts: 1 };

/** Each call of an engine, with distinct arguments and the answer of {@link answering}. */
const calls: Readonly<
  Record<
    keyof JobEngine,
    { call: (engine: JobEngine) => unknown; given: readonly unknown[]; answer: unknown }
  >
> = {
  submit: {
    call: (engine) => engine.submit(submission),
    given: [submission],
    answer: { engineJobId: 'e-1' },
  },
  describe: { call: (engine) => engine.describe('e-1'), given: ['e-1'], answer: run },
  describeMany: {
    call: (engine) => engine.describeMany(['e-1', 'e-2']),
    given: [['e-1', 'e-2']],
    answer: new Map([['e-1', run]]),
  },
  find: { call: (engine) => engine.find(job), given: [job], answer: 'e-found' },
  ahead: { call: (engine) => engine.ahead?.(waiting), given: [waiting], answer: 7 },
  terminate: {
    call: (engine) => engine.terminate('e-1', 'enough'),
    given: ['e-1', 'enough'],
    answer: undefined,
  },
};
const names = Object.keys(calls) as (keyof JobEngine)[];

/** An engine that records its calls. */
function answering(asked: unknown[] = []): JobEngine & Required<Pick<JobEngine, 'ahead'>> {
  const keep =
    <T>(answer: T) =>
    async (...given: unknown[]): Promise<T> => {
      asked.push(...given);
      return answer;
    };
  return {
    submit: keep({ engineJobId: 'e-1' }),
    describe: keep(run),
    describeMany: keep(new Map([['e-1', run]])),
    find: keep('e-found'),
    ahead: keep(7),
    terminate: keep(undefined),
  };
}

const never = () => new Promise<never>(() => undefined);
const silent: JobEngine = {
  submit: never,
  describe: never,
  describeMany: never,
  find: never,
  ahead: never,
  terminate: never,
};

const inTime = new AbortController().signal;
const wrapped: Readonly<Record<string, (engine: JobEngine) => JobEngine>> = {
  bounded: (engine) => boundedJobEngine(engine, inTime),
  metered: (engine) => meteredJobEngine(engine, noMetrics, () => new Date(0)),
};

describe.each(Object.keys(wrapped))('a %s engine', (kind) => {
  it.each(names)('a wrapped engine passes on "%s" and its answer', async (name) => {
    const asked: unknown[] = [];
    const engine = wrapped[kind]?.(answering(asked));
    expect(engine && (await calls[name].call(engine))).toEqual(calls[name].answer);
    expect(asked).toEqual(calls[name].given);
  });

  it('a wrapped engine does not know the number of jobs ahead if its engine does not', async () => {
    const { ahead: _, ...without } = answering();
    expect(await wrapped[kind]?.(without).ahead?.(waiting)).toBeUndefined();
  });
});

describe('a metered engine', () => {
  it.each([
    ['ok', async () => ({ engineJobId: 'e-1' })],
    ['busy', () => Promise.reject(new EngineBusy('full'))],
    ['failed', () => Promise.reject(new Error('no answer'))],
  ] as const)(
    'a metered engine counts a submission as %s, with the time that it took',
    async (outcome, submit) => {
      let milliseconds = 1_000;
      const told: unknown[] = [];
      const metrics = { ...noMetrics, submission: (...figures: unknown[]) => told.push(figures) };
      const slow = {
        ...answering(),
        submit: () => {
          milliseconds += 70;
          return submit();
        },
      };
      const engine = meteredJobEngine(slow, metrics, () => new Date(milliseconds));
      const submitted = engine.submit(submission);
      if (outcome === 'ok') expect(await submitted).toEqual({ engineJobId: 'e-1' });
      else await expect(submitted).rejects.toThrow(outcome === 'busy' ? 'full' : 'no answer');
      expect(told).toEqual([[outcome, 70]]);
    },
  );
});

describe('a bounded engine', () => {
  it.each(names)(
    'a bounded engine waits for "%s" no longer than the remaining time',
    async (name) => {
      const time = new AbortController();
      const answer = calls[name].call(boundedJobEngine(silent, time.signal));
      time.abort();
      await expect(answer).rejects.toThrow(DeadlinePassed);
    },
  );

  it('a bounded engine submits nothing after the deadline', async () => {
    const asked: unknown[] = [];
    const late = boundedJobEngine(answering(asked), AbortSignal.abort());
    await expect(late.submit(submission)).rejects.toThrow();
    expect(asked).toEqual([]);
  });
});

describe('a run of an engine', () => {
  it.each(engineStatuses)(
    "an engine's run has ended if it is SUCCEEDED or FAILED, and not if %s",
    (status) => {
      expect(isEnded({ ...run, status })).toBe(status === 'SUCCEEDED' || status === 'FAILED');
    },
  );
});

describe('the log of a request', () => {
  it('every log line of a request says what the request is about, once that is known', () => {
    const lines: object[] = [];
    const log = requestLog(jsonLog((line) => lines.push(JSON.parse(line))));
    const before = log.with({ part: 'early' });
    log.info('first');
    log.about({ jobId: 'j' });
    log.about({ owner: 'o' });
    log.info('an info', { more: 1 });
    log.warn('a warning');
    log.error('an error', {}, new Error('why'));
    log.with({ part: 'late' }).info('with a part');
    before.info('with what was known then');
    const about = { jobId: 'j', owner: 'o' };
    expect(lines).toMatchObject([
      { message: 'first' },
      { message: 'an info', more: 1, level: 'INFO', ...about },
      { message: 'a warning', level: 'WARN', ...about },
      { message: 'an error', level: 'ERROR', ...about },
      { message: 'with a part', part: 'late', ...about },
      { message: 'with what was known then', part: 'early' },
    ]);
    for (const line of [lines[0], lines[5]]) expect(line).not.toHaveProperty('jobId');
  });
});

describe('work that a request waits for', () => {
  it('work that a request waits for fails with its own error, even after the deadline', async () => {
    const time = new AbortController();
    const work = new Promise<never>((_, reject) => {
      reject(new Error('its own'));
      time.abort();
    });
    await expect(unlessPassed(new AbortController().signal, work)).rejects.toThrow('its own');
    const late = unlessPassed(time.signal, work);
    await expect(late).rejects.toThrow(DeadlinePassed);
    await expect(late).rejects.toThrow('the time for the request has passed');
  });

  it('work that begins after the deadline may fail without ending the process', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const work = Promise.reject(new Error('its own'));
    await expect(unlessPassed(AbortSignal.abort(), work)).rejects.toThrow(DeadlinePassed);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('work that fails just before the deadline fails with its own error', async () => {
    const time = new AbortController();
    let fail: (error: Error) => void = () => undefined;
    const work = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const waited = unlessPassed(time.signal, work);
    fail(new Error('its own'));
    time.abort();
    await expect(waited).rejects.toThrow('its own');
  });
});

describe('the deadline of a request', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each([
    [1_000, 1_000, 750],
    [16_000, 16_000, 12_000],
    [20_000, 20_000, 16_000],
    [29_000, 29_000, 25_000],
    [1_001.9, 1_001, 751],
    [0, 0, 0],
    [-5, 0, 0],
  ])(
    'a deadline of %d ms answers after %i ms, and begins nothing after %i ms',
    (left, answer, work) => {
      const timeouts: number[] = [];
      vi.spyOn(process, 'uptime').mockReturnValue(5);
      vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
        timeouts.push(milliseconds);
        return new AbortController().signal;
      });
      const deadline = requestDeadline(new Date(0), left);
      expect(timeouts).toEqual([answer]);
      expect(deadline.work).toBe(deadline.work);
      expect(timeouts).toEqual([answer, work]);
    },
  );

  it('a deadline leaves less time for work that begins later', () => {
    const clock = vi.spyOn(process, 'uptime').mockReturnValue(5);
    const deadline = requestDeadline(new Date(0), 20_000);
    clock.mockReturnValue(8);
    const timeout = vi.spyOn(AbortSignal, 'timeout');
    expect(deadline.work.aborted).toBe(false);
    expect(timeout).toHaveBeenCalledExactlyOnceWith(13_000);
  });

  it('a deadline ends the work, but not the answer, when the service ends', () => {
    const ended = new AbortController();
    const { work, answer, arrivedAt } = requestDeadline(new Date(7), 60_000, ended.signal);
    expect([work.aborted, answer.aborted, arrivedAt]).toEqual([false, false, new Date(7)]);
    ended.abort();
    expect([work.aborted, answer.aborted]).toEqual([true, false]);
  });
});

describe('several ways to tell clients', () => {
  const way = (told: string[], fails = false): JobCallbacks => {
    const tell = (what: string) => async (about?: Pick<Job, 'id'>) => {
      await new Promise((resolve) => setImmediate(resolve));
      told.push(`${what} ${about?.id ?? 'all'}`);
      if (fails) throw new Error(`${what} failed`);
    };
    return { note: tell('note'), tell: tell('tell'), tellDue: tell('tellDue') };
  };
  const steps = {
    note: (ways: JobCallbacks) => ways.note(job),
    tell: (ways: JobCallbacks) => ways.tell(job),
    tellDue: (ways: JobCallbacks) => ways.tellDue(),
  };

  it.each(['note', 'tell', 'tellDue'] as const)(
    'all notifications are tried to %s, and a failure is reported after the last',
    async (step) => {
      const [first, second]: [string[], string[]] = [[], []];
      await steps[step](tellAll(way(first), way(second)));
      expect([first, second]).toEqual([[expect.stringContaining(step)], first]);
      const all = tellAll(way(first, true), way(second));
      await expect(steps[step](all)).rejects.toThrow(`${step} failed`);
      expect(second).toHaveLength(2);
    },
  );
});
