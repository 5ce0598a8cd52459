import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill, platform } from 'node:process';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import { runCommand } from '../../batch-jobs/runner/run-command.ts';

describe('a command', () => {
  let folder: string;
  let logged: { message: string; stream: string }[];
  let progress: [number, string][];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'command-'));
    logged = [];
    progress = [];
  });
  afterEach(async () => {
    const daemon = await readFile(join(folder, 'pid'), 'utf8').catch(() => undefined);
    if (daemon) kill(Number(daemon), 'SIGKILL');
    await rm(folder, { recursive: true });
  });

  const run = (
    script: string,
    signal = new AbortController().signal,
    more: { memoryMiB?: number; onStarted?: (pid: number) => void } = {},
  ) =>
    runCommand(
      { program: 'sh', args: ['-c', script], folder, environment: process.env, ...more },
      (percent, message) => progress.push([percent, message]),
      signal,
      jsonLog((line) => logged.push(JSON.parse(line))),
    );

  it("a command may print without line ends and does not fill the container's memory", async () => {
    const before = process.memoryUsage().rss;
    const result = await run(
      String.raw`head -c 200000000 /dev/zero | tr '\0' x; echo; echo 'PROGRESS 40 after'`,
    );
    expect(result).toMatchObject({ exitCode: 0 });
    expect(progress).toEqual([[40, 'after']]);
    expect(logged.map(({ message }) => message)).toEqual(['x'.repeat(1000)]);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });

  it("a command's process is reported, which leads a group", async () => {
    const started: number[] = [];
    await run('echo $$ > leader', undefined, { onStarted: (pid) => started.push(pid) });
    expect(started).toEqual([Number(await readFile(join(folder, 'leader'), 'utf8'))]);
  });

  it('the last words of a command are cut as an error line is', async () => {
    const { lastWords } = await run(`printf 'Error: %0990d%0990d' 0 0 >&2; exit 1`);
    expect(lastWords).toBe(`Error: ${'0'.repeat(993)}`);
  });

  it('a command that fails without an error line fails with its last words, and the log has all of them in one record', async () => {
    const said = 'Traceback:\n  File "/app/x.py", line 1\nValueError: no /scratch/job/a.nc';
    const result = await run(`printf '${said}' >&2; exit 1`);
    expect(result).toEqual({
      exitCode: 1,
      signal: undefined,
      errorText: undefined,
      lastWords: 'ValueError: no a.nc',
    });
    const record = logged.find(({ message }) => message === 'the command failed');
    expect(record).toMatchObject({ exitCode: 1, stderr: said });
  });

  it("a command's progress is 0 to 100, with or without words, and everything else it prints is only logged", async () => {
    await run(
      `printf 'PROGRESS 12.5 half\\nPROGRESS 150 over\\nPROGRESS 7\\nPROGRESS x\\nprogress 1 a\\n'
      printf 'PROGRESS 8 '; head -c 1200 /dev/zero | tr '\\0' x`,
    );
    expect(progress).toEqual([
      [12.5, 'half'],
      [100, 'over'],
      [7, ''],
      [8, 'x'.repeat(1000)],
    ]);
    expect(logged.map(({ message }) => message)).toEqual(['PROGRESS x', 'progress 1 a']);
  });

  it('a command has at most ten warnings, each once and no longer than a line', async () => {
    const { warnings = [] } = await run(
      'for n in 1 1 2 3 4 5 6 7 8 9; do echo "WARNING no $n"; done; ' +
        String.raw`printf 'WARNING '; head -c 1200 /dev/zero | tr '\0' x; echo; echo WARNING one more`,
    );
    expect(warnings).toHaveLength(10);
    expect(warnings.slice(0, 3)).toEqual(['no 1', 'no 2', 'no 3']);
    expect(warnings[9]).toBe('x'.repeat(1000));
    // All of them are logged.
    expect(logged.at(-1)).toMatchObject({ message: 'one more', level: 'WARN', stream: 'stdout' });
  });

  it('a command that fails with error lines gives the last of them, no longer than a line', async () => {
    const long = String.raw`printf 'ERROR '; head -c 1200 /dev/zero | tr '\0' x`;
    const { errorText, lastWords } = await run(`{ echo ERROR first; ${long}; } >&2; exit 1`);
    expect(errorText).toBe('x'.repeat(1000));
    expect(lastWords).toBeUndefined();
  });

  it('a command is not started if the run is already stopped', async () => {
    await expect(run('touch here', AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    await expect(readFile(join(folder, 'here'))).rejects.toThrow('ENOENT');
  });

  it('a command is told to stop, and killed with what it started after five seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const stop = new AbortController();
      let group = 0;
      const onStarted = (pid: number) => {
        group = -pid;
      };
      const running = run(
        `trap 'echo PROGRESS 2 told' TERM; echo 'PROGRESS 1 begun'; while :; do sleep 60 & wait $!; done`,
        stop.signal,
        { onStarted },
      );
      await expect.poll(() => progress).toEqual([[1, 'begun']]);
      const kills = vi.spyOn(process, 'kill');
      onTestFinished(() => kills.mockRestore());
      stop.abort();
      // A poll would let the time pass.
      while (progress.at(-1)?.[1] !== 'told') await new Promise((turn) => setImmediate(turn));
      await vi.advanceTimersByTimeAsync(4_999);
      expect(kills.mock.calls).toEqual([[group, 'SIGTERM']]);
      await vi.advanceTimersByTimeAsync(1);
      expect(kills.mock.calls[1]).toEqual([group, 'SIGKILL']);
      expect(await running).toMatchObject({ exitCode: undefined, signal: 'SIGKILL' });
    } finally {
      vi.useRealTimers();
    }
  });

  it('a command is stopped even if the run is stopped while the command starts', async () => {
    const stop = new AbortController();
    const running = run('exec sleep 60', stop.signal, { onStarted: () => stop.abort() });
    expect(await running).toMatchObject({ signal: 'SIGTERM' });
  });

  it('a command that has ended leaves no timer, and nothing that it started', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    try {
      const stop = new AbortController();
      const limit = { memoryMiB: 1000 };
      expect(await run('sleep 60 & echo here', undefined, limit)).toMatchObject({ exitCode: 0 });
      const script = `echo 'Error: late' >&2; echo 'PROGRESS 1 begun'; exec sleep 60`;
      const running = run(script, stop.signal, limit);
      await expect.poll(() => progress).toEqual([[1, 'begun']]);
      stop.abort();
      // A command that was stopped did not fail, so it has no last words.
      expect(await running).toEqual({
        exitCode: undefined,
        signal: 'SIGTERM',
        errorText: undefined,
      });
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('a command that says it ran out of memory counts as out of memory', async () => {
    expect(await run('echo MemoryError >&2; exit 1')).toMatchObject({ isOutOfMemory: true });
  });

  it.runIf(platform === 'linux')(
    'a command is the first that the kernel ends if the memory of its container runs out',
    async () => {
      const score = 'until [ "$(cat /proc/$$/oom_score_adj)" = 1000 ]; do sleep 0.01; done';
      expect(await run(score)).toMatchObject({ exitCode: 0 });
    },
  );

  describe.runIf(platform === 'linux')('that may use only so much memory', () => {
    const use = (mebibytes: number) =>
      `exec '${process.execPath}' -e "const kept = []; for (let i = 0; i < ${mebibytes}; i++) kept.push(Buffer.alloc(2 ** 20, 1)); setTimeout(() => process.exit(0), 500)"`;

    it('a command with a memory limit runs within it', async () => {
      const limit = { memoryMiB: 400 };
      expect(await run(use(10), undefined, limit)).toMatchObject({ exitCode: 0 });
    });

    it('a command with a memory limit is ended beyond it, including its children', async () => {
      const children = `sh -c ${JSON.stringify(use(150)).replaceAll('$', '\\$')} & `;
      const result = await run(`${children}${children}wait`, undefined, { memoryMiB: 250 });
      expect(result).toMatchObject({ signal: 'SIGKILL', isOutOfMemory: true });
    });
  });

  // A session of its own is not in the command's process group. Linux has a program that starts one.
  describe.runIf(platform === 'linux')('that leaves a daemon with its output open', () => {
    const leaveDaemon = `setsid sh -c 'echo $$ > pid; exec sleep 60' & until [ -s pid ]; do :; done`;

    it('a command that leaves a daemon with its output open has ended when it has ended, and its output a second later', async () => {
      const timers = vi.spyOn(globalThis, 'setTimeout');
      onTestFinished(() => timers.mockRestore());
      const result = await run(`${leaveDaemon}; printf 'ERROR no such layer' >&2; exit 65`);
      expect(result).toEqual({ exitCode: 65, signal: undefined, errorText: 'no such layer' });
      expect(timers.mock.calls.map(([, milliseconds]) => milliseconds)).toContain(1_000);
    });

    it('a command that leaves a daemon can be stopped', async () => {
      const stop = new AbortController();
      const running = run(`${leaveDaemon}; echo 'PROGRESS 10 ready'; exec sleep 60`, stop.signal);
      await expect.poll(() => progress).toEqual([[10, 'ready']]);
      stop.abort();
      expect(await running).toMatchObject({ signal: 'SIGTERM' });
    });
  });
});
