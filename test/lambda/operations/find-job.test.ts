import { describe, expect, it } from 'vitest';
import type { Job } from '../../../batch-jobs/api/job.ts';
import { DamagedRecord } from '../../../batch-jobs/api/job-record.ts';
import { requestLog } from '../../../lambda/jobs/request-log.ts';
import { findJob } from '../../../lambda/operations/find-job.ts';
import { findOutput, openPublished } from '../../../lambda/operations/open-output.ts';
import { checkAll, ServiceFault } from '../../../lambda/service-fault.ts';
import { sampleJob } from '../../sample-job.ts';
import { serviceUnderTest } from '../../service-under-test.ts';

const { id } = sampleJob();
const request = { body: '', contentType: 'text/plain' };

async function stored(change: Partial<Job>) {
  const { store, engine, dependencies } = serviceUnderTest();
  await store.create(sampleJob(change), request, []);
  const asked: unknown[] = [];
  Object.assign(engine, {
    ahead: async (job: unknown) => {
      asked.push(job);
      return asked.length - 1;
    },
  });
  return { asked, dependencies: { ...dependencies, log: requestLog(dependencies.log) } };
}

describe('a job that is found', () => {
  it('a job that waits says how many are ahead, if the engine has it', async () => {
    const { asked, dependencies } = await stored({ engineJobId: 'e-1', queue: 'large' });
    const messages = [];
    for (let time = 0; time < 3; time++) messages.push((await findJob(id, dependencies)).message);
    expect(messages).toEqual([
      'The job waits for a free place, and is the next.',
      'The job waits for a free place: 1 job is ahead.',
      'The job waits for a free place: 2 jobs are ahead.',
    ]);
    expect(asked[0]).toEqual({ engineJobId: 'e-1', queue: 'large' });
  });

  it('a job that waits in an engine that counts nothing keeps its message, and that is no failure', async () => {
    const { store, engine, dependencies, log } = serviceUnderTest();
    await store.create(sampleJob({ engineJobId: 'e-1', message: 'as it is' }), request, []);
    Object.assign(engine, { ahead: undefined });
    const job = await findJob(id, { ...dependencies, log: requestLog(dependencies.log) });
    expect(job.message).toBe('as it is');
    expect(log).toEqual([]);
  });

  it.each([
    ['the engine has not named yet', {}],
    ['runs', { engineJobId: 'e-1', status: 'running' }],
  ] as const)('a job that %s keeps its message, and the engine is not asked', async (_, change) => {
    const { asked, dependencies } = await stored({ ...change, message: 'as it is' });
    expect((await findJob(id, dependencies)).message).toBe('as it is');
    expect(asked).toEqual([]);
  });
});

describe('a job that is not found', () => {
  it.each([
    ['never existed', 'unknown-job', 'There is no such job.'],
    ['was removed', 'expired-job', 'The job and its outputs are no longer kept.'],
  ])('a job that %s is refused by its id, with the reason', async (was, kind, message) => {
    const { store, dependencies } = serviceUnderTest();
    if (was === 'was removed') await store.expire(id);
    const found = findJob(id, { ...dependencies, log: requestLog(dependencies.log) });
    await expect(found).rejects.toMatchObject({ kind, message, subject: id });
  });

  it('a job whose record is damaged is a fault of the service, and the client learns what to do', async () => {
    const { store, dependencies } = serviceUnderTest();
    const cause = new DamagedRecord('the record is no JSON');
    store.read = () => Promise.reject(cause);
    const found = findJob(id, { ...dependencies, log: requestLog(dependencies.log) });
    await expect(found).rejects.toMatchObject({
      kind: 'internal',
      subject: id,
      message: 'The job failed: its record was damaged. Please send the request again.',
      cause,
    });
  });
});

describe('an output of a job', () => {
  const output = { identifier: 'result', name: 'result.txt', contentType: 'text/plain' };
  const published = { ...output, filename: 'result.txt', attempt: 1, size: 1, sha256: '' };

  it.each([
    ['none', [], 'The job has no output "other"; its outputs are none.'],
    ['one', [published], 'The job has no output "other"; its outputs are "result".'],
  ])(
    'an unknown output of a job with %s is refused with those that it has',
    async (_, outputs, message) => {
      const { dependencies } = await stored({ status: 'succeeded', outputs });
      await expect(findOutput(id, 'other', dependencies)).rejects.toMatchObject({
        kind: 'unknown-output',
        message,
      });
    },
  );

  it('an output of a job that is recorded but not stored is a fault of the service', async () => {
    const { dependencies } = await stored({ status: 'succeeded', outputs: [published] });
    await expect(openPublished({ id }, published, false, dependencies)).rejects.toThrow(
      'is recorded but not stored',
    );
  });
});

describe('checks that are made together', () => {
  it('checks that are made together tell all faults of the request, and at once any other', () => {
    const fault = (text: string) => () => {
      throw new ServiceFault('invalid-value', text);
    };
    const other = () => {
      throw new TypeError('a fault of the program');
    };
    const found = (() => {
      try {
        return checkAll([fault('first'), fault('second')]);
      } catch (error) {
        return error;
      }
    })();
    expect(found).toMatchObject({ all: [{ text: 'first' }, { text: 'second' }] });
    expect(() => checkAll([fault('first'), other])).toThrow(TypeError);
    expect(checkAll([() => 1, () => 2])).toEqual([1, 2]);
  });
});
