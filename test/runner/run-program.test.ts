import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { interruptedExitCode } from '../../batch-jobs/api/exit-codes.ts';
import { FileObjectStore } from '../../batch-jobs/api/file-object-store.ts';
import type { JobInput } from '../../batch-jobs/api/job.ts';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import { runProgram } from '../../batch-jobs/runner/run-program.ts';
import { distDir } from '../bundled.ts';
import { sampleJob } from '../sample-job.ts';
import { FakeRunnerProcess } from './fake-runner-process.ts';

const processesFolder = join(import.meta.dirname, '..', '..', 'batch-jobs');
const { id } = sampleJob();

describe('the program of a container', () => {
  let folder: string;
  let store: JobStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'program-'));
    await mkdir(join(folder, 'store'));
    store = new JobStore(new FileObjectStore(join(folder, 'store')));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Starts the program in a process that tests can end. */
  const start = (
    args: readonly string[],
    variables: Readonly<Record<string, string | undefined>> = {},
  ) => {
    const own = new FakeRunnerProcess();
    own.argv = ['node', 'main.js', ...args];
    own.env = {
      PATH: process.env['PATH'],
      WPS_SCRATCH_DIR: join(folder, 'scratch'),
      ...variables,
    };
    return { own, written: own.written, ended: runProgram(own, processesFolder) };
  };
  const ofJob = () => ({ WPS_JOB_ID: id, WPS_JOB_STORE: `file://${join(folder, 'store')}` });
  const create = async () => {
    const literal = (identifier: string, value: string): JobInput => ({
      identifier,
      given: true,
      value: { kind: 'literal', value, dataType: 'string' },
    });
    await store.create(sampleJob(), { body: '', contentType: 'text/plain' }, [
      literal('message', 'hello'),
      literal('repeat', '1'),
      literal('delaySeconds', '0'),
    ]);
  };
  const statusOf = async () => (await store.read(id))?.job.status;

  it('the self-test of an image that can run its process says so, and ends with 0', async () => {
    const { ended, written } = start(['--self-test', 'echo']);
    expect(await ended).toBe(0);
    expect(written).toEqual(['self-test of echo: ready\n']);
  });

  it('the self-test of an image names each of its faults, and ends with 1', async () => {
    await writeFile(join(folder, 'scratch'), 'a file');
    const { ended, written } = start(['--self-test', 'echo'], { PATH: folder });
    expect(await ended).toBe(1);
    expect(written.join('')).toMatch(
      /^self-test of echo: scratch folder .* cannot be written: .*; program "python3" is not there .*\n$/,
    );
  });

  it('the self-test of an image without a search path looks nowhere', async () => {
    const { ended, written } = start(['--self-test', 'echo'], { PATH: undefined });
    expect(await ended).toBe(1);
    expect(written.join('')).toMatch(/ program "python3" is not there .*; looked in \n$/);
  });

  it('the self-test without the name of an image lists the existing ones', async () => {
    const { ended, written } = start(['--self-test']);
    expect(await ended).toBe(1);
    expect(written.join('')).toMatch(
      /^self-test of : no process has image ""; allowed: gogoduck, echo/,
    );
  });

  it('the program runs the job that its variables name, and ends with the code for the engine', async () => {
    await create();
    const { ended, written } = start([], ofJob());
    expect(await ended).toBe(0);
    expect(await statusOf()).toBe('succeeded');
    expect(written.map((line) => JSON.parse(line)).at(-1)).toMatchObject({ jobId: id });
    const output = join(folder, 'store', 'jobs', id, 'outputs', '1', 'result.txt');
    expect(await readFile(output, 'utf8')).toBe('hello\n');
  });

  it('the program ends when the engine stops it, and claims no job then', async () => {
    await create();
    const { own, ended } = start([], ofJob());
    own.emit('SIGTERM');
    expect(await ended).toBe(interruptedExitCode);
    expect(await statusOf()).toBe('accepted');
  });

  it('the program runs jobs by message until its parent is gone', async () => {
    await create();
    const { own, ended } = start(['--jobs-by-message']);
    await expect.poll(() => own.listenerCount('message')).toBe(1);
    own.emit('message', { variables: ofJob() });
    await expect.poll(() => own.told.at(-1)).toMatchObject({ kind: 'ended', exitCode: 0 });
    expect(own.told).toMatchObject([{ kind: 'begun' }, { kind: 'command' }, {}]);
    expect(await statusOf()).toBe('succeeded');
    own.emit('disconnect');
    expect(await ended).toBe(0);
  });

  it('the program that runs jobs by message ends when it is stopped', async () => {
    const { own, ended } = start(['--jobs-by-message']);
    own.emit('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('the image’s own program finds the processes of its image', () => {
    const main = join(distDir, 'batch-jobs', 'runner', 'main.js');
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [main, ...args], {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], WPS_JOB_ID: 'x', WPS_ENVIRONMENT: 'RC' },
      });
    const selfTest = run('--self-test', 'echo');
    expect(selfTest).toMatchObject({ status: 0, stdout: 'self-test of echo: ready\n' });
    const { status, stdout } = run();
    expect(status).toBe(1);
    const line = JSON.parse(stdout);
    expect(line).toMatchObject({ environment: 'RC', jobId: 'x' });
    expect(line.message).toBe('the run ended before it could report');
    expect(stdout).toContain('variable WPS_JOB_ID is \\"x\\"; allowed: a job id');
  });
});
