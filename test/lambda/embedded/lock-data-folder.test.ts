import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DataFolderLock, lockDataFolder } from '../../../lambda/embedded/lock-data-folder.ts';

describe('the lock of a data folder', () => {
  let parent: string;
  let folder: string;
  let locks: DataFolderLock[];
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'lock-'));
    folder = join(parent, 'data');
    locks = [];
  });
  afterEach(async () => {
    for (const lock of locks) await lock.release();
    await rm(parent, { recursive: true });
  });

  const lock = async () => {
    const taken = await lockDataFolder(folder, 5);
    locks.push(taken);
    return taken;
  };

  it('the lock of a data folder has one holder, and is free after its release', async () => {
    const first = await lock();
    await expect(lock()).rejects.toThrow(`data folder ${folder} is used by another service`);
    await first.release();
    await lock();
  });

  it('a data folder keeps its id over a restart, and when it is moved', async () => {
    const first = await lock();
    await first.release();
    await rename(folder, join(parent, 'moved'));
    folder = join(parent, 'moved');
    expect((await lock()).id).toBe(first.id);
  });

  it("the lock of a data folder is held regardless of its file's time", async () => {
    await lock();
    const future = new Date(Date.now() + 86_400_000);
    await utimes(join(folder, '.service.lock'), future, future);
    await expect(lock()).rejects.toThrow('is used by another service');
    await locks[0]?.release();
    await lock();
  });

  it.each([
    ['is deleted', () => rm(folder, { recursive: true })],
    [
      'is replaced',
      async () => {
        await rename(folder, join(parent, 'moved'));
        await mkdir(folder);
      },
    ],
    [
      'is replaced by the folder of another service',
      async () => {
        await rename(folder, join(parent, 'moved'));
        await lock();
      },
    ],
  ])('the lock of a data folder is lost when the folder %s', async (_, change) => {
    const { lost } = await lock();
    const isLost = once(lost, 'abort');
    await change();
    await isLost;
    expect(lost.reason.message).toBe(`data folder ${folder} was deleted or replaced`);
  });
});
