import { isFinal, type Job } from '../../batch-jobs/api/job.ts';
import type { JobStore } from '../../batch-jobs/api/job-store.ts';
import type { ServiceResponse } from '../http.ts';
import { DeadlinePassed, unlessPassed } from '../jobs/unless-passed.ts';
import { OwsException } from '../protocols/ows/ows-exception.ts';
import { encodeExecuteResponse } from '../protocols/wps-1.0/encode-execute-response.ts';
import { statusLocation } from '../protocols/wps-1.0/job-locations.ts';
import { type ServiceParts, xml } from '../service-parts.ts';
import { outputContent, streamedOutput } from './output-content.ts';

/** Pauses between looks at the record: short at first, for jobs that take no time. */
const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 1_000;

/**
 * Waits for a job and answers with its outputs: the execute response, or the one output itself when
 * raw data was asked for and the job succeeded (OGC 05-007r7, clause 10.3.1).
 *
 * @throws {OwsException} when the job takes longer than a client can be kept waiting; the job goes
 *   on, and the exception names its status location
 */
export async function answerWhenEnded(
  submitted: Job,
  store: JobStore,
  parts: ServiceParts,
): Promise<ServiceResponse> {
  const job = await waitForEnd(submitted, store, parts);
  if (!job.raw) return xml(200, encodeExecuteResponse(job));
  const [output] = job.outputs;
  if (job.status === 'succeeded' && output) {
    const { limits } = parts.configuration;
    // Not every client follows a redirect after a POST; a large output leaves it no choice.
    return output.size <= limits.inlineOutputBytes
      ? await streamedOutput(job.id, output, store)
      : await outputContent(job, output, store, limits);
  }
  // Who waits for bytes must not take the response for them.
  const { code, text } = job.failure ?? { code: 'NoApplicableCode', text: job.message };
  const { httpStatus } = new OwsException(code, text);
  return xml(httpStatus, encodeExecuteResponse(job));
}

/** The client's patience began when its request arrived, not when the job was submitted. */
async function waitForEnd(submitted: Job, store: JobStore, parts: ServiceParts): Promise<Job> {
  const { arrivedAt, work } = parts.deadline;
  const until = arrivedAt.getTime() + parts.configuration.limits.syncTimeoutSeconds * 1000;
  let pause = firstPauseMilliseconds;
  for (let job = submitted; ; ) {
    if (isFinal(job.status)) return job;
    const left = until - parts.now().getTime();
    if (left <= 0) throw takesLonger(job);
    try {
      await unlessPassed(work, parts.wait(Math.min(pause, left)));
      job = (await unlessPassed(work, store.read(job.id)))?.job ?? job;
    } catch (error) {
      throw error instanceof DeadlinePassed ? takesLonger(job) : error;
    }
    pause = Math.min(pause * 2, longestPauseMilliseconds);
  }
}

/** HTTP 400, for what to do about it lies with the client: ask for an asynchronous answer. */
function takesLonger(job: Job): OwsException {
  return new OwsException(
    'NoApplicableCode',
    `The job takes longer than a request can wait, and goes on. Ask with storeExecuteResponse="true" and status="true" to be answered at once. Its status and outputs: ${statusLocation(job)}`,
    { httpStatus: 400 },
  );
}
