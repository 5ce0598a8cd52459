import { isFargate, type QueueSettings } from '../environments/queue-settings.ts';

/** Names by which environments find the resources of SHARED. Data sources look them up. */
export interface SharedNames {
  /** The parameter that contains the newest package of the functions, a `ReleasedFunctions` in JSON. */
  readonly functionsParameter: string;
  /** The parameter that contains the release an environment runs, a `ReleaseRecord` in JSON. */
  releaseParameter(environment: string): string;
  /** The parameter that contains the result of the last drift check, a `DriftRecord` in JSON. */
  driftParameter(environment: string): string;
  /**
   * The parameter that contains the id of the pipeline's newest image. Image Builder's own role may write
   * below `/imagebuilder/` and nowhere else.
   *
   * Source: AWS managed policy reference, `AWSServiceRoleForImageBuilder`
   */
  readonly imageParameter: string;
  /** The parameter that contains the versions of the image recipe so far, as a JSON list. */
  readonly recipesParameter: string;
  /** The launch template whose default version has that image. */
  readonly imageLaunchTemplate: string;
  /** Prefix of the log groups that EventBridge may write to. */
  readonly eventLogGroups: string;
  /** The registry of a process's container images. */
  registry(image: string): string;
}

/** Name of the configuration file in each environment's folder; the functions' `CONFIG_FILENAME`. */
export const configurationFilename = 'wps.properties';

/** Key of the release that an environment runs, in the releases bucket of its account. */
export function releaseRecordKey(environment: string): string {
  return `${environment}/release.json`;
}

/** The bucket of an account's packages and, if other accounts take them, its releases. */
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
 * Name of a job queue. AWS Batch does not mix machines and Fargate in a queue, and cannot add a scheduling
 * policy to an existing queue, so each combination has a queue of its own.
 *
 * @param name of the environment and the class: `wps-dev-small`
 */
export function queueName(name: string, settings: QueueSettings): string {
  const isShared = settings.scheduling === 'fair-share';
  return [name, ...(isFargate(settings) ? ['fargate'] : []), ...(isShared ? ['fair'] : [])].join(
    '-',
  );
}
