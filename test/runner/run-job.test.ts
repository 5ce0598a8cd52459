import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platform } from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lostExitCode } from '../../batch-jobs/api/exit-codes.ts';
import { FileObjectStore } from '../../batch-jobs/api/file-object-store.ts';
import type { Job, JobInput } from '../../batch-jobs/api/job.ts';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import { findProcess } from '../../batch-jobs/catalogue.ts';
import { countOomKills } from '../../batch-jobs/runner/count-oom-kills.ts';
import { runCommand } from '../../batch-jobs/runner/run-command.ts';
import { type RunnerDependencies, runJob } from '../../batch-jobs/runner/run-job.ts';
import type { Run } from '../../batch-jobs/runner/run-record.ts';
import { echo } from '../echo.ts';
import { sampleJob } from '../sample-job.ts';

const batchJobs = join(import.meta.dirname, '..', '..', 'batch-jobs');

describe('the runner', () => {
  let folder: string;
  let store: JobStore;
  let parts: RunnerDependencies;
  let logged: string[];
  const run: Run = { jobId: sampleJob().id, engineJobId: 'e-1', attempt: 1, attempts: 1 };
  let never: AbortSignal;

  beforeEach(async () => {
    never = new AbortController().signal;
    folder = await mkdtemp(join(tmpdir(), 'runner-'));
    logged = [];
    const membership = join(folder, 'membership');
    const cgroups = join(folder, 'cgroups');
    await mkdir(cgroups);
    await writeFile(membership, '0::/\n');
    store = new JobStore(new FileObjectStore(folder), {
      filename: 'status.xml',
      encode: (job) => `${job.status} ${job.message} ${job.percentCompleted}`,
    });
    parts = {
      store,
      findProcess,
      processesFolder: batchJobs,
      scratchFolder: join(folder, 'scratch'),
      environment: process.env,
      fetchReference: (reference, { path }) => writeFile(path, `fetched from ${reference.href}`),
      inlineOutputBytes: 1000,
      progressIntervalMilliseconds: 10,
      watchIntervalMilliseconds: 60_000,
      runCommand,
      countOomKills: () => countOomKills({ membership, cgroups }),
      log: jsonLog((line) => logged.push(line)),
      now: () => new Date(),
      monotonic: () => performance.now(),
      // No call in these tests goes unanswered, so nothing needs a timeout.
      wait: () => new Promise(() => {}),
    };
  });
  afterEach(() => rm(folder, { recursive: true }));

  const literal = (identifier: string, value: string): JobInput => ({
    identifier,
    given: true,
    value: { kind: 'literal', value, dataType: 'string' },
  });
  const echoInputs = [
    literal('message', 'hello'),
    literal('repeat', '2'),
    literal('delaySeconds', '0'),
  ];
  const create = (change: Partial<Job> = {}, inputs = echoInputs) =>
    store.create(sampleJob(change), { body: '<Execute/>', contentType: 'application/xml' }, inputs);
  const read = async () => (await store.read(run.jobId))?.job as Job;
  const output = (name: string) =>
    readFile(join(folder, 'jobs', run.jobId, 'outputs', '1', name), 'utf8');

  /** Runs a process whose command is a shell script, which the batch job API allows. */
  const runScript = (script: string, how: Partial<Run> = {}, signal = never) =>
    runJob(
      { ...run, ...how },
      {
        ...parts,
        findProcess: () => ({ ...echo, job: { ...echo.job, command: ['sh', '-c', script] } }),
      },
      signal,
    );

  it('the runner runs a command in any language and publishes its outputs', async () => {
    await create();
    expect(await runJob(run, parts, never)).toBe(0);
    expect(await output('result.txt')).toBe('hello\nhello\n');
    expect(await read()).toMatchObject({
      status: 'succeeded',
      percentCompleted: 100,
      outputs: [{ identifier: 'result', name: 'result.txt', attempt: 1, size: 12 }],
    });
  });

  it.each([
    ['leads to a file outside', 'ln -s /etc/hostname $WPS_OUTPUT_DIR/result'],
    ['leads to what only the runner may read', 'ln -s /proc/self/environ $WPS_OUTPUT_DIR/result'],
    [
      'leads through a folder to one',
      'ln -s / ../work/root; ln -s ../work/root/etc/hostname $WPS_OUTPUT_DIR/result',
    ],
    ['leads to itself', 'ln -s result $WPS_OUTPUT_DIR/result'],
    ['is a FIFO', 'mkfifo $WPS_OUTPUT_DIR/result'],
    ['is a folder', 'mkdir $WPS_OUTPUT_DIR/result'],
    ['is a device', 'ln -s /dev/zero $WPS_OUTPUT_DIR/result'],
  ])('the runner publishes nothing of an output that %s', async (_, script) => {
    await create();
    expect(await runScript(script)).toBe(1);
    expect(await read()).toMatchObject({
      status: 'failed',
      message: 'The process ended without leaving its output "result".',
      outputs: [],
    });
  });

  it('the runner publishes an output that is a link to another file of the command', async () => {
    await create();
    const script = 'printf hello > ../work/there; ln -s ../work/there $WPS_OUTPUT_DIR/result';
    expect(await runScript(script)).toBe(0);
    expect(await output('result.txt')).toBe('hello');
  });

  it.each([
    [
      'leads to what only the runner may read',
      'ln -s /proc/self/environ $WPS_OUTPUT_DIR/result.filename',
    ],
    ['is a FIFO', 'mkfifo $WPS_OUTPUT_DIR/result.filename'],
    ['is a gigabyte', 'truncate -s 1G $WPS_OUTPUT_DIR/result.filename'],
  ])('the runner takes no output name from a file that %s', async (_, script) => {
    await create();
    expect(await runScript(`printf hello > $WPS_OUTPUT_DIR/result; ${script}`)).toBe(0);
    expect(await read()).toMatchObject({ outputs: [{ filename: 'result.txt' }] });
  });

  it('the runner refuses a value that is too large before it reads it', async () => {
    const [requested] = sampleJob().requestedOutputs;
    const { mimeType: _, ...rest } = requested as Job['requestedOutputs'][number];
    await create({ requestedOutputs: [{ ...rest, kind: 'literal' }] });
    expect(await runScript('truncate -s 2M $WPS_OUTPUT_DIR/result')).toBe(1);
    expect((await read()).message).toMatch(
      /left 2097152 bytes for its output "result", which is a value/,
    );
  });

  it('the runner runs a command that prints all kinds of things, and takes its output', async () => {
    await create();
    const script = `head -c 1000000 /dev/urandom >&2; head -c 1000000 /dev/urandom
yes 'PROGRESS 50 on and on' | head -n 20000; i=0; while [ $i -lt 2000 ]; do : > $WPS_OUTPUT_DIR/more-$i; i=$((i+1)); done
printf hello > $WPS_OUTPUT_DIR/result`;
    expect(await runScript(script)).toBe(0);
    expect(await read()).toMatchObject({ status: 'succeeded', outputs: [{ size: 5 }] });
  });

  it('the runner reports warnings of a successful command in the record and in its message', async () => {
    await create();
    const script = `echo "WARNING all data is missing"; echo "WARNING all data is missing"; echo "WARNING old files"
printf hello > $WPS_OUTPUT_DIR/result`;
    expect(await runScript(script)).toBe(0);
    expect(await read()).toMatchObject({
      status: 'succeeded',
      message: 'The outputs are ready. all data is missing old files',
      warnings: ['all data is missing', 'old files'],
    });
  });

  it('the runner reports no warnings of a command that has none, or fails', async () => {
    await create();
    expect(await runScript('echo "WARNING so so"; echo "ERROR no" >&2; exit 65')).toBe(65);
    expect(await read()).toMatchObject({ status: 'failed', message: 'no' });
    expect(await read()).not.toHaveProperty('warnings');
  });

  describe('hands its command of the variables around it', () => {
    const around = {
      PATH: process.env['PATH'],
      LC_TIME: 'C',
      https_proxy: 'http://proxy',
      TZ: 'UTC',
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_BATCH_JOB_ID: 'b-1',
      WPS_JOB_STORE: 's3://outputs/',
      SERVER: 'https://data.example.org/',
      PASSWORD: 'of who started the service',
    };
    const variablesOf = async (job: Partial<(typeof echo)['job']>) => {
      await create();
      const command = ['sh', '-c', 'env > "$WPS_OUTPUT_DIR/result"'] as const;
      const described = { ...echo, job: { ...echo.job, ...job, command } };
      const surrounded = { ...parts, environment: around, findProcess: () => described };
      expect(await runJob(run, surrounded, never)).toBe(0);
      const own = ['PWD', 'OLDPWD', 'SHLVL', '_'];
      return (await output('result.txt'))
        .split('\n')
        .map((line) => line.split('=')[0])
        .filter((name) => name && !own.includes(name))
        .sort();
    };
    const given = [
      'LC_TIME',
      'PATH',
      'PYTHONDONTWRITEBYTECODE',
      'TMPDIR',
      'TZ',
      'WPS_INPUTS',
      'WPS_JOB_ATTEMPT',
      'WPS_JOB_ID',
      'WPS_OUTPUTS_REQUESTED',
      'WPS_OUTPUT_DIR',
      'https_proxy',
    ];

    it('a command gets the general variables and no others', async () => {
      expect(await variablesOf({})).toEqual(given);
    });

    it('a command gets the variables that its description names', async () => {
      expect(await variablesOf({ variables: ['SERVER', 'NOT_THERE'] })).toEqual(
        [...given, 'SERVER'].sort(),
      );
    });

    it('a command gets the variables of the AWS SDKs if it calls AWS', async () => {
      expect(await variablesOf({ callsAws: true })).toEqual(
        [...given, 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_SECRET_ACCESS_KEY'].sort(),
      );
    });
  });

  it('a command gets the job, the attempt and the requested outputs, and its own variables before those around it', async () => {
    await create();
    const script = `{ echo "$WPS_JOB_ID $WPS_JOB_ATTEMPT $TZ"; cat "$WPS_OUTPUTS_REQUESTED"; } > "$WPS_OUTPUT_DIR/result"`;
    const job = { ...echo.job, environment: { TZ: 'Australia/Hobart' } };
    const described = { ...echo, job: { ...job, command: ['sh', '-c', script] as const } };
    const environment = { PATH: process.env['PATH'], TZ: 'UTC' };
    const surrounded = { ...parts, environment, findProcess: () => described };
    expect(await runJob({ ...run, attempt: 2, attempts: 3 }, surrounded, never)).toBe(0);
    const path = join(folder, 'jobs', run.jobId, 'outputs', '2', 'result.txt');
    const [line, ...requested] = (await readFile(path, 'utf8')).split('\n');
    expect(line).toBe(`${run.jobId} 2 Australia/Hobart`);
    expect(JSON.parse(requested.join(''))).toEqual([
      { identifier: 'result', mimeType: 'text/plain' },
    ]);
  });

  it('a command gets a folder each for its inputs, its work, its outputs and its temporary files', async () => {
    await create();
    const script =
      'for path in "$(dirname "$WPS_INPUTS")" "$PWD" "$WPS_OUTPUT_DIR" "$TMPDIR"; do echo "$(basename "$(dirname "$path")") $(basename "$path")"; done > "$WPS_OUTPUT_DIR/result"';
    expect(await runScript(script)).toBe(0);
    const lines = (await output('result.txt')).trim().split('\n');
    const names = lines.map((line) => line.split(' '));
    expect(names.map(([, name]) => name)).toEqual(['inputs', 'work', 'outputs', 'tmp']);
    expect(new Set(names.map(([parent]) => parent)).size).toBe(1);
  });

  it('a command gets complex inputs as files, whatever form they came in', async () => {
    const complex = (source: object): JobInput => ({
      identifier: 'document',
      given: true,
      value: { kind: 'complex', mimeType: 'text/plain', source } as JobInput['value'],
    });
    // An output of this service is read from the store, not over HTTP.
    const other = run.jobId.replace('3', '4');
    await writeFile(join(folder, 'made'), 'of a job');
    const place = { attempt: 2, name: 'made.txt' };
    await store.publishOutput(other, place, join(folder, 'made'), 'text/plain');
    await create({}, [
      complex({ text: 'as text' }),
      complex({ base64: Buffer.from('as base64').toString('base64') }),
      complex({ href: 'https://example.org/a', method: 'GET', headers: [] }),
      complex({
        ...{ href: 'https://example.org/own', method: 'GET', headers: [] },
        ownOutput: { jobId: other, attempt: 2, name: 'made.txt', size: 9 },
      }),
    ]);
    const script = `
      for file in $(grep -o '/[^"]*input-[0-9]*' "$WPS_INPUTS"); do cat "$file"; echo; done \
        > "$WPS_OUTPUT_DIR/result"`;
    expect(await runScript(script)).toBe(0);
    expect(await output('result.txt')).toBe(
      'as text\nas base64\nfetched from https://example.org/a\nof a job\n',
    );
  });

  it('the runner writes progress to the record while the command runs', async () => {
    await create();
    const seen: string[] = [];
    const watched = new JobStore(new FileObjectStore(folder), {
      filename: 'status.xml',
      encode: (job) => {
        seen.push(`${job.percentCompleted} ${job.message}`);
        return `${job.percentCompleted} ${job.message}`;
      },
    });
    parts = { ...parts, store: watched };
    // The command waits until the record shows its message, so that the test does not depend on timing.
    const record = join(folder, 'jobs', run.jobId, 'job.json');
    const script = `
      echo 'PROGRESS 40 reading'
      until grep -q '"reading"' '${record}'; do :; done
      echo done > "$WPS_OUTPUT_DIR/result"`;
    expect(await runScript(script)).toBe(0);
    expect(seen).toContain('40 reading');
  });

  it('the runner stores a small value for the status document', async () => {
    const [asked] = sampleJob().requestedOutputs;
    await create({
      requestedOutputs: [{ ...(asked as NonNullable<typeof asked>), transmission: 'value' }],
    });
    await runScript('printf small > "$WPS_OUTPUT_DIR/result"');
    expect((await read()).outputs[0]?.inline).toEqual({ text: 'small' });
  });

  it("the runner takes an output's file name from the process, and makes it safe", async () => {
    await create();
    await runScript(
      `echo x > "$WPS_OUTPUT_DIR/result"; printf '../my "data"\r\n.txt' > "$WPS_OUTPUT_DIR/result.filename"`,
    );
    expect((await read()).outputs[0]).toMatchObject({
      name: 'result.txt',
      filename: 'my _data_.txt',
    });
  });

  it("an output's file name may be in any script", async () => {
    await create();
    await runScript(
      `echo x > "$WPS_OUTPUT_DIR/result"; printf 'Größe 海面水温' > "$WPS_OUTPUT_DIR/result.filename"`,
    );
    expect((await read()).outputs[0]).toMatchObject({
      name: 'result.txt',
      filename: 'Größe 海面水温.txt',
    });
  });

  it('a job fails at once if its command says that the request is at fault', async () => {
    await create();
    expect(await runScript('echo "ERROR no such layer" >&2; exit 65', { attempts: 3 })).toBe(65);
    expect(await read()).toMatchObject({
      status: 'failed',
      failure: { kind: 'invalid-value', text: 'no such layer' },
    });
  });

  it("a failure names the input at fault if the command's message begins with it", async () => {
    await create();
    const text = 'Input "message" is "a"; allowed: "b".';
    expect(await runScript(`echo 'ERROR ${text}' >&2; exit 64`)).toBe(64);
    expect((await read()).failure).toEqual({
      kind: 'invalid-value',
      text,
      subject: 'message',
    });
  });

  it.each([
    ['that the process does not have', 'Input "other" is "a".'],
    ['that the message only mentions', 'No data for Input "message".'],
  ])('a failure names no input %s', async (_, text) => {
    await create();
    expect(await runScript(`echo 'ERROR ${text}' >&2; exit 64`)).toBe(64);
    expect((await read()).failure).toEqual({ kind: 'invalid-value', text });
  });

  it.each([
    ['exit 3', 'ended with exit code 3 without saying why.'],
    ['echo "Error: no data" >&2; exit 3', 'ended with exit code 3: Error: no data'],
    ['kill -KILL $$', 'was ended by SIGKILL without saying why.'],
  ])('a failure without words of its own says how the command ended: %s', async (script, how) => {
    await create();
    expect(await runScript(script)).toBe(1);
    expect((await read()).failure).toEqual({ kind: 'internal', text: `The process ${how}` });
  });

  it('other failures are reported only on the last attempt', async () => {
    await create();
    const script = 'echo "ERROR the disk is full" >&2; exit 1';
    expect(await runScript(script, { attempt: 1, attempts: 2 })).toBe(1);
    expect(await read()).toMatchObject({ status: 'paused' });
    expect((await read()).message).toContain('Attempt 1 of 2 ended; the next one follows.');
    expect(await runScript(script, { attempt: 2, attempts: 2 })).toBe(1);
    expect(await read()).toMatchObject({
      status: 'failed',
      attempt: 2,
      failure: { kind: 'internal', text: 'the disk is full' },
    });
  });

  it('a job whose command leaves no output fails, even with exit code 0', async () => {
    await create();
    expect(await runScript('exit 0')).not.toBe(0);
    expect((await read()).failure?.text).toBe(
      'The process ended without leaving its output "result".',
    );
  });

  describe('when the kernel may have killed the command', () => {
    const events = () => join(folder, 'cgroups', 'memory.events');
    const tell = (kills: number) => writeFile(events(), `oom 3\noom_kill ${kills}\n`);
    const isKilledForMemory = () => `echo "oom_kill 3" > '${events()}'; kill -KILL $$`;

    it('a job that needed too much memory says so, and is not tried again', async () => {
      await create();
      await tell(2);
      expect(await runScript(isKilledForMemory(), { attempts: 3 })).toBe(71);
      expect((await read()).failure).toEqual({
        kind: 'internal',
        text: 'The job needed more memory than it may use. Ask for less: a smaller area, or a shorter time.',
      });
    });

    it('a job that needed too much memory says so if the shell around the command reports it', async () => {
      await create();
      await tell(2);
      // Uses a shell of its own, because the signal would also end the outer one.
      const script = `echo "oom_kill 3" > '${events()}'; sh -c 'kill -KILL $$'; exit $?`;
      expect(await runScript(script, { attempts: 3 })).toBe(71);
      expect((await read()).failure?.text).toContain('more memory');
    });

    it('a job is tried again if the shell around the command reports another end', async () => {
      await create();
      await tell(2);
      const script = `echo "oom_kill 3" > '${events()}'; sh -c 'kill -TERM $$'; exit $?`;
      expect(await runScript(script, { attempts: 3 })).toBe(1);
      expect((await read()).status).toBe('paused');
    });

    it('a job is tried again if the kernel killed only a part of it, which it survived', async () => {
      await create();
      await tell(2);
      expect(await runScript(`echo "oom_kill 3" > '${events()}'; exit 1`, { attempts: 3 })).toBe(1);
      expect((await read()).status).toBe('paused');
    });

    it.each([
      ['somebody else killed it', 'kill -KILL $$', 2],
      ['the kernel does not tell', 'kill -KILL $$', undefined],
      ['it ended by itself', 'exit 1', 2],
    ])('a job is tried again if %s', async (_, script, before) => {
      await create();
      if (before !== undefined) await tell(before);
      expect(await runScript(script, { attempts: 3 })).toBe(1);
      expect((await read()).status).toBe('paused');
    });
  });

  it.runIf(platform === 'linux')(
    'the kernel kills the command rather than the runner, which reports it',
    async () => {
      await create();
      const isFirst = '[ "$(cat /proc/self/oom_score_adj)" = 1000 ]';
      expect(await runScript(`until ${isFirst}; do :; done; touch "$WPS_OUTPUT_DIR/result"`)).toBe(
        0,
      );
    },
  );

  it('a job whose program does not exist fails without showing paths', async () => {
    await create();
    const missing = { ...echo, job: { ...echo.job, command: ['/no/such/program'] as const } };
    expect(await runJob(run, { ...parts, findProcess: () => missing }, never)).toBe(1);
    expect((await read()).failure?.text).toBe('The job failed for a reason inside the service.');
    expect(logged.join()).toContain('/no/such/program');
  });

  it('a job whose process is not in the catalogue fails', async () => {
    await create();
    expect(await runJob(run, { ...parts, findProcess: () => undefined }, never)).toBe(70);
    expect((await read()).failure?.text).toBe('The process "echo" is no longer offered.');
  });

  it('the runner does no work for a job that has ended', async () => {
    await create();
    await store.update(run.jobId, () => ({ status: 'dismissed' }));
    expect(await runScript(`touch '${folder}/ran'`)).toBe(0);
    expect(await readdir(folder)).not.toContain('ran');
    expect((await read()).status).toBe('dismissed');
  });

  it('the runner does no work as the second copy of a job that was submitted twice', async () => {
    await create();
    await store.update(run.jobId, () => ({ status: 'running', claim: 'e-1', attempt: 1 }));
    expect(await runScript(`touch '${folder}/ran'`, { engineJobId: 'e-2' })).toBe(lostExitCode);
    expect(await readdir(folder)).not.toContain('ran');
    expect((await read()).status).toBe('running');
  });

  it('the runner does not report success of a job that was dismissed while it ran', async () => {
    await create();
    const dismiss = join(folder, 'dismissed');
    const running = runScript(
      `echo x > "$WPS_OUTPUT_DIR/result"; until [ -e '${dismiss}' ]; do :; done`,
    );
    await expect.poll(async () => (await read()).status).toBe('running');
    await store.update(run.jobId, () => ({ status: 'dismissed' }));
    await mkdir(dismiss);
    expect(await running).toBe(0);
    expect((await read()).status).toBe('dismissed');
  });

  describe('whose job is no longer its own', () => {
    const forever = 'echo "PROGRESS 10 far"; ';
    const speaks = `${forever} while :; do echo "PROGRESS 20 farther"; sleep 0.01; done`;
    const dismissed = { status: 'dismissed', message: 'The job was dismissed.' } as const;
    const taken = { attempt: 2, message: 'The job runs again.' } as const;

    it.each([
      ['was dismissed', dismissed, speaks, 60_000, 0],
      ['was dismissed, though its command says nothing', dismissed, 'exec sleep 60', 5, 0],
      ['has its next attempt elsewhere', taken, speaks, 60_000, lostExitCode],
      [
        'has its next attempt elsewhere, though its command says nothing',
        taken,
        'sleep 60',
        5,
        lostExitCode,
      ],
    ])(
      'the runner ends the command of a job that %s',
      async (_, change, script, watch, exitCode) => {
        parts = { ...parts, watchIntervalMilliseconds: watch };
        await create();
        const running = runScript(script, { attempts: 2 });
        await expect.poll(async () => (await read()).status).toBe('running');
        await expect.poll(() => readdir(join(folder, 'scratch'))).toHaveLength(1);
        await store.update(run.jobId, () => change);
        const before = await read();
        expect(await running).toBe(exitCode);
        expect(await read()).toEqual(before);
        expect(await readdir(join(folder, 'scratch'))).toEqual([]);
        expect(logged.join()).toContain('the job has ended, or another attempt works on it');
      },
    );

    it('the runner publishes no more outputs of a job that is no longer its own', async () => {
      parts = { ...parts, watchIntervalMilliseconds: 5 };
      await create();
      const uploads = new JobStore(new FileObjectStore(folder), {
        filename: 'status.xml',
        encode: ({ status }) => status,
      });
      let dismissing: Promise<unknown> | undefined;
      uploads.publishOutput = async () => {
        dismissing = store.update(run.jobId, () => dismissed);
        return await new Promise(() => {});
      };
      parts = { ...parts, store: uploads };
      expect(await runScript('echo x > "$WPS_OUTPUT_DIR/result"')).toBe(0);
      // The run reads the record while the status document is still being written.
      await dismissing;
      expect((await read()).status).toBe('dismissed');
    });
  });

  it.each([1, 2])(
    'a runner that is stopped in attempt %i of 2 ends the command, and leaves the end of the job to the engine',
    async (attempt) => {
      await create();
      const stop = new AbortController();
      const script = 'echo "PROGRESS 10 far"; exec sleep 60';
      const running = runScript(script, { attempt, attempts: 2 }, stop.signal);
      await expect.poll(async () => (await read()).message).toBe('far');
      stop.abort();
      expect(await running).toBe(143);
      expect(await read()).toMatchObject({
        status: 'paused',
        message: `Attempt ${attempt} of 2 was stopped.`,
      });
    },
  );

  it('a runner that is stopped does not report success for a command that ends well after the stop', async () => {
    await create();
    const stop = new AbortController();
    const script = `trap 'exit 0' TERM; echo half > "$WPS_OUTPUT_DIR/result"; echo 'PROGRESS 50 half'; while :; do sleep 0.01; done`;
    const running = runScript(script, { attempts: 2 }, stop.signal);
    await expect.poll(async () => (await read()).message).toBe('half');
    stop.abort();
    expect(await running).toBe(143);
    expect(await read()).toMatchObject({ status: 'paused', outputs: [] });
  });

  it('the runner leaves nothing in the scratch folder', async () => {
    await create();
    await runJob(run, parts, never);
    expect(await readdir(join(folder, 'scratch'))).toEqual([]);
  });
});
