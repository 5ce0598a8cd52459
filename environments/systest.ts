import { account, alarms, processes, service, state, tags } from './common.ts';
import { dev } from './dev.ts';
import type { EnvironmentData } from './environment.ts';

/** Where the release of DEV is tested as a whole, on machines like those of PROD. */
export const systest: EnvironmentData = {
  name: 'SYSTEST',
  account,
  network: { kind: 'dedicated', cidr: '10.41.0.0/20', zones: 2 },
  queues: {
    small: dev.queues.small,
    timeseries: { ...dev.queues.timeseries, maxVcpus: 32 },
    large: {
      // One job per machine: it may fill 100 GiB of its volume.
      instanceTypes: ['m7i.large', 'm6i.large', 'm5.large'],
      minVcpus: 0,
      maxVcpus: 32,
      purchase: 'spot',
      storage: { kind: 'data-volume', sizeGiB: 200 },
    },
  },
  processes,
  release: { take: 'promoted', from: 'DEV' },
  handler: { concurrency: { kind: 'reserved', requests: 50, jobEvents: 10 } },
  service: { ...service, title: `${service.title} (system test)` },
  api: { requestsPerSecond: 50, burst: 100 },
  outputs: { retentionDays: 14, deleteWithStack: true },
  deletionProtection: false,
  logs: { retentionDays: 30 },
  alarms,
  budget: { monthlyUsd: 200 },
  tags,
  state,
};
