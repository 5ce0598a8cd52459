import { isJobId } from '../../batch-jobs/api/job-id.ts';
import type { ServiceResponse } from '../http.ts';
import { OwsException } from '../protocols/ows/ows-exception.ts';
import type { OperationParts } from '../service-parts.ts';
import { outputContent, outputHeaders } from './output-content.ts';

/**
 * An output of a job: `outputs/<job id>/<name>`. Only names of published outputs are looked up. HEAD is
 * answered from the record, for a link signed for GET opens nothing to HEAD.
 */
export async function getOutput(
  method: string,
  path: readonly string[],
  parts: OperationParts,
): Promise<ServiceResponse> {
  const [id = '', name = '', ...more] = path;
  if (isJobId(id)) parts.log.about({ jobId: id });
  const store = await parts.store();
  const stored = more.length === 0 ? await store.read(id) : undefined;
  const output = stored?.job.outputs.find((published) => published.name === name);
  if (!stored || !output) {
    throw new OwsException('InvalidParameterValue', 'There is no such output.', {
      locator: 'outputs',
      httpStatus: 404,
    });
  }
  if (method === 'HEAD') return { status: 200, headers: outputHeaders(output), body: '' };
  return await outputContent(stored.job, output, store, parts.configuration.limits);
}
