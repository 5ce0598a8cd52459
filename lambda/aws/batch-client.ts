/**
 * The parts of the Batch SDK that the engine uses. They are in a module of their own because it is imported
 * on first use: a start that runs no job does not pay for it, and bundlers drop the commands that are not
 * listed.
 */
export {
  BatchClient,
  DescribeJobsCommand,
  GetJobQueueSnapshotCommand,
  ListJobsCommand,
  SubmitJobCommand,
  TerminateJobCommand,
} from '@aws-sdk/client-batch';
