/**
 * Keys of an environment's configuration file, `<bucket>/<alias>/<file>`, in Java properties format.
 *
 * The environment's stack writes the file and `lambda/configuration/parse-configuration.ts` reads it, so both
 * use the names from here. `configuration-settings.ts` has the meaning and the default of each key,
 * `limits.ts` those of numbers.
 */

import type { QueueClass } from '../../batch-jobs/api/process-description.ts';

export const configurationKeys = {
  /** Base of every URL that the service returns, `https://host/stage/wps/`. Required. */
  statusLocation: 'STATUS_LOCATION',
  statusFilename: 'STATUS_FILENAME',
  /** Prefix of every Batch job's name. */
  jobName: 'JOB_NAME',
  /** Queue of every class that has no key of its own (see {@link queueKey}). */
  jobQueueName: 'JOB_QUEUE_NAME',
  /** Required. */
  region: 'AWS_REGION',
  /** Bucket for the jobs' documents and outputs. Required. */
  outputBucket: 'OUTPUT_S3_BUCKET',
  /** Prefix of every key in the bucket. */
  outputPrefix: 'OUTPUT_S3_PREFIX',
  /** KMS key that encrypts them; if left out, S3's own. */
  outputKmsKey: 'OUTPUT_KMS_KEY',
  /** Days that jobs are kept after their end; the bucket's lifecycle rules remove them. */
  retentionDays: 'OUTPUT_RETENTION_DAYS',
  languages: 'LANGUAGES',
  serviceTitle: 'SERVICE_TITLE',
  serviceAbstract: 'SERVICE_ABSTRACT',
  serviceKeywords: 'SERVICE_KEYWORDS',
  serviceDocumentation: 'SERVICE_DOCUMENTATION',
  serviceFees: 'SERVICE_FEES',
  serviceAccessConstraints: 'SERVICE_ACCESS_CONSTRAINTS',
  providerName: 'PROVIDER_NAME',
  providerSite: 'PROVIDER_SITE',
  contactIndividualName: 'CONTACT_INDIVIDUAL_NAME',
  contactPositionName: 'CONTACT_POSITION_NAME',
  contactVoice: 'CONTACT_VOICE',
  contactFacsimile: 'CONTACT_FACSIMILE',
  contactDeliveryPoint: 'CONTACT_DELIVERY_POINT',
  contactCity: 'CONTACT_CITY',
  contactAdministrativeArea: 'CONTACT_ADMINISTRATIVE_AREA',
  contactPostalCode: 'CONTACT_POSTAL_CODE',
  contactCountry: 'CONTACT_COUNTRY',
  contactElectronicMailAddress: 'CONTACT_ELECTRONIC_MAIL_ADDRESS',
  mailFrom: 'MAIL_FROM',
  mailConfigurationSet: 'MAIL_CONFIGURATION_SET',
  allowOrigin: 'ALLOW_ORIGIN',
  wpsVersion: 'WPS_DEFAULT_VERSION',
} as const;

/** `JOB_QUEUE_NAME_SMALL`, `JOB_QUEUE_NAME_TIMESERIES`, `JOB_QUEUE_NAME_LARGE`. */
export function queueKey(queue: QueueClass): string {
  return `${configurationKeys.jobQueueName}_${queue.toUpperCase()}`;
}

/**
 * Key of a process's job definition, such as `JOB_DEFINITION_GOGODUCK`. A process without a job definition is
 * not offered, so that every advertised process can run.
 *
 * @param image the process's folder below `batch-jobs/`
 */
export function jobDefinitionKey(image: string): string {
  return `JOB_DEFINITION_${image.toUpperCase().replaceAll('-', '_')}`;
}

/** Key of a process's job definition for queues on Fargate, such as `FARGATE_JOB_DEFINITION_GOGODUCK`. */
export function fargateJobDefinitionKey(image: string): string {
  return `FARGATE_${jobDefinitionKey(image)}`;
}

/**
 * Prefix of the keys of variables that processes read, such as `PROCESS_VARIABLE_GOGODUCK_WFS_URL`: the
 * functions need them for suggestions and estimates.
 */
export const processVariablePrefix = 'PROCESS_VARIABLE_';

/** Keys of a queue's traits, such as `JOB_QUEUE_PLATFORM_SMALL`. */
export const queueTraitKeys = {
  platform: (queue: QueueClass) => `JOB_QUEUE_PLATFORM_${queue.toUpperCase()}`,
  scheduling: (queue: QueueClass) => `JOB_QUEUE_SCHEDULING_${queue.toUpperCase()}`,
  price: (queue: QueueClass) => `JOB_QUEUE_PRICE_${queue.toUpperCase()}`,
} as const;
