import { spawnSync } from 'node:child_process';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { exceeds, limitMemory, privateKiB, usedKiB } from '../../batch-jobs/runner/limit-memory.ts';

describe.runIf(process.platform === 'linux')('a limit of memory', () => {
  it('a limit of memory that has ended reports nothing, and another reports once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const reported: string[] = [];
    const ended = [
      limitMemory(process.pid, 1, () => reported.push('ended before it looked')),
      limitMemory(process.pid, 1, () => reported.push('ended while it looked')),
    ];
    ended[0]?.();
    vi.advanceTimersByTime(100);
    ended[1]?.();
    const end = limitMemory(process.pid, 1, () => reported.push('exceeded'));
    onTestFinished(end);
    vi.advanceTimersByTime(100);
    await expect.poll(() => reported).toContain('exceeded');
    vi.advanceTimersByTime(1_000);
    // By the time that this has been read, the limits would have looked, too.
    for (let time = 0; time < 3; time++) await usedKiB(process.pid);
    expect(reported).toEqual(['exceeded']);
  });
});

describe.runIf(process.platform === 'linux')('a limit of memory that is not reached', () => {
  it('a limit of memory that is not reached is checked ten times a second, until it ends', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const reported: string[] = [];
    const end = limitMemory(process.pid, 1_000_000, () => reported.push('exceeded'));
    for (let time = 0; time < 3; time++) {
      vi.advanceTimersByTime(99);
      expect(vi.getTimerCount()).toBe(1);
      vi.advanceTimersByTime(1);
      // The next check follows the one in progress, however long that takes.
      expect(vi.getTimerCount()).toBe(0);
      // A poll would let the time pass.
      while (vi.getTimerCount() === 0) await new Promise((turn) => setImmediate(turn));
    }
    end();
    expect(vi.getTimerCount()).toBe(0);
    expect(reported).toEqual([]);
  });
});

describe('the memory that a process uses', () => {
  it.each([
    [2048, 2, false],
    [2049, 2, true],
  ])('%i KiB exceed a limit of %i MiB: %s', (usedKiB, limitMiB, isBeyond) => {
    expect(exceeds(usedKiB, limitMiB)).toBe(isBeyond);
  });

  it.each([
    [
      'the private part',
      'VmPeak:\t 9 kB\nVmRSS:\t  300 kB\nRssAnon:\t  120 kB\nRssFile:\t 180 kB\n',
      120,
    ],
    [
      'all of it where an old kernel does not tell the parts',
      'VmPeak:\t 9 kB\nVmRSS:\t  300 kB\n',
      300,
    ],
    ['0 for a process of the kernel', 'Name:\tkthreadd\n', 0],
  ])('the memory of a process is %s', (_, status, kiB) => {
    expect(privateKiB(status)).toBe(kiB);
  });

  it('a process that has ended uses no memory', async () => {
    expect(await usedKiB(spawnSync('true').pid)).toBe(0);
    if (process.platform === 'linux') expect(await usedKiB(process.pid)).toBeGreaterThan(1024);
  });
});
