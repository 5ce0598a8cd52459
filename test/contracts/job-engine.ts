import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineJob, JobEngine } from '../../lambda/jobs/job-engine.ts';
import { echo } from '../echo.ts';
import { sampleJob } from '../sample-job.ts';

export interface JobEngineUnderTest {
  readonly engine: JobEngine;
  /** The lines that the tiny runner (`tiny-runner.mjs`) wrote, one per attempt. */
  readonly attempts: () => Promise<string>;
  readonly stop?: () => Promise<void>;
}

/** Job ids. The last digit decides what the tiny runner does. */
const ids = {
  succeeds: '00000000-0000-4000-8000-000000000000',
  isFound: '00000000-0000-4000-8000-000000000010',
  isSentTwice: '00000000-0000-4000-8000-000000000020',
  fails: '00000000-0000-4000-8000-000000000001',
  refuses: '00000000-0000-4000-8000-000000000005',
  runsOn: '00000000-0000-4000-8000-000000000009',
  isNotThere: '00000000-0000-4000-8000-0000000000ff',
};

/** Tests of the job engine port that every adapter must pass. */
export function describeJobEngine(name: string, start: () => Promise<JobEngineUnderTest>): void {
  describe(`${name} keeps the contract of a job engine`, () => {
    let under: JobEngineUnderTest;
    let engine: JobEngine;
    beforeAll(async () => {
      under = await start();
      engine = under.engine;
    });
    afterAll(async () => under?.stop?.());

    const submit = async (jobId: string) => {
      const { engineJobId } = await engine.submit({
        jobId,
        processIdentifier: 'echo',
        queue: 'small',
        requirements: { ...echo.job, attempts: 1 },
      });
      return engineJobId;
    };
    const find = (id: string) => engine.find({ ...sampleJob(), id });
    const ended = async (engineJobId: string) => {
      let job: EngineJob | undefined;
      await expect
        .poll(
          async () => {
            job = await engine.describe(engineJobId);
            return job?.status;
          },
          { interval: 100 },
        )
        .toMatch(/SUCCEEDED|FAILED/);
      return job as EngineJob;
    };
    const running = (engineJobId: string, jobId: string) =>
      expect
        .poll(
          async () =>
            (await engine.describe(engineJobId))?.status === 'RUNNING' &&
            (await under.attempts()).includes(jobId),
          { interval: 100 },
        )
        .toBe(true);

    it('a job engine runs what is submitted and reports success', async () => {
      const engineJobId = await submit(ids.succeeds);
      const job = await ended(engineJobId);
      expect(job).toMatchObject({ engineJobId, status: 'SUCCEEDED', attempts: 1 });
      expect(Date.parse(job.startedAt ?? '')).toBeLessThanOrEqual(Date.parse(job.stoppedAt ?? ''));
    });

    it('a job engine passes the job and the number of its attempts to the runner', async () => {
      expect(await under.attempts()).toContain(`${ids.succeeds} 1 of 1\n`);
    });

    it.each([
      ['that failed', ids.fails],
      ['whose request was at fault', ids.refuses],
    ])('a job engine reports a job %s', async (_, id) => {
      expect(await ended(await submit(id))).toMatchObject({ status: 'FAILED', attempts: 1 });
    });

    it('a job engine knows a submitted job at once', async () => {
      const engineJobId = await submit(ids.isFound);
      expect(await engine.describe(engineJobId)).toBeDefined();
      expect(await find(ids.isFound)).toBe(engineJobId);
      await ended(engineJobId);
      expect(await find(ids.isFound)).toBe(engineJobId);
    });

    it('a job engine describes many jobs at once, and leaves out unknown ones', async () => {
      const known = (await find(ids.isFound)) as string;
      const unknown = Array.from(
        { length: 120 },
        (_, index) => `0c5283d4-64e3-45cf-aa94-${String(index).padStart(12, '0')}`,
      );
      const described = await engine.describeMany([...unknown, known]);
      expect([...described.keys()]).toEqual([known]);
      expect(described.get(known)).toEqual(await engine.describe(known));
      expect((await engine.describeMany([])).size).toBe(0);
    });

    it('a job engine knows nothing of a job that was never submitted', async () => {
      expect(await find(ids.isNotThere)).toBeUndefined();
      expect(await engine.describe('0c5283d4-64e3-45cf-aa94-4317210dccd9')).toBeUndefined();
    });

    it('a job engine finds one of two runs if a job was submitted twice', async () => {
      const sent = [await submit(ids.isSentTwice), await submit(ids.isSentTwice)];
      expect(sent).toContain(await find(ids.isSentTwice));
      await Promise.all(sent.map(ended));
    });

    it('a job engine ends a running job, and reports the given reason', async () => {
      const engineJobId = await submit(ids.runsOn);
      await running(engineJobId, ids.runsOn);
      await engine.terminate(engineJobId, 'dismissed by the client');
      expect(await ended(engineJobId)).toMatchObject({
        status: 'FAILED',
        reason: 'dismissed by the client',
      });
    });

    it('ending a job that has ended, or never existed, is not an error for a job engine', async () => {
      const engineJobId = await find(ids.succeeds);
      await engine.terminate(engineJobId as string, 'dismissed by the client');
      await engine.terminate('0c5283d4-64e3-45cf-aa94-4317210dccd9', 'dismissed by the client');
      expect((await engine.describe(engineJobId as string))?.status).toBe('SUCCEEDED');
    });
  });
}
