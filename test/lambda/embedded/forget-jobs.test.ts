import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileObjectStore } from '../../../batch-jobs/api/file-object-store.ts';
import { mintJobId } from '../../../batch-jobs/api/job-id.ts';
import { JobStore } from '../../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { forgetJobs } from '../../../lambda/embedded/forget-jobs.ts';
import { sampleJob } from '../../sample-job.ts';

describe('forgetting old jobs', () => {
  let folder: string;
  let objects: FileObjectStore;
  let store: JobStore;
  let now: Date;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forget-'));
    objects = new FileObjectStore(folder);
    now = new Date();
    store = new JobStore(objects, undefined, () => now);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const created = async () => {
    const job = sampleJob({ id: mintJobId() });
    return await store.create(job, { body: 'request', contentType: 'text/plain' }, []);
  };
  const ended = async () => {
    const { job } = await created();
    const after = await store.update(job.id, () => ({ status: 'dismissed' }));
    await store.finish(after);
    return job.id;
  };
  const passDays = (days: number) => {
    now = new Date(now.getTime() + days * 86_400_000);
  };
  const forget = () =>
    forgetJobs({
      objects,
      store,
      retention: { retentionDays: 30 },
      leftoverSeconds: 3600,
      now: () => now,
      log: jsonLog(() => undefined),
      signal: new AbortController().signal,
    });
  const kept = async () => await readdir(join(folder, 'jobs'));

  it('of a job whose retention is over, only the knowledge that it existed remains', async () => {
    const id = await ended();
    passDays(30.1);
    await forget();
    expect(await kept()).toEqual([]);
    expect(await store.read(id)).toBeUndefined();
    expect(await store.isExpired(id)).toBe(true);
  });

  it('a job within its retention, or unfinished, is not forgotten', async () => {
    const { job } = await created();
    passDays(10);
    const id = await ended();
    passDays(29.9);
    await forget();
    expect((await kept()).toSorted()).toEqual([id, job.id].toSorted());
  });

  it('the rest of a job that was never stored completely is removed once no request can be using it', async () => {
    const [old, recent, marked] = [mintJobId(), mintJobId(), mintJobId()];
    for (const id of [old, recent, marked]) {
      await mkdir(join(folder, 'jobs', id), { recursive: true });
      await writeFile(join(folder, 'jobs', id, 'request.xml'), 'half');
    }
    const longAgo = new Date(now.getTime() - 3_601_000);
    for (const id of [old, marked]) await utimes(join(folder, 'jobs', id), longAgo, longAgo);
    await store.unfinished.set(marked, now.toISOString());
    await forget();
    expect((await kept()).toSorted()).toEqual([recent, marked].toSorted());
  });

  it('forgetting jobs continues past unreadable jobs, and past folders that are no jobs', async () => {
    const damaged = await ended();
    await writeFile(join(folder, 'jobs', damaged, 'job.json'), '');
    await mkdir(join(folder, 'jobs', 'notes'));
    passDays(31);
    const id = await ended();
    const longAgo = new Date(now.getTime() - 31 * 86_400_000);
    await utimes(join(folder, 'jobs', damaged), longAgo, longAgo);
    await forget();
    expect((await kept()).toSorted()).toEqual(['notes', id].toSorted());
  });
});
