import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runJobsByMessage } from '../../batch-jobs/runner/jobs-by-message.ts';
import { asOneFile } from '../one-file.ts';
import { FakeRunnerProcess } from './fake-runner-process.ts';

describe('a runner that takes its jobs by message', () => {
  /** Starts a runner whose jobs do what `job` says. */
  const start = (job: (own: FakeRunnerProcess) => void = () => undefined) => {
    const own = new FakeRunnerProcess();
    own.env = { OF: 'the process' };
    const stop = new AbortController();
    const ran: unknown[] = [];
    const ended = runJobsByMessage(
      async (variables, _, onCommand) => {
        ran.push(variables);
        onCommand(1234);
        job(own);
        return Number(variables['EXIT_CODE'] ?? 0);
      },
      stop.signal,
      own,
    );
    const send = async (variables: Readonly<Record<string, string>>) => {
      await expect.poll(() => own.listenerCount('message')).toBe(1);
      own.emit('message', { variables });
    };
    /** What the runner says at the end of each job. */
    const ends = async (jobs: number) => {
      await expect.poll(() => own.told).toHaveLength(3 * jobs);
      return own.told.filter((_, index) => index % 3 === 2);
    };
    return { own, stop, ran, ended, send, ends };
  };

  it('a kept runner runs each job with its own variables, and says how each ended', async () => {
    const { own, stop, ran, ended, send, ends } = start();
    await send({ EXIT_CODE: '65' });
    await send({ OF: 'the job' });
    await ends(2);
    expect(own.told).toEqual([
      { kind: 'begun' },
      { kind: 'command', pid: 1234 },
      { kind: 'ended', exitCode: 65, isAsNew: true },
      { kind: 'begun' },
      { kind: 'command', pid: 1234 },
      { kind: 'ended', exitCode: 0, isAsNew: true },
    ]);
    expect(ran).toEqual([{ OF: 'the process', EXIT_CODE: '65' }, { OF: 'the job' }]);
    stop.abort();
    expect(await ended).toBe(0);
    expect(own.listenerCount('message')).toBe(0);
  });

  it.each<[string, (own: FakeRunnerProcess) => void]>([
    ['a timer', (own) => own.resources[0].push('Timeout')],
    ['a variable', (own) => Object.assign(own.env, { LEFT: 'yes' })],
    ['another working folder', (own) => Object.assign(own, { folder: '/' })],
    [
      'a request that does not end',
      (own) => Object.assign(own, { resources: [['PipeWrap', 'FSReqPromise']] }),
    ],
  ])(
    'a kept runner says that it is not as new after a job that leaves %s, and gives no later job its variables',
    async (_, leave) => {
      const { ran, send, ends } = start(leave);
      await send({});
      await send({});
      expect(await ends(2)).toMatchObject([{ isAsNew: false }, { isAsNew: false }]);
      expect(ran).toEqual([{ OF: 'the process' }, { OF: 'the process' }]);
    },
  );

  it('a kept runner is as new once the requests of its job have ended, in whatever order it lists the rest', async () => {
    const pending = ['FSReqPromise', 'PipeWrap', 'TTYWrap'];
    const { own, send, ends } = start(() => {
      own.resources = [pending, pending, pending, ['TTYWrap', 'PipeWrap']];
    });
    own.resources = [
      ['PipeWrap', 'GetAddrInfoReqWrap', 'TTYWrap'],
      ['PipeWrap', 'TTYWrap'],
    ];
    await send({});
    expect(await ends(1)).toMatchObject([{ isAsNew: true }]);
  });

  it('a kept runner is ready at once if nothing but requests could still end', async () => {
    const { own, send, ends } = start();
    let looks = 0;
    own.getActiveResourcesInfo = () => {
      looks++;
      return ['PipeWrap', 'TTYWrap'];
    };
    await send({});
    expect(await ends(1)).toMatchObject([{ isAsNew: true }]);
    // Before and after the job: whether a request is pending, and what there is.
    expect(looks).toBe(4);
  });

  it('a kept runner waits a hundred turns of its loop for a request to end, and no more', async () => {
    const { own, send, ends } = start();
    let looks = 0;
    own.getActiveResourcesInfo = () => {
      looks++;
      return ['FSReqPromise'];
    };
    await send({});
    await ends(1);
    expect(looks).toBe(2 * 101);
  });

  it('a kept runner takes no message before its parent has the last one', async () => {
    const { own, send } = start();
    const sent: (() => void)[] = [];
    own.send = (message, _handle, _options, done) => {
      own.told.push(message);
      sent.push(done);
    };
    await send({});
    expect(own.told).toEqual([{ kind: 'begun' }]);
    sent[0]?.();
    await expect.poll(() => own.told.at(-1)).toMatchObject({ kind: 'ended' });
    expect(own.listenerCount('message')).toBe(0);
    sent[2]?.();
    await expect.poll(() => own.listenerCount('message')).toBe(1);
  });

  it('a kept runner sends nothing to a parent that is gone, and ends with the code of its job', async () => {
    const { own, stop, ended, send } = start(() => stop.abort());
    own.connected = false;
    await send({ EXIT_CODE: '3' });
    expect(await ended).toBe(3);
    expect(own.told).toEqual([]);
  });

  it('a kept runner that is stopped during a job ends with its code, and does not offer itself again', async () => {
    const { own, stop, ended, send } = start(() => stop.abort());
    await send({ EXIT_CODE: '143' });
    expect(await ended).toBe(143);
    expect(own.told).toMatchObject([{ kind: 'begun' }, { kind: 'command' }]);
  });

  it('a kept runner that is stopped while it reports the end of a job ends with the code of the job', async () => {
    const { own, stop, ended, send } = start();
    own.send = (message, _handle, _options, done) => {
      if (JSON.stringify(message).includes('ended')) stop.abort();
      done();
    };
    await send({ EXIT_CODE: '65' });
    expect(await ended).toBe(65);
  });

  it('a kept runner that is stopped before its first job runs none', async () => {
    const { stop, ran, ended } = start();
    stop.abort();
    expect(await ended).toBe(0);
    expect(ran).toEqual([]);
  });
});

const program = asOneFile(join(import.meta.dirname, 'jobs-by-message-child.ts'));

describe('a runner that takes its jobs by message, in a process of its own', () => {
  let child: ChildProcess;
  beforeEach(async () => {
    child = fork(await program);
  });
  afterEach(() => void child.kill('SIGKILL'));

  it('a kept runner is as new after many jobs that leave nothing behind, and not after one that leaves something', async () => {
    let told: unknown[] = [];
    child.on('message', (message) => told.push(message));
    const run = async (leaves: string) => {
      told = [];
      child.send({ variables: { LEAVES: leaves } });
      while (!told.some((message) => JSON.stringify(message).includes('ended'))) {
        await once(child, 'message');
      }
      return told.at(-1);
    };
    for (let job = 0; job < 5; job++) {
      expect(await run('nothing')).toMatchObject({ isAsNew: true });
    }
    for (const what of ['a timer', 'an open port']) {
      expect(await run(what)).toMatchObject({ isAsNew: false });
    }
  });

  it('a kept runner ends with the code of its job if its parent goes meanwhile', async () => {
    const exit = once(child, 'exit');
    child.send({ variables: { LEAVES: 'no channel to its parent', EXIT_CODE: '65' } });
    expect(await exit).toEqual([65, null]);
  });
});
