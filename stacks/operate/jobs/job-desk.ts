import type { statusInfo } from '../../../lambda/protocols/ogc-api/encode-status-info.ts';

/** A job as OGC API describes it (`statusInfo.yaml`), with the engine's own state if known. */
export type JobView = Omit<ReturnType<typeof statusInfo>, 'links' | 'type'> & {
  readonly engine?: {
    readonly jobId: string;
    readonly status: string;
    readonly queue: string;
    readonly attempts: number;
    readonly reason?: string;
    readonly exitCode?: number;
  };
};

export interface JobSelection {
  readonly process?: string;
  /** As OGC API names it: `accepted`, `running`, `successful`, `failed`, `dismissed`. */
  readonly status?: string;
  readonly limit: number;
}

export interface LogLine {
  /** Distinguishes the line from every other line of the job. */
  readonly id: string;
  /** Instant, ISO 8601 in UTC. */
  readonly at: string;
  readonly text: string;
}

/** The jobs of one service, of all users, as an operator sees them. */
export interface JobDesk {
  /** Latest first. */
  list(selection: JobSelection): Promise<readonly JobView[]>;
  /** @throws {OperatorFault} if there is no such job */
  show(id: string): Promise<JobView>;
  /** Everything that the job has logged so far, oldest first. */
  log(id: string): Promise<readonly LogLine[]>;
  /** Says what {@link log} contains, if it is not the log of the program itself. */
  readonly logRemark?: string;
  /** Ends a job, and removes the outputs of one that has ended. */
  dismiss(id: string): Promise<JobView>;
  /** Starts a job with the same inputs. */
  runAgain(id: string): Promise<JobView>;
}

/** Whether the job is in its final state. */
export function hasEnded({ status }: Pick<JobView, 'status'>): boolean {
  return ['successful', 'failed', 'dismissed'].includes(status);
}

/** Words for an operator who names a job that does not exist: ids that were cut, and jobs that expired. */
export function noSuchJob(id: string): string {
  return `There is no job "${id}": it may have expired, or the id is not whole; "jobs list" shows the jobs that exist.`;
}
