import { beforeEach, describe, expect, it } from 'vitest';
import type { JobChange } from '../../../batch-jobs/api/job.ts';
import { EngineBusy } from '../../../lambda/jobs/job-engine.ts';
import { echo } from '../../echo.ts';
import { FaultyObjectStore } from '../../faulty-object-store.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';
import { type ServiceUnderTest, serviceUnderTest } from '../../service-under-test.ts';

const jobId = '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';
const execute =
  'service=WPS&version=1.0.0&request=Execute&identifier=fixed&storeExecuteResponse=true&status=true';

describe('a job that was submitted', () => {
  it('waits in the queue that its request chose, not in that of its process', async () => {
    const own = echo.job.queue === 'small' ? 'large' : 'small';
    const { engine, get } = serviceUnderTest({
      catalogue: [{ ...echo, job: { ...echo.job, chooseQueue: () => own } }],
    });
    const queues: string[] = [];
    engine.submit = async ({ queue }) => {
      queues.push(queue);
      return { engineJobId: 'e-1' };
    };
    const query = 'identifier=echo&DataInputs=message=a&storeExecuteResponse=true&status=true';
    await get(`service=WPS&version=1.0.0&request=Execute&${query}`);
    expect(queues).toEqual([own]);
  });

  it.each([
    ['names its owner to the engine', { owner: 'me', listsAllJobs: false }, 'me'],
    ['names no owner to the engine if it has none', { listsAllJobs: false }, undefined],
  ])('a job that was submitted %s', async (_, caller, owner) => {
    const { engine, get } = serviceUnderTest({ caller });
    const owners: unknown[] = [];
    engine.submit = async (submission) => {
      owners.push(submission.owner);
      return { engineJobId: 'e-1' };
    };
    expect((await get(execute)).status).toBe(200);
    expect(owners).toEqual([owner]);
  });

  it.each([
    ['keeps the name that an event told before', { engineJobId: 'e-event' }, 'e-event'],
    ['is not written any more where it has ended', { status: 'dismissed' }, undefined],
  ] as const)('%s', async (_, change, engineJobId) => {
    const { engine, store, get, log } = serviceUnderTest({ mintJobId: () => jobId });
    engine.submit = async () => {
      await store.update(jobId, () => change);
      return { engineJobId: 'e-answer' };
    };
    expect((await get(execute)).status).toBe(200);
    const job = (await store.read(jobId))?.job;
    expect(job?.engineJobId).toBe(engineJobId);
    expect(job?.submittedAt).toBeUndefined();
    expect(log.join()).not.toContain('submission was not noted');
  });
});

describe('an asynchronous Execute', () => {
  it('an asynchronous Execute asks the store for no more than the job needs', async () => {
    const calls: string[] = [];
    const note = (operation: string, key: string) => {
      calls.push(`${operation} ${key.replace(jobId, '<id>')}`);
    };
    const { engine, get } = serviceUnderTest({
      mintJobId: () => jobId,
      objects: new FaultyObjectStore(new MemoryObjectStore(), { before: note }),
    });
    engine.submit = async () => ({ engineJobId: 'e-1' });
    expect((await get(execute)).status).toBe(200);
    const [count, ...written] = calls;
    expect(count).toBe('list unfinished/');
    // The first five are written at the same time.
    expect(written.slice(0, 5).toSorted()).toEqual([
      expect.stringMatching(/^put index\/all\/[\d/]+-<id>$/),
      'put jobs/<id>/inputs.json',
      'put jobs/<id>/request.kvp',
      'put jobs/<id>/status.xml',
      'put unfinished/<id>',
    ]);
    expect(written.slice(5)).toEqual(['put jobs/<id>/job.json', 'put jobs/<id>/job.json']);
  });
});

