/**
 * What the service knows about the place it runs in.
 *
 * {@link Configuration} is what the service itself reads, in every mode; {@link AwsConfiguration}
 * adds what the AWS adapters need and is what a configuration file of the bucket is parsed into
 * (`lambda/configuration/parse-configuration.ts`). The embedded mode builds a {@link Configuration} directly.
 */

import type { QueueClass } from '../../batch-jobs/api/process-description.ts';
import type { Limits, WpsVersion } from './limits.ts';
import type { Notice } from './notice.ts';
import type { TraitsOfQueues } from './queue-traits.ts';

/** `ows:ServiceIdentification` (OGC 06-121r3, clause 7.4.4). */
export interface ServiceIdentification {
  readonly title: string;
  readonly abstract?: string;
  readonly keywords: readonly string[];
  /** URL of a page about the service for its users. */
  readonly documentation?: string;
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
  /** Version of WPS that GetCapabilities is answered in where the client names none; left out, 1.0.0. */
  readonly wpsVersion?: WpsVersion;
  readonly limits: Limits;
  /** What users are to read now; no part of the file. */
  readonly notice?: Notice;
  /** What the queues of AWS Batch are like; left out, machines whose jobs run as they came, at no known price. */
  readonly queueTraits?: TraitsOfQueues;
}

export interface AwsConfiguration extends Configuration {
  /** Variables that processes read, which their suggestions and estimates are made with. */
  readonly processVariables?: Readonly<Record<string, string>>;
  readonly region: string;
  /** Start of every Batch job's name; the job's id follows. */
  readonly jobNamePrefix: string;
  /** Name or ARN of the Batch job definition by process identifier. */
  readonly jobDefinitions: Readonly<Record<string, string>>;
  /** As {@link jobDefinitions}, for queues on Fargate; left out without such queues. */
  readonly fargateJobDefinitions?: Readonly<Record<string, string>>;
  /** Name or ARN of the Batch job queue by class. */
  readonly queues: Readonly<Record<QueueClass, string>>;
  /** Bucket where the jobs' documents and outputs are stored. */
  readonly outputBucket: string;
  /** What every key in it starts with: empty, or ending in `/`. */
  readonly outputPrefix: string;
  /** KMS key they are encrypted with; left out, S3's own. */
  readonly outputKmsKey?: string;
  /** Left out, no mail is sent. */
  readonly mail?: {
    /** Address of the sender, with or without a name. */
    readonly from: string;
    /** Of Amazon SES. */
    readonly configurationSet?: string;
  };
}
