import { beforeEach, describe, expect, it } from 'vitest';
import { whenFilesCanBeOpened } from '../../batch-jobs/api/open-files.ts';

describe('opening a file while no more files can be opened', () => {
  let waited: number;
  beforeEach(() => {
    waited = 0;
  });
  const wait = async (milliseconds: number) => {
    waited += milliseconds;
  };
  const failing = (code: string, times: number) => {
    let tries = 0;
    const open = async () => {
      if (++tries <= times) throw Object.assign(new Error(`try ${tries}`), { code });
      return `try ${tries}`;
    };
    return { open, tries: () => tries };
  };

  it.each(['EMFILE', 'ENFILE'])(
    'a file that fails with %s is opened again after a pause',
    async (code) => {
      expect(await whenFilesCanBeOpened(failing(code, 2).open, wait)).toBe('try 3');
      expect(waited).toBe(30);
    },
  );

  it('a file that cannot be opened for half a minute fails with its last error', async () => {
    const { open, tries } = failing('EMFILE', Number.POSITIVE_INFINITY);
    await expect(whenFilesCanBeOpened(open, wait)).rejects.toThrow('try 18');
    expect(tries()).toBe(18);
    expect(waited).toBeGreaterThan(30_000);
    expect(waited).toBeLessThan(32_000);
  });

  it('a file that cannot be opened for another reason fails at once', async () => {
    await expect(whenFilesCanBeOpened(failing('EACCES', 1).open, wait)).rejects.toThrow('try 1');
    await expect(whenFilesCanBeOpened(() => Promise.reject('EMFILE'), wait)).rejects.toBe('EMFILE');
    expect(waited).toBe(0);
  });
});
