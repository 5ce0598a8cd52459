import type { KeyValuePair } from '@aws-sdk/client-batch';
import type { Job } from '../../batch-jobs/api/job.ts';
import { loadOnce } from '../../batch-jobs/api/load-once.ts';
import { retryStrategy } from '../../batch-jobs/api/retry-strategy.ts';
import { runnerVariables } from '../../batch-jobs/api/runner-variables.ts';
import { formatS3Address } from '../../batch-jobs/api/s3-address.ts';
import { sha256 } from '../../batch-jobs/api/sha256.ts';
import type { AwsConfiguration } from '../configuration/configuration.ts';
import { plainQueues, type QueueTraits, sizeIn } from '../configuration/queue-traits.ts';
import {
  EngineBusy,
  type EngineJob,
  isEnded,
  type JobEngine,
  type Submission,
  type WaitingJob,
} from '../jobs/job-engine.ts';
import type { BatchClient } from './batch-client.ts';
import { engineJobOf, jobTags } from './batch-job-detail.ts';
import type { QueueSnapshots } from './queue-snapshots.ts';

export interface BatchJobEngineSettings {
  readonly configuration: AwsConfiguration;
  /** The one client of this execution environment, created on first use. */
  readonly client: () => Promise<BatchClient>;
  /** If left out, the number of jobs ahead of a waiting job is unknown. */
  readonly snapshots?: QueueSnapshots;
  /** Ends every call, including its retries, when aborted. */
  readonly signal?: AbortSignal;
}

/** AWS Batch describes at most this many jobs per call. */
const describedAtOnce = 100;

/** AWS Batch allows no shorter timeout of an attempt. */
const shortestTimeoutSeconds = 60;

const loadBatchClient = loadOnce(() => import('./batch-client.ts'));

/**
 * Runs jobs in AWS Batch.
 *
 * Batch has no idempotency token, so a submission whose answer was lost may have succeeded: {@link find}
 * finds it by the job's name. If a job was submitted twice, its runners settle which of them works on it
 * (`batch-jobs/runner/run-record.ts`).
 *
 * The role needs batch:SubmitJob and batch:TagResource (on the job definitions, queues and jobs),
 * batch:DescribeJobs, batch:ListJobs, batch:TerminateJob and, for `snapshots`, batch:GetJobQueueSnapshot.
 */
export class BatchJobEngine implements JobEngine {
  readonly #configuration: AwsConfiguration;
  readonly #client: () => Promise<BatchClient>;
  readonly #snapshots: QueueSnapshots | undefined;
  readonly #options: { readonly abortSignal?: AbortSignal };

  constructor({ configuration, client, snapshots, signal }: BatchJobEngineSettings) {
    this.#configuration = configuration;
    this.#client = client;
    this.#snapshots = snapshots;
    this.#options = signal ? { abortSignal: signal } : {};
  }

