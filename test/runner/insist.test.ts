import { describe, expect, it } from 'vitest';
import { IllegalTransition } from '../../batch-jobs/api/job.ts';
import { DamagedRecord } from '../../batch-jobs/api/job-record.ts';
import { JobNotFound } from '../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import { insist } from '../../batch-jobs/runner/insist.ts';
import { JobFault } from '../../batch-jobs/runner/job-fault.ts';

/** Insists on a call that fails a number of times. Only the waits advance the clock. */
async function insisting(failure: Error, times: number, patience: number) {
  const pauses: number[] = [];
  const logged: string[] = [];
  let clock = 1_000_000;
  let tries = 0;
  const result = await insist(
    'writing it down',
    async () => {
      if (++tries <= times) throw failure;
      return 'done';
    },
    {
      milliseconds: () => patience,
      wait: async (pause) => {
        pauses.push(pause / 1000);
        clock += pause;
      },
      monotonic: () => clock,
      log: jsonLog((line) => logged.push(line)),
    },
  ).catch((error: unknown) => error);
  return { result, tries, pauses, logged };
}

const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });

describe('insisting', () => {
  it('each retry of the runner waits twice as long as the one before, up to half a minute', async () => {
    const { result, pauses, logged } = await insisting(new Error('no answer'), 8, 300_000);
    expect(result).toBe('done');
    expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
    expect(logged).toHaveLength(8);
    expect(logged[0]).toContain('writing it down failed and is tried again');
  });

  it.each([
    ['what does not answer', new Error('no answer'), 31_000, [1, 2, 4, 8, 16]],
    ['what does not answer, a moment less', new Error('no answer'), 30_999, [1, 2, 4, 8]],
    ['a full disk, half a minute at most', full, 300_000, [1, 2, 4, 8]],
    ['a full disk, no longer than anything', full, 3_000, [1, 2]],
    ['nothing when there is no time', new Error('no answer'), 0, []],
  ])(
    'the runner begins no retry of %s when its time is over',
    async (_, failure, patience, expected) => {
      const { result, pauses } = await insisting(failure, 100, patience);
      expect(result).toBe(failure);
      expect(pauses).toEqual(expected);
    },
  );

  it.each([
    new JobFault('no', { exitCode: 65 }),
    new IllegalTransition('j', 'failed', 'running'),
    new JobNotFound('j'),
    new DamagedRecord('j'),
  ])('the runner does not retry what stays so: $name', async (failure) => {
    const { result, tries } = await insisting(failure, 100, 300_000);
    expect(result).toBe(failure);
    expect(tries).toBe(1);
  });
});
