import { fargateSize, type TaskSize } from '../../batch-jobs/api/fargate-size.ts';
import { type JobShare, jobUsdPerHour, type QueuePrice } from '../../batch-jobs/api/job-cost.ts';
import { type QueueClass, queueClasses } from '../../batch-jobs/api/process-description.ts';
import type { SettingFault } from './configuration-fault.ts';
import { queueTraitKeys } from './configuration-keys.ts';

/** The traits of a job queue. */
export interface QueueTraits {
  /** What its jobs run on: EC2 machines, or one Fargate task per job. */
  readonly platform: 'EC2' | 'FARGATE';
  readonly scheduling: 'first-come' | 'fair-share';
  /** The price of its jobs; left out if costs are not estimated. */
  readonly price?: QueuePrice;
}

export type TraitsOfQueues = Readonly<Record<QueueClass, QueueTraits>>;

/** The defaults of an AWS Batch queue. */
const plain: QueueTraits = { platform: 'EC2', scheduling: 'first-come' };
export const plainQueues: TraitsOfQueues = { small: plain, timeseries: plain, large: plain };

export const queueTraitDescriptions = {
  platform: {
    allowed: '`EC2`, `FARGATE`',
    default: 'EC2',
    meaning: 'what jobs run on; on Fargate, they have job definitions of their own',
  },
  scheduling: {
    allowed: '`first-come`, `fair-share`',
    default: 'first-come',
    meaning:
      'whether its scheduling policy shares it out among callers; their jobs then name a share',
  },
  price: {
    allowed:
      '`machine <vCPUs> <GiB> <dollars>` or `task <dollars a vCPU> <dollars a GiB> <dollars>`, dollars by the hour',
    default: undefined,
    meaning: 'what jobs cost there; left out, their cost is not estimated',
  },
} as const;

/** The size that jobs get in a queue: on Fargate, the smallest task size that is large enough. */
export function sizeIn({ platform }: QueueTraits, needed: TaskSize): TaskSize {
  return (platform === 'FARGATE' ? fargateSize(needed) : undefined) ?? needed;
}

/** The cost of a job per hour in a queue, in US dollars; undefined if costs are not estimated. */
export function usdPerHourIn(traits: QueueTraits, needed: JobShare): number | undefined {
  return traits.price && jobUsdPerHour(sizeIn(traits, needed), traits.price);
}

/** The price in the notation of a configuration file. */
export function formatPrice(price: QueuePrice): string {
  return price.kind === 'machine'
    ? `machine ${price.vcpus} ${price.memoryGiB} ${figure(price.usdPerHour)}`
    : `task ${figure(price.vcpuUsdPerHour)} ${figure(price.gibUsdPerHour)} ${figure(price.usdPerHour)}`;
}

/** Rounds off digits that come only from floating-point arithmetic. */
function figure(usd: number): string {
  return String(Number(usd.toFixed(9)));
}

function parsePrice(text: string): QueuePrice | undefined {
  const [, kind, first, second, usdPerHour] =
    /^(machine|task) (\d+(?:\.\d+)?) (\d+(?:\.\d+)?) (\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (kind === undefined) return undefined;
  const [a, b, c] = [Number(first), Number(second), Number(usdPerHour)];
  if (kind === 'task') {
    return { kind, vcpuUsdPerHour: a, gibUsdPerHour: b, usdPerHour: c };
  }
  return a > 0 && b > 0 ? { kind: 'machine', vcpus: a, memoryGiB: b, usdPerHour: c } : undefined;
}

/** The queue traits in a configuration file; no values if the file has no traits. */
export function parseQueueTraits(properties: ReadonlyMap<string, string>): {
  readonly values?: TraitsOfQueues;
  readonly faults: readonly SettingFault[];
} {
  const faults: SettingFault[] = [];
  const traitOf = <T>(
    trait: keyof typeof queueTraitKeys,
    queue: QueueClass,
    parse: (text: string) => T | undefined,
  ) => {
    const key = queueTraitKeys[trait](queue);
    const found = properties.get(key);
    if (found === undefined) return undefined;
    const value = parse(found);
    if (value === undefined) {
      faults.push({ key, found, allowed: queueTraitDescriptions[trait].allowed });
    }
    return value;
  };
  const values: Record<QueueClass, QueueTraits> = { ...plainQueues };
  let isSaid = false;
  for (const queue of queueClasses) {
    const platform = traitOf('platform', queue, among('EC2', 'FARGATE'));
    const scheduling = traitOf('scheduling', queue, among('first-come', 'fair-share'));
    const price = traitOf('price', queue, parsePrice);
    if (!platform && !scheduling && !price) continue;
    isSaid = true;
    values[queue] = {
      platform: platform ?? plain.platform,
      scheduling: scheduling ?? plain.scheduling,
      ...(price ? { price } : {}),
    };
  }
  return { ...(isSaid ? { values } : {}), faults };
}

function among<T extends string>(...allowed: readonly T[]) {
  return (text: string): T | undefined => allowed.find((value) => value === text);
}
