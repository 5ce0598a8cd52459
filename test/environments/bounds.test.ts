import { describe, expect, it } from 'vitest';
import { dev } from '../../environments/dev.ts';
import type { EnvironmentData } from '../../environments/environment.ts';
import { installationData } from '../../environments/index.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { SettingsError } from '../../environments/parse-settings.ts';
import { machineQueue } from './machine-queue.ts';

type Change = Record<string, unknown>;

/** Paths of DEV's settings that are refused. */
function refused(change: Change, shared: Change = {}): readonly string[] {
  try {
    parseInstallation({
      shared: { ...(installationData.shared as object), ...shared },
      environments: [{ ...dev, ...change } as EnvironmentData],
    });
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.faults.map(({ path }) => path);
    throw error;
  }
}

const small = (change: Change): Change => ({
  queues: { ...dev.queues, small: { ...machineQueue(dev.queues.small), ...change } },
});
const data = { kind: 'data-volume', sizeGiB: 100 };
const large = (change: Change): Change => ({
  queues: { ...dev.queues, large: { ...dev.queues.large, storage: { ...data, ...change } } },
});
const network = (change: Change): Change => ({ network: { ...dev.network, ...change } });
const api = (change: Change): Change => ({ api: { ...dev.api, ...change } });
const plan = (change: Change): Change =>
  api({
    access: {
      kind: 'api-key',
      plans: { a: { requestsPerSecond: 1, burst: 1, keys: ['k'], ...change } },
    },
  });
const kept = (keptSeconds: number): Change =>
  api({
    access: {
      kind: 'jwt',
      authorizer: {
        kind: 'lambda',
        functionArn: 'arn:aws:lambda:ap-southeast-2:123456789012:function:tokens',
        keptSeconds,
      },
    },
  });
const reserved = (requests: number): Change => ({
  handler: { concurrency: { kind: 'reserved', requests, jobEvents: 1 } },
});

/** A setting, its largest or smallest allowed value, and a value beyond that. */
const bounds: readonly (readonly [string, (value: number) => Change, number, number])[] = [
  [
    'the smallest root volume, in GiB',
    (sizeGiB) => small({ storage: { kind: 'root-volume', sizeGiB } }),
    30,
    29,
  ],
  [
    'the largest root volume, in GiB',
    (sizeGiB) => small({ storage: { kind: 'root-volume', sizeGiB } }),
    16_384,
    16_385,
  ],
  ['the smallest data volume, in GiB', (sizeGiB) => large({ sizeGiB }), 50, 49],
  ['the least IOPS', (iops) => large({ iops }), 3000, 2999],
  ['the most IOPS', (iops) => large({ iops }), 16_000, 16_001],
  ['the least throughput, in MiB/s', (throughputMiBps) => large({ throughputMiBps }), 125, 124],
  ['the most throughput, in MiB/s', (throughputMiBps) => large({ throughputMiBps }), 1000, 1001],
  [
    'the soonest that a stuck job is cancelled, in minutes',
    (stuckAfterMinutes) => small({ stuckAfterMinutes }),
    10,
    9,
  ],
  [
    'the latest that a stuck job is cancelled, in minutes',
    (stuckAfterMinutes) => small({ stuckAfterMinutes }),
    1440,
    1441,
  ],
  [
    'the vCPUs that are kept up, which may be all',
    (minVcpus) => small({ minVcpus, maxVcpus: 8 }),
    8,
    9,
  ],
  ['no vCPUs that are kept up', (minVcpus) => small({ minVcpus }), 0, -1],
  ['the most vCPUs', (maxVcpus) => small({ maxVcpus }), 10_000, 10_001],
  ['the smallest network', (size) => network({ cidr: `10.40.0.0/${size}` }), 24, 25],
  ['the largest network', (size) => network({ cidr: `10.40.0.0/${size}` }), 16, 15],
  ['the fewest zones', (zones) => network({ zones }), 2, 1],
  ['the most zones', (zones) => network({ zones }), 4, 5],
  ['the least requests per second', (requestsPerSecond) => api({ requestsPerSecond }), 1, 0],
  [
    'the most requests per second',
    (requestsPerSecond) => api({ requestsPerSecond }),
    10_000,
    10_001,
  ],
  ['the least requests at once', (burst) => api({ burst }), 1, 0],
  ['the most requests at once', (burst) => api({ burst }), 5000, 5001],
  [
    'the least of a firewall',
    (requestsPerFiveMinutes) => api({ firewall: { requestsPerFiveMinutes } }),
    100,
    99,
  ],
  ['the least requests at once of a plan', (burst) => plan({ burst }), 1, 0],
  ['the least requests of a day of a plan', (requestsPerDay) => plan({ requestsPerDay }), 1, 0],
  ['no time that an answer to a token is kept', kept, 0, -1],
  ['the longest time that an answer to a token is kept, in seconds', kept, 3600, 3601],
  [
    'the least memory of a function, in MiB',
    (memoryMiB) => ({ handler: { ...dev.handler, memoryMiB } }),
    128,
    127,
  ],
  [
    'the most memory of a function, in MiB',
    (memoryMiB) => ({ handler: { ...dev.handler, memoryMiB } }),
    10_240,
    10_241,
  ],
  ['the least executions that are set aside', reserved, 1, 0],
  [
    'the shortest life of outputs, in days',
    (retentionDays) => ({ outputs: { ...dev.outputs, retentionDays } }),
    1,
    0,
  ],
  [
    'the longest life of outputs, in days',
    (retentionDays) => ({ outputs: { ...dev.outputs, retentionDays } }),
    36_500,
    36_501,
  ],
  [
    'the shortest life of log lines, in days',
    (retentionDays) => ({ logs: { retentionDays } }),
    1,
    2,
  ],
  [
    'the longest life of log lines, in days',
    (retentionDays) => ({ logs: { retentionDays } }),
    3653,
    3654,
  ],
  [
    'the fewest failed jobs of an alarm',
    (failedJobsPerHour) => ({ alarms: { failedJobsPerHour } }),
    1,
    0,
  ],
  [
    'the shortest wait of an alarm, in minutes',
    (waitingMinutes) => ({ alarms: { waitingMinutes } }),
    1,
    0,
  ],
  ['the most frequent canary, in minutes', (everyMinutes) => ({ canary: { everyMinutes } }), 5, 4],
  ['the rarest canary, in minutes', (everyMinutes) => ({ canary: { everyMinutes } }), 720, 721],
  ['the smallest budget, in US dollars', (monthlyUsd) => ({ budget: { monthlyUsd } }), 0.01, 0],
];

describe('settings of an environment', () => {
  it.each(bounds)(
    'settings of an environment may be %s, and no further',
    (_, change, allowed, beyond) => {
      expect(refused(change(allowed))).toEqual([]);
      expect(refused(change(beyond))).toHaveLength(1);
    },
  );

  it('an environment may have a data volume as large as the one in the image, and no smaller', () => {
    const image = (dataVolumeGiB: number) => ({
      image: { ...(installationData.shared as { image?: object }).image, dataVolumeGiB },
    });
    expect(refused(large({ sizeGiB: 80 }), image(80))).toEqual([]);
    expect(refused(large({ sizeGiB: 80 }), image(81))).toEqual([
      'DEV.queues.large.storage.sizeGiB',
    ]);
  });

  it('environments may reserve all executions except the hundred that Lambda keeps', () => {
    expect(refused(reserved(899), { concurrentExecutions: 1000 })).toEqual([]);
    expect(refused(reserved(900), { concurrentExecutions: 1000 })).toEqual([
      'SHARED.concurrentExecutions',
    ]);
  });
});
