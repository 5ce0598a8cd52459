/**
 * Variables that the runner is started with. The job and the location of its documents come with each
 * submission, from the handler's configuration, so that the two cannot disagree. Variables that describe the
 * machine come with the job definition.
 */
export const runnerVariables = {
  /** ID of the job. With each submission. */
  jobId: 'WPS_JOB_ID',
  /** Name of the environment, for log lines. With each submission. */
  environment: 'WPS_ENVIRONMENT',
  /** Maximum number of attempts. With each submission; default 1. */
  attempts: 'WPS_JOB_ATTEMPTS',
  /**
   * Where the job's documents are stored: `file:///folder` or `s3://bucket/prefix/`. With each submission.
   */
  store: 'WPS_JOB_STORE',
  /** Region of the store, if the store is in AWS. With each submission. */
  region: 'AWS_REGION',
  /** KMS key for objects in S3; if left out, S3's own key. With each submission. */
  kmsKey: 'WPS_OUTPUT_KMS_KEY',
  /** Largest output stored in the job's record itself, in bytes; default 1 MiB. With each submission. */
  inlineOutputBytes: 'WPS_INLINE_OUTPUT_BYTES',
  /** Hosts that input references may name, separated by commas; default none. With each submission. */
  referenceHosts: 'WPS_REFERENCE_HOSTS',
  /** Largest input fetched from a reference, in bytes. With each submission. */
  referenceMaxBytes: 'WPS_REFERENCE_MAX_BYTES',
  /** Maximum total time to fetch one reference. With each submission. */
  referenceTimeoutSeconds: 'WPS_REFERENCE_TIMEOUT_SECONDS',
  /** Folder in which to create the scratch folder; default: the system's. With the job definition. */
  scratchDir: 'WPS_SCRATCH_DIR',
  /**
   * Folder whose subfolders are processes, each described in its process file. Set by the local engine, and
   * by images of such processes.
   */
  processesDir: 'WPS_PROCESSES_DIR',
  /** Set by AWS Batch (and by the local engine): the engine's ID for the job. */
  engineJobId: 'AWS_BATCH_JOB_ID',
  /** Set by AWS Batch (and by the local engine): the number of this attempt, from 1. */
  attempt: 'AWS_BATCH_JOB_ATTEMPT',
  /**
   * Set by the local engine: the memory that the command and all processes it starts may use together, in
   * MiB.
   */
  memoryMiB: 'WPS_JOB_MEMORY_MIB',
  /**
   * Set by the local engine and passed on to the command. Marks the processes of one runner, so that they can
   * be found after the runner is gone.
   */
  mark: 'WPS_PROCESS_MARK',
} as const;
