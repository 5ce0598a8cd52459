import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { recordEvents } from './recorded-events.ts';

export interface JobTroubleProps {
  readonly deployment: Deployment;
  readonly queueArns: readonly string[];
  readonly logRetentionDays: number;
}

/**
 * Logs failed jobs and queues whose first job is stuck, as Batch reports them, independently of our own code.
 * The rule's own metric counts stuck queues; it does not count failed jobs, since Batch reports a job that
 * its user dismissed as failed.
 *
 * Source: https://docs.aws.amazon.com/batch/latest/userguide/batch-job-queue-blocked-events.html
 */
export class JobTrouble extends Construct {
  /** Name of the rule that blocked queues trigger. */
  readonly blockedRule: string;

  constructor(scope: Construct, id: string, props: JobTroubleProps) {
    super(scope, id);
    const { queueArns } = props;
    this.#record('failed-jobs', 'Jobs that failed.', props, {
      'detail-type': ['Batch Job State Change'],
      detail: { jobQueue: queueArns, status: ['FAILED'] },
    });
    this.blockedRule = this.#record('blocked-queues', 'Queues whose first job is stuck.', props, {
      'detail-type': ['Batch Job Queue Blocked'],
      detail: { jobQueue: queueArns },
    });
  }

  #record(
    id: string,
    description: string,
    { deployment, logRetentionDays }: JobTroubleProps,
    pattern: object,
  ): string {
    return recordEvents(this, id, {
      deployment,
      description,
      pattern: { source: ['aws.batch'], ...pattern },
      logRetentionDays,
    });
  }
}
