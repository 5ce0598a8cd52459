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
      /** Of an SMTP server: `smtp://user:password@host:587`. */
      readonly smtpUrl: string;
    }
  | {
      /** That mails are written to as files. */
      readonly folder: string;
    }
);

export interface EmbeddedOptions extends LocalAccess {
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Folder for all documents, outputs and the engine's queue. */
  readonly dataDir: string;
  /** Folder that holds one folder of NetCDF files per layer. */
  readonly layersDir: string;
  /** Folder of the built processes and of the runner (`dist/batch-jobs`). */
  readonly batchJobsDir: string;
  /** Folder of folders that are processes, each described in its process file; left out, none. */
  readonly processesDir?: string;
  /** Receives each fault in a process file; left out, faults only go to the log. */
  readonly onProcessFault?: (fault: string) => void;
  /** Variables jobs inherit. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Jobs that may wait; more are refused as busy. Left out, a thousand. */
  readonly waitingJobs?: number;
  /** Days that a job is kept once it has ended; left out, thirty. */
  readonly keepDays?: number;
  readonly queues?: Readonly<Record<QueueClass, LocalQueue>>;
  /** Version of WPS for clients that name none; left out, 1.0.0. */
  readonly wpsVersion?: WpsVersion;
  readonly limits?: Partial<Limits>;
  /** How long answering one request may take; left out, a minute. */
  readonly requestSeconds?: number;
  /** Time between looks at the unfinished jobs; left out, a minute. */
  readonly sweepSeconds?: number;
  /** Offers the process that test suites run against; left out, it does. */
  readonly testProcess?: boolean;
  /** How callbacks reach the network; replaced by tests only. */
  readonly callbackNetwork?: CallbackNetwork;
  /** Sends e-mail about jobs; left out, no mail is sent. */
  readonly mail?: EmbeddedMail;
  /** File descriptor that jobs print to; left out, this process's standard error. */
  readonly jobOutput?: number;
  readonly log: Log;
}
