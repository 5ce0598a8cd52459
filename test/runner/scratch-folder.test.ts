import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import { makeScratchFolder, removeScratchFolder } from '../../batch-jobs/runner/scratch-folder.ts';

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
});
