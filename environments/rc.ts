import { account, alarms, processes, service, state, tags } from './common.ts';
import type { EnvironmentData } from './environment.ts';
import { prod } from './prod.ts';

/** The release candidate: the machines and queues of PROD, at a smaller size. */
export const rc: EnvironmentData = {
  name: 'RC',
  account,
  network: { kind: 'dedicated', cidr: '10.42.0.0/20', zones: 3 },
  queues: {
    small: prod.queues.small,
    timeseries: { ...prod.queues.timeseries, maxVcpus: 64 },
    large: { ...prod.queues.large, maxVcpus: 64 },
  },
  processes,
  release: { take: 'promoted', from: 'SYSTEST' },
  handler: { concurrency: { kind: 'reserved', requests: 100, jobEvents: 20 } },
  service: { ...service, title: `${service.title} (release candidate)` },
  api: prod.api,
  outputs: { retentionDays: 14, deleteWithStack: false },
  logs: { retentionDays: 60 },
  alarms,
  canary: {},
  budget: { monthlyUsd: 300 },
  tags,
  state,
};
