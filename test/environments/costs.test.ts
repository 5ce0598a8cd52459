import { describe, expect, it } from 'vitest';
import { jobCostUsd } from '../../batch-jobs/api/job-cost.ts';
import type { Prices } from '../../environments/prices.ts';
import { atRestUsd, machineHourUsd, thousandJobsUsd } from '../../environments/queue-costs.ts';
import { type QueueSettings, queueSettings } from '../../environments/queue-settings.ts';

/** Round figures, so that what comes out can be reckoned in one's head. */
const prices: Prices = {
  machine: { x86_64: 0.1, arm64: 0.08, spotShare: 0.5, address: 0.01 },
  volume: { gb: 0.73, iops: 0.073, throughput: 0.73 },
  fileSystem: { written: 0.06, read: 0.04 },
};
const queue = (changed: Partial<QueueSettings> = {}): QueueSettings => ({
  ...queueSettings.parse({
    instanceTypes: ['m6i.large'],
    minVcpus: 0,
    maxVcpus: 8,
    purchase: 'on-demand',
    storage: { kind: 'root-volume', sizeGiB: 100 },
  }),
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
  ] satisfies [string, Partial<QueueSettings>, number][])('costs, %s', (_, changed, usd) => {
    expect(machineHourUsd(queue(changed), prices)).toBeCloseTo(usd, 10);
  });
});

describe('a month in which nothing runs', () => {
  it.each([
    [0, 0],
    [1, 1],
    [2, 1],
    [3, 2],
  ])('with minVcpus %i keeps %i machines of 2 vCPU up', (minVcpus, machines) => {
    expect(atRestUsd(queue({ minVcpus }), prices)).toBeCloseTo(machines * 730 * 0.21, 8);
  });
});

describe('a thousand jobs', () => {
  const job = { vcpus: 1, seconds: 3600, scratchGb: 2 };

  it('cost the half of a machine each that they take', () => {
    expect(thousandJobsUsd(queue(), job, prices)).toBeCloseTo(500 * 0.21, 8);
  });

  it('cost nothing more on machines that are kept up and have room', () => {
    expect(thousandJobsUsd(queue({ minVcpus: 2 }), job, prices, true)).toBe(0);
  });

  it('pay for the traffic of EFS beside', () => {
    const storage = { kind: 'efs', throughput: 'elastic' } as const;
    expect(thousandJobsUsd(queue({ storage }), job, prices)).toBeCloseTo(
      500 * 0.14 + 1000 * 2 * 0.1,
      8,
    );
  });
});

describe('the cost of one job', () => {
  const price = { vcpus: 2, memoryGiB: 8, usdPerHour: 0.15, volumesUsdPerHour: 0.05 };
  const share = {
    vcpus: 1,
    memoryMiB: 1024,
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T02:00:00.000Z',
  };

  it.each([
    ['its vCPUs, where they are the larger part', {}, 2 * 0.5 * 0.2],
    ['its memory, where that is', { memoryMiB: 6 * 1024 }, 2 * 0.75 * 0.2],
    ['as many machines as it would fill', { vcpus: 4 }, 2 * 2 * 0.2],
    ['half as much in half the time', { endedAt: '2026-01-01T01:00:00.000Z' }, 0.5 * 0.2],
  ])('counts %s', (_, changed, usd) => {
    expect(jobCostUsd({ ...share, ...changed }, price)).toBeCloseTo(usd, 10);
  });

  it.each(['2026-01-01T00:00:00.000Z', '2025-12-31T23:59:59.000Z', 'never'])(
    'is nothing where the job ended at %s, not after its start',
    (endedAt) => {
      expect(jobCostUsd({ ...share, endedAt }, price)).toBe(0);
    },
  );
});
