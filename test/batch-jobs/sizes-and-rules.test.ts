import { describe, expect, it } from 'vitest';
import { ageSeconds } from '../../batch-jobs/api/age-seconds.ts';
import { reachesCommand } from '../../batch-jobs/api/command-variables.ts';
import {
  interruptedExitCode,
  isRequestFault,
  lostExitCode,
  storageFullExitCode,
} from '../../batch-jobs/api/exit-codes.ts';
import { fargateSize } from '../../batch-jobs/api/fargate-size.ts';
import { unreachableSizes } from '../../batch-jobs/api/input-bounds.ts';
import { jobCostUsd, jobUsdPerHour } from '../../batch-jobs/api/job-cost.ts';
import { outOfMemory } from '../../batch-jobs/api/out-of-memory.ts';
import { retryStrategy } from '../../batch-jobs/api/retry-strategy.ts';
import { formatS3Address, parseS3Address } from '../../batch-jobs/api/s3-address.ts';
import { isStorageFull } from '../../batch-jobs/api/storage-full.ts';

describe('the smallest task of Fargate', () => {
  it.each([
    [0.25, 1, 0.25, 512],
    [0.25, 513, 0.25, 1024],
    [0.25, 1025, 0.25, 2048],
    [0.25, 2048, 0.25, 2048],
    [0.25, 2049, 0.5, 3072],
    [0.3, 512, 0.5, 1024],
    [0.5, 4096, 0.5, 4096],
    [1, 1024, 1, 2048],
    [0.5, 2049, 0.5, 3072],
    [1, 2049, 1, 3072],
    [1, 8193, 2, 9216],
    [2, 16_384, 2, 16_384],
    [4, 8193, 4, 9216],
    [2, 16_385, 4, 17_408],
    [4, 30_721, 8, 32_768],
    [8, 16_385, 8, 20_480],
    [8, 61_440, 8, 61_440],
    [8, 61_441, 16, 65_536],
    [16, 1, 16, 32_768],
    [16, 32_769, 16, 40_960],
    [16, 122_880, 16, 122_880],
  ])(
    'the smallest Fargate task for %d vCPUs and %i MiB has %d and %i',
    (vcpus, memoryMiB, having, memory) => {
      expect(fargateSize({ vcpus, memoryMiB })).toEqual({ vcpus: having, memoryMiB: memory });
    },
  );

  it.each([
    [17, 1],
    [16, 122_881],
  ])('there is no Fargate task for %d vCPUs and %i MiB', (vcpus, memoryMiB) => {
    expect(fargateSize({ vcpus, memoryMiB })).toBeUndefined();
  });
});

describe('the rules by which AWS Batch tries a job again', () => {
  /** Evaluates the rules as AWS Batch does: the first match decides, and `*` matches any rest. */
  const actionFor = (ended: { onStatusReason?: string; onReason?: string; onExitCode?: string }) =>
    retryStrategy(3).evaluateOnExit.find((rule) =>
      Object.entries(rule).every(([name, pattern]) => {
        const found = Object.entries(ended).find(([of]) => of === name)?.[1];
        return name === 'action' || (found?.startsWith(pattern.replace('*', '')) ?? false);
      }),
    )?.action ?? 'RETRY';

  it('try no request again that is at fault, nor a job that is another’s, and all else', () => {
    for (const exitCode of [1, 28, 59, 80, 137, 143]) {
      expect(actionFor({ onExitCode: String(exitCode) }), String(exitCode)).toBe('RETRY');
    }
    for (let exitCode = 64; exitCode <= 79; exitCode++) {
      expect(actionFor({ onExitCode: String(exitCode) }), String(exitCode)).toBe('EXIT');
    }
  });

  it('try a run again that was stopped or had no storage, and none that lost its job or had too little memory', () => {
    const action = (exitCode: number) => actionFor({ onExitCode: String(exitCode) });
    expect([interruptedExitCode, storageFullExitCode].map(action)).toEqual(['RETRY', 'RETRY']);
    expect([lostExitCode, outOfMemory.exitCode].map(action)).toEqual(['EXIT', 'EXIT']);
    // Only the user can mend too little memory. A run that lost its job says nothing about the request.
    expect([outOfMemory.exitCode, lostExitCode].map(isRequestFault)).toEqual([true, false]);
  });

  it('try a job again whose machine went, whatever it ended with, and none whose memory was used up', () => {
    const gone = 'Host EC2 (instance i-0) terminated.';
    expect(actionFor({ onStatusReason: gone, onExitCode: '65' })).toBe('RETRY');
    expect(actionFor({ onReason: 'OutOfMemoryError: Container killed' })).toBe('EXIT');
    expect(actionFor({ onExitCode: '143' })).toBe('RETRY');
    expect(retryStrategy(3).attempts).toBe(3);
  });
});

describe('a request at fault', () => {
  it.each([
    [63, false],
    [64, true],
    [78, true],
    [79, false],
  ])('exit code %i says whether the request is at fault: %s', (exitCode, isFault) => {
    expect(isRequestFault(exitCode)).toBe(isFault);
  });
});

