/** Names under which environments find what SHARED deployed. Data sources look them up. */
export interface SharedNames {
  /** Function that answers requests. */
  readonly wpsFunction: string;
  /** Function that follows jobs. */
  readonly jobEventsFunction: string;
  readonly wpsRole: string;
  readonly jobEventsRole: string;
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

export function sharedNames(prefix: string): SharedNames {
  return {
    wpsFunction: prefix,
    jobEventsFunction: `${prefix}-job-events`,
    wpsRole: `${prefix}-function`,
    jobEventsRole: `${prefix}-job-events-function`,
    imageParameter: `/imagebuilder/${prefix}/job-image`,
    recipesParameter: `/releases/${prefix}/SHARED/image-recipes`,
    imageLaunchTemplate: `${prefix}-job-image`,
    eventLogGroups: `/aws/events/${prefix}-`,
    registry: (image) => `${prefix}/${image}`,
  };
}
