import { open } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { forgetsFailures, loadOnce } from '../../batch-jobs/api/load-once.ts';

const tooMany = () => Object.assign(new Error('too many open files'), { code: 'EMFILE' });

vi.mock('node:fs/promises', { spy: true });
afterEach(() => vi.mocked(open).mockReset());

describe('a module that is loaded when it is first needed', () => {
  it('a late module is loaded once for concurrent and later callers', async () => {
    let loads = 0;
    const load = loadOnce(async () => {
      loads++;
      return { loads };
    });
    expect(await Promise.all([load(), load()])).toEqual([{ loads: 1 }, { loads: 1 }]);
    expect(await load()).toEqual({ loads: 1 });
  });

  it('a late module is loaded again for the next caller after a failed load', async () => {
    const results = [new Error('unreadable'), undefined];
    const load = loadOnce(async () => {
      const result = results.shift();
      if (result) throw result;
      return 'loaded';
    });
    await expect(load()).rejects.toThrow('unreadable');
    expect(await load()).toBe('loaded');
  });

  it('loading a late module waits while no file can be opened', async () => {
    const results = [tooMany(), tooMany(), undefined];
    const load = loadOnce(async () => {
      const result = results.shift();
      if (result) throw result;
      return 'loaded';
    });
    expect(await load()).toBe('loaded');
  });

  it('a late module is loaded where a user may not open the file that shows room for files', async () => {
    vi.mocked(open).mockRejectedValue(
      Object.assign(new Error('permission denied'), { code: 'EACCES' }),
    );
    expect(await loadOnce(async () => 'loaded', false)()).toBe('loaded');
  });

  it.each([
    ['20.19.5', false, false],
    ['21.7.3', false, false],
    ['22.0.0', false, true],
    ['24.1.0', false, true],
    ['20.19.5', true, true],
  ])('Node.js %s, with CommonJS: %s, forgets a failed load: %s', (version, isCommonJs, forgets) => {
    expect(forgetsFailures(version, isCommonJs)).toBe(forgets);
  });
});
