import { DescribeJobsCommand, type JobDetail } from '@aws-sdk/client-batch';
import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type { Job, JobInput } from '../../../batch-jobs/api/job.ts';
import { engineJobOf } from '../../../lambda/aws/batch-job-detail.ts';
import { engineJobIdOf } from '../../../lambda/jobs/job-engine.ts';
import type { Dependencies } from '../../../lambda/operations/dependencies.ts';
import { execute } from '../../../lambda/operations/execute.ts';
import type { ExecuteCommand, InputData } from '../../../lambda/operations/execute-command.ts';
import { findJob, jobInputs } from '../../../lambda/operations/find-job.ts';
import { listJobs } from '../../../lambda/operations/list-jobs.ts';
import { removeJob } from '../../../lambda/operations/remove-job.ts';
import { decodeJobFilter } from '../../../lambda/protocols/ogc-api/decode-job-filter.ts';
import { statusInfo } from '../../../lambda/protocols/ogc-api/encode-status-info.ts';
import { ServiceFault } from '../../../lambda/service-fault.ts';
import { type AwsAccount, ifThere } from '../aws-account.ts';
import { OperatorFault } from '../terminal.ts';
import { type JobDesk, type JobView, type LogLine, noSuchJob } from './job-desk.ts';

/** Reads the bucket and AWS Batch directly: over HTTP, callers see only their own jobs. */
export function environmentJobs(account: AwsAccount, service: Dependencies): JobDesk {
  const detailOf = async (job: Job): Promise<JobDetail | undefined> => {
    const id = await engineJobIdOf(job, await service.engine());
    if (id === undefined) return undefined;
    const { jobs } = await account.batch.send(new DescribeJobsCommand({ jobs: [id] }));
    return jobs?.[0];
  };
  return {
    list: (selection) =>
      inWords(async () => {
        const query = new URLSearchParams({
          ...(selection.process === undefined ? {} : { processID: selection.process }),
          ...(selection.status === undefined ? {} : { status: selection.status }),
        });
        const { filter } = decodeJobFilter(query);
        const { jobs } = await listJobs(filter, { limit: selection.limit }, service);
        return jobs.map((job) => view(job, service));
      }),
    show: (id) =>
      inWords(async () => {
        const job = await findJob(id, service);
        const detail = await detailOf(job);
        const engine = detail && engineJobOf(detail);
        if (!engine) return view(job, service);
        const { engineJobId: jobId, status, attempts, reason, exitCode } = engine;
        const queue = detail.jobQueue?.split('/').at(-1) ?? '';
        return {
          ...view(job, service),
          engine: {
            jobId,
            status,
            queue,
            attempts,
            ...(reason === undefined ? {} : { reason }),
            ...(exitCode === undefined ? {} : { exitCode }),
          },
        };
      }),
    log: (id) =>
      inWords(async () => {
        const job = await findJob(id, service);
        return await logOf(account, job, await detailOf(job));
      }),
    dismiss: (id) => inWords(async () => view(await removeJob(id, service), service)),
    runAgain: (id) =>
      inWords(async () => {
        const job = await findJob(id, service);
        const command = sameAgain(job, await jobInputs(id, service));
        const { job: started } = await execute(command, {
          ...service,
          // It belongs to the owner of the first job, who can then see it.
          caller: { listsAllJobs: true, ...(job.owner === undefined ? {} : { owner: job.owner }) },
        });
        return view(started, service);
      }),
  };
}

/** Starts a short job of the process `echo`. */
export function startEcho(service: Dependencies): Promise<JobView> {
  return inWords(async () => {
    const { job } = await execute(
      {
        process: 'echo',
        inputs: [
          { identifier: 'message', data: { kind: 'untyped', value: 'test of the operators' } },
        ],
        outputs: [],
        mode: 'async',
        presentation: { protocol: 'ogc-api' },
        received: {
          body: '{"inputs":{"message":"test of the operators"}}',
          contentType: 'application/json',
        },
      },
      service,
    );
    return view(job, service);
  });
}

function view(job: Job, { configuration }: Dependencies): JobView {
  const { links: _, type: __, ...rest } = statusInfo(job, configuration);
  return rest;
}

/** The log of a job's container, of all attempts. */
async function logOf(
  { logs: client, name }: AwsAccount,
  job: Job,
  detail: JobDetail | undefined,
): Promise<readonly LogLine[]> {
  const streams = [detail?.container, ...(detail?.attempts ?? []).map((each) => each.container)]
    .map((container) => container?.logStreamName)
    .filter((stream) => stream !== undefined);
  const found: LogLine[] = [];
  const reading = async () => {
    const pages = paginateFilterLogEvents(
      { client },
      {
        logGroupName: `/aws/batch/${name('jobs')}`,
        startTime: Date.parse(job.createdAt),
        // Batch forgets jobs long before their log lines expire; each line of a job has its id.
        ...(streams.length > 0
          ? { logStreamNames: [...new Set(streams)] }
          : { filterPattern: `"${job.id}"` }),
      },
    );
    for await (const { events = [] } of pages) {
      for (const { eventId = '', timestamp = 0, message = '' } of events) {
        found.push({ id: eventId, at: new Date(timestamp).toISOString(), text: message.trimEnd() });
      }
    }
  };
  await ifThere(reading(), 'ResourceNotFoundException');
  return found.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** The request that started a job, as far as its record contains it. */
function sameAgain(job: Job, inputs: readonly JobInput[]): ExecuteCommand {
  return {
    process: job.process.identifier,
    inputs: inputs
      .filter(({ given }) => given)
      .map(({ identifier, title, abstract, value }) => ({
        identifier,
        ...(title === undefined ? {} : { title }),
        ...(abstract === undefined ? {} : { abstract }),
        data: dataOf(value),
      })),
    outputs: job.requestedOutputs.map(
      ({ identifier, mimeType, encoding, schema, uom, transmission }) => ({
        identifier,
        transmission,
        ...(mimeType === undefined ? {} : { mimeType }),
        ...(encoding === undefined ? {} : { encoding }),
        ...(schema === undefined ? {} : { schema }),
        ...(uom === undefined ? {} : { uom }),
      }),
    ),
    mode: 'async',
    language: job.language,
    ...(job.labels === undefined ? {} : { labels: job.labels }),
    presentation: job.presentation,
    received: {
      body: JSON.stringify({ 'same inputs as job': job.id }),
      contentType: 'application/json',
    },
  };
}

function dataOf(value: JobInput['value']): InputData {
  if (value.kind !== 'complex') return value;
  const { mimeType, encoding, schema, source } = value;
  const format = {
    mimeType,
    ...(encoding === undefined ? {} : { encoding }),
    ...(schema === undefined ? {} : { schema }),
  };
  return 'href' in source
    ? { kind: 'reference', ...format, ...source }
    : { kind: 'complex', ...format, content: source };
}

/** The operator gets the words that the service would send to a client. */
async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServiceFault) {
      const words = error.kind === 'unknown-job' ? noSuchJob(String(error.subject)) : error.message;
      throw new OperatorFault(words, { cause: error });
    }
    throw error;
  }
}
