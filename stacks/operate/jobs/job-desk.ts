import type { statusInfo } from '../../../lambda/protocols/ogc-api/encode-status-info.ts';

/** A job as OGC API tells it (`statusInfo.yaml`), and what the engine says where it can be asked. */
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
  /** Tells it from every other line of the job. */
  readonly id: string;
  /** Instant, ISO 8601 in UTC. */
  readonly at: string;
  readonly text: string;
}

/** The jobs of one service, as an operator sees them: everybody's. */
export interface JobDesk {
  /** Latest first. */
  list(selection: JobSelection): Promise<readonly JobView[]>;
  /** @throws {OperatorFault} when there is no such job */
  show(id: string): Promise<JobView>;
  /** All that the job has logged so far, oldest first. */
  log(id: string): Promise<readonly LogLine[]>;
  /** What {@link log} is where it is not the log of the program itself. */
  readonly logRemark?: string;
  /** Ends a job, and removes the outputs of one that has ended. */
  dismiss(id: string): Promise<JobView>;
  /** Starts a job with the same inputs. */
  runAgain(id: string): Promise<JobView>;
}

/** Whether nothing will change any more. */
export function hasEnded({ status }: Pick<JobView, 'status'>): boolean {
  return ['successful', 'failed', 'dismissed'].includes(status);
}
