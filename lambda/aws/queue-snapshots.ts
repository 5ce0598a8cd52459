import { loadOnce } from '../../batch-jobs/api/load-once.ts';
import type { Log } from '../../batch-jobs/api/log.ts';
import type { BatchClient } from './batch-client.ts';

export interface QueueSnapshotSettings {
  readonly client: () => Promise<BatchClient>;
  readonly log: Log;
  readonly now: () => Date;
  /** If left out, a second: a status is useful without the snapshot. */
  readonly patienceMilliseconds?: number;
}

/** How long one answer serves every request of this execution environment. */
const keptMilliseconds = 10_000;

const loadBatchClient = loadOnce(() => import('./batch-client.ts'));

interface Kept {
  readonly until: number;
  readonly front: Promise<readonly string[] | undefined>;
}

/**
 * The jobs at the front of a queue. AWS Batch lists the first 100 that are RUNNABLE, in the order in which
 * they start, whether a queue is first in, first out or has fair shares. Calls are throttled per account, so
 * each queue is asked once per {@link keptMilliseconds}; a call that fails or takes too long is not repeated
 * sooner.
 *
 * The role needs batch:GetJobQueueSnapshot on the queues.
 *
 * Source: AWS Batch API Reference, "GetJobQueueSnapshot"
 */
export class QueueSnapshots {
  readonly #settings: QueueSnapshotSettings;
  readonly #kept = new Map<string, Kept>();

  constructor(settings: QueueSnapshotSettings) {
    this.#settings = settings;
  }

  /**
   * @param queue name or ARN
   * @returns AWS Batch ids, the next job to start first; undefined if unknown
   */
  front(queue: string): Promise<readonly string[] | undefined> {
    const now = this.#settings.now().getTime();
    const kept = this.#kept.get(queue);
    if (kept && now < kept.until) return kept.front;
    const front = this.#ask(queue);
    this.#kept.set(queue, { until: now + keptMilliseconds, front });
    return front;
  }

  async #ask(queue: string): Promise<readonly string[] | undefined> {
    const { client, log, patienceMilliseconds = 1_000 } = this.#settings;
    try {
      const [connected, { GetJobQueueSnapshotCommand }] = await Promise.all([
        client(),
        loadBatchClient(),
      ]);
      const { frontOfQueue } = await connected.send(
        new GetJobQueueSnapshotCommand({ jobQueue: queue }),
        { abortSignal: AbortSignal.timeout(patienceMilliseconds) },
      );
      return frontOfQueue?.jobs?.flatMap(({ jobArn }) => jobArn?.split('/').at(-1) ?? []);
    } catch (error) {
      const reason = error instanceof Error ? error.name : 'unknown';
      log.warn('the front of a queue is not known', { queue, reason });
      return undefined;
    }
  }
}
