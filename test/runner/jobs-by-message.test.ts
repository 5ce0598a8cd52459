import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runJobsByMessage } from '../../batch-jobs/runner/jobs-by-message.ts';
import { asOneFile } from '../one-file.ts';
import { FakeChannel } from './fake-channel.ts';

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

describe('a runner that takes its jobs by message, in this process', () => {
  const start = () => {
    const channel = new FakeChannel();
    const stop = new AbortController();
    const ran: unknown[] = [];
    const ended = runJobsByMessage(
      async (variables, _, onCommand) => {
        ran.push(variables);
        onCommand(1234);
        return Number(variables['EXIT_CODE'] ?? 0);
      },
      { OF: 'the process' },
      stop.signal,
      channel,
    );
    const send = async (variables: Readonly<Record<string, string>>) => {
      await expect.poll(() => channel.listenerCount('message')).toBe(1);
      channel.emit('message', { variables });
    };
    return { channel, stop, ran, ended, send };
  };

  it('a kept runner runs each job with its own variables, and tells how each ended', async () => {
    const { channel, stop, ran, ended, send } = start();
    await send({ EXIT_CODE: '65' });
    await send({ OF: 'the job' });
    await expect.poll(() => channel.told).toHaveLength(6);
    expect(channel.told).toMatchObject([
      ...[{ kind: 'begun' }, { kind: 'command', pid: 1234 }, { kind: 'ended', exitCode: 65 }],
      ...[{ kind: 'begun' }, { kind: 'command', pid: 1234 }, { kind: 'ended', exitCode: 0 }],
    ]);
    expect(ran).toEqual([{ OF: 'the process', EXIT_CODE: '65' }, { OF: 'the job' }]);
    stop.abort();
    expect(await ended).toBe(0);
    expect(channel.listenerCount('message')).toBe(0);
  });

  it('a kept runner tells nothing to a parent that is gone, and ends when it is stopped', async () => {
    const { channel, stop, ran, ended, send } = start();
    channel.connected = false;
    await send({ EXIT_CODE: '3' });
    await expect.poll(() => ran).toHaveLength(1);
    stop.abort();
    expect(await ended).toBe(3);
    expect(channel.told).toEqual([]);
  });

  it('a kept runner that is stopped before its first job runs none', async () => {
    const { stop, ran, ended } = start();
    stop.abort();
    expect(await ended).toBe(0);
    expect(ran).toEqual([]);
  });
});
