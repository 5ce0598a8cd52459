import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import {
  clearScratch,
  makeScratchFolder,
  removeScratchFolder,
} from '../../batch-jobs/runner/scratch-folder.ts';
import { MemoryObjectStore } from '../memory-object-store.ts';
import { sampleJob } from '../sample-job.ts';

describe('the scratch folder of a run', () => {
  let parent: string;
  let logged: string[];
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'scratch-'));
    logged = [];
  });
  afterEach(() => rm(parent, { recursive: true }));
  const log = () => jsonLog((line) => logged.push(line));
  const run = { jobId: '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11', attempt: 2 };

  it("each run's scratch folder is new, named for its job and attempt, and closed to other users", async () => {
    const made = [];
    for (let time = 0; time < 2; time++) made.push(await makeScratchFolder(join(parent, 'a'), run));
    expect(new Set(made).size).toBe(2);
    for (const folder of made) {
      expect(folder).toMatch(new RegExp(`^${join(parent, 'a')}/job-${run.jobId}-2-[A-Za-z0-9]+$`));
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
    }
  });

  it("a run's scratch folder is removed with everything in it", async () => {
    const folder = await makeScratchFolder(parent, run);
    await mkdir(join(folder, 'a', 'b'), { recursive: true });
    await writeFile(join(folder, 'a', 'b', 'c'), 'c');
    await chmod(join(folder, 'a', 'b'), 0o500);
    await removeScratchFolder(folder, log());
    expect(await readdir(parent)).toEqual([]);
    expect(logged).toEqual([]);
  });

  it("a run's scratch folder may already have been removed by another run", async () => {
    await removeScratchFolder(join(parent, 'gone'), log());
    expect(logged).toEqual([]);
  });

  it.each([
    ['an earlier attempt than that of a running job', { status: 'running', attempt: 3 }, 2, false],
    ['the present attempt of a running job', { status: 'running', attempt: 2 }, 2, true],
    ['a later attempt than its record knows', { status: 'paused', attempt: 1 }, 2, true],
    ['attempt 10 of a job in its attempt 9', { status: 'running', attempt: 9 }, 10, true],
    ['a job that no attempt has claimed', { status: 'accepted' }, 1, true],
    ['a job that has succeeded', { status: 'succeeded', attempt: 1 }, 1, false],
    ['a job that was dismissed before its first attempt', { status: 'dismissed' }, 1, false],
  ] as const)(
    'of what killed runs left, the folder of %s: %j, %i, stays: %s',
    async (_, change, attempt, stays) => {
      const store = new JobStore(new MemoryObjectStore());
      await store.create(sampleJob(change), { body: '', contentType: 'text/xml' }, []);
      const folder = await makeScratchFolder(parent, { jobId: sampleJob().id, attempt });
      await clearScratch(parent, store, log());
      expect(await readdir(parent)).toEqual(stays ? [basename(folder)] : []);
      expect(logged).toHaveLength(stays ? 0 : 1);
    },
  );

  it('a scratch folder in which nothing was left yet is cleared without a word', async () => {
    await clearScratch(join(parent, 'absent'), new JobStore(new MemoryObjectStore()), log());
    expect(logged).toEqual([]);
  });
});
