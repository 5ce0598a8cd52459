import { isFinal, type Job } from '../../../batch-jobs/api/job.ts';
import type { ServiceRequest, ServiceResponse } from '../../http.ts';
import type { Dependencies } from '../../operations/dependencies.ts';
import { execute } from '../../operations/execute.ts';
import { describeProcess } from '../../operations/processes.ts';
import { ServiceFault } from '../../service-fault.ts';
import { decodeExecute } from './decode-execute.ts';
import { encodeFault } from './encode-fault.ts';
import { jobHeaders, monitorLink, statusInfo } from './encode-status-info.ts';
import { jsonResponse } from './json-response.ts';
import { linkField } from './links.ts';
import { isJsonType } from './media-types.ts';
import { type Preferences, parsePrefer, preferenceApplied } from './prefer.ts';
import { resultsResponse } from './results-response.ts';

/** `POST /processes/{processID}/execution` (OGC 18-062r2, clause 7.11). */
export async function postExecution(
  request: ServiceRequest,
  { processId = '' }: Readonly<Record<string, string>>,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  const process = describeProcess(processId, dependencies);
  refuseBody(request, dependencies);
  const preferences = parsePrefer(request.headers['prefer']);
  const command = decodeExecute(process, {
    body: request.body,
    preferences,
    idempotencyKey: keyOf(request),
  });
  const { job, mode } = await execute(command, dependencies);
  // A job that takes longer than its client can be kept waiting continues.
  return mode === 'async' || !isFinal(job.status)
    ? accepted(job, preferences, dependencies)
    : await finished(job, preferences, request, dependencies);
}

/** The job's status, for a client that follows it (OGC 18-062r2, clause 7.11.3, requirement 34). */
function accepted(
  job: Job,
  preferences: Preferences,
  { configuration }: Dependencies,
): ServiceResponse {
  return jsonResponse(201, statusInfo(job, configuration), {
    location: monitorLink(job).href,
    ...preferenceApplied(preferences, 'async'),
    ...jobHeaders(job, configuration),
  });
}

/** The results, or the reason why there are none, with a link to the job (OGC 18-062r2, requirement 33). */
async function finished(
  job: Job,
  preferences: Preferences,
  request: ServiceRequest,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  const response = await resultsOrFault(job, request, dependencies);
  const monitor = linkField([monitorLink(job)]);
  const links = [response.headers['link'], monitor].filter((link) => link !== undefined);
  return {
    ...response,
    headers: {
      ...response.headers,
      link: links.join(', '),
      ...preferenceApplied(preferences, 'sync'),
    },
  };
}

async function resultsOrFault(
  job: Job,
  request: ServiceRequest,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  try {
    return await resultsResponse(request, job, dependencies);
  } catch (error) {
    if (!(error instanceof ServiceFault)) throw error;
    return encodeFault(error, { request });
  }
}

/** @throws {ServiceFault} if a body cannot be an execute request, before the body is read */
export function refuseBody({ headers, body }: ServiceRequest, dependencies: Dependencies): void {
  const { maxRequestBytes } = dependencies.configuration.limits;
  const contentType = headers['content-type'];
  // If a client does not declare a media type, assume JSON.
  if (contentType !== undefined && contentType.trim() !== '' && !isJsonType(contentType)) {
    throw new ServiceFault(
      'unsupported-media-type',
      `The request body is sent as "${contentType.slice(0, 200)}"; allowed: header Content-Type: application/json.`,
      { subject: 'Content-Type' },
    );
  }
  if (body.length > maxRequestBytes) {
    throw new ServiceFault(
      'too-large',
      `The request body is larger than ${maxRequestBytes} bytes, which is the most allowed. Give large inputs by reference.`,
      { subject: 'body' },
    );
  }
}

/** `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header): a string, quoted or not. */
function keyOf({ headers }: ServiceRequest): string | undefined {
  const header = headers['idempotency-key']?.trim();
  if (header === undefined || header === '') return undefined;
  const key = header.replace(/^"(.*)"$/, '$1');
  if (/^[\x20-\x7e]{1,255}$/.test(key)) return key;
  throw new ServiceFault(
    'invalid-value',
    `Header Idempotency-Key has ${key.length} characters; allowed: 1 to 255 printable ASCII characters.`,
    { subject: 'Idempotency-Key' },
  );
}
