/**
 * What the service is told about the place it runs in.
 *
 * {@link Configuration} is what the service itself reads, in every mode; {@link AwsConfiguration}
 * adds what the AWS adapters need and is what a configuration file of the bucket is parsed into
 * (`lambda/configuration/parse-configuration.ts`). The embedded mode builds a {@link Configuration} directly.
 */

import type { QueueClass } from '../../batch-jobs/api/process-description.ts';

/** `ows:ServiceIdentification` (OGC 06-121r3, clause 7.4.4). */
export interface ServiceIdentification {
  readonly title: string;
  readonly abstract?: string;
  readonly keywords: readonly string[];
  /** Free text, or `NONE`. */
  readonly fees: string;
  /** Free text, or `NONE`. */
  readonly accessConstraints: string;
}

/** `ows:ServiceContact` (OGC 06-121r3, clause 7.4.5); what is left out is not shown. */
export interface ServiceContact {
  readonly individualName?: string;
  readonly positionName?: string;
  readonly voice?: string;
  readonly facsimile?: string;
  readonly deliveryPoint?: string;
  readonly city?: string;
  readonly administrativeArea?: string;
  readonly postalCode?: string;
  readonly country?: string;
  readonly electronicMailAddress?: string;
}

/** `ows:ServiceProvider` (OGC 06-121r3, clause 7.4.5). */
export interface ServiceProvider {
  readonly name: string;
  /** URL of the provider's site. */
  readonly site?: string;
  readonly contact: ServiceContact;
}

/** Bounds on what one client may ask and on how long things may take. */
export interface Limits {
  /** Largest request body, in bytes. API Gateway passes 10 MB, Lambda 6 MB of base64. */
  readonly maxRequestBytes: number;
  /** Largest output given inside the status document, in bytes; larger ones become references. */
  readonly inlineOutputBytes: number;
  /**
   * How long after its arrival an Execute that wants its result at once is told to come back. API
   * Gateway ends a call after 29 s.
   */
  readonly syncTimeoutSeconds: number;
  /** How long a signed link to an output opens it. */
  readonly outputLinkSeconds: number;
  /** Age of a record's last change after which a status request asks the engine about the job. */
  readonly jobOverdueSeconds: number;
  /** Jobs that may wait or run at once; an Execute beyond them is refused as busy. */
  readonly maxUnfinishedJobs: number;
  /**
   * Hosts that input references may name: `data.example.org` itself, `*.example.org` anything below
   * it. Empty: no references are taken.
   */
  readonly referenceHosts: readonly string[];
  /** Largest input fetched from a reference, in bytes. */
  readonly referenceMaxBytes: number;
  /** How long fetching one reference may take in all. */
  readonly referenceTimeoutSeconds: number;
  /** Hosts that callbacks may be sent to, as {@link referenceHosts}. Empty: no subscriber is taken. */
  readonly callbackHosts: readonly string[];
}

export const defaultLimits: Limits = {
  maxRequestBytes: 4 * 1024 * 1024,
  inlineOutputBytes: 1024 * 1024,
  syncTimeoutSeconds: 20,
  outputLinkSeconds: 300,
  jobOverdueSeconds: 300,
  maxUnfinishedJobs: 1000,
  referenceHosts: [],
  referenceMaxBytes: 512 * 1024 * 1024,
  referenceTimeoutSeconds: 60,
  callbackHosts: [],
};

export interface Configuration {
  /** Name of the environment, which is the function's alias: `DEV`, `PROD`, `$LATEST`, `local`. */
  readonly environment: string;
  /** What every URL of the service begins with, ending in `/`: `https://host/stage/`. */
  readonly baseUrl: string;
  /** Name of a job's status document, as in `jobs/<id>/status.xml`. */
  readonly statusFilename: string;
  readonly identification: ServiceIdentification;
  readonly provider: ServiceProvider;
  /** RFC 4646 language tags on offer; the first is the default. */
  readonly languages: readonly [string, ...string[]];
  /** Identifiers of the processes on offer here, each of them in the catalogue. */
  readonly processes: readonly string[];
  /**
   * Origin whose pages may call the service, or `*` for any: it knows no sessions that they could
   * misuse. Left out, pages of no other origin may.
   */
  readonly allowOrigin?: string;
  readonly limits: Limits;
}

export interface AwsConfiguration extends Configuration {
  readonly region: string;
  /** Start of every Batch job's name; the job's id follows. */
  readonly jobNamePrefix: string;
  /** Name or ARN of the Batch job definition by process identifier. */
  readonly jobDefinitions: Readonly<Record<string, string>>;
  /** Name or ARN of the Batch job queue by class. */
  readonly queues: Readonly<Record<QueueClass, string>>;
  /** Bucket where the jobs' documents and outputs lie. */
  readonly outputBucket: string;
  /** What every key in it starts with: empty, or ending in `/`. */
  readonly outputPrefix: string;
  /** KMS key they are encrypted with; left out, S3's own. */
  readonly outputKmsKey?: string;
}
