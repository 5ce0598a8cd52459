import { describe, expect, it } from 'vitest';
import { fargateSize } from '../../batch-jobs/api/fargate-size.ts';
import { jobCostUsd, jobUsdPerHour } from '../../batch-jobs/api/job-cost.ts';
import { callPricesOfSydney, canaryMonthUsd } from '../../environments/canary-cost.ts';
import type { Prices } from '../../environments/prices.ts';
import {
  atRestUsd,
  type JobKind,
  machineHourUsd,
  thousandJobsUsd,
} from '../../environments/queue-costs.ts';
import type {
  FargateQueueSettings,
  MachineQueueSettings,
} from '../../environments/queue-settings.ts';

/** Round figures, so that the results can be checked by mental arithmetic. */
const prices: Prices = {
  machine: { x86_64: 0.1, arm64: 0.08 },
  task: {
    x86_64: { vcpu: 0.04, gib: 0.005 },
    arm64: { vcpu: 0.03, gib: 0.004 },
    scratchGib: 0.001,
  },
  spotShare: 0.5,
  address: 0.01,
  volume: { gb: 0.73, iops: 0.073, throughput: 0.73 },
  fileSystem: { written: 0.06, read: 0.04 },
};
const queue = (changed: Partial<MachineQueueSettings> = {}): MachineQueueSettings => ({
  instanceTypes: ['m6i.large'],
  minVcpus: 0,
  maxVcpus: 8,
  purchase: 'on-demand',
  storage: { kind: 'root-volume', sizeGiB: 100 },
  scheduling: 'first-come',
  stuckAfterMinutes: 60,
  ...changed,
});
const fargate = (changed: Partial<FargateQueueSettings> = {}): FargateQueueSettings => ({
  kind: 'fargate',
  architecture: 'x86_64',
  maxVcpus: 8,
  purchase: 'on-demand',
  scheduling: 'first-come',
  stuckAfterMinutes: 60,
  ...changed,
});

describe('an hour of a machine', () => {
  it.each([
    ['on demand: machine, address, 100 GB', {}, 0.1 + 0.01 + 0.1],
    ['as Spot, whose volume costs as much', { purchase: 'spot' }, 0.05 + 0.01 + 0.1],
    ['on Graviton', { instanceTypes: ['m7g.large'] }, 0.08 + 0.01 + 0.1],
    [
      'with scratch in EFS: a root volume of 30 GB',
      { storage: { kind: 'efs', throughput: 'elastic' } },
      0.1 + 0.01 + 0.03,
    ],
    [
      'with a data volume at included speed: 30 and 100 GB',
      { storage: { kind: 'data-volume', sizeGiB: 100, iops: 3000, throughputMiBps: 125 } },
      0.1 + 0.01 + 0.13,
    ],
    [
      'with 1000 IOPS and 100 MB/s more',
      { storage: { kind: 'data-volume', sizeGiB: 100, iops: 4000, throughputMiBps: 225 } },
      0.1 + 0.01 + 0.13 + 0.1 + 0.1,
    ],
  ] satisfies [string, Partial<MachineQueueSettings>, number][])(
    'the cost of an hour of a machine, %s',
    (_, changed, usd) => {
      expect(machineHourUsd(queue(changed), prices)).toBeCloseTo(usd, 10);
    },
  );
});

describe('a month in which nothing runs', () => {
  it.each([
    [0, 0],
    [1, 1],
    [2, 1],
    [3, 2],
  ])(
    'in a month without jobs, minVcpus %i keeps %i machines of 2 vCPU running',
    (minVcpus, machines) => {
      expect(atRestUsd(queue({ minVcpus }), prices)).toBeCloseTo(machines * 730 * 0.21, 8);
    },
  );
});

describe('a thousand jobs', () => {
  const job = { vcpus: 1, memoryMiB: 2048, seconds: 3600, scratchGb: 2 };

  it('a thousand jobs cost the half of a machine each that they occupy', () => {
    expect(thousandJobsUsd(queue(), job, prices)).toBeCloseTo(500 * 0.21, 8);
  });

  it('a thousand jobs cost nothing more on machines that are kept running and have room', () => {
    expect(thousandJobsUsd(queue({ minVcpus: 2 }), job, prices, true)).toBe(0);
  });

  it('a thousand jobs pay for their traffic in EFS', () => {
    const storage = { kind: 'efs', throughput: 'elastic' } as const;
    expect(thousandJobsUsd(queue({ storage }), job, prices)).toBeCloseTo(
      500 * 0.14 + 1000 * 2 * 0.1,
      8,
    );
  });

  it('a thousand jobs pay for their memory if it is the larger share of a machine', () => {
    const large = { ...job, memoryMiB: 6 * 1024 };
    expect(thousandJobsUsd(queue(), large, prices)).toBeCloseTo(750 * 0.21, 8);
  });

  it.each([
    ['size and address', {}, {}, 0.04 + 2 * 0.005 + 0.01],
    ['no less than a minute', {}, { seconds: 1 }, (0.04 + 2 * 0.005 + 0.01) / 60],
    ['the smallest size that holds them', {}, { memoryMiB: 256 }, 0.04 + 2 * 0.005 + 0.01],
    ['storage above 20 GiB', {}, { scratchGb: 30 }, 0.04 + 2 * 0.005 + 0.01 + 10 * 0.001],
    ['half as Spot, but their address', { purchase: 'spot' }, {}, 0.02 + 0.005 + 0.01],
    ['less on arm64', { architecture: 'arm64' }, {}, 0.03 + 2 * 0.004 + 0.01],
  ] satisfies [string, Partial<FargateQueueSettings>, Partial<JobKind>, number][])(
    'a thousand jobs on Fargate pay for %s',
    (_, changed, kind, usd) => {
      expect(thousandJobsUsd(fargate(changed), { ...job, ...kind }, prices)).toBeCloseTo(
        1000 * usd,
        8,
      );
      expect(atRestUsd(fargate(changed), prices)).toBe(0);
    },
  );
});

