import { describe, expect, it } from 'vitest';
import { JobStore } from '../../../batch-jobs/api/job-store.ts';
import { recordStateChange } from '../../../lambda/jobs/record-state-change.ts';
import { sweepJobs } from '../../../lambda/jobs/sweep-jobs.ts';
import { encodeExecuteResponse } from '../../../lambda/protocols/wps-1.0/encode-execute-response.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';
import { serviceUnderTest } from '../../service-under-test.ts';

const execute =
  'service=WPS&version=1.0.0&request=Execute&identifier=fixed&storeExecuteResponse=true&status=true';

describe.each([
  ['is empty', ''],
  ['was cut off', '{"id":"3f0e'],
  ['holds null', 'null'],
  ['lacks its status', '{"id":"x","process":{},"outputs":[]}'],
])('a record that %s', (_, content) => {
  const damage = async () => {
    const objects = new MemoryObjectStore();
    const service = serviceUnderTest({ objects });
    service.engine.isHeld = true;
    const answer = await service.get(execute);
    const location = answer.select('//@statusLocation')[0] as string;
    const id = new URL(location).searchParams.get('jobId') as string;
    await objects.put(`jobs/${id}/job.json`, content, { contentType: 'application/json' });
    return { service, objects, location, id };
  };
  const setAside = async (objects: MemoryObjectStore, id: string) => {
    const object = await objects.get(`damaged/jobs/${id}/job.json`);
    return object && Buffer.from(object.body).toString();
  };
  const unfinished = async ({ store }: ReturnType<typeof serviceUnderTest>) => {
    const ids: string[] = [];
    for await (const id of store.unfinished.list()) ids.push(id);
    return ids;
  };

  it('the status of a job with a damaged record says so', async () => {
    const { service, location } = await damage();
    const answer = await service.follow(location);
    expect(answer.status).toBe(500);
    expect(answer.exception().text).toContain('record was damaged');
  });

  it('the sweep sets a damaged record aside, and processes all others', async () => {
    const { service, objects, id } = await damage();
    await service.get(execute);
    await service.dependencies.wait(400_000);
    const { callbacks: _, ...dependencies } = service.dependencies;
    await sweepJobs({ ...dependencies, store: service.store, overdueSeconds: 300 });
    expect(await setAside(objects, id)).toBe(content);
    expect(await unfinished(service)).toHaveLength(1);
    expect(await unfinished(service)).not.toContain(id);
    expect(service.log.join()).not.toContain('was not looked at');
  });

  it('a damaged record is set aside when the engine reports its job', async () => {
    const { service, objects, id } = await damage();
    const { metrics, log } = service.dependencies;
    const engineJob = { engineJobId: 'e', status: 'FAILED', attempts: 1 } as const;
    await recordStateChange(id, engineJob, { store: service.store, metrics, log });
    expect(await setAside(objects, id)).toBe(content);
    expect(await unfinished(service)).toEqual([]);
  });
});

describe('inputs that were damaged', () => {
  it("damaged inputs do not keep a status document with lineage from showing the job's end", async () => {
    const objects = new MemoryObjectStore();
    const service = serviceUnderTest({ objects });
    service.engine.isHeld = true;
    const answer = await service.get(`${execute}&lineage=true`);
    const location = answer.select('//@statusLocation')[0] as string;
    const id = new URL(location).searchParams.get('jobId') as string;
    await objects.put(`jobs/${id}/inputs.json`, 'null', { contentType: 'application/json' });
    const { metrics, log } = service.dependencies;
    const engineJob = { engineJobId: 'e', status: 'FAILED', attempts: 1 } as const;
    // The store of another process, which did not write the inputs.
    const store = new JobStore(objects, { filename: 'status.xml', encode: encodeExecuteResponse });
    await store.update(id, () => ({ engineJobId: 'e' }));
    await recordStateChange(id, engineJob, { store, metrics, log });
    expect(await store.unfinished.has(id)).toBe(false);
    const document = await objects.get(`jobs/${id}/status.xml`);
    expect(String(document && Buffer.from(document.body))).toContain('ProcessFailed');
  });
});
