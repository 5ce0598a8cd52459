import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../batch-jobs/api/job.ts';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import { S3ObjectStore } from '../../batch-jobs/api/s3-object-store.ts';
import { encodeExecuteResponse } from '../../lambda/protocols/wps-1.0/encode-execute-response.ts';
import { distDir } from '../bundled.ts';
import { sampleJob } from '../sample-job.ts';
import { type S3Call, S3StandIn } from './s3-stand-in.ts';

const region = 'ap-southeast-2';
/** Needs more than one part of an upload. */
const largeBytes = 40 * 1024 * 1024;
/** Access key id of the test's own requests, which have no faults. */
const own = 'TEST';

const processFile = `identifier: large
version: 1.0.0
title: Large
abstract: Leaves a large file, after a while.
outputs:
  - kind: complex
    identifier: result
    title: Result
    formats: [{ mimeType: text/plain, extension: .txt }]
job:
  command: [sh, '{process}/large.sh']
  queue: small
  memoryMiB: 512
  timeoutSeconds: 600
  attempts: 2
`;

let folder: string;
let s3: S3StandIn;
let store: JobStore;
let children: ChildProcess[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aws-processes-'));
  s3 = new S3StandIn();
  await s3.start();
  const client = new S3Client({
    endpoint: s3.endpoint,
    region,
    credentials: { accessKeyId: own, secretAccessKey: 'secret' },
  });
  const objects = new S3ObjectStore({ bucket: 'outputs', prefix: '', client: async () => client });
  store = new JobStore(objects, { filename: 'status.xml', encode: encodeExecuteResponse });
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  s3.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

function started(args: readonly string[], variables: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, args, {
    env: {
      PATH: process.env['PATH'],
      AWS_REGION: region,
      AWS_ENDPOINT_URL: s3.endpoint,
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const output = text(child.stdout);
  return { child, output, exit: once(child, 'exit') as Promise<[number | null, string | null]> };
}

describe('a runner whose store is S3', () => {
  let job: Job;
  beforeEach(async () => {
    await mkdir(join(folder, 'processes', 'large'), { recursive: true });
    await writeFile(join(folder, 'processes', 'large', 'process.yaml'), processFile);
    await writeProgram(`head -c ${largeBytes} /dev/zero > "$WPS_OUTPUT_DIR/result"`);
    job = sampleJob({ process: { identifier: 'large', version: '1.0.0', title: 'Large' } });
    await store.create(job, { body: '', contentType: 'text/plain' }, []);
  });

  const writeProgram = (program: string) =>
    writeFile(join(folder, 'processes', 'large', 'large.sh'), program);
  const attempt = (number: number, variables: Readonly<Record<string, string>> = {}) =>
    started([join(distDir, 'batch-jobs', 'runner', 'main.js')], {
      WPS_JOB_ID: job.id,
      WPS_JOB_ATTEMPTS: '2',
      WPS_JOB_STORE: 's3://outputs/',
      WPS_SCRATCH_DIR: join(folder, 'scratch'),
      WPS_PROCESSES_DIR: join(folder, 'processes'),
      AWS_BATCH_JOB_ID: 'b-1',
      AWS_BATCH_JOB_ATTEMPT: String(number),
      ...variables,
    });
  const outputs = () => [...s3.objects.keys()].filter((key) => key.includes('/outputs/'));

  /** Never answers the second part, as when the network fails before the machine does. */
  const partsStop = () =>
    new Promise<void>((resolve) => {
      let parts = 0;
      s3.beforeCall = async ({ kind }) => {
        if (kind !== 'part' || ++parts < 2) return undefined;
        resolve();
        return await new Promise(() => {});
      };
    });

  it.each([
    ['told to stop (SIGTERM)', 'SIGTERM', 'paused'],
    ['killed (SIGKILL)', 'SIGKILL', 'running'],
  ] as const)(
    'a runner that was %s during an upload to S3 shows no part of the output, and the next attempt all of it',
    async (_, signal, status) => {
      const isUploading = partsStop();
      const first = attempt(1);
      await isUploading;
      first.child.kill(signal);
      const [code, killedBy] = await first.exit;
      expect(signal === 'SIGTERM' ? code : killedBy).toBe(signal === 'SIGTERM' ? 143 : signal);
      expect((await store.read(job.id))?.job).toMatchObject({ status, outputs: [] });
      expect(outputs()).toEqual([]);

      s3.beforeCall = async () => undefined;
      const left = s3.uploads.size;
      expect(await attempt(2).exit).toEqual([0, null]);
      expect((await store.read(job.id))?.job).toMatchObject({
        status: 'succeeded',
        outputs: [{ attempt: 2, size: largeBytes }],
      });
      expect(outputs()).toEqual([`jobs/${job.id}/outputs/2/result.txt`]);
      expect(s3.objects.get(outputs()[0] ?? '')?.length).toBe(largeBytes);
      // The bucket's lifecycle rule removes the parts that the interrupted attempt uploaded.
      expect(s3.uploads.size).toBe(left);
    },
    120_000,
  );

  it('a runner removes the parts of an upload to S3 that fails', async () => {
    let refused = 0;
    s3.beforeCall = async ({ kind }) =>
      kind === 'part' && refused++ < 1 ? 'AccessDenied' : undefined;
    expect(await attempt(1).exit).toEqual([0, null]);
    expect(s3.uploads.size).toBe(0);
    expect((await store.read(job.id))?.job.status).toBe('succeeded');
  });

  describe('with credentials that the container is given', () => {
    let metadata: Server;
    let given: number;
    /** Stated lifetime of the first credentials, in milliseconds. */
    let firstLifetime: number;
    beforeEach(async () => {
      given = 0;
      metadata = createServer((_, answer) => {
        given++;
        const lifetime = given === 1 ? firstLifetime : 3_600_000;
        answer.setHeader('content-type', 'application/json');
        answer.end(
          JSON.stringify({
            AccessKeyId: `ROLE${given}`,
            SecretAccessKey: 'secret',
            Token: 'token',
            Expiration: new Date(Date.now() + lifetime).toISOString(),
          }),
        );
      });
      await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', resolve));
    });
    afterEach(() => {
      metadata.closeAllConnections();
      metadata.close();
    });

    const role = () => ({
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${(metadata.address() as AddressInfo).port}/role`,
    });

    it("a runner publishes its outputs even if its container's first credentials expire while its command runs", async () => {
      // The SDK renews credentials five minutes before they expire: here, two seconds after it received them.
      firstLifetime = 302_000;
      await writeProgram(`sleep 4; head -c ${largeBytes} /dev/zero > "$WPS_OUTPUT_DIR/result"`);
      s3.beforeCall = async ({ kind, accessKeyId }) =>
        accessKeyId === 'ROLE1' && kind !== 'get' && given > 1 ? 'ExpiredToken' : undefined;
      expect(await attempt(1, role()).exit).toEqual([0, null]);
      const keyOf = (kind: S3Call['kind']) => s3.calls.findLast((call) => call.kind === kind);
      expect(s3.calls.find(({ accessKeyId }) => accessKeyId !== own)?.accessKeyId).toBe('ROLE1');
      expect(keyOf('complete')?.accessKeyId).toBe('ROLE2');
      expect((await store.read(job.id))?.job.status).toBe('succeeded');
    });

    it('a runner publishes its outputs even if its session is temporarily refused as expired', async () => {
      firstLifetime = 3_600_000;
      let refused = 0;
      s3.beforeCall = async ({ kind }) =>
        kind === 'begin' && refused++ < 2 ? 'ExpiredToken' : undefined;
      expect(await attempt(1, role()).exit).toEqual([0, null]);
      expect(refused).toBeGreaterThan(2);
      expect((await store.read(job.id))?.job.status).toBe('succeeded');
    });
  });
});

describe('a signed link to an output', () => {
  it('an expired link to an output opens nothing, and the next requested link opens the output', async () => {
    const output = { attempt: 1, name: 'result.txt' };
    const { id } = sampleJob();
    s3.objects.set(`jobs/${id}/outputs/1/result.txt`, Buffer.from('hello'));
    const link = async () =>
      (await store.linkOutput(id, output, {
        filename: 'result.txt',
        contentType: 'text/plain',
        seconds: 300,
      })) ?? '';
    const early = await link();
    expect(await (await fetch(early)).text()).toBe('hello');
    s3.clock = 301_000;
    const late = await fetch(early);
    expect([late.status, await late.text()]).toEqual([403, expect.not.stringContaining('hello')]);
    s3.clock = 0;
    expect(await (await fetch(await link())).text()).toBe('hello');
  });
});

describe('a function that is frozen between two calls', () => {
  const configuration = `STATUS_LOCATION=https://wps.example.org/DEV/wps/
JOB_QUEUE_NAME=queue
JOB_DEFINITION_ECHO=echo
AWS_REGION=${region}
OUTPUT_S3_BUCKET=outputs
`;
  const job = sampleJob({ engineJobId: 'b-1', claim: 'b-1', attempt: 1 });
  const claimed = {
    status: 'running',
    claim: 'b-1',
    attempt: 1,
    message: 'The job runs.',
  } as const;
  const event = (status: string, more: object = {}) => ({
    'detail-type': 'Batch Job State Change',
    detail: { jobId: 'b-1', jobName: `wps-echo-${job.id}`, status, ...more },
  });
  const follow = (told: object) =>
    started(
      [
        join(import.meta.dirname, 'event-child.mjs'),
        join(distDir, 'lambda', 'job-events.js'),
        JSON.stringify(told),
      ],
      { CONFIGURATION_S3_BUCKET: 'configuration', CONFIG_FILENAME: 'wps.properties' },
    );

  beforeEach(async () => {
    s3.objects.set('DEV/wps.properties', Buffer.from(configuration));
    await store.create(job, { body: '', contentType: 'text/plain' }, []);
    await store.update(job.id, () => claimed);
  });

  it.each([
    ['an event that the job runs', event('RUNNING')],
    [
      'an event of an attempt that was cut off',
      event('RUNNABLE', {
        attempts: [{ stoppedAt: 1, statusReason: 'Host EC2 (instance i-0123) terminated.' }],
      }),
    ],
    ['an event of a failure', event('FAILED', { container: { exitCode: 1 } })],
  ])(
    'a function that is frozen between any two calls while it follows %s makes nothing untrue afterwards',
    async (_, told) => {
      let calls = Number.POSITIVE_INFINITY;
      for (let place = 0; place < calls; place++) {
        s3.objects.clear();
        s3.objects.set('DEV/wps.properties', Buffer.from(configuration));
        await store.create(job, { body: '', contentType: 'text/plain' }, []);
        await store.update(job.id, () => claimed);
        let made = 0;
        let child: ChildProcess | undefined;
        const isFrozen = new Promise<void>((resolve) => {
          s3.beforeAnswer = async ({ accessKeyId }) => {
            if (accessKeyId === own || made++ !== place) return;
            child?.kill('SIGSTOP');
            resolve();
          };
        });
        const running = follow(told);
        child = running.child;
        const frozen = await Promise.race([
          isFrozen.then(() => true),
          running.exit.then(() => false),
        ]);
        if (!frozen) {
          calls = made;
          break;
        }
        // Meanwhile the runner ends the job, and another function reconciles it.
        const before = (await store.read(job.id))?.job.status;
        const end = await store.update(job.id, (now) =>
          now.status === 'running' || now.status === 'paused' ? { status: 'succeeded' } : undefined,
        );
        await store.finish(end);
        running.child.kill('SIGCONT');
        expect(await running.exit, `call ${place}`).toEqual([0, null]);
        const after = (await store.read(job.id))?.job;
        expect(after?.status, `call ${place}`).toBe(before === 'failed' ? 'failed' : 'succeeded');
        expect(s3.text(`jobs/${job.id}/status.xml`), `call ${place}`).toContain(
          before === 'failed' ? 'ProcessFailed' : 'ProcessSucceeded',
        );
        expect(s3.objects.has(`unfinished/${job.id}`), `call ${place}`).toBe(false);
      }
      expect(calls).toBeGreaterThan(3);
    },
    240_000,
  );
});
