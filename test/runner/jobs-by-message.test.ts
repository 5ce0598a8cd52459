import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asOneFile } from '../one-file.ts';

const program = asOneFile(join(import.meta.dirname, 'jobs-by-message-child.ts'));

describe('a runner that takes its jobs by message', () => {
  let folder: string;
  let child: ChildProcess;
  let told: unknown[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'by-message-'));
    told = [];
    child = fork(await program, ['--jobs-by-message'], {
      env: { ...process.env, TOLD: join(folder, 'told') },
    });
    child.on('message', (message) => told.push(message));
  });
  afterEach(async () => {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  const run = async (variables: Readonly<Record<string, string>>) => {
    told = [];
    child.send({ variables });
    while (!told.some((message) => JSON.stringify(message).includes('ended'))) {
      await once(child, 'message');
    }
    return told;
  };
  const variables = async () =>
    (await readFile(join(folder, 'told'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('a kept runner reports that it begins, which command it starts, and how the job ended', async () => {
    expect(await run({ EXIT_CODE: '65' })).toEqual([
      { kind: 'begun' },
      { kind: 'command', pid: 1234 },
      { kind: 'ended', exitCode: 65, isAsNew: true },
    ]);
  });

  it('a kept runner gives no variable of one job to the next', async () => {
    await run({ LEAVES: 'nothing', SECRET: 'of the first' });
    await run({ LEAVES: 'nothing' });
    const [first, second] = await variables();
    expect(first).toMatchObject({ SECRET: 'of the first' });
    expect(second).not.toHaveProperty('SECRET');
  });

  it('a kept runner is as new after many jobs that leave nothing behind', async () => {
    for (let job = 0; job < 5; job++) {
      expect((await run({ LEAVES: 'nothing' })).at(-1)).toMatchObject({ isAsNew: true });
    }
  });

  it.each(['a timer', 'an open port', 'a variable', 'another working folder'])(
    'a kept runner says that it is not as new after a job that leaves %s',
    async (what) => {
      await run({ LEAVES: 'nothing' });
      expect((await run({ LEAVES: what })).at(-1)).toMatchObject({ isAsNew: false });
    },
  );

  it('a kept runner ends with the code of its job if it is stopped while it reports the end', async () => {
    const exit = once(child, 'exit');
    await run({ LEAVES: 'a stop while its end is told', EXIT_CODE: '65' });
    expect(await exit).toEqual([65, null]);
  });

  it('a kept runner ends with the code of its job if its parent goes meanwhile', async () => {
    const exit = once(child, 'exit');
    child.send({ variables: { LEAVES: 'no channel to its parent', EXIT_CODE: '65' } });
    expect(await exit).toEqual([65, null]);
  });

  it('a kept runner ends with the channel to its parent', async () => {
    await run({ LEAVES: 'nothing' });
    const exit = once(child, 'exit');
    child.disconnect();
    expect(await exit).toEqual([0, null]);
  });
});
