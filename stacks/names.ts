import { isFargate, type QueueSettings } from '../environments/queue-settings.ts';

/** Names under which environments find what SHARED deployed. Data sources look them up. */
export interface SharedNames {
  /** Parameter that holds the newest package of the functions, a `ReleasedFunctions` in JSON. */
  readonly functionsParameter: string;
  /** Parameter that holds the release an environment runs, a `ReleaseRecord` in JSON. */
  releaseParameter(environment: string): string;
  /** Parameter that holds what the last drift check found, a `DriftRecord` in JSON. */
  driftParameter(environment: string): string;
  /**
   * Parameter that holds the id of the newest image of the pipeline. The role that Image Builder has
   * by itself writes below `/imagebuilder/` and nowhere else.
   *
   * Source: AWS managed policy reference, `AWSServiceRoleForImageBuilder`
   */
  readonly imageParameter: string;
  /** Parameter that holds the versions that the recipe of images has had, as a JSON list. */
  readonly recipesParameter: string;
  /** Launch template whose default version has that image. */
  readonly imageLaunchTemplate: string;
  /** Start of the log groups that EventBridge may write to. */
  readonly eventLogGroups: string;
  /** Registry of a process's container images. */
  registry(image: string): string;
}

/** Name of the configuration file in each environment's folder; the functions' `CONFIG_FILENAME`. */
export const configurationFilename = 'wps.properties';

/** Key of the release that an environment runs, in the releases bucket of its account. */
export function releaseRecordKey(environment: string): string {
  return `${environment}/release.json`;
}

/** Bucket of an account's packages and, where other accounts take them, its releases. */
export function releasesBucketName(prefix: string, accountId: string, region: string): string {
  return `${prefix}-releases-${accountId}-${region}`;
}

export function sharedNames(prefix: string): SharedNames {
  return {
    functionsParameter: `/releases/${prefix}/SHARED/functions`,
    releaseParameter: (environment) => `/releases/${prefix}/${environment}/release`,
    driftParameter: (environment) => `/releases/${prefix}/${environment}/drift`,
    imageParameter: `/imagebuilder/${prefix}/job-image`,
    recipesParameter: `/releases/${prefix}/SHARED/image-recipes`,
    imageLaunchTemplate: `${prefix}-job-image`,
    eventLogGroups: `/aws/events/${prefix}-`,
    registry: (image) => `${prefix}/${image}`,
  };
}

/**
 * Name of a job queue. AWS Batch mixes no machines and tasks in a queue, and gives a scheduling policy to none
 * that was made without: each combination has a queue of its own.
 *
 * @param name of the environment and the class: `wps-dev-small`
 */
export function queueName(name: string, settings: QueueSettings): string {
  const isShared = settings.scheduling === 'fair-share';
  return [name, ...(isFargate(settings) ? ['fargate'] : []), ...(isShared ? ['fair'] : [])].join(
    '-',
  );
}
