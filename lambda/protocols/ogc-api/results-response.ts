import { randomUUID } from 'node:crypto';
import type { Job } from '../../../batch-jobs/api/job.ts';
import type { ServiceRequest, ServiceResponse } from '../../http.ts';
import * as http from '../../http-output.ts';
import type { Dependencies } from '../../operations/dependencies.ts';
import { openPublished } from '../../operations/open-output.ts';
import { ServiceFault } from '../../service-fault.ts';
import { encodeMultipart, type Part } from './encode-multipart.ts';
import { boxOf, encodeResults, outputLink } from './encode-results.ts';
import { jobHeaders } from './encode-status-info.ts';
import { jsonResponse } from './json-response.ts';
import { linkHeader } from './links.ts';
import { outputType, type ResultOutput, responseForm, resultOutputs } from './results-type.ts';

/** All parts of a message together, in bytes: Lambda passes 6 MB of base64. */
const maximumMultipartBytes = 4_000_000;

/**
 * The results of a job that has ended, in the form that its request asked for, for synchronous and
 * asynchronous jobs (OGC 18-062r2, clauses 7.11.4 and 7.13, table 11).
 *
 * @throws {ServiceFault} with the reason if there are no results
 */
export async function resultsResponse(
  request: ServiceRequest,
  job: Job,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  refuseWithoutResults(job);
  const expiry = jobHeaders(job, dependencies.configuration);
  if (responseForm(job) === 'document') {
    return jsonResponse(200, encodeResults(job), expiry);
  }
  const outputs = resultOutputs(job);
  const byValue = outputs.filter(({ requested }) => requested.transmission === 'value');
  if (byValue.length === 0) {
    const links = outputs.map((output) => outputLink(job, output));
    return { status: 204, headers: { ...linkHeader(links), ...expiry }, body: '' };
  }
  const [only] = outputs;
  if (outputs.length === 1 && only) return await outputResponse(request, job, only, dependencies);
  return await multipartResponse(job, outputs, dependencies);
}

/** One output itself, as raw data. */
export async function outputResponse(
  request: ServiceRequest,
  job: Job,
  output: ResultOutput,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  const expiry = jobHeaders(job, dependencies.configuration);
  const box = boxDocument(output);
  if (box !== undefined) return jsonResponse(200, box, expiry);
  const { status, headers, body } = await http.outputResponse(request, output.published, (range) =>
    openPublished(job, output.published, true, dependencies, range),
  );
  return { status, headers: { ...headers, ...expiry }, body };
}

/** Throws if a job has no results, with the exception type of the standard (clause 7.13.3). */
export function refuseWithoutResults(job: Job): void {
  const subject = job.id;
  switch (job.status) {
    case 'succeeded':
      return;
    case 'failed': {
      const { kind = 'internal', text = job.message, subject: input } = job.failure ?? {};
      throw new ServiceFault(kind, text, input === undefined ? {} : { subject: input });
    }
    case 'dismissed':
      throw new ServiceFault('expired-job', 'The job was dismissed; it has no results.', {
        subject,
      });
    default:
      throw new ServiceFault(
        'result-not-ready',
        `The job has not ended yet: ${job.message} Follow its status, and ask again.`,
        { subject },
      );
  }
}

/** A bounding box is JSON here, whatever format it is stored in. */
function boxDocument({ requested, published }: ResultOutput): object | undefined {
  const { inline } = published;
  return requested.kind === 'bounding-box' && inline && 'text' in inline
    ? boxOf(inline.text, requested.crs)
    : undefined;
}

async function multipartResponse(
  job: Job,
  outputs: readonly ResultOutput[],
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  const parts: Part[] = [];
  let size = 0;
  for (const output of outputs) {
    const isTooMuch = size + output.published.size > maximumMultipartBytes;
    const content =
      output.requested.transmission === 'reference' || isTooMuch
        ? { location: outputLink(job, output).href }
        : await contentOf(job, output, dependencies);
    if (content instanceof Uint8Array) size += content.length;
    parts.push({
      identifier: output.requested.identifier,
      contentType: outputType(output),
      content,
    });
  }
  const { contentType, body } = encodeMultipart(parts, `part-${randomUUID()}`);
  const expiry = jobHeaders(job, dependencies.configuration);
  return { status: 200, headers: { 'content-type': contentType, ...expiry }, body };
}

/** An output too large to pass through the service becomes a link. */
async function contentOf(
  job: Job,
  output: ResultOutput,
  dependencies: Dependencies,
): Promise<Part['content']> {
  const box = boxDocument(output);
  if (box !== undefined) return Buffer.from(JSON.stringify(box));
  const { stream } = await openPublished(job, output.published, true, dependencies);
  if (!stream) return { location: outputLink(job, output).href };
  const { buffer } = await import('node:stream/consumers');
  return await buffer(stream);
}
