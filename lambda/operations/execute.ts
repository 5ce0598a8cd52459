import type { Job, JobInput } from '../../batch-jobs/api/job.ts';
import type { JobStore, ReceivedRequest, StoredJob } from '../../batch-jobs/api/job-store.ts';
import type {
  LiteralInputs,
  ProcessDescription,
  QueueClass,
} from '../../batch-jobs/api/process-description.ts';
import type { ServiceRequest, ServiceResponse } from '../http.ts';
import { submitJob } from '../jobs/submit-job.ts';
import { tooManyJobs } from '../jobs/too-many-jobs.ts';
import { DeadlinePassed } from '../jobs/unless-passed.ts';
import { OwsException } from '../protocols/ows/ows-exception.ts';
import { encodeExecuteResponse } from '../protocols/wps-1.0/encode-execute-response.ts';
import type { ExecuteRequest, ResponseForm } from '../protocols/wps-1.0/requests.ts';
import { type OperationParts, type ServiceParts, xml } from '../service-parts.ts';
import { answerWhenEnded } from './answer-when-ended.ts';
import { checkInputs } from './check-inputs.ts';
import { chooseLanguage } from './choose-language.ts';
import { offeredProcess } from './offered-processes.ts';
import { settleOutputs } from './settle-outputs.ts';

/**
 * Execute (OGC 05-007r7, clause 10): checks the request against the process description, mints a
 * job, writes it down, and only then submits it. A job that starts at once finds its request.
 *
 * With `storeExecuteResponse` the answer comes at once and names the status location; without it the
 * answer waits for the job.
 */
export async function execute(
  request: ExecuteRequest,
  received: ServiceRequest,
  parts: OperationParts,
): Promise<ServiceResponse> {
  const process = offeredProcess(request.identifier, parts);
  refuseStatusWithoutStore(request.responseForm);
  const inputs = checkInputs(process, request.inputs, parts.configuration.limits.referenceHosts);
  const job = mintJob(request, process, inputs, parts);

  const store = await parts.store();
  await takePlace(job, store, parts);
  parts.log.about({ jobId: job.id });
  const created = await writeDown(job, asReceived(received), inputs, store, parts);
  parts.log.info('job accepted', { process: process.identifier, queue: job.queue });
  const submitted = await submitJob(created, process, store, parts);
  if (job.stored) return xml(200, encodeExecuteResponse(submitted));
  return await answerWhenEnded(submitted, store, parts);
}

/**
 * Anybody may send jobs, and each costs a machine's time: there is a bound on those that wait or run.
 * A count that cannot be had refuses nobody.
 */
async function takePlace(job: Job, store: JobStore, parts: ServiceParts): Promise<void> {
  const { maxUnfinishedJobs } = parts.configuration.limits;
  const { log, deadline, unfinishedJobs } = parts;
  try {
    await unfinishedJobs.count(maxUnfinishedJobs, store, deadline.work);
  } catch (error) {
    // Nothing is written down yet. Another's deadline is none of this request.
    if (error instanceof DeadlinePassed && deadline.work.aborted) throw error;
    log.error('unfinished jobs were not counted', {}, error);
    return;
  }
  if (unfinishedJobs.takePlace(job.id, maxUnfinishedJobs)) return;
  log.warn('too many unfinished jobs', { maxUnfinishedJobs });
  throw tooManyJobs();
}

async function writeDown(
  job: Job,
  received: ReceivedRequest,
  inputs: readonly JobInput[],
  store: JobStore,
  { unfinishedJobs }: ServiceParts,
): Promise<StoredJob> {
  try {
    const created = await store.create(job, received, inputs);
    unfinishedJobs.keepPlace(job.id);
    return created;
  } catch (error) {
    unfinishedJobs.giveBackPlace(job.id);
    throw error;
  }
}

/** The record of a new job; nothing is kept yet. */
function mintJob(
  request: ExecuteRequest,
  process: ProcessDescription,
  inputs: readonly JobInput[],
  { configuration, mintJobId, now }: ServiceParts,
): Job {
  const { responseForm } = request;
  const document = responseForm.kind === 'document' ? responseForm : undefined;
  const lineage = document?.lineage ?? false;
  const at = now().toISOString();
  return {
    id: mintJobId(),
    process: {
      identifier: process.identifier,
      version: process.version,
      title: process.title,
      ...(process.abstract === undefined ? {} : { abstract: process.abstract }),
      ...(process.metadata === undefined ? {} : { metadata: process.metadata }),
    },
    status: 'accepted',
    message: 'The job waits to be run.',
    percentCompleted: 0,
    endpoint: configuration.endpoint,
    language: chooseLanguage(request.language, configuration),
    stored: document?.storeExecuteResponse ?? false,
    statusUpdates: document?.status ?? false,
    lineage,
    raw: responseForm.kind === 'raw',
    inputs: lineage ? inputs : [],
    requestedOutputs: settleOutputs(process, responseForm),
    queue: chooseQueue(process, inputs),
    createdAt: at,
    updatedAt: at,
    outputs: [],
  };
}

/** There is nothing to keep up to date where no response is stored (OGC 05-007r7, table 50). */
function refuseStatusWithoutStore(responseForm: ResponseForm): void {
  if (responseForm.kind !== 'document') return;
  if (!responseForm.status || responseForm.storeExecuteResponse) return;
  throw new OwsException(
    'InvalidParameterValue',
    'status is "true" while storeExecuteResponse is "false"; allowed: status="true" together with storeExecuteResponse="true".',
    { locator: 'status' },
  );
}

function chooseQueue(process: ProcessDescription, inputs: readonly JobInput[]): QueueClass {
  if (!process.job.chooseQueue) return process.job.queue;
  const literals: Record<string, string[]> = {};
  for (const { identifier, value } of inputs) {
    if (value.kind !== 'literal') continue;
    literals[identifier] = [...(literals[identifier] ?? []), value.value];
  }
  return process.job.chooseQueue(literals satisfies LiteralInputs);
}

function asReceived({ method, query, body }: ServiceRequest): ReceivedRequest {
  return method === 'POST' ? { body, form: 'xml' } : { body: query, form: 'kvp' };
}
