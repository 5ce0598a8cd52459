/** Runs a job with a large output against the store in S3, and prints its peak memory use. */

import { tmpdir } from 'node:os';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import { s3Connection } from '../../batch-jobs/api/s3-connection.ts';
import { S3ObjectStore } from '../../batch-jobs/api/s3-object-store.ts';
import { realWait } from '../../batch-jobs/runner/insist.ts';
import { runCommand } from '../../batch-jobs/runner/run-command.ts';
import { runJob } from '../../batch-jobs/runner/run-job.ts';
import { echo } from '../echo.ts';
import { sampleJob } from '../sample-job.ts';

const [bytes] = process.argv.slice(2);
const job = sampleJob();
const store = new JobStore(
  new S3ObjectStore({
    bucket: 'outputs',
    prefix: '',
    client: s3Connection({ silenceMilliseconds: 60_000 }),
  }),
);
await store.create(job, { body: '<Execute/>', contentType: 'application/xml' }, []);
const exitCode = await runJob(
  { jobId: job.id, engineJobId: 'b-1', attempt: 1, attempts: 1 },
  {
    store,
    findProcess: () => ({
      ...echo,
      job: { ...echo.job, command: ['truncate', '-s', String(bytes), '../outputs/result'] },
    }),
    processesFolder: tmpdir(),
    scratchFolder: tmpdir(),
    environment: process.env,
    fetchReference: async () => undefined,
    inlineOutputBytes: 0,
    progressIntervalMilliseconds: 1_000,
    watchIntervalMilliseconds: 60_000,
    countOomKills: async () => undefined,
    runCommand,
    log: jsonLog((line) => process.stderr.write(line)),
    now: () => new Date(),
    monotonic: () => performance.now(),
    wait: realWait,
  },
  new AbortController().signal,
);
const [output] = (await store.read(job.id))?.job.outputs ?? [];
const { maxRSS } = process.resourceUsage();
console.log(JSON.stringify({ exitCode, size: output?.size, maximumBytes: maxRSS * 1024 }));
process.exit();
