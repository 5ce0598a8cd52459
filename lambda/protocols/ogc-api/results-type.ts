import type { Job, PublishedOutput, RequestedOutput } from '../../../batch-jobs/api/job.ts';
import type { ResponseForm } from './decode-execute.ts';
import { mediaTypes } from './links.ts';

/** An output as requested and as stored. */
export interface ResultOutput {
  readonly requested: RequestedOutput;
  readonly published: PublishedOutput;
}

/** Outputs of a job in the order in which they were requested. */
export function resultOutputs(job: Job): readonly ResultOutput[] {
  return job.requestedOutputs.flatMap((requested) => {
    const published = job.outputs.find(({ identifier }) => identifier === requested.identifier);
    return published ? [{ requested, published }] : [];
  });
}

/** The form of results that the job's own request asked for; a job of another protocol has a document. */
export function responseForm({ presentation }: Job): ResponseForm {
  return presentation.protocol === 'ogc-api' && presentation['response'] === 'raw'
    ? 'raw'
    : 'document';
}

/** Media type of a single output: a bounding box is JSON here, whatever format it is stored in. */
export function outputType({ requested, published }: ResultOutput): string {
  return requested.kind === 'bounding-box' ? mediaTypes.json : published.contentType;
}

/** Media type of a job's results, without parameters. */
export function resultsType(job: Job): string {
  if (responseForm(job) === 'document') return mediaTypes.json;
  const outputs = resultOutputs(job);
  const [only] = outputs;
  return outputs.length === 1 && only ? outputType(only) : 'multipart/related';
}
