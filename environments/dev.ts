import { account, alarms, processes, service, state, tags } from './common.ts';
import type { EnvironmentData } from './environment.ts';

/**
 * Where developers try things: the newest release, Spot machines, scratch in EFS, outputs kept for two weeks.
 */
export const dev: EnvironmentData = {
  name: 'DEV',
  account,
  network: { kind: 'dedicated', cidr: '10.40.0.0/20', zones: 2 },
  queues: {
    small: {
      instanceTypes: ['m6i.large', 'm5.large', 'm6i.xlarge'],
      minVcpus: 2,
      maxVcpus: 8,
      purchase: 'on-demand',
      storage: { kind: 'root-volume', sizeGiB: 30 },
    },
    timeseries: {
      instanceTypes: ['m7i', 'm6i', 'm5'],
      minVcpus: 0,
      maxVcpus: 16,
      purchase: 'spot',
      storage: { kind: 'root-volume', sizeGiB: 50 },
    },
    large: {
      instanceTypes: ['m7i', 'm6i', 'm5'],
      minVcpus: 0,
      maxVcpus: 16,
      purchase: 'spot',
      storage: { kind: 'efs', throughput: 'elastic' },
    },
  },
  processes,
  release: { take: 'newest' },
  handler: { concurrency: { kind: 'reserved', requests: 20, jobEvents: 5 } },
  service: { ...service, title: `${service.title} (development)` },
  api: { requestsPerSecond: 20, burst: 40 },
  outputs: { retentionDays: 14, deleteWithStack: true },
  deletionProtection: false,
  logs: { retentionDays: 30 },
  alarms,
  budget: { monthlyUsd: 150 },
  tags,
  state,
};
