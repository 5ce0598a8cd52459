/**
 * What of the Batch SDK the engine uses, in a module of its own: it is imported on first use, so
 * that a start that runs no job does not pay for it, and bundlers drop the commands left out.
 */
export {
  BatchClient,
  DescribeJobsCommand,
  GetJobQueueSnapshotCommand,
  ListJobsCommand,
  SubmitJobCommand,
  TerminateJobCommand,
} from '@aws-sdk/client-batch';