  async submit(submission: Submission): Promise<{ engineJobId: string }> {
    const { jobId, processIdentifier, queue, requirements } = submission;
    const { environment, queues, queueTraits = plainQueues } = this.#configuration;
    const traits = queueTraits[queue];
    const jobDefinition = this.#definitionsFor(traits)[processIdentifier];
    if (!jobDefinition)
      throw new Error(`process ${processIdentifier} has no job definition for queue ${queue} here`);
    const size = sizeIn(traits, requirements);
    const [client, { SubmitJobCommand }] = await this.#sdk();
    const command = new SubmitJobCommand({
      jobName: this.#jobName(jobId, processIdentifier),
      jobQueue: queues[queue],
      jobDefinition,
      // A queue with fair shares accepts only jobs with a share, every other queue only jobs without one.
      ...(traits.scheduling === 'fair-share' ? { shareIdentifier: shareOf(submission) } : {}),
      containerOverrides: {
        resourceRequirements: [
          { type: 'VCPU', value: String(size.vcpus) },
          { type: 'MEMORY', value: String(size.memoryMiB) },
        ],
        environment: this.#variables(submission),
      },
      timeout: {
        attemptDurationSeconds: Math.max(shortestTimeoutSeconds, requirements.timeoutSeconds),
      },
      retryStrategy: {
        attempts: requirements.attempts,
        evaluateOnExit: [...retryStrategy(requirements.attempts).evaluateOnExit],
      },
      tags: {
        [jobTags.jobId]: jobId,
        [jobTags.process]: tagValue(processIdentifier),
        [jobTags.environment]: tagValue(environment),
      },
      propagateTags: true,
    });
    const answer = await client.send(command, this.#options).catch(busyWhenThrottled);
    if (!answer.jobId) throw new Error('AWS Batch answered a submission without a job id');
    return { engineJobId: answer.jobId };
  }

  async describe(engineJobId: string): Promise<EngineJob | undefined> {
    return (await this.describeMany([engineJobId])).get(engineJobId);
  }

  async describeMany(engineJobIds: readonly string[]): Promise<ReadonlyMap<string, EngineJob>> {
    const [client, { DescribeJobsCommand }] = await this.#sdk();
    const described = new Map<string, EngineJob>();
    for (let start = 0; start < engineJobIds.length; start += describedAtOnce) {
      const jobs = engineJobIds.slice(start, start + describedAtOnce);
      const answer = await client.send(new DescribeJobsCommand({ jobs }), this.#options);
      for (const detail of answer.jobs ?? []) {
        const engineJob = engineJobOf(detail);
        if (engineJob) described.set(engineJob.engineJobId, engineJob);
      }
    }
    return described;
  }

  async find({ id, process, queue }: Pick<Job, 'id' | 'process' | 'queue'>) {
    const [client, { ListJobsCommand }] = await this.#sdk();
    let next: string | undefined;
    do {
      const page = await client.send(
        new ListJobsCommand({
          jobQueue: this.#configuration.queues[queue],
          // With a filter, Batch lists jobs of every state.
          filters: [{ name: 'JOB_NAME', values: [this.#jobName(id, process.identifier)] }],
          nextToken: next,
        }),
        this.#options,
      );
      const found = page.jobSummaryList?.[0]?.jobId;
      if (found) return found;
      next = page.nextToken;
    } while (next);
    return undefined;
  }

  /**
   * The snapshot lists only the front of a queue, so a job further back, or one that does not wait for a
   * machine, is missing.
   */
  async ahead({ engineJobId, queue }: WaitingJob): Promise<number | undefined> {
    const front = await this.#snapshots?.front(this.#configuration.queues[queue]);
    const place = front?.indexOf(engineJobId) ?? -1;
    return place < 0 ? undefined : place;
  }

  async terminate(engineJobId: string, reason: string): Promise<void> {
    const [client, { TerminateJobCommand }] = await this.#sdk();
    try {
      // Also cancels a job that has not started.
      await client.send(new TerminateJobCommand({ jobId: engineJobId, reason }), this.#options);
    } catch (error) {
      const job = await this.describe(engineJobId);
      if (job && !isEnded(job)) throw error;
    }
  }

  #definitionsFor({ platform }: QueueTraits): Readonly<Record<string, string>> {
    const { jobDefinitions, fargateJobDefinitions = {} } = this.#configuration;
    return platform === 'FARGATE' ? fargateJobDefinitions : jobDefinitions;
  }

  /** At most 128 letters, digits, hyphens and underscores. */
  #jobName(jobId: string, processIdentifier: string): string {
    const process = processIdentifier.replaceAll(/[^A-Za-z0-9_-]+/g, '_');
    const start = `${this.#configuration.jobNamePrefix}-${process}`.slice(0, 127 - jobId.length);
    return `${start}-${jobId}`;
  }

  #variables({ jobId, requirements }: Submission): KeyValuePair[] {
    const { environment, region, outputBucket, outputPrefix, outputKmsKey, limits } =
      this.#configuration;
    const values: [string, string | undefined][] = [
      [runnerVariables.jobId, jobId],
      [runnerVariables.environment, environment],
      [runnerVariables.attempts, String(requirements.attempts)],
      [runnerVariables.store, formatS3Address({ bucket: outputBucket, prefix: outputPrefix })],
      [runnerVariables.region, region],
      [runnerVariables.kmsKey, outputKmsKey],
      [runnerVariables.inlineOutputBytes, String(limits.inlineOutputBytes)],
      [runnerVariables.referenceHosts, limits.referenceHosts.join(',') || undefined],
      [runnerVariables.referenceMaxBytes, String(limits.referenceMaxBytes)],
      [runnerVariables.referenceTimeoutSeconds, String(limits.referenceTimeoutSeconds)],
    ];
    return values.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
  }

  #sdk() {
    return Promise.all([this.#client(), loadBatchClient()]);
  }
}

/**
 * The share of a queue that a job counts against: that of its owner or, without an owner, of its process. AWS
 * accepts only letters and digits, but identities contain other characters.
 */
function shareOf({ owner, processIdentifier }: Submission): string {
  const [kind, name] = owner === undefined ? ['process', processIdentifier] : ['owner', owner];
  return `${kind}${sha256(name).slice(0, 32)}`;
}

/** Throttling that outlasts the SDK's own retries means that the engine is busy. */
function busyWhenThrottled(error: unknown): never {
  const isThrottled =
    error instanceof Error && /^(TooManyRequests|Throttling|RequestLimitExceeded)/.test(error.name);
  throw isThrottled ? new EngineBusy('calls to AWS Batch are throttled', { cause: error }) : error;
}

/** Replaces characters that a tag's value may not contain, such as that of `$LATEST`. */
function tagValue(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} +\-=._:/@]/gu, '_').slice(0, 256);
}
