import { describe, expect, it } from 'vitest';
import { jobStatuses } from '../../../batch-jobs/api/job.ts';
import type { EngineJob } from '../../../lambda/jobs/job-engine.ts';
import { reconcile } from '../../../lambda/jobs/reconcile.ts';
import { sampleJob } from '../../sample-job.ts';

const engineJob = (change: Partial<EngineJob>): EngineJob => ({
  engineJobId: 'e-1',
  status: 'RUNNABLE',
  attempts: 0,
  ...change,
});

describe('reconciling a record with its engine', () => {
  it.each(['succeeded', 'failed', 'dismissed'] as const)(
    'a job that is %s stays as it is, whatever the engine says',
    (status) => {
      for (const said of ['RUNNING', 'SUCCEEDED', 'FAILED'] as const) {
        expect(reconcile(sampleJob({ status }), engineJob({ status: said }))).toBeUndefined();
      }
      expect(reconcile(sampleJob({ status }), undefined)).toBeUndefined();
    },
  );

  it.each(jobStatuses.slice(0, 3))('a job that is %s and unknown to the engine fails', (status) => {
    expect(reconcile(sampleJob({ status }), undefined)).toMatchObject({ status: 'failed' });
  });

  it('a job that the engine calls succeeded but that published no outputs fails', () => {
    const change = reconcile(sampleJob({ status: 'running' }), engineJob({ status: 'SUCCEEDED' }));
    expect(change?.failure?.text).toContain('without its outputs');
  });

  it('an accepted job is running once the engine runs it', () => {
    const change = reconcile(sampleJob(), engineJob({ status: 'RUNNING', attempts: 1 }));
    expect(change).toEqual({ status: 'running', message: 'The job starts.' });
  });

  it.each([
    ['since when it runs, where that is not known', undefined, '2026-01-01T00:05:00.000Z'],
    ['no other start than its first', '2026-01-01T00:01:00.000Z', undefined],
  ])('a record follows the engine: %s', (_, known, startedAt) => {
    const job = sampleJob(known === undefined ? {} : { startedAt: known });
    const runs = { status: 'RUNNING', attempts: 1, startedAt: '2026-01-01T00:05:00.000Z' } as const;
    expect(reconcile(job, engineJob(runs))?.startedAt).toBe(startedAt);
  });

  it('a running job whose attempt ended and that waits again is paused', () => {
    const job = sampleJob({ status: 'running', attempt: 1 });
    expect(reconcile(job, engineJob({ status: 'RUNNABLE', attempts: 1 }))).toEqual({
      status: 'paused',
      message: 'The attempt was cut off; the next attempt follows.',
    });
  });

  it.each(['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING'] as const)(
    'a running job is paused while its next attempt is %s',
    (status) => {
      const job = sampleJob({ status: 'running', attempt: 1 });
      expect(reconcile(job, engineJob({ status, attempts: 1 }))?.status).toBe('paused');
    },
  );

  it('an accepted job waits on, even if an attempt ended before its runner began', () => {
    const told = { attempts: 1, reason: 'Host EC2 (instance i-0) terminated.' };
    expect(reconcile(sampleJob(), engineJob({ status: 'RUNNABLE', ...told }))).toBeUndefined();
  });

  it('a job that failed for lack of storage says so', () => {
    const told = { reason: 'Essential container in task exited', exitCode: 28 };
    const change = reconcile(sampleJob(), engineJob({ status: 'FAILED', ...told }));
    expect(change?.failure?.text).toContain('not enough storage');
  });

  it.each([
    ['the runner was ended by SIGKILL', 'ended from outside (SIGKILL)'],
    ['the file of the job in the queue was damaged', 'a file of the service was damaged'],
  ])('a job that failed because "%s" says what that means to a user', (reason, words) => {
    const change = reconcile(sampleJob(), engineJob({ status: 'FAILED', reason }));
    expect(change?.failure?.text).toContain(words);
  });

  it.each([
    ['whose machine went', { reason: 'Host EC2 (instance i-0) terminated.' }, 'taken away'],
    ['that was told to stop, and is tried again', { exitCode: 143 }, 'taken away'],
    ['that the service left behind', { reason: 'service stopped while the job ran' }, 'stopped'],
  ])('a paused job says that its attempt %s', (_, told, words) => {
    const waits = engineJob({ status: 'RUNNABLE', attempts: 1, ...told });
    const stopped = sampleJob({ status: 'paused', attempt: 1, message: 'Attempt 1 was stopped.' });
    const change = reconcile(stopped, waits);
    expect(change).toMatchObject({ status: 'paused' });
    expect(change?.message).toContain(words);
    expect(change?.message).toContain('the next attempt follows');
    expect(reconcile({ ...stopped, ...change }, waits)).toBeUndefined();
    expect(reconcile({ ...stopped, attempt: 2 }, waits)).toBeUndefined();
  });

  it('a running job whose attempt ended is paused, whatever its message says', () => {
    const message = 'The attempt was cut off; the next attempt follows.';
    const job = sampleJob({ status: 'running', attempt: 1, message });
    const change = reconcile(job, engineJob({ status: 'RUNNABLE', attempts: 1 }));
    expect(change).toEqual({ status: 'paused', message });
  });

  it('a paused job keeps the words of its runner if the engine knows no better', () => {
    const job = sampleJob({ status: 'paused', attempt: 1, message: 'The disk is full.' });
    const told = { attempts: 1, exitCode: 1, reason: 'Essential container in task exited' };
    expect(reconcile(job, engineJob({ status: 'RUNNABLE', ...told }))).toBeUndefined();
  });

  it.each([{ attempt: 1 }, {}])('a late event does not pause a running job: %j', (known) => {
    const job = sampleJob({ status: 'running', ...known });
    expect(reconcile(job, engineJob({ status: 'RUNNABLE', attempts: 0 }))).toBeUndefined();
  });

  it('a paused job is running once its next attempt runs, and not before', () => {
    const job = sampleJob({ status: 'paused', attempt: 1 });
    expect(reconcile(job, engineJob({ status: 'RUNNING', attempts: 1 }))).toBeUndefined();
    expect(reconcile(job, engineJob({ status: 'RUNNING', attempts: 2 }))?.status).toBe('running');
  });

  it('a running job goes on as it is when its next attempt runs, until its runner reports', () => {
    const job = sampleJob({ status: 'running', attempt: 1 });
    expect(reconcile(job, engineJob({ status: 'RUNNING', attempts: 2 }))).toBeUndefined();
  });

  it('events about the other copy of a job submitted twice are ignored', () => {
    const job = sampleJob({ status: 'running', claim: 'e-1', engineJobId: 'e-2' });
    expect(reconcile(job, engineJob({ engineJobId: 'e-2', status: 'SUCCEEDED' }))).toBeUndefined();
  });

  it.each([
    ['OutOfMemoryError: Container killed due to memory usage', 'more memory'],
    ['the container ran Out Of Memory', 'more memory'],
    ['Job attempt duration exceeded timeout', 'longer than it may'],
    ['Host EC2 (instance i-0123456789abcdef0) terminated.', 'taken away'],
    ['Your Spot instance was reclaimed', 'taken away'],
    ['The instance i-0 was Terminated', 'taken away'],
    ['CannotPullContainerError: Error response from daemon', 'could not be loaded'],
    ['CannotCreateContainerError: context deadline exceeded', 'could not be loaded'],
    ['CannotStartContainerError: no such file', 'could not be loaded'],
    ['ResourceInitializationError: unable to pull secrets', 'could not be loaded'],
    ['DockerTimeoutError: Could not transition to started', 'could not be loaded'],
    ['Task failed to start', 'could not be loaded'],
    ['MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE', 'No machine was available'],
    ['CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY', 'No machine was available'],
    ['terminated after 3600 s in state RUNNABLE', 'No machine was available'],
    ['Terminated by an operator', 'ended by the provider'],
    ['Canceled by an operator', 'ended by the provider'],
  ])('reason %j is put into words that a user understands', (reason, words) => {
    const change = reconcile(sampleJob(), engineJob({ status: 'FAILED', reason }));
    expect(change?.failure?.text).toContain(words);
    expect(change?.failure?.text).not.toMatch(/i-0|Error:/);
  });

  it.each([
    [143, 'taken away'],
    [65, 'cannot succeed as it was asked for (exit code 65)'],
    [3, 'before it could say why (exit code 3)'],
    [128, 'before it could say why (exit code 128)'],
    [137, 'more memory'],
    [28, 'not enough storage'],
    [undefined, 'could not be run'],
  ])('exit code %j is explained if Batch gives no reason', (exitCode, words) => {
    const change = reconcile(
      sampleJob(),
      engineJob({ status: 'FAILED', ...(exitCode === undefined ? {} : { exitCode }) }),
    );
    expect(change?.failure?.text).toContain(words);
  });

  it.each([
    [{ reason: 'Job attempt duration exceeded timeout', exitCode: 143 }, 'longer than it may'],
    [{ reason: 'Job attempt duration exceeded timeout', exitCode: 137 }, 'longer than it may'],
    [{ reason: 'too dear this month', exitCode: 143 }, 'ended by the provider'],
    [{ reason: 'too dear this month', exitCode: 137 }, 'ended by the provider'],
    [{ reason: 'too dear this month', isTerminated: true }, 'ended by the provider'],
    [{ reason: 'Essential container in task exited', exitCode: 143 }, 'taken away'],
    [{ reason: 'too dear this month', exitCode: 128 }, 'before it could say why'],
    [{ reason: 'too dear this month', exitCode: 129 }, 'ended by the provider'],
    [{ reason: 'Host i-1; Essential container in task exited', exitCode: 143 }, 'taken away'],
    [{ reason: '', exitCode: 143 }, 'taken away'],
  ])('a stopped job ends with the reason of what stopped it: %j', (told, words) => {
    const job = sampleJob({ status: 'paused', attempt: 2 });
    const change = reconcile(job, engineJob({ status: 'FAILED', attempts: 2, ...told }));
    expect(change?.failure?.text).toContain(words);
  });

  const again = 'Please send the request again.';
  const later = 'Please send the request again later.';
  const tell = 'Please tell the provider.';
  const FAILED = 'FAILED' as const;
  it.each([
    ['is unknown to its engine', undefined, `The job was lost before it could run. ${again}`],
    [
      'left no outputs',
      { status: 'SUCCEEDED' as const },
      `The job ended without its outputs. ${again}`,
    ],
    [
      'took too long',
      { status: FAILED, reason: 'Job attempt duration exceeded timeout' },
      'The job took longer than it may. Ask for less: a smaller area, or a shorter time.',
    ],
    [
      'lost its machine',
      { status: FAILED, reason: 'Host EC2 (instance i-0) terminated.' },
      `The machine that ran the job was taken away. ${again}`,
    ],
    [
      'was left behind by the service',
      { status: FAILED, reason: 'service stopped' },
      `The service was stopped while the job ran. ${again}`,
    ],
    [
      'has no program',
      { status: FAILED, reason: 'CannotPullContainerError' },
      `The job could not start because its program could not be loaded. ${tell}`,
    ],
    [
      'found no machine',
      { status: FAILED, reason: 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY' },
      `No machine was available for the job in time. ${later}`,
    ],
    [
      'was ended by somebody',
      { status: FAILED, reason: 'Terminated by an operator' },
      'The job was ended by the provider.',
    ],
    [
      'was ended from outside',
      { status: FAILED, reason: 'the runner was ended by SIGTERM' },
      `The program that runs jobs was ended from outside (SIGTERM). ${again}`,
    ],
    [
      'had no storage',
      { status: FAILED, exitCode: 28 },
      `There was not enough storage for the job. ${later}`,
    ],
    [
      'could not be run',
      { status: FAILED, reason: 'nobody knows' },
      `The job could not be run. ${tell}`,
    ],
    [
      'cannot succeed',
      { status: FAILED, exitCode: 64 },
      'The job cannot succeed as it was asked for (exit code 64); the reason was lost.',
    ],
    [
      'ended for no known reason',
      { status: FAILED, exitCode: 1 },
      'The job ended before it could say why (exit code 1).',
    ],
  ])('a job that %s says what happened, and what its client can do', (_, told, text) => {
    expect(reconcile(sampleJob(), told && engineJob(told))).toEqual({
      ...{ status: 'failed', message: text },
      failure: { kind: 'internal', text },
    });
  });

  it.each([
    ['Host EC2 (instance i-0) terminated.', 'The machine that ran the job was taken away'],
    ['service stopped', 'The service was stopped while the job ran'],
  ])('a job that waits for its next attempt says why: %s', (reason, why) => {
    const job = sampleJob({ status: 'running', attempt: 1 });
    const waits = engineJob({ status: 'RUNNABLE', attempts: 1, reason });
    expect(reconcile(job, waits)?.message).toBe(`${why}; the next attempt follows.`);
  });

  it('the exit code of a container that ran out of memory is recognised', () => {
    const change = reconcile(
      sampleJob(),
      engineJob({ status: 'FAILED', reason: 'Essential container in task exited', exitCode: 137 }),
    );
    expect(change?.failure?.text).toContain('more memory');
  });
});
