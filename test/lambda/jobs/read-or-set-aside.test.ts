import { describe, expect, it } from 'vitest';
import { JobStore } from '../../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { readOrSetAside } from '../../../lambda/jobs/read-or-set-aside.ts';
import { FaultyObjectStore } from '../../faulty-object-store.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';
import { sampleJob } from '../../sample-job.ts';

const { id } = sampleJob();

describe('reading a record that may be damaged', () => {
  it('a record that cannot be read now is neither set aside nor called damaged', async () => {
    const objects = new MemoryObjectStore();
    const faulty = new FaultyObjectStore(objects, {
      before: (operation, key) => {
        if (operation === 'get' && key.endsWith('job.json')) throw new Error('no answer');
      },
    });
    const store = new JobStore(objects);
    await store.create(sampleJob(), { body: '', contentType: 'text/plain' }, []);
    const logged: string[] = [];
    const log = jsonLog((line) => logged.push(line));
    await expect(readOrSetAside(id, { store: new JobStore(faulty), log })).rejects.toThrow(
      'no answer',
    );
    expect(logged).toEqual([]);
    expect((await store.read(id))?.job.id).toBe(id);
    expect(await objects.get(`damaged/jobs/${id}/job.json`)).toBeUndefined();
  });

  it('a damaged record is set aside, however slow the store is, logged with its job, and called damaged', async () => {
    const objects = new MemoryObjectStore();
    const slow = new FaultyObjectStore(objects, {
      before: async (operation) => {
        if (operation !== 'put') return;
        for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
      },
    });
    const store = new JobStore(slow);
    await objects.put(`jobs/${id}/job.json`, '{', { contentType: 'application/json' });
    const logged: string[] = [];
    const log = jsonLog((line) => logged.push(line));
    expect(await readOrSetAside(id, { store, log })).toBe('damaged');
    expect(logged.join()).toContain(id);
    expect(await objects.get(`damaged/jobs/${id}/job.json`)).toBeDefined();
  });
});