describe('a job whose submission seems to have failed', () => {
  let service: ServiceUnderTest;
  beforeEach(() => {
    service = serviceUnderTest({ mintJobId: () => jobId });
  });

  /** Loses the answer to the submission, while another process changes the job's record. */
  const loseAnswer = (...changes: JobChange[]) => {
    service.engine.submit = async () => {
      for (const change of changes) await service.store.update(jobId, () => change);
      throw new Error('socket hang up');
    };
  };

  it('a job whose submission seems to fail is not called lost if an event said that it runs', async () => {
    loseAnswer({ status: 'running', engineJobId: 'e-1' });
    const { status, select } = await service.get(execute);
    expect(status).toBe(200);
    expect(select('//wps:ProcessStarted')).toHaveLength(1);
    expect(await service.store.unfinished.has(jobId)).toBe(true);
  });

  it('a job whose submission seems to fail ends as its run did, if it had one', async () => {
    const failure = { kind: 'internal', text: 'The file is broken.' } as const;
    loseAnswer({ status: 'running', claim: 'e-1', attempt: 1 }, { status: 'failed', failure });
    const { status, exception } = await service.get(execute);
    expect(status).toBe(200);
    expect(exception().text).toBe('The file is broken.');
  });

  it('a job of which only the answer was lost runs, under the name that the engine finds', async () => {
    loseAnswer();
    service.engine.find = async () => 'e-found';
    const { status, select } = await service.get(execute);
    expect(status).toBe(200);
    expect(select('//wps:ProcessAccepted')).toHaveLength(1);
    expect((await service.store.read(jobId))?.job).toMatchObject({
      status: 'accepted',
      engineJobId: 'e-found',
    });
  });

  it.each([
    ['was not finished', (key: string) => key.startsWith('unfinished/')],
    ['did not end', (key: string) => key.endsWith('job.json')],
  ])(
    'a job that the engine refuses is refused even if it %s, which is logged',
    async (what, fails) => {
      let isRefused = false;
      service = serviceUnderTest({
        objects: new FaultyObjectStore(new MemoryObjectStore(), {
          before: (_, key) => {
            if (isRefused && fails(key)) throw new Error('no answer');
          },
        }),
        mintJobId: () => jobId,
      });
      service.engine.submit = async () => {
        isRefused = true;
        throw new EngineBusy();
      };
      const { status, headers, exception } = await service.get(execute);
      expect(status).toBe(503);
      expect(headers['retry-after']).toBe('30');
      expect(exception().text).toBe(
        'Too many jobs wait already. Please send the request again later.',
      );
      expect(service.log.join()).toContain(`a job that was not submitted ${what}`);
    },
  );

  it('a job of which nothing is known after its submission is lost, and its client may send it again', async () => {
    loseAnswer();
    const { status, exception } = await service.get(execute);
    expect(status).toBe(500);
    expect(exception().text).toBe('The job could not be submitted. Please send the request again.');
    expect((await service.store.read(jobId))?.job.status).toBe('failed');
  });

  it('a job whose submission seems to fail is not unfinished any more when its client learns of it, however slow the store is', async () => {
    service = serviceUnderTest({
      mintJobId: () => jobId,
      objects: new FaultyObjectStore(new MemoryObjectStore(), {
        before: async (operation) => {
          if (operation !== 'delete') return;
          for (let turn = 0; turn < 10; turn++) {
            await new Promise((resolve) => setImmediate(resolve));
          }
        },
      }),
    });
    loseAnswer();
    expect((await service.get(execute)).status).toBe(500);
    expect(await service.store.unfinished.has(jobId)).toBe(false);
  });

  it('a job that a busy engine refused is not searched for', async () => {
    let searches = 0;
    service.engine.submit = () => Promise.reject(new EngineBusy());
    service.engine.find = async () => {
      searches++;
      return undefined;
    };
    expect((await service.get(execute)).status).toBe(503);
    expect(searches).toBe(0);
  });

  it('a job that the engine has no room to store is refused for lack of storage, even if the engine cannot search for it', async () => {
    service.engine.submit = () =>
      Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
    service.engine.find = () => Promise.reject(new Error('no answer'));
    const { status, exception } = await service.get(execute);
    expect(status).toBe(503);
    expect(exception()).toEqual({
      code: 'NotEnoughStorage',
      text: 'There is not enough storage for the job. Please send the request again later.',
    });
    const job = (await service.store.read(jobId))?.job;
    expect(job).toMatchObject({ status: 'failed', failure: { kind: 'storage-full' } });
  });
});