describe('full storage', () => {
  it.each([
    [Object.assign(new Error(), { code: 'ENOSPC' }), true],
    [Object.assign(new Error(), { code: 'EDQUOT' }), true],
    [Object.assign(new Error(), { code: 'EIO' }), false],
    [new Error('ENOSPC'), false],
    [{ code: 'ENOSPC' }, false],
    [undefined, false],
  ])('error %o says whether storage is full: %s', (error, isFull) => {
    expect(isStorageFull(error)).toBe(isFull);
  });
});

describe('the variables of a container that reach a command', () => {
  const reaches = (name: string, how: Parameters<typeof reachesCommand>[1] = {}) =>
    reachesCommand(name, how);

  it.each([
    ...['PATH', 'HOME', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'LC_ALL', 'WPS_PROCESS_MARK'],
    ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
    ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'],
    ...['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'],
  ])('the variable %s reaches every command', (name) => {
    expect(reaches(name)).toBe(true);
  });

  it('only the variables that a process names reach its command, and those of AWS if it calls AWS', () => {
    for (const name of ['SECRET', 'WPS_JOB_STORE', 'AWS_REGION', 'path', 'LC', '']) {
      expect(reaches(name), name).toBe(false);
    }
    expect(reaches('SECRET', { variables: ['OTHER', 'SECRET'] })).toBe(true);
    expect(reaches('SECRET', { callsAws: true })).toBe(false);
    expect(reaches('AWS_REGION', { callsAws: true })).toBe(true);
    expect(reaches('MY_AWS_REGION', { callsAws: true })).toBe(false);
    expect(reaches('AWS_BATCH_JOB_ID', { callsAws: true })).toBe(false);
    expect(reaches('AWS_BATCH_JOB_ID', { callsAws: true, variables: ['AWS_BATCH_JOB_ID'] })).toBe(
      true,
    );
  });
});

describe('the cost of a job', () => {
  const machine = { kind: 'machine', vcpus: 4, memoryGiB: 16, usdPerHour: 0.8 } as const;
  const task = {
    kind: 'task',
    vcpuUsdPerHour: 0.04,
    gibUsdPerHour: 0.005,
    usdPerHour: 0.01,
  } as const;

  it.each([
    ['its share of the vCPUs of a machine', machine, 2, 1024, 0.4],
    ['its share of the memory of a machine, if that is larger', machine, 1, 12_288, 0.6],
    ['that of a machine as many times as large', machine, 8, 1024, 1.6],
    ['that of both, and of its address, on Fargate', task, 2, 4096, 0.11],
  ])('an hour of a job costs %s', (_, price, vcpus, memoryMiB, usd) => {
    expect(jobUsdPerHour({ vcpus, memoryMiB }, price)).toBeCloseTo(usd, 10);
  });

  it.each([
    ['an hour and a half', '2026-01-01T00:00:00Z', '2026-01-01T01:30:00Z', 0.5, 0.75],
    ['a second, to a millionth', '2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z', 1, 0.000278],
    ['a time whose end is before its start', '2026-01-01T01:00:00Z', '2026-01-01T00:00:00Z', 1, 0],
  ])('a job of %s costs what its hours cost', (_, startedAt, endedAt, usdPerHour, usd) => {
    expect(jobCostUsd({ startedAt, endedAt }, usdPerHour)).toBe(usd);
  });
});

describe('the age of a time', () => {
  const now = new Date('2026-01-01T12:00:00Z');

  it.each([
    ['a minute ago', '2026-01-01T11:59:00Z', 60],
    ['ahead by as much as clocks may differ', '2026-01-01T12:15:00Z', -900],
    [
      'further ahead, as after a clock was set back',
      '2026-01-01T12:15:01Z',
      Number.POSITIVE_INFINITY,
    ],
    ['not a time', 'finished', Number.NaN],
  ])('the age of a time that is %s, in seconds', (_, instant, age) => {
    expect(ageSeconds(instant, now)).toBe(age);
  });
});

describe('a size that no value can reach', () => {
  const input = (maximumMegabytes: number) =>
    ({
      kind: 'complex',
      identifier: 'grid',
      title: 'Grid',
      minOccurs: 0,
      maxOccurs: 1,
      formats: [{ mimeType: 'text/csv', extension: '.csv' }],
      maximumMegabytes,
    }) as const;

  it('a size that no value can reach is reported with the largest that one can, rounded down', () => {
    const bounds = { requestBytes: 1, referenceBytes: 1_999_999, remedy: 'allow more' };
    expect(unreachableSizes([input(1.9), input(2)], bounds)).toEqual([
      {
        index: 1,
        text: 'is 2, which no value can reach: a request may have 0 MiB, and what is fetched from a reference 1.9 MiB; write at most 1.9, or allow more',
      },
    ]);
  });
});

describe('an address in S3', () => {
  it.each([
    ['s3://bucket/DEV/', 'bucket', 'DEV/'],
    ['s3://bucket/a/b/', 'bucket', 'a/b/'],
    ['s3://bucket/', 'bucket', ''],
  ])('an address in S3 is read as it was written: %s', (address, bucket, prefix) => {
    expect(parseS3Address(address)).toEqual({ bucket, prefix });
    expect(formatS3Address({ bucket, prefix })).toBe(address);
  });
});
