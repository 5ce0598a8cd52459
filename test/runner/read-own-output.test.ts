import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import { JobFault } from '../../batch-jobs/runner/job-fault.ts';
import { readOwnOutput } from '../../batch-jobs/runner/read-own-output.ts';
import { MemoryObjectStore } from '../memory-object-store.ts';
import { sampleJob } from '../sample-job.ts';

describe('an input that is an output of another job', () => {
  let folder: string;
  let store: JobStore;
  const { id } = sampleJob();
  const output = { jobId: id, attempt: 2, name: 'result.txt', size: 9 };
  const never = new AbortController().signal;
  const input = () => ({ identifier: 'document', path: join(folder, 'input-0'), maximumBytes: 9 });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'own-output-'));
    store = new JobStore(new MemoryObjectStore());
    await writeFile(join(folder, 'made'), 'made by 2');
    await store.publishOutput(id, output, join(folder, 'made'), 'text/plain');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('an output of another job is copied into the file of the input', async () => {
    await readOwnOutput(store, output, input(), never);
    expect(await readFile(input().path, 'utf8')).toBe('made by 2');
  });

  it.each([
    ['the job', { jobId: '00000000-0000-4000-8000-000000000000' }],
    ['the attempt', { attempt: 1 }],
    ['the output', { name: 'other.txt' }],
  ])(
    'an output of another job is a fault of its input, never to be tried again, if %s is no longer stored',
    async (_, change) => {
      const fault = await readOwnOutput(store, { ...output, ...change }, input(), never).catch(
        (error: unknown) => error,
      );
      expect(fault).toBeInstanceOf(JobFault);
      expect(fault).toMatchObject({
        message:
          'Input "document" is the output of a job that is no longer kept; run that job again.',
        exitCode: 65,
        kind: 'invalid-value',
        subject: 'document',
      });
      await expect(readFile(input().path)).rejects.toThrow('ENOENT');
    },
  );

  it('an output of another job is no longer copied once the run is stopped', async () => {
    await expect(readOwnOutput(store, output, input(), AbortSignal.abort())).rejects.toThrow(
      'abort',
    );
  });
});
