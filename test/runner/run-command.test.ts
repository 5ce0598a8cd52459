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

  const run = (script: string, signal = new AbortController().signal) =>
    runCommand(
      { program: 'sh', args: ['-c', script], folder, environment: process.env },
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