describe('an hour of a job', () => {
  const machine = { kind: 'machine', vcpus: 2, memoryGiB: 8, usdPerHour: 0.2 } as const;
  const task = {
    kind: 'task',
    vcpuUsdPerHour: 0.1,
    gibUsdPerHour: 0.01,
    usdPerHour: 0.05,
  } as const;

  it.each([
    [
      'its vCPUs, where they are the larger part',
      { vcpus: 1, memoryMiB: 1024 },
      machine,
      0.5 * 0.2,
    ],
    ['its memory, where that is', { vcpus: 1, memoryMiB: 6 * 1024 }, machine, 0.75 * 0.2],
    ['as many machines as it would fill', { vcpus: 4, memoryMiB: 1024 }, machine, 2 * 0.2],
    ['both, and the address, of a task', { vcpus: 2, memoryMiB: 4096 }, task, 0.2 + 0.04 + 0.05],
  ])('the cost of an hour of a job includes %s', (_, share, price, usd) => {
    expect(jobUsdPerHour(share, price)).toBeCloseTo(usd, 10);
  });
});

describe('the cost of one job', () => {
  const startedAt = '2026-01-01T00:00:00.000Z';

  it.each([
    ['2026-01-01T02:00:00.000Z', 0.4],
    ['2026-01-01T01:00:00.000Z', 0.2],
    ['2026-01-01T00:00:00.018Z', 0.000001],
    ['2026-01-01T00:00:00.000Z', 0],
    ['2025-12-31T23:59:59.000Z', 0],
    ['never', 0],
  ])('a job that ended at %s cost %d dollars', (endedAt, usd) => {
    expect(jobCostUsd({ startedAt, endedAt }, 0.2)).toBe(usd);
  });
});

describe('a task on Fargate', () => {
  it.each([
    [
      { vcpus: 0.25, memoryMiB: 1 },
      { vcpus: 0.25, memoryMiB: 512 },
    ],
    [
      { vcpus: 0.25, memoryMiB: 1024 },
      { vcpus: 0.25, memoryMiB: 1024 },
    ],
    [
      { vcpus: 0.25, memoryMiB: 1025 },
      { vcpus: 0.25, memoryMiB: 2048 },
    ],
    [
      { vcpus: 0.25, memoryMiB: 2049 },
      { vcpus: 0.5, memoryMiB: 3072 },
    ],
    [
      { vcpus: 1, memoryMiB: 256 },
      { vcpus: 1, memoryMiB: 2048 },
    ],
    [
      { vcpus: 1, memoryMiB: 8192 },
      { vcpus: 1, memoryMiB: 8192 },
    ],
    [
      { vcpus: 1, memoryMiB: 8193 },
      { vcpus: 2, memoryMiB: 9216 },
    ],
    [
      { vcpus: 2, memoryMiB: 16_385 },
      { vcpus: 4, memoryMiB: 17_408 },
    ],
    [
      { vcpus: 3, memoryMiB: 512 },
      { vcpus: 4, memoryMiB: 8192 },
    ],
    [
      { vcpus: 4, memoryMiB: 30_721 },
      { vcpus: 8, memoryMiB: 32_768 },
    ],
    [
      { vcpus: 8, memoryMiB: 61_441 },
      { vcpus: 16, memoryMiB: 65_536 },
    ],
    [
      { vcpus: 16, memoryMiB: 122_880 },
      { vcpus: 16, memoryMiB: 122_880 },
    ],
  ])('a Fargate task for %o has %o', (needed, size) => {
    expect(fargateSize(needed)).toEqual(size);
  });

  it.each([
    { vcpus: 16, memoryMiB: 122_881 },
    { vcpus: 17, memoryMiB: 1024 },
  ])('no Fargate task is large enough for %o', (needed) => {
    expect(fargateSize(needed)).toBeUndefined();
  });
});

describe('a month of the canary', () => {
  const free = { request: 0, gbSecond: 0, put: 0, alarm: 0 };

  it.each([
    ['33 requests each', { request: 1 }, 2920 * 3 * 11],
    ['its own memory and that of functions', { gbSecond: 1 }, 2920 * (15 + 3 * (1.1 + 1.2))],
    ['45 documents each', { put: 1 }, 2920 * 3 * 15],
    ['one alarm', { alarm: 1 }, 1],
  ])('a month of the canary with a run every 15 minutes pays for %s', (_, prices, usd) => {
    expect(canaryMonthUsd(15, { ...free, ...prices })).toBeCloseTo(usd);
  });

  it('a month of the canary costs about two dollars at the prices of Sydney', () => {
    expect(canaryMonthUsd(15, callPricesOfSydney)).toBeCloseTo(2.03, 2);
  });
});
