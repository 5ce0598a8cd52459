import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { formatS3Address, parseS3Address } from '../../batch-jobs/api/s3-address.ts';
import { runnerSettings } from '../../batch-jobs/runner/runner-settings.ts';
import { sampleJob } from '../sample-job.ts';

const { id } = sampleJob();

describe('what the runner is told by its variables', () => {
  const needed = { WPS_JOB_ID: id, WPS_JOB_STORE: 's3://outputs/DEV/' };

  it("the runner's variables name at least a job and its store", () => {
    expect(runnerSettings(needed)).toMatchObject({
      run: { jobId: id, engineJobId: id, attempt: 1, attempts: 1 },
      store: { bucket: 'outputs', prefix: 'DEV/' },
      region: undefined,
      kmsKey: undefined,
      inlineOutputBytes: 1048576,
      references: { hosts: [], maximumBytes: 536870912, timeoutSeconds: 60 },
    });
  });

  it('the runner reads all variables of a submission and of the engine', () => {
    expect(
      runnerSettings({
        ...needed,
        AWS_BATCH_JOB_ID: 'b-1',
        AWS_BATCH_JOB_ATTEMPT: '2',
        WPS_JOB_ATTEMPTS: '3',
        AWS_REGION: 'ap-southeast-2',
        WPS_OUTPUT_KMS_KEY: 'alias/outputs',
        WPS_INLINE_OUTPUT_BYTES: '0',
        WPS_REFERENCE_HOSTS: 'data.example.org,*.example.com',
        WPS_REFERENCE_MAX_BYTES: '1000',
        WPS_REFERENCE_TIMEOUT_SECONDS: '5',
        WPS_SCRATCH_DIR: '/scratch',
      }),
    ).toEqual({
      run: { jobId: id, engineJobId: 'b-1', attempt: 2, attempts: 3 },
      store: { bucket: 'outputs', prefix: 'DEV/' },
      region: 'ap-southeast-2',
      kmsKey: 'alias/outputs',
      inlineOutputBytes: 0,
      references: {
        hosts: ['data.example.org', '*.example.com'],
        maximumBytes: 1000,
        timeoutSeconds: 5,
      },
      scratchFolder: '/scratch',
      progressIntervalMilliseconds: 5000,
    });
  });

  it("the runner's store may be a folder of this machine", () => {
    const settings = runnerSettings({ ...needed, WPS_JOB_STORE: 'file:///var/wps' });
    expect(settings.store).toEqual({ folder: '/var/wps' });
    // Writing files costs nothing, so progress is written more often.
    expect(settings.progressIntervalMilliseconds).toBe(1000);
  });

  it('variables of the runner that are empty count as absent', () => {
    const names = [
      'AWS_REGION',
      'WPS_OUTPUT_KMS_KEY',
      'WPS_JOB_ATTEMPTS',
      'WPS_INLINE_OUTPUT_BYTES',
      'WPS_REFERENCE_HOSTS',
      'WPS_SCRATCH_DIR',
      'WPS_JOB_MEMORY_MIB',
    ];
    const empty = Object.fromEntries(names.map((name) => [name, '']));
    const settings = runnerSettings({ ...needed, ...empty });
    expect(settings).toEqual(runnerSettings(needed));
    expect(settings.scratchFolder).toBe(tmpdir());
  });

  it.each([
    ['2048', 2048],
    ['1', 1],
    ['0', undefined],
  ])("the runner's variable of %s MiB limits the command's memory to %s", (value, memoryMiB) => {
    expect(runnerSettings({ ...needed, WPS_JOB_MEMORY_MIB: value })).toHaveProperty(
      'memoryMiB',
      memoryMiB,
    );
  });

  it("the runner's list of hosts may have gaps", () => {
    const { references } = runnerSettings({
      ...needed,
      WPS_REFERENCE_HOSTS: 'a.example,,b.example,',
    });
    expect(references.hosts).toEqual(['a.example', 'b.example']);
  });

  const stores = 's3://bucket/prefix/ or file:///folder';
  const noStores = [
    ...['', 's3://', 'https://example.org/', 'folder', ' file:///var/wps', 'file:', 'file:///'],
    ...['file:///a/..', 'file:var/wps', 'file://outputs/DEV', 'file://outputs:1/', 'file:///a%2Fb'],
  ];

  it.each<[string, string, string]>([
    ['WPS_JOB_ID', '', 'a job id'],
    ...noStores.map((store): [string, string, string] => ['WPS_JOB_STORE', store, stores]),
    ['WPS_JOB_ATTEMPTS', 'many', 'a whole number'],
    ['AWS_BATCH_JOB_ATTEMPT', '-1', 'a whole number'],
    ['WPS_INLINE_OUTPUT_BYTES', '1.5', 'a whole number'],
    ['WPS_REFERENCE_MAX_BYTES', '1e9', 'a whole number'],
    ['WPS_REFERENCE_TIMEOUT_SECONDS', '60s', 'a whole number'],
    ['WPS_JOB_MEMORY_MIB', ' 512', 'a whole number'],
  ])('the runner names variable %s if it is %j', (name, value, allowed) => {
    expect(() => runnerSettings({ ...needed, [name]: value })).toThrow(
      `variable ${name} is "${value}"; allowed: ${allowed}`,
    );
  });
});

describe('variables of the runner that are left out', () => {
  it('the runner names the job id or the store if no variable names them', () => {
    expect(() => runnerSettings({})).toThrow('variable WPS_JOB_ID is ""; allowed: a job id');
    expect(() => runnerSettings({ WPS_JOB_ID: id })).toThrow('variable WPS_JOB_STORE is "";');
  });
});

describe('an address in S3', () => {
  it.each([
    ['s3://outputs/DEV/', { bucket: 'outputs', prefix: 'DEV/' }],
    ['s3://outputs/DEV', { bucket: 'outputs', prefix: 'DEV/' }],
    ['s3://outputs/', { bucket: 'outputs', prefix: '' }],
    ['s3://outputs', { bucket: 'outputs', prefix: '' }],
  ])('address %s in S3 is read', (address, expected) => {
    expect(parseS3Address(address)).toEqual(expected);
    expect(parseS3Address(formatS3Address(expected))).toEqual(expected);
  });

  it('other texts are no addresses in S3', () => {
    expect(parseS3Address('s3://')).toBeUndefined();
    expect(parseS3Address('https://outputs/DEV/')).toBeUndefined();
  });
});
