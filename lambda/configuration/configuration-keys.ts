/**
 * Keys of an environment's configuration file, `<bucket>/<alias>/<file>`, in Java properties format.
 *
 * The environment's stack writes the file and `lambda/configuration/parse-configuration.ts` reads it, so both take
 * the names from here. What a key means, and its default, stands in `configuration-settings.ts` and, of
 * numbers, in `limits.ts`.
 */

import type { QueueClass } from '../../batch-jobs/api/process-description.ts';

export const configurationKeys = {
  /** Base of every URL the service hands out, `https://host/stage/wps/`. Required. */
  statusLocation: 'STATUS_LOCATION',
  statusFilename: 'STATUS_FILENAME',
  /** Start of every Batch job's name. */
  jobName: 'JOB_NAME',
  /** Queue of every class that has no key of its own (see {@link queueKey}). */
  jobQueueName: 'JOB_QUEUE_NAME',
  /** Required. */
  region: 'AWS_REGION',
  /** Where jobs' documents and outputs are stored. Required. */
  outputBucket: 'OUTPUT_S3_BUCKET',
  /** Start of every key in it. */
  outputPrefix: 'OUTPUT_S3_PREFIX',
  /** KMS key they are encrypted with; left out, S3's own. */
  outputKmsKey: 'OUTPUT_KMS_KEY',
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
 * Key of a process's job definition, such as `JOB_DEFINITION_GOGODUCK`. A process without one is not
 * on offer: what is advertised can run.
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
 * Start of the keys of variables that processes read, such as `PROCESS_VARIABLE_GOGODUCK_WFS_URL`: their
 * suggestions and estimates are made by the functions.
 */
export const processVariablePrefix = 'PROCESS_VARIABLE_';

/** Keys of what a queue is like, such as `JOB_QUEUE_PLATFORM_SMALL`. */
export const queueTraitKeys = {
  platform: (queue: QueueClass) => `JOB_QUEUE_PLATFORM_${queue.toUpperCase()}`,
  scheduling: (queue: QueueClass) => `JOB_QUEUE_SCHEDULING_${queue.toUpperCase()}`,
  price: (queue: QueueClass) => `JOB_QUEUE_PRICE_${queue.toUpperCase()}`,
} as const;
