import type { Log } from '../../batch-jobs/api/log.ts';
import type { QueueClass } from '../../batch-jobs/api/process-description.ts';
import type { CallbackNetwork } from '../callbacks/open-callbacks.ts';
import type { Limits, WpsVersion } from '../configuration/limits.ts';
import type { LocalAccess } from './local-access.ts';
import type { LocalQueue } from './local-job-engine.ts';

/** How mails leave this machine. */
export type EmbeddedMail = {
  /** Address of the sender, with or without a name. */
  readonly from: string;
} & (
  | {
      /** URL of an SMTP server: `smtp://user:password@host:587`. */
      readonly smtpUrl: string;
    }
  | {
      /** Folder to which mails are written as files. */
      readonly folder: string;
    }
);

export interface EmbeddedOptions extends LocalAccess {
  /** Port on 127.0.0.1; 0 means any free port. */
  readonly port: number;
  /** Folder for all documents, outputs and the engine's queue. */
  readonly dataDir: string;
  /** Folder that holds one folder of NetCDF files per layer. */
  readonly layersDir: string;
  /** Folder of the built processes and of the runner (`dist/batch-jobs`). */
  readonly batchJobsDir: string;
  /**
   * Folder of folders that are processes, each described in its process file; if left out, there are no such
   * processes.
   */
  readonly processesDir?: string;
  /** Receives each fault in a process file; if left out, faults only go to the log. */
  readonly onProcessFault?: (fault: string) => void;
  /** Variables that jobs inherit. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The most jobs that may wait; more are refused as busy. If left out, a thousand. */
  readonly waitingJobs?: number;
  /** Days for which a job is stored after its end; if left out, thirty. */
  readonly keepDays?: number;
  readonly queues?: Readonly<Record<QueueClass, LocalQueue>>;
  /** WPS version for clients that name no version; if left out, 1.0.0. */
  readonly wpsVersion?: WpsVersion;
  readonly limits?: Partial<Limits>;
  /** The longest time to answer one request; if left out, a minute. */
  readonly requestSeconds?: number;
  /** Time between sweeps of the unfinished jobs; if left out, a minute. */
  readonly sweepSeconds?: number;
  /** Whether to offer the process that test suites run against; if left out, it is offered. */
  readonly testProcess?: boolean;
  /** How callbacks reach the network; only tests replace it. */
  readonly callbackNetwork?: CallbackNetwork;
  /** Sends e-mail about jobs; if left out, no mail is sent. */
  readonly mail?: EmbeddedMail;
  /** File descriptor that jobs print to; if left out, this process's standard error. */
  readonly jobOutput?: number;
  readonly log: Log;
}
