import type { Job, JobInput } from '../../batch-jobs/api/job.ts';
import type { JobStore, StoredJob } from '../../batch-jobs/api/job-store.ts';
import type {
  LiteralInputs,
  ProcessDescription,
  QueueClass,
} from '../../batch-jobs/api/process-description.ts';
import { EngineBusy } from '../job-engine.ts';
import {
  type ServiceParts,
  type ServiceRequest,
  type ServiceResponse,
  xml,
} from '../service-parts.ts';
import { encodeExecuteResponse } from '../wps/encode-execute-response.ts';
import { OwsException } from '../wps/ows-exception.ts';
import type { ExecuteRequest } from '../wps/requests.ts';
import { checkInputs } from './check-inputs.ts';
import { offeredProcesses } from './offered-processes.ts';
import { settleOutputs } from './settle-outputs.ts';

/**
 * Execute (OGC 05-007r7, clause 10): checks the request against the process description, mints a
 * job, writes it down, and only then submits it. A job that starts at once finds its request.
 */
export async function execute(
  request: ExecuteRequest,
  received: ServiceRequest,
  parts: ServiceParts,
): Promise<ServiceResponse> {
  const process = findProcess(request.identifier, parts);
  const inputs = checkInputs(process, request.inputs);
  const requestedOutputs = settleOutputs(process, request.responseForm);
  refuseWhatIsNotDone(request);

  const at = parts.now().toISOString();
  const job: Job = {
    id: parts.mintJobId(),
    process: {
      identifier: process.identifier,
      version: process.version,
      title: process.title,
      ...(process.abstract === undefined ? {} : { abstract: process.abstract }),
    },
    status: 'accepted',
    message: 'The job waits to be run.',
    percentCompleted: 0,
    endpoint: parts.configuration.endpoint,
    language: request.language ?? parts.configuration.languages[0],
    lineage: request.responseForm.kind === 'document' && request.responseForm.lineage,
    raw: request.responseForm.kind === 'raw',
    inputs: lineageInputs(request, inputs),
    requestedOutputs,
    queue: chooseQueue(process, inputs),
    createdAt: at,
    updatedAt: at,
    outputs: [],
  };
  const store = await parts.store();
  const created = await store.create(job, asReceived(received), inputs);
  parts.log.info('job accepted', { jobId: job.id, process: process.identifier, queue: job.queue });
  const submitted = await submit(created, process, store, parts);
  return xml(200, encodeExecuteResponse(submitted));
}

function findProcess(identifier: string, parts: ServiceParts): ProcessDescription {
  const processes = offeredProcesses(parts);
  const process = processes.find((offered) => offered.identifier === identifier);
  if (process) return process;
  throw new OwsException(
    'InvalidParameterValue',
    `Process "${identifier}" is not offered; processes are ${processes.map((offered) => `"${offered.identifier}"`).join(', ')}.`,
    { locator: 'Identifier' },
  );
}

function refuseWhatIsNotDone({ responseForm }: ExecuteRequest): void {
  if (responseForm.kind === 'document' && responseForm.storeExecuteResponse) return;
  throw new OwsException(
    'InvalidParameterValue',
    'Jobs run asynchronously here: ask for a ResponseDocument with storeExecuteResponse="true" and status="true".',
    { locator: 'storeExecuteResponse' },
  );
}

/**
 * Hands the job to the engine. When that fails the record ends as failed, so that no one waits for
 * a job that will never run, and the client gets an exception.
 */
async function submit(
  created: StoredJob,
  process: ProcessDescription,
  store: JobStore,
  parts: ServiceParts,
): Promise<Job> {
  const { job } = created;
  try {
    const engine = await parts.engine();
    const { engineJobId } = await engine.submit({
      jobId: job.id,
      processIdentifier: process.identifier,
      queue: job.queue,
      requirements: process.job,
    });
    const submittedAt = parts.now().toISOString();
    const stored = await store.update(
      job.id,
      (now) => (now.status === 'dismissed' ? undefined : { engineJobId, submittedAt }),
      created,
    );
    return stored.job;
  } catch (error) {
    const exception = busyOrFailed(error);
    parts.log.error('job not submitted', { jobId: job.id }, error);
    await store.update(job.id, (now) =>
      now.status === 'accepted'
        ? {
            status: 'failed',
            message: exception.message,
            failure: { code: 'NoApplicableCode', text: exception.message },
          }
        : undefined,
    );
    throw exception;
  }
}

function busyOrFailed(error: unknown): OwsException {
  if (error instanceof EngineBusy) {
    return new OwsException(
      'ServerBusy',
      'Too many jobs wait already. Please send the request again later.',
      { cause: error },
    );
  }
  return new OwsException(
    'NoApplicableCode',
    'The job could not be submitted. Please send the request again.',
    { cause: error },
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

function lineageInputs(
  { responseForm }: ExecuteRequest,
  inputs: readonly JobInput[],
): readonly JobInput[] {
  return responseForm.kind === 'document' && responseForm.lineage ? inputs : [];
}

function asReceived({ method, query, body }: ServiceRequest) {
  return method === 'POST'
    ? ({ body, form: 'xml' } as const)
    : ({ body: query, form: 'kvp' } as const);
}
