import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { privateKiB, usedKiB } from '../../batch-jobs/runner/limit-memory.ts';

describe('the memory that a process uses', () => {
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
