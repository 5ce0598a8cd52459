import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import { S3ObjectStore } from '../../batch-jobs/api/s3-object-store.ts';
import { contentTag } from '../../stacks/images/content-tag.ts';
import { type Emulator, emulatedRegion, startEmulator } from '../aws/emulator.ts';
import { distDir } from '../bundled.ts';
import { sampleJob } from '../sample-job.ts';
import { type Buildah, makeNodeImage, startBuildah } from './buildah.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
/** A bound for what never ends: a busy machine builds for a long time. */
const bound = 60 * 60_000;

let images: Buildah;
let nodeImage: string;
let emulator: Emulator;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'images-'));
  images = await startBuildah(folder);
  nodeImage = await makeNodeImage(images, folder);
  emulator = await startEmulator();
}, bound);
afterAll(async () => {
  await Promise.all([images?.stop(), emulator?.stop()]);
}, bound);

const tag = () => contentTag(join(root, 'batch-jobs', 'echo'), { root, distFolder: distDir });

it(
  'the image of a process is built from the sources and pushed, tagged by content',
  async () => {
    const { stdout } = await run(
      'npm',
      [
        ...['run', '--silent', 'images', '--', '--only', 'echo', '--builder', 'buildah'],
        ...['--registry', images.registry, '--node-image', nodeImage],
      ],
      { cwd: root, env: images.variables, maxBuffer: 64 * 1024 * 1024 },
    );
    expect(stdout).toContain('self-test of echo: ready');
    const listed = await fetch(`http://${images.registry}/v2/wps/echo/tags/list`);
    expect(await listed.json()).toEqual({ name: 'wps/echo', tags: [tag()] });
  },
  bound,
);

it(
  'a container of the pushed image runs a job as a user that is not root',
  async () => {
    const connection = {
      endpoint: emulator.endpoint,
      region: emulatedRegion,
      forcePathStyle: true,
      credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
    };
    const client = new S3Client(connection);
    await client.send(
      new CreateBucketCommand({
        Bucket: 'outputs',
        CreateBucketConfiguration: { LocationConstraint: emulatedRegion },
      }),
    );
    const store = new JobStore(
      new S3ObjectStore({ client: async () => client, bucket: 'outputs', prefix: '' }),
      {
        filename: 'status.xml',
        encode: ({ status }) => status,
      },
    );
    const job = sampleJob();
    await store.create(job, { body: '<Execute/>', contentType: 'application/xml' }, [
      ...[
        ['message', 'from a container'],
        ['repeat', '1'],
        ['delaySeconds', '0'],
      ].map(([identifier = '', value = '']) => ({
        identifier,
        given: true,
        value: { kind: 'literal' as const, value, dataType: 'string' },
      })),
    ]);

    const container = await images.buildah(
      'from',
      '--pull-always',
      `${images.registry}/wps/echo:${tag()}`,
    );
    const inContainer = (variables: Readonly<Record<string, string>>, ...command: string[]) =>
      images.buildah(
        'run',
        ...Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
        container,
        '--',
        ...command,
      );
    expect(await inContainer({}, 'id', '--user', '--name')).toBe('node');
    await inContainer(
      { ...emulator.variables, WPS_JOB_ID: job.id, WPS_JOB_STORE: 's3://outputs/' },
      'node',
      'batch-jobs/runner/main.js',
    );
    expect(await store.read(job.id)).toMatchObject({ job: { status: 'succeeded' } });
  },
  bound,
);
