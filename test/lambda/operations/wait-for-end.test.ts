import { beforeEach, describe, expect, it } from 'vitest';
import { JobNews } from '../../../lambda/embedded/job-news.ts';
import { requestLog } from '../../../lambda/jobs/request-log.ts';
import { waitForEnd } from '../../../lambda/operations/wait-for-end.ts';
import { sampleJob } from '../../sample-job.ts';
import { serviceUnderTest } from '../../service-under-test.ts';

describe('a request that waits for its job', () => {
  const job = sampleJob();
  const never = () => new Promise<never>(() => undefined);
  let service: ReturnType<typeof serviceUnderTest>;
  beforeEach(async () => {
    service = serviceUnderTest();
    await service.store.create(job, { body: '', contentType: 'text/plain' }, []);
  });
  const waiting = (more: Partial<typeof service.dependencies>) => {
    const log = requestLog(service.dependencies.log);
    return waitForEnd(job, 20, { ...service.dependencies, ...more, log });
  };
  const dismiss = () => service.store.update(job.id, () => ({ status: 'dismissed' }));

  it('a request that waits for its job continues at once after news of the job, regardless of its pause', async () => {
    const news = new JobNews();
    let paused: () => void = () => undefined;
    const isPaused = new Promise<void>((resolve) => {
      paused = resolve;
    });
    const wait = () => {
      paused();
      return never();
    };
    const ended = waiting({ wait, heardOf: (id, signal) => news.heardOf(id, signal) });
    await isPaused;
    news.tell('another job');
    await dismiss();
    news.tell(job.id);
    expect((await ended).status).toBe('dismissed');
  });

  it('a request that waits for its job measures time by a clock that cannot be set', async () => {
    const { monotonic: _, ...rest } = service.dependencies;
    const log = requestLog(rest.log);
    let waits = 0;
    const wait = async () => {
      waits++;
      if (waits > 1) throw new Error('it waits for ever');
      await new Promise((resolve) => setImmediate(resolve));
      // The time is over before any clock with whole milliseconds shows it.
      const begun = performance.now();
      while (performance.now() - begun < 2);
    };
    expect(await waitForEnd(job, 0.001, { ...rest, log, wait })).toEqual(job);
  });

  it('a request that waits for its job notices what happened before it listened', async () => {
    await dismiss();
    expect((await waiting({ wait: never, heardOf: never })).status).toBe('dismissed');
  });

  it('a request that waits for its job stops listening when it continues, and when it is answered', async () => {
    const listening: AbortSignal[] = [];
    const heardOf = (_: string, signal: AbortSignal) => {
      expect(listening.every(({ aborted }) => aborted)).toBe(true);
      listening.push(signal);
      return never();
    };
    let pauses = 0;
    const wait = async () => {
      if (++pauses === 3) await dismiss();
    };
    expect((await waiting({ wait, heardOf })).status).toBe('dismissed');
    expect(listening.length).toBeGreaterThan(2);
    expect(listening.every(({ aborted }) => aborted)).toBe(true);
  });

  it('a request that waits for its job looks after pauses that double from 0.1 s to a second, the last one cut short', async () => {
    const pauses: number[] = [];
    let milliseconds = 0;
    const wait = async (pause: number) => {
      pauses.push(pause);
      milliseconds += pause;
    };
    const last = await waiting({ wait, monotonic: () => milliseconds });
    expect(last.status).toBe('accepted');
    expect(pauses.slice(0, 6)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    expect(pauses.reduce((sum, pause) => sum + pause)).toBe(20_000);
    expect(pauses.at(-1)).toBe(500);
  });

  it('a request waits no longer for its job if it seems to arrive in the future', async () => {
    let milliseconds = 0;
    const arrivedAt = new Date(service.dependencies.now().getTime() + 3_600_000);
    await waiting({
      deadline: { ...service.dependencies.deadline, arrivedAt },
      monotonic: () => milliseconds,
      wait: async (pause) => {
        milliseconds += pause;
      },
    });
    expect(milliseconds).toBe(20_000);
  });

  it.each([-86_400_000, 86_400_000])(
    'a request waits for its job for as long as it may, even if the clock is set by %i ms',
    async (set) => {
      let milliseconds = 0;
      let offset = 0;
      const arrivedAt = new Date('2026-01-01T00:00:00Z');
      const signal = new AbortController().signal;
      const last = await waiting({
        deadline: { arrivedAt, work: signal, answer: signal },
        now: () => new Date(arrivedAt.getTime() + milliseconds + offset),
        monotonic: () => milliseconds,
        wait: async (pause) => {
          milliseconds += pause;
          offset = set;
        },
      });
      expect(last.status).toBe('accepted');
      expect(milliseconds).toBe(20_000);
    },
  );
});
