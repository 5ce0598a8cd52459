import { describe, expect, it } from 'vitest';
import { isRequestFault } from '../../batch-jobs/api/exit-codes.ts';
import { fargateSize } from '../../batch-jobs/api/fargate-size.ts';
import { retryStrategy } from '../../batch-jobs/api/retry-strategy.ts';
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
    [1, 8193, 2, 9216],
    [2, 16_385, 4, 17_408],
    [4, 30_721, 8, 32_768],
    [8, 16_385, 8, 20_480],
    [16, 1, 16, 32_768],
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
