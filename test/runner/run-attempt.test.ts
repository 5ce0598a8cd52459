import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { interruptedExitCode } from '../../batch-jobs/api/exit-codes.ts';
import { FileObjectStore } from '../../batch-jobs/api/file-object-store.ts';
import type { Job, JobInput } from '../../batch-jobs/api/job.ts';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import type { ObjectStore } from '../../batch-jobs/api/object-store.ts';
import { storeOffered } from '../../batch-jobs/api/offered-processes.ts';
import { S3ObjectStore } from '../../batch-jobs/api/s3-object-store.ts';
import { offeredProcesses } from '../../batch-jobs/runner/find-process.ts';
import { runAttempt } from '../../batch-jobs/runner/run-attempt.ts';
import { echo } from '../echo.ts';
import { startS3StandIn } from '../s3-stand-in.ts';
import { sampleJob } from '../sample-job.ts';

const { id } = sampleJob();
const processesFolder = join(import.meta.dirname, '..', '..', 'batch-jobs');

describe('an attempt of a job, as its variables say', () => {
  let folder: string;
  let logged: string[];
  let objects: ObjectStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attempt-'));
    await mkdir(join(folder, 'store'));
    objects = new FileObjectStore(join(folder, 'store'));
    logged = [];
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  const create = (process: string, inputs: readonly JobInput[] = [], change: Partial<Job> = {}) =>
    new JobStore(objects).create(
      sampleJob({
        process: { identifier: process, version: '1.0.0', title: 'A process' },
        ...change,
      }),
      { body: '', contentType: 'text/plain' },
      inputs,
    );
  const read = async () => (await new JobStore(objects).read(id))?.job;
  const variables = () => ({
    ...process.env,
    WPS_JOB_ID: id,
    WPS_ENVIRONMENT: 'DEV',
    WPS_JOB_STORE: `file://${join(folder, 'store')}`,
    WPS_SCRATCH_DIR: join(folder, 'scratch'),
  });
  const attempt = (
    change: Readonly<Record<string, string>> = {},
    stop = new AbortController().signal,
    onCommand?: (pid: number) => void,
  ) =>
    runAttempt({ ...variables(), ...change }, stop, {
      processesFolder,
      writeLine: (line) => logged.push(line),
      ...(onCommand ? { onCommand } : {}),
    });
  const writeFolder = async (script: string) => {
    const path = join(folder, 'processes', 'of-folder');
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'main.sh'), script);
    return path;
  };
  const holdsMemory = `exec python3 -c 'import time; held = "a" * 4_000_000; time.sleep(600)'`;
  const says = (text: string) => `echo ${text} > "$WPS_OUTPUT_DIR/result"`;
  const command = ['sh', '{process}/main.sh'] as const;
  /** A process that the service offers from a folder. */
  const offer = async (script: string) => {
    const process = { ...echo, identifier: 'of-folder', inputs: [], job: { ...echo.job, command } };
    const place = { file: 'process.yaml', line: 1, column: 1 };
    await storeOffered(objects, [{ process, folder: await writeFolder(script), place }]);
  };

  it.each([
    ['fails', 1, false],
    ['was interrupted', interruptedExitCode, true],
  ])(
    'an attempt with an invalid variable %s, and logs the variable with the job and the environment',
    async (_, exitCode, isStopped) => {
      const stop = isStopped ? AbortSignal.abort() : new AbortController().signal;
      expect(await attempt({ WPS_JOB_STORE: 'file:' }, stop)).toBe(exitCode);
      expect(logged).toHaveLength(1);
      expect(JSON.parse(logged[0] ?? '')).toMatchObject({ environment: 'DEV', jobId: id });
      expect(logged[0]).toContain('WPS_JOB_STORE');
    },
  );

  it('an attempt runs a process of the catalogue, and reports the command that it starts', async () => {
    const literal = (identifier: string, value: string): JobInput => ({
      identifier,
      given: true,
      value: { kind: 'literal', value, dataType: 'string' },
    });
    await create('echo', [
      literal('message', 'hello'),
      literal('repeat', '1'),
      literal('delaySeconds', '0.01'),
    ]);
    const intervals = vi.spyOn(globalThis, 'setInterval');
    onTestFinished(() => intervals.mockRestore());
    const begun = Date.now();
    const commands: number[] = [];
    expect(await attempt({}, undefined, (pid) => commands.push(pid))).toBe(0);
    expect(commands).toEqual([expect.any(Number)]);
    // Those of the watch over the record, and of progress.
    const own = intervals.mock.calls.map(([, milliseconds]) => milliseconds);
    expect(own).toEqual(expect.arrayContaining([30_000, 1_000]));
    expect(await read()).toMatchObject({ status: 'succeeded', claim: id, attempt: 1 });
    expect(Date.parse((await read())?.startedAt ?? '')).toBeGreaterThanOrEqual(begun);
  });

  it('an attempt runs a process of a folder as the service offers it, not as the folder has it by now', async () => {
    await offer(says('as offered, $TZ'));
    await create('of-folder');
    const change = { WPS_PROCESSES_DIR: join(folder, 'not-there'), TZ: 'Pacific/Apia' };
    expect(await attempt(change)).toBe(0);
    const output = join(folder, 'store', 'jobs', id, 'outputs', '1', 'result.txt');
    expect(await readFile(output, 'utf8')).toBe('as offered, Pacific/Apia\n');
  });

  it('an attempt runs a process of a folder where no service has stored what it offers', async () => {
    const path = await writeFolder(says('as found'));
    const job = { command, queue: 'small', memoryMiB: 256 };
    const { outputs } = echo;
    const found = { identifier: 'of-folder', version: '1.0.0', title: 'Found', outputs, job };
    await writeFile(join(path, 'process.json'), JSON.stringify(found));
    await create('of-folder');
    expect(await attempt({ WPS_PROCESSES_DIR: join(folder, 'processes') })).toBe(0);
    expect((await read())?.status).toBe('succeeded');
  });

  it('an attempt runs the process of the catalogue even if a folder has one of its identifier', async () => {
    const path = await writeFolder(says('as found'));
    const found = { identifier: 'echo', version: '1.0.0', title: 'Found', outputs: echo.outputs };
    await writeFile(join(path, 'process.json'), JSON.stringify({ ...found, job: { command } }));
    const offered = await offeredProcesses(
      { WPS_PROCESSES_DIR: join(folder, 'processes') },
      processesFolder,
    );
    expect(offered.filter(({ identifier }) => identifier === 'echo')).toEqual([echo]);
  });

  it.each(['', 'processes'])(
    'an attempt refuses a process that is offered neither by the catalogue nor by the folder %j',
    async (name) => {
      await mkdir(join(folder, 'processes'));
      await create('of-folder');
      const path = name && join(folder, name);
      expect(await attempt({ WPS_PROCESSES_DIR: path })).toBe(70);
      expect((await read())?.message).toContain('"of-folder" is no longer offered');
    },
  );

  it('an attempt fetches references only from the hosts that its variable names', async () => {
    const document: JobInput = {
      identifier: 'document',
      given: true,
      value: {
        kind: 'complex',
        mimeType: 'text/plain',
        source: { href: 'https://data.example.org/a', method: 'GET', headers: [] },
      },
    };
    await create('echo', [document]);
    expect(await attempt({ WPS_REFERENCE_HOSTS: 'other.example.org' })).toBe(65);
    expect((await read())?.failure).toMatchObject({ kind: 'invalid-value', subject: 'document' });
    expect((await read())?.message).toContain('data.example.org');
  });

  it.each([
    ['its variables are left out', {}, says('small'), { outputs: [{ inline: { text: 'small' } }] }],
    [
      'the record has room for the output',
      { WPS_INLINE_OUTPUT_BYTES: '6' },
      says('small'),
      { outputs: [{ inline: { text: 'small' } }] },
    ],
    [
      'the record has no room for the output',
      { WPS_INLINE_OUTPUT_BYTES: '5' },
      says('small'),
      { status: 'failed' },
    ],
    [
      'there is too little memory',
      { WPS_JOB_MEMORY_MIB: '1' },
      holdsMemory,
      { failure: { text: expect.stringContaining('memory') } },
    ],
  ])(
    'an attempt obeys the limits of its variables where %s',
    async (_, change, script, expected) => {
      await offer(script);
      await create('of-folder', [], {
        requestedOutputs: [
          {
            identifier: 'result',
            kind: 'literal',
            title: 'Result',
            transmission: 'value',
            extension: '.txt',
          },
        ],
      });
      await attempt({ ...change, WPS_PROCESSES_DIR: folder });
      expect(await read()).toMatchObject(expected);
    },
  );

  it('an attempt reads and writes the job below the prefix of its bucket, in its region, with its key', async () => {
    const s3 = await startS3StandIn();
    vi.stubEnv('AWS_ENDPOINT_URL_S3', s3.endpoint);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'id');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_REGION', 'us-east-1');
    try {
      const client = s3.client();
      objects = new S3ObjectStore({
        bucket: 'outputs',
        prefix: 'DEV/',
        client: async () => client,
      });
      await create('gone');
      const before = s3.requests.length;
      const sent = vi.spyOn(S3Client.prototype, 'send');
      onTestFinished(() => sent.mockRestore());
      const exitCode = await attempt({
        WPS_JOB_STORE: 's3://outputs/DEV/',
        AWS_REGION: 'eu-west-1',
        WPS_OUTPUT_KMS_KEY: 'alias/outputs',
      });
      expect(exitCode).toBe(70);
      expect((await read())?.status).toBe('failed');
      expect(s3.authorizations.join()).toContain('/eu-west-1/s3/');
      expect(s3.encryptionKeys.slice(before)).toContain('alias/outputs');
      // S3 may be silent for a while when many jobs end at the same time.
      const own = sent.mock.contexts.find((each) => each !== client);
      expect(own).toMatchObject({
        config: { requestHandler: { config: { socketTimeout: 20_000 } } },
      });
    } finally {
      s3.stop();
    }
  });
});
