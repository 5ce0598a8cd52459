/**
 * What the service knows about the environment that it runs in.
 *
 * The service itself reads {@link Configuration}, in every mode. {@link AwsConfiguration} adds what the AWS
 * adapters need; a configuration file of the bucket is parsed into it
 * (`lambda/configuration/parse-configuration.ts`). The embedded mode builds a {@link Configuration} directly.
 */

import type { Retention } from '../../batch-jobs/api/job-expiry.ts';
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

/** `ows:ServiceContact` (OGC 06-121r3, clause 7.4.5); a property that is left out is not shown. */
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

export interface Configuration extends Retention {
  /** Name of the environment, which is the function's alias: `DEV`, `PROD`, `$LATEST`, `local`. */
  readonly environment: string;
  /** The prefix of every URL of the service, ending in `/`: `https://host/stage/`. */
  readonly baseUrl: string;
  /** Name of a job's status document, as in `jobs/<id>/status.xml`. */
  readonly statusFilename: string;
  readonly identification: ServiceIdentification;
  readonly provider: ServiceProvider;
  /** RFC 4646 language tags that the service offers; the first is the default. */
  readonly languages: readonly [string, ...string[]];
  /** Identifiers of the processes offered here, each of them in the catalogue. */
  readonly processes: readonly string[];
  /**
   * Origin whose pages may call the service, or `*` for any: the service has no sessions that a page could
   * misuse. If left out, pages of other origins may not.
   */
  readonly allowOrigin?: string;
  /** WPS version of the GetCapabilities response if the client names no version; if left out, 1.0.0. */
  readonly wpsVersion?: WpsVersion;
  readonly limits: Limits;
  /** A current message to users; not part of the file. */
  readonly notice?: Notice;
  /**
   * Traits of the AWS Batch queues; if left out, EC2 machines, first come first served, at an unknown price.
   */
  readonly queueTraits?: TraitsOfQueues;
}

export interface AwsConfiguration extends Configuration {
  /** Variables that processes read, for their suggestions and estimates. */
  readonly processVariables?: Readonly<Record<string, string>>;
  readonly region: string;
  /** Prefix of every Batch job's name; the job's id follows. */
  readonly jobNamePrefix: string;
  /** Name or ARN of the Batch job definition by process identifier. */
  readonly jobDefinitions: Readonly<Record<string, string>>;
  /** Like {@link jobDefinitions}, for queues on Fargate; left out if there are no such queues. */
  readonly fargateJobDefinitions?: Readonly<Record<string, string>>;
  /** Name or ARN of the Batch job queue by class. */
  readonly queues: Readonly<Record<QueueClass, string>>;
  /** Bucket for the jobs' documents and outputs. */
  readonly outputBucket: string;
  /** Prefix of every key in the bucket: empty, or ending in `/`. */
  readonly outputPrefix: string;
  /** KMS key that encrypts them; if left out, S3's own. */
  readonly outputKmsKey?: string;
  /** If left out, no mail is sent. */
  readonly mail?: {
    /** Address of the sender, with or without a name. */
    readonly from: string;
    /** Configuration set of Amazon SES. */
    readonly configurationSet?: string;
  };
}
