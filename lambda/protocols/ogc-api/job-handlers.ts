import type { Job } from '../../../batch-jobs/api/job.ts';
import type { ServiceRequest, ServiceResponse } from '../../http.ts';
import type { Dependencies } from '../../operations/dependencies.ts';
import { findJob, jobInputs } from '../../operations/find-job.ts';
import { labelJob } from '../../operations/label-job.ts';
import { listJobs } from '../../operations/list-jobs.ts';
import { removeJob } from '../../operations/remove-job.ts';
import type { Handler } from '../../route.ts';
import { ServiceFault } from '../../service-fault.ts';
import { labelsOf } from './decode-execute.ts';
import { decodeJobFilter } from './decode-job-filter.ts';
import { encodeInputs } from './encode-inputs.ts';
import { encodeJobList } from './encode-job-list.ts';
import { encodeLog } from './encode-log.ts';
import { jobHeaders, statusInfo } from './encode-status-info.ts';
import { refuseBody } from './execution-handler.ts';
import { jsonResponse } from './json-response.ts';
import { isObject, member } from './json-value.ts';
import { parseJson } from './parse-json.ts';
import { outputResponse, refuseWithoutResults, resultsResponse } from './results-response.ts';
import { type ResultOutput, resultOutputs } from './results-type.ts';

type Parameters = Readonly<Record<string, string>>;

/** `GET /jobs` (OGC 18-062r2, clause 11). */
export async function getJobs(
  { query }: ServiceRequest,
  _: Parameters,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  const parameters = new URLSearchParams(query);
  const { filter, limit, cursor } = decodeJobFilter(parameters);
  const page = await listJobs(
    filter,
    { limit, ...(cursor === undefined ? {} : { after: cursor }) },
    dependencies,
  );
  return jsonResponse(200, encodeJobList(page, parameters, dependencies.configuration));
}

/** `GET /jobs/{jobID}` (OGC 18-062r2, clause 7.12). */
export const getJob: Handler = async (_, { jobId = '' }, dependencies) =>
  statusResponse(await findJob(jobId, dependencies), dependencies);

/** The response for a job's status. */
export function statusResponse(job: Job, { configuration }: Dependencies): ServiceResponse {
  return jsonResponse(200, statusInfo(job, configuration), jobHeaders(job, configuration));
}

/** `DELETE /jobs/{jobID}` (OGC 18-062r2, clause 13). */
export const deleteJob: Handler = async (_, { jobId = '' }, dependencies) =>
  statusResponse(await removeJob(jobId, dependencies), dependencies);

/** `PATCH /jobs/{jobID}`, a merge patch (RFC 7396) of the labels. Not part of the standard. */
export async function patchJob(
  request: ServiceRequest,
  { jobId = '' }: Parameters,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  refuseBody(request, dependencies);
  const patch = parseJson(request.body);
  const others = isObject(patch) ? Object.keys(patch).filter((name) => name !== 'labels') : [];
  if (!isObject(patch) || others.length > 0 || member(patch, 'labels') === undefined) {
    throw new ServiceFault(
      'invalid-value',
      `The request body ${others.length > 0 ? `has ${others.join(', ')}` : 'is no object with "labels"'}; allowed: "labels" alone, as in {"labels": ["a"]}.`,
      { subject: 'body' },
    );
  }
  const labels = labelsOf(member(patch, 'labels')) ?? [];
  return statusResponse(await labelJob(jobId, labels, dependencies), dependencies);
}

/** `GET /jobs/{jobID}/results` (OGC 18-062r2, clause 7.13). */
export async function getResults(
  request: ServiceRequest,
  { jobId = '' }: Parameters,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  return await resultsResponse(request, await findJob(jobId, dependencies), dependencies);
}

/** `GET /jobs/{jobID}/results/{outputID}`: one output itself, as in the coming version 2.0. */
export async function getResult(
  request: ServiceRequest,
  { jobId = '', outputId = '' }: Parameters,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  const job = await findJob(jobId, dependencies);
  refuseWithoutResults(job);
  return await outputResponse(request, job, outputOf(job, outputId), dependencies);
}

/** `GET /jobs/{jobID}/inputs`. Not part of the standard. */
export const getInputs: Handler = async (_, { jobId = '' }, dependencies) => {
  const job = await findJob(jobId, dependencies);
  const document = encodeInputs(job, await jobInputs(job.id, dependencies));
  return jsonResponse(200, document, jobHeaders(job, dependencies.configuration));
};

/** `GET /jobs/{jobID}/log`. Not part of the standard. */
export const getLog: Handler = async (_, { jobId = '' }, dependencies) => {
  const job = await findJob(jobId, dependencies);
  return jsonResponse(200, encodeLog(job), jobHeaders(job, dependencies.configuration));
};

function outputOf(job: Job, identifier: string): ResultOutput {
  const outputs = resultOutputs(job);
  const found = outputs.find(({ requested }) => requested.identifier === identifier);
  if (found) return found;
  const names = outputs.map(({ requested }) => `"${requested.identifier}"`).join(', ');
  throw new ServiceFault(
    'unknown-output',
    `The job has no output "${identifier}"; its outputs are ${names}.`,
    { subject: identifier },
  );
}
