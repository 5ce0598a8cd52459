import { callPricesOfSydney, canaryMonthUsd } from '../environments/canary-cost.ts';
import { dev } from '../environments/dev.ts';
import { pricesOfSydney as prices } from '../environments/prices.ts';
import {
  atRestUsd,
  type JobKind,
  machineHourUsd,
  thousandJobsUsd,
} from '../environments/queue-costs.ts';
import {
  type FargateQueueSettings,
  isFargate,
  type MachineQueueSettings,
  type QueueSettings,
  queueSettings,
} from '../environments/queue-settings.ts';

const short: JobKind = { vcpus: 1, memoryMiB: 2048, seconds: 10, scratchGb: 0 };
const long: JobKind = { vcpus: 2, memoryMiB: 4096, seconds: 600, scratchGb: 2 };
const keptUp = machines(dev.queues.small);
const fromZero: MachineQueueSettings = { ...keptUp, minVcpus: 0 };
const fargate: FargateQueueSettings = {
  kind: 'fargate',
  architecture: 'x86_64',
  maxVcpus: 8,
  purchase: 'on-demand',
  scheduling: 'first-come',
  stuckAfterMinutes: 60,
};
const volume = (sizeGiB: number): MachineQueueSettings['storage'] => ({
  kind: 'data-volume',
  sizeGiB,
  iops: 6000,
  throughputMiBps: 400,
});

const choices: readonly (readonly [string, QueueSettings])[] = [
  ['a machine kept up, on demand', keptUp],
  ['a machine kept up, on demand, Graviton', { ...keptUp, instanceTypes: ['m7g.large'] }],
  ['from zero, on demand', fromZero],
  ['from zero, on demand, Graviton', { ...fromZero, instanceTypes: ['m7g.large'] }],
  ['from zero, Spot', { ...fromZero, purchase: 'spot' }],
  [
    'from zero, Spot, scratch in EFS',
    { ...fromZero, purchase: 'spot', storage: { kind: 'efs', throughput: 'elastic' } },
  ],
  [
    'from zero, on demand, scratch in EFS',
    { ...fromZero, storage: { kind: 'efs', throughput: 'elastic' } },
  ],
  ['from zero, on demand, data volume of 500 GB', { ...fromZero, storage: volume(500) }],
  [
    'from zero, Spot, data volume of 500 GB',
    { ...fromZero, purchase: 'spot', storage: volume(500) },
  ],
  ['Fargate, on demand', fargate],
  ['Fargate, on demand, Graviton', { ...fargate, architecture: 'arm64' } as const],
  ['Fargate, Spot', { ...fargate, purchase: 'spot' }],
];

/** The cost of each choice for a queue, in Markdown, for `docs/costs.md`. */
export function generateCosts(): string {
  return [
    '<!-- Written by `npm run docs` from environments/queue-costs.ts. Do not edit. -->',
    '',
    '# What a queue costs',
    '',
    'In US dollars, with the prices of `environments/prices.ts` (Sydney, entered in November 2026): inputs that AWS',
    'changes, with the pages to look yours up. The same arithmetic for every choice: machines of 2 vCPU and 8 GiB with their address and volumes, by the share that jobs keep from',
    'others; tasks on Fargate by their size, with their address; and the traffic of EFS. Requests, outputs and alarms come on top: [deploy.md](deploy.md#what-it-costs).',
    '',
    '- **At rest**: a month of 730 hours in which nothing runs.',
    `- **Short**: a thousand jobs of ${short.vcpus} vCPU, 2 GiB and ${short.seconds} s. On a machine that is kept up and has room they cost nothing more.`,
    `- **Long**: a thousand jobs of ${long.vcpus} vCPU, 4 GiB and ${long.seconds} s, each of which writes ${long.scratchGb} GB of scratch and reads it again.`,
    '',
    '| queue | an hour of a machine | at rest | 1000 short jobs | 1000 long jobs |',
    '|---|---|---|---|---|',
    ...choices.map(([name, queue]) =>
      row(name, [
        isFargate(queue) ? '–' : machineHourUsd(queue, prices).toFixed(4),
        ...[
          atRestUsd(queue, prices),
          thousandJobsUsd(queue, short, prices, !isFargate(queue) && queue.minVcpus > 0),
          thousandJobsUsd(queue, long, prices),
        ].map((usd) => usd.toFixed(2)),
      ]),
    ),
    '',
    'From zero, the first job of a quiet time waits some minutes for its machine, and a machine stays up for',
    'some minutes after its last job, which is not in these figures. A task on Fargate starts in about a minute,',
    'is billed for a minute at least, and for its size: a job of 1 vCPU has 2 GiB there.',
    '',
    '## The canary',
    '',
    'A month of its function and alarm, and of the requests and documents of its jobs (`environments/canary-cost.ts`). In a',
    'queue from zero its jobs also keep a machine up for a part of the time: at 15 minutes, nearly all of it.',
    '',
    '| a run every | a month |',
    '|---|---|',
    ...[5, 15, 60].map(
      (minutes) =>
        `| ${minutes} minutes | ${canaryMonthUsd(minutes, callPricesOfSydney).toFixed(2)} |`,
    ),
    '',
  ].join('\n');
}

function machines(data: unknown): MachineQueueSettings {
  const settings = queueSettings.parse(data);
  if (isFargate(settings)) throw new Error('the small queue of DEV is on Fargate');
  return settings;
}

function row(name: string, cells: readonly string[]): string {
  return `| ${[name, ...cells].join(' | ')} |`;
}
