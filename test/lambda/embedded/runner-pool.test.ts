import { execFileSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunnerNotStarted, RunnerPool } from '../../../lambda/embedded/runner-pool.ts';

describe('the pool of runners', () => {
  let folder: string;
  let output: number;
  let pool: RunnerPool;
  let mark: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'runner-pool-'));
    output = openSync(join(folder, 'output'), 'w');
    mark = crypto.randomUUID();
    pool = poolWith({});
  });
  afterEach(async () => {
    pool.close();
    closeSync(output);
    await rm(folder, { recursive: true });
  });

  const poolWith = (environment: Readonly<Record<string, string>>) =>
    new RunnerPool({
      runner: join(import.meta.dirname, 'pool-runner.mjs'),
      environment: { PATH: process.env['PATH'], ...environment },
      mark,
      output,
    });
  const run = async (variables: Readonly<Record<string, string>> = {}) => {
    const told = join(folder, 'told');
    const exit = await pool.run({ TOLD: told, ...variables }).exit;
    return { exit, ...JSON.parse(await readFile(told, 'utf8')) } as {
      exit: unknown;
      runner: number;
    };
  };
  /** Running processes with the pool's mark, including its runners. */
  const left = () =>
    execFileSync('sh', ['-c', `grep -lz '^WPS_PROCESS_MARK=${mark}' /proc/[0-9]*/environ || :`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .split('\n')
      .filter(Boolean);

  it('the pool gives the next job to the runner that ended the last one', async () => {
    const first = await run();
    expect(first.exit).toEqual({ code: 0, signal: null });
    expect((await run()).runner).toBe(first.runner);
  });

  it.each([
    ['whose job failed', { EXIT_CODE: '1' }, { code: 1, signal: null }],
    ['that is not as it was', { IS_AS_NEW: 'false' }, { code: 0, signal: null }],
    ['that was killed', { KILLED_BY: 'SIGKILL' }, { code: null, signal: 'SIGKILL' }],
  ])('the pool replaces a runner %s', async (_, variables, exit) => {
    const first = await run(variables);
    expect(first.exit).toEqual(exit);
    const second = await run();
    expect(second.exit).toEqual({ code: 0, signal: null });
    expect(second.runner).not.toBe(first.runner);
  });

  it('the pool replaces a runner that died while it waited', async () => {
    const first = await run();
    process.kill(first.runner, 'SIGKILL');
    // Until the pool notices the death, it may still send a job to that runner. The job has then not begun.
    const second = await run().catch((error) => {
      expect(error).toBeInstanceOf(RunnerNotStarted);
      return run();
    });
    expect(second.runner).not.toBe(first.runner);
  });

  it.each(['a group', 'a daemon'])(
    'the pool ends %s that a killed runner left, before it reports the end',
    async (what) => {
      await run({ LEAVES: what, KILLED_BY: 'SIGKILL' });
      expect(left()).toEqual([]);
    },
  );

  it('the pool reports that a runner did not start if it ends before it accepts a job', async () => {
    pool = poolWith({ ENDS_AT_ONCE: 'yes' });
    await expect(pool.run({}).exit).rejects.toThrow(
      new RunnerNotStarted('it ended with code 3').message,
    );
  });
});
