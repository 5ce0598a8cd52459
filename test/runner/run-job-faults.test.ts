import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { geteuid, seteuid } from 'node:process';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lostExitCode } from '../../batch-jobs/api/exit-codes.ts';
import type { Job, PublishedOutput } from '../../batch-jobs/api/job.ts';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import { type Command, runCommand } from '../../batch-jobs/runner/run-command.ts';
import { type RunnerDependencies, runJob } from '../../batch-jobs/runner/run-job.ts';
import type { Run } from '../../batch-jobs/runner/run-record.ts';
import { echo } from '../echo.ts';
import { FaultyObjectStore, type StoreFaults } from '../faulty-object-store.ts';
import { MemoryObjectStore } from '../memory-object-store.ts';
import { sampleJob } from '../sample-job.ts';

const { id } = sampleJob();
const other = '00000000-0000-4000-8000-000000000000';
const run: Run = { jobId: id, engineJobId: 'e-1', attempt: 1, attempts: 1 };

describe('the runner, when things go wrong around it', () => {
  let folder: string;
  let objects: MemoryObjectStore;
  let waited: number[];
  let clock: number;
  let logged: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'runner-'));
    objects = new MemoryObjectStore();
    waited = [];
    clock = Date.parse('2026-01-01T00:00:00Z');
    logged = [];
    await storeOver().create(
      sampleJob(),
      { body: '<Execute/>', contentType: 'application/xml' },
      [],
    );
  });
  afterEach(() => rm(folder, { recursive: true }));

  const storeOver = (faults: StoreFaults = {}) =>
    new JobStore(new FaultyObjectStore(objects, faults), {
      filename: 'status.xml',
      encode: ({ status, message }) => `${status} ${message}`,
    });
  const read = async () => (await storeOver().read(id))?.job as Job;
  /** Lets time pass at once, and pending work advance a little. */
  const pass = async (milliseconds: number) => {
    waited.push(milliseconds);
    clock += milliseconds;
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  const runScript = (
    script: string,
    {
      faults = {},
      signal = new AbortController().signal,
      wait = pass,
      now = () => new Date(clock),
      runCommand: commandRunner = runCommand,
      ...how
    }: Partial<Run> &
      Partial<Pick<RunnerDependencies, 'now' | 'wait' | 'runCommand'>> & {
        faults?: StoreFaults;
        signal?: AbortSignal;
      } = {},
  ) =>
    runJob(
      { ...run, ...how },
      {
        store: storeOver(faults),
        findProcess: () => ({ ...echo, job: { ...echo.job, command: ['sh', '-c', script] } }),
        processesFolder: folder,
        scratchFolder: join(folder, 'scratch'),
        environment: process.env,
        fetchReference: async () => undefined,
        inlineOutputBytes: 1000,
        progressIntervalMilliseconds: 10,
        watchIntervalMilliseconds: 60_000,
        runCommand: commandRunner,
        countOomKills: async () => undefined,
        log: jsonLog((line) => logged.push(line)),
        now,
        monotonic: () => clock,
        wait,
      },
      signal,
    );
  const succeed = 'echo done > "$WPS_OUTPUT_DIR/result"';

  /** Lets calls to objects of that name fail a number of times. */
  const failing = (
    name: string,
    times: number,
    when: 'before' | 'after' = 'before',
  ): StoreFaults => {
    let left = times;
    return {
      [when]: (_: string, key: string) => {
        if (key.endsWith(name) && left-- > 0) throw new Error(`${name} does not answer`);
      },
    };
  };

  it.each([
    ['claims the job', 'job.json', 'before', 'claiming the job'],
    ['claims the job, and only the answer is lost', 'job.json', 'after', 'claiming the job'],
    ['reads the inputs', 'inputs.json', 'before', 'reading the inputs'],
    ['publishes an output', 'result.txt', 'before', 'publishing an output'],
    [
      ...(['publishes an output, and only the answer is lost', 'result.txt', 'after'] as const),
      'publishing an output',
    ],
    ['writes the status document', 'status.xml', 'before', 'claiming the job'],
  ] as const)(
    'the runner tolerates a store that fails for a while when it %s',
    async (_, name, when, what) => {
      expect(await runScript(succeed, { faults: failing(name, 3, when) })).toBe(0);
      expect(logged.join()).toContain(`${what} failed and is tried again`);
      expect(await read()).toMatchObject({ status: 'succeeded', outputs: [{ size: 5 }] });
      expect(waited[0]).toBe(1_000);
    },
  );

  it('the runner does not throw away hours of work because success could not be reported at once', async () => {
    let isDone = false;
    let left = 5;
    const faults: StoreFaults = {
      before: (operation, key) => {
        if (operation === 'upload') isDone = true;
        if (isDone && key.endsWith('job.json') && left-- > 0) throw new Error('no answer');
      },
    };
    expect(await runScript(succeed, { faults })).toBe(0);
    expect((await read()).status).toBe('succeeded');
    expect(logged.join()).toContain('reporting success failed and is tried again');
  });

  it('the runner ends with an exit code that is tried again if success cannot be reported at all', async () => {
    let isDone = false;
    const faults: StoreFaults = {
      before: (operation, key) => {
        if (operation === 'upload') isDone = true;
        if (isDone && key.endsWith('job.json')) throw new Error('no answer');
      },
    };
    expect(await runScript(succeed, { faults, attempts: 2 })).toBe(1);
    expect((await read()).status).toBe('running');
    expect(logged.join()).toContain('how the attempt ended was not reported');
    expect(waited.reduce((sum, pause) => sum + pause)).toBeGreaterThan(300_000);
  });

  it('the runner writes progress with four calls of the store', async () => {
    const calls: string[] = [];
    const faults: StoreFaults = {
      before: (operation, key) => {
        calls.push(`${operation} ${key.split('/').at(-1)}`);
      },
    };
    let before = 0;
    const runOnce: RunnerDependencies['runCommand'] = async (command, onProgress, ...rest) => {
      before = calls.length;
      onProgress(10, 'far');
      return await runCommand(command, onProgress, ...rest);
    };
    expect(await runScript(succeed, { faults, runCommand: runOnce })).toBe(0);
    expect(calls.slice(before, calls.indexOf('upload result.txt'))).toEqual([
      'put job.json',
      'get status.xml',
      'get job.json',
      'put status.xml',
    ]);
  });

  it('the runner publishes nothing before the last write of progress is over', async () => {
    const calls: string[] = [];
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const faults: StoreFaults = {
      before: async (operation, key) => {
        calls.push(`${operation} ${key.split('/').at(-1)}`);
        if (calls.filter((call) => call === 'put job.json').length === 2) await held;
      },
    };
    let hasEnded = false;
    const running = runScript('', {
      faults,
      runCommand: async ({ environment }, onProgress) => {
        onProgress(10, 'far');
        await writeFile(join(environment['WPS_OUTPUT_DIR'] ?? '', 'result'), 'done');
        hasEnded = true;
        return { exitCode: 0, signal: undefined, errorText: undefined };
      },
    });
    await expect.poll(() => hasEnded).toBe(true);
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(calls.at(-1)).toBe('put job.json');
    goOn();
    expect(await running).toBe(0);
    expect(calls).toContain('upload result.txt');
  });

  it('the runner gives up at once what no retry will mend', async () => {
    await expect(runScript(succeed, { jobId: id.replace('3', '4') })).rejects.toThrow(
      'there is no job',
    );
    expect(waited).toEqual([]);
  });

  it.each([
    [3, 1],
    [7, 1],
    [79, 1],
    [64, 64],
    [78, 78],
  ])(
    'the runner ends with a code that the engine’s rules know: a command’s %i becomes %i',
    async (code, expected) => {
      expect(await runScript(`exit ${code}`)).toBe(expected);
    },
  );

  it('the runner reports no success for a job whose next attempt has begun elsewhere', async () => {
    const claimed = join(folder, 'claimed');
    const running = runScript(`${succeed}; until [ -e '${claimed}' ]; do :; done`, { attempts: 2 });
    await expect.poll(async () => (await read()).status).toBe('running');
    await storeOver().update(id, () => ({ attempt: 2 }));
    await mkdir(claimed);
    expect(await running).toBe(lostExitCode);
    expect(await read()).toMatchObject({ status: 'running', attempt: 2, outputs: [] });
  });

  it('the runner does not touch the outputs of the next attempt, even if its own upload comes later', async () => {
    const script = 'echo "$WPS_JOB_ATTEMPT" > "$WPS_OUTPUT_DIR/result"';
    const attempts = 2;
    let goOn = () => {};
    const isOver = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let isUploading = false;
    const faults: StoreFaults = {
      before: async (operation) => {
        if (operation !== 'upload') return;
        isUploading = true;
        await isOver;
      },
    };
    const first = runScript(script, { faults, attempts });
    await expect.poll(() => isUploading).toBe(true);
    expect(await runScript(script, { attempt: 2, attempts })).toBe(0);
    goOn();
    expect(await first).toBe(0);
    const [output] = (await read()).outputs;
    expect(output).toMatchObject({ attempt: 2 });
    const opened = await storeOver().openOutput(id, output as PublishedOutput);
    expect(opened && (await text(opened.stream))).toBe('2\n');
  });

  it('the runner finishes publishing what was nearly done when its machine is taken away', async () => {
    const stop = new AbortController();
    const faults: StoreFaults = {
      before: (operation) => {
        if (operation === 'upload') stop.abort();
      },
    };
    const wait = () => new Promise<void>(() => {});
    expect(await runScript(succeed, { faults, signal: stop.signal, wait })).toBe(0);
    expect((await read()).status).toBe('succeeded');
  });

  it('the runner stops retrying after five minutes, however long each call takes to fail', async () => {
    let calls = 0;
    const faults: StoreFaults = {
      before: (operation) => {
        if (operation !== 'upload') return;
        calls++;
        clock += 100_000;
        throw new Error('no answer');
      },
    };
    expect(await runScript(succeed, { faults, attempts: 2 })).toBe(1);
    expect(calls).toBe(3);
    expect((await read()).status).toBe('paused');
  });

  it.each([
    ['ahead', 24 * 3_600_000],
    ['back', -24 * 3_600_000],
  ])(
    'the runner retries for as long as ever while the clock is set %s',
    async (_, milliseconds) => {
      let calls = 0;
      let set = 0;
      const faults: StoreFaults = {
        before: (operation) => {
          if (operation !== 'upload') return;
          calls++;
          clock += 100_000;
          set += milliseconds;
          throw new Error('no answer');
        },
      };
      await runScript(succeed, { faults, attempts: 2, now: () => new Date(clock + set) });
      expect(calls).toBe(3);
    },
  );

  it.each([
    ['are empty', ''],
    ['were cut off', '[{"identifier":"mess'],
    ['hold null', 'null'],
    ['hold something else', '{}'],
    ['lack their values', '[{"identifier":"message"}]'],
    ['lack their source', '[{"identifier":"document","value":{"kind":"complex"}}]'],
    [
      'have a source that is nothing',
      '[{"identifier":"d","value":{"kind":"complex","source":null}}]',
    ],
    ['are gone', undefined],
  ])('the runner fails a job at once if its inputs %s, and says why', async (_, content) => {
    const waits: number[] = [];
    const faults: StoreFaults = {
      before: async (operation, key) => {
        if (operation !== 'get' || !key.endsWith('inputs.json')) return;
        if (content === undefined) await objects.delete(key);
        else await objects.put(key, content, { contentType: 'application/json' });
      },
    };
    const wait = async (milliseconds: number) => {
      waits.push(milliseconds);
    };
    expect(await runScript(succeed, { faults, attempts: 2, wait })).toBe(70);
    expect(waits).toEqual([]);
    expect(await read()).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('a file of the service was damaged'),
    });
  });

  it.each([
    [1, 'paused'],
    [2, 'failed'],
  ])(
    'the runner says that the storage is full with a code of its own: attempt %i of 2 is %s',
    async (attempt, status) => {
      const faults: StoreFaults = {
        before: (operation) => {
          if (operation !== 'upload') return;
          throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        },
      };
      expect(await runScript(succeed, { faults, attempt, attempts: 2 })).toBe(28);
      const { message, ...job } = await read();
      expect(job.status).toBe(status);
      expect(message).toMatch(
        /^There is not enough storage for the inputs and outputs of the job\./,
      );
      if (status === 'failed') expect(job.failure?.kind).toBe('storage-full');
    },
  );

  it('the runner claims nothing once it is stopped', async () => {
    const calls: string[] = [];
    const faults: StoreFaults = { before: (...call) => void calls.push(call.join(' ')) };
    expect(await runScript(succeed, { faults, signal: AbortSignal.abort() })).toBe(143);
    expect(calls).toEqual([]);
  });

  it.each([
    ['reads the record to claim it', 'get', 'job.json', 0, 'accepted'],
    ['claims the job', 'put', 'job.json', 0, 'accepted'],
    ['looks after what killed runs left', 'get', 'other/job.json', 0, 'paused'],
    ['reads the inputs', 'get', 'inputs.json', 0, 'paused'],
    ['publishes an output', 'upload', 'result.txt', 0, 'paused'],
    ['reports success', 'put', 'job.json', 1, 'paused'],
    ['reports a failure', 'put', 'job.json', 1, 'running'],
  ] as const)(
    'a stopped runner ends even if a call never answers with which it %s',
    async (what, operation, name, skipped, status) => {
      const stop = new AbortController();
      let calls = 0;
      const faults: StoreFaults = {
        before: async (made, key) => {
          if (made !== operation || !key.replace(other, 'other').endsWith(name)) return;
          if (calls++ !== skipped) return;
          stop.abort();
          await new Promise(() => {});
        },
      };
      await mkdir(join(folder, 'scratch', `job-${other}-1-aBc123`), { recursive: true });
      const script = what === 'reports a failure' ? 'exit 3' : succeed;
      const code = await runScript(script, { faults, attempts: 2, signal: stop.signal });
      expect(code).toBe(what === 'reports a failure' ? 1 : 143);
      expect((await read()).status).toBe(status);
    },
  );

  it('the runner reports that its machine was taken away if publishing takes too long', async () => {
    const stop = new AbortController();
    const faults: StoreFaults = {
      before: async (operation) => {
        if (operation !== 'upload') return;
        stop.abort();
        await new Promise((resolve) => setImmediate(resolve));
        throw new Error('the connection is gone');
      },
    };
    expect(await runScript(succeed, { faults, attempts: 2, signal: stop.signal })).toBe(143);
    expect(await read()).toMatchObject({ status: 'paused' });
  });

  it('the runner notices a stop while the last progress is written', async () => {
    const stop = new AbortController();
    let isTold = false;
    const faults: StoreFaults = {
      before: async (operation, key) => {
        if (operation === 'upload') await new Promise(() => {});
        if (operation !== 'put' || !key.endsWith('status.xml') || !isTold) return;
        // By now the command has ended and the runner has seen it.
        await ended;
        await new Promise((resolve) => setTimeout(resolve));
        stop.abort();
      },
    };
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const code = await runScript(`echo 'PROGRESS 99 nearly'; ${succeed}`, {
      faults,
      attempts: 2,
      signal: stop.signal,
      runCommand: async (command, onProgress, ...rest) => {
        isTold = true;
        const result = await runCommand(command, onProgress, ...rest);
        end();
        return result;
      },
    });
    expect(code).toBe(143);
    expect((await read()).status).toBe('paused');
  });

  describe('with a scratch folder that cannot be removed', () => {
    // The superuser can remove everything, and containers run as another user.
    const unprivileged = 65534;
    const hasRoot = geteuid?.() === 0;
    const asOther = async <T>(work: () => Promise<T>): Promise<T> => {
      if (!hasRoot) return await work();
      await chown(folder, unprivileged, unprivileged);
      seteuid?.(unprivileged);
      try {
        return await work();
      } finally {
        seteuid?.(0);
      }
    };
    const scratch = () => join(folder, 'scratch');

    it('the runner removes what the command has made unwritable', async () => {
      // A shell would restore the superuser's rights.
      const leavesUnwritable = async ({ folder, environment }: Command) => {
        const deep = join(folder, 'a', 'b');
        await mkdir(deep, { recursive: true });
        await writeFile(join(deep, 'c'), 'c');
        for (const made of [deep, join(folder, 'a'), folder]) await chmod(made, 0o500);
        await writeFile(join(environment['WPS_OUTPUT_DIR'] ?? '', 'result'), 'done');
        return { exitCode: 0, signal: undefined, errorText: undefined };
      };
      expect(await asOther(() => runScript('', { runCommand: leavesUnwritable }))).toBe(0);
      expect(logged.join()).not.toContain('not removed');
      expect(await readdir(scratch())).toEqual([]);
    });

    it.each([
      ['a success', 0, 'succeeded', succeed],
      ['a failure', 1, 'failed', 'exit 1'],
    ] as const)(
      'the runner ends with %s that was reported by then, although its scratch folder cannot be removed',
      async (_, code, status, script) => {
        const lock = `chmod a-w '${scratch()}'`;
        expect(await asOther(() => runScript(`${lock}; ${script}`))).toBe(code);
        expect((await read()).status).toBe(status);
        expect(logged.join()).toContain('the scratch folder was not removed');
        expect(await readdir(scratch())).toHaveLength(1);
      },
    );

    it('the runner reports its stop before it removes anything', async () => {
      const stop = new AbortController();
      let left: string[] = [];
      const faults: StoreFaults = {
        before: async (operation, key) => {
          if (!stop.signal.aborted || operation !== 'put' || !key.endsWith('job.json')) return;
          left = await readdir(scratch());
        },
      };
      const running = runScript('echo "PROGRESS 10 far"; exec sleep 60', {
        faults,
        attempts: 2,
        signal: stop.signal,
        wait: () => new Promise(() => {}),
      });
      await expect.poll(async () => (await read()).message).toBe('far');
      stop.abort();
      expect(await running).toBe(143);
      expect((await read()).status).toBe('paused');
      expect(left).toHaveLength(1);
      expect(await readdir(scratch())).toEqual([]);
    });
  });

  it('the runner ends processes that the command left running', async () => {
    expect(await runScript(`sleep 60 & ${succeed}`)).toBe(0);
    expect((await read()).status).toBe('succeeded');
  });

  it('the runner gives the command a folder for temporary files, and removes it', async () => {
    await runScript(`echo "$TMPDIR" > "$WPS_OUTPUT_DIR/result"; touch "$TMPDIR/here"`);
    const written = new TextDecoder().decode(
      (await objects.get(`jobs/${id}/outputs/1/result.txt`))?.body,
    );
    expect(written).toContain(join(folder, 'scratch'));
    expect(await readdir(join(folder, 'scratch'))).toEqual([]);
  });

  describe('finding what killed runs left in a scratch folder that others share', () => {
    const left = (jobId: string, attempt: number) => `job-${jobId}-${attempt}-aBc123`;
    const leave = (name: string) => mkdir(join(folder, 'scratch', name), { recursive: true });
    const found = () => readdir(join(folder, 'scratch'));

    it('the runner clears folders of ended jobs and of earlier attempts from a shared scratch folder', async () => {
      await storeOver().create(
        sampleJob({ id: other, status: 'failed' }),
        { body: '', contentType: 'application/xml' },
        [],
      );
      await leave(left(other, 1));
      await leave(left(id, 1));
      expect(await runScript(succeed, { attempt: 2, attempts: 2 })).toBe(0);
      expect(await found()).toEqual([]);
    });

    it("the runner leaves running jobs' folders and foreign folders in a shared scratch folder alone", async () => {
      await storeOver().create(
        sampleJob({ id: other, status: 'running', attempt: 2 }),
        { body: '', contentType: 'application/xml' },
        [],
      );
      const unknown = left('00000000-0000-4000-8000-0000000000ff', 1);
      const names = [left(other, 2), unknown, 'lost+found', 'job-of-someone-else'];
      for (const name of names) await leave(name);
      await runScript(succeed);
      expect((await found()).sort()).toEqual(names.sort());
    });

    it('the runner fails a job for which it cannot make a scratch folder, and has none to remove', async () => {
      await writeFile(join(folder, 'scratch'), 'a file');
      expect(await runScript(succeed)).toBe(1);
      expect((await read()).status).toBe('failed');
      expect(logged.join()).not.toContain('removed');
    });

    it('the runner runs its job even if it cannot tell what is left in a shared scratch folder', async () => {
      await leave(left(other, 1));
      const faults: StoreFaults = {
        before: (_, key) => {
          if (key.includes(other)) throw new Error('no answer');
        },
      };
      expect(await runScript(succeed, { faults })).toBe(0);
      expect(await found()).toEqual([left(other, 1)]);
    });
  });

  it.each([
    ['a success', succeed, 0],
    ['a failure', 'exit 1', 1],
  ])('the runner no longer looks at the record after %s', async (_, script, code) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      let looks = 0;
      const faults: StoreFaults = { before: () => void looks++ };
      expect(await runScript(script, { faults })).toBe(code);
      looks = 0;
      await vi.advanceTimersByTimeAsync(600_000);
      expect(looks).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('the runner knows the working folder only while it runs', async () => {
    await runScript(`pwd > "$WPS_OUTPUT_DIR/result"`);
    const path = new TextDecoder().decode(
      (await objects.get(`jobs/${id}/outputs/1/result.txt`))?.body,
    );
    await expect(readFile(path.trim())).rejects.toThrow('ENOENT');
  });
});
