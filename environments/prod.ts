import { account, alarms, processes, service, state, tags } from './common.ts';
import type { EnvironmentData } from './environment.ts';

/** The environment that users call. */
export const prod: EnvironmentData = {
  name: 'PROD',
  account,
  network: { kind: 'dedicated', cidr: '10.43.0.0/20', zones: 3 },
  queues: {
    small: {
      instanceTypes: ['m6i.large', 'm5.large', 'm6i.xlarge'],
      minVcpus: 2,
      maxVcpus: 32,
      purchase: 'on-demand',
      storage: { kind: 'root-volume', sizeGiB: 50 },
    },
    timeseries: {
      instanceTypes: ['m7i', 'm6i', 'm5'],
      minVcpus: 0,
      maxVcpus: 128,
      purchase: 'on-demand',
      storage: { kind: 'root-volume', sizeGiB: 50 },
    },
    large: {
      // At most two jobs per machine: each may fill 100 GiB of its volume.
      instanceTypes: ['m7i.large', 'm6i.large', 'm5.large', 'm7i.xlarge', 'm6i.xlarge'],
      minVcpus: 0,
      maxVcpus: 128,
      purchase: 'on-demand',
      storage: { kind: 'data-volume', sizeGiB: 500, iops: 6000, throughputMiBps: 400 },
    },
  },
  processes,
  release: { take: 'promoted', from: 'RC' },
  handler: { concurrency: { kind: 'reserved', requests: 400, jobEvents: 50 } },
  service,
  api: { requestsPerSecond: 100, burst: 200, firewall: { requestsPerFiveMinutes: 3000 } },
  outputs: { retentionDays: 30, deleteWithStack: false },
  logs: { retentionDays: 90 },
  alarms,
  canary: {},
  budget: { monthlyUsd: 1000 },
  tags,
  state,
};
