import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill, platform } from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

  it('may print what has no end of line without taking the memory of its container', async () => {
    const before = process.memoryUsage().rss;
    const result = await run(
      String.raw`head -c 200000000 /dev/zero | tr '\0' x; echo; echo 'PROGRESS 40 after'`,
    );
    expect(result).toMatchObject({ exitCode: 0 });
    expect(progress).toEqual([[40, 'after']]);
    expect(logged.map(({ message }) => message)).toEqual(['x'.repeat(1000)]);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });

  it('tells its process, which leads a group', async () => {
    const started: number[] = [];
    await run('echo $$ > leader', undefined, { onStarted: (pid) => started.push(pid) });
    expect(started).toEqual([Number(await readFile(join(folder, 'leader'), 'utf8'))]);
  });

  it('that fails without an error line gives its last words, and the log has all of them in one record', async () => {
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

  it('that says it ran out of memory has', async () => {
    expect(await run('echo MemoryError >&2; exit 1')).toMatchObject({ isOutOfMemory: true });
  });

  describe.runIf(platform === 'linux')('that may use only so much memory', () => {
    const use = (mebibytes: number) =>
      `exec '${process.execPath}' -e "const kept = []; for (let i = 0; i < ${mebibytes}; i++) kept.push(Buffer.alloc(2 ** 20, 1)); setTimeout(() => process.exit(0), 500)"`;

    it('runs within it', async () => {
      const limit = { memoryMiB: 400 };
      expect(await run(use(10), undefined, limit)).toMatchObject({ exitCode: 0 });
    });

    it('is ended beyond it, also where children use it', async () => {
      const children = `sh -c ${JSON.stringify(use(150)).replaceAll('$', '\\$')} & `;
      const result = await run(`${children}${children}wait`, undefined, { memoryMiB: 250 });
      expect(result).toMatchObject({ signal: 'SIGKILL', isOutOfMemory: true });
    });
  });

  // A session of its own is not in the command's process group. Linux has a program for it.
  describe.runIf(platform === 'linux')('that leaves a daemon with its output open', () => {
    const leaveDaemon = `setsid sh -c 'echo $$ > pid; exec sleep 60' & until [ -s pid ]; do :; done`;

    it('has ended when it has ended', async () => {
      const result = await run(`${leaveDaemon}; printf 'ERROR no such layer' >&2; exit 65`);
      expect(result).toEqual({ exitCode: 65, signal: undefined, errorText: 'no such layer' });
    });

    it('hears that it is to stop', async () => {
      const stop = new AbortController();
      const running = run(`${leaveDaemon}; echo 'PROGRESS 10 ready'; exec sleep 60`, stop.signal);
      await expect.poll(() => progress).toEqual([[10, 'ready']]);
      stop.abort();
      expect(await running).toMatchObject({ signal: 'SIGTERM' });
    });
  });
});
