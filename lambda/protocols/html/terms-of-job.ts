import * as z from 'zod/mini';
import type { Job, JobInput } from '../../../batch-jobs/api/job.ts';
import type { Coverage } from '../../../batch-jobs/api/process-advice.ts';
import type { ProcessDescription } from '../../../batch-jobs/api/process-description.ts';
import { suggestValues } from '../../operations/advise.ts';
import type { Dependencies } from '../../operations/dependencies.ts';
import { beginning } from './previews.ts';

/** The licence of data and how to cite it, as stated by the data. */
export type Terms = Pick<Coverage, 'licence' | 'citation'>;

/** A larger receipt is not read. */
const mostBytes = 1_000_000;

const receipt = z.object({
  layer: z.object({ licence: z.optional(z.string()), citation: z.optional(z.string()) }),
});

/**
 * The terms of the results of a job that succeeded: from its receipt or, if the request asked for no receipt,
 * what the process now says of the inputs.
 */
export async function termsOfJob(
  job: Job,
  process: ProcessDescription | undefined,
  inputs: readonly JobInput[],
  dependencies: Dependencies,
): Promise<Terms> {
  if (!process || job.status !== 'succeeded') return {};
  try {
    return (
      (await termsOfReceipt(job, process, dependencies)) ??
      (await termsOfInputs(process, inputs, dependencies))
    );
  } catch (error) {
    // The page is useful without the terms.
    dependencies.log.error('the terms of a job were not read', {}, error);
    return {};
  }
}

async function termsOfReceipt(
  job: Job,
  process: ProcessDescription,
  dependencies: Dependencies,
): Promise<Terms | undefined> {
  const described = process.outputs.find((output) => 'terms' in output);
  const published = job.outputs.find(({ identifier }) => identifier === described?.identifier);
  if (!published || published.size > mostBytes) return undefined;
  const bytes = await beginning(job.id, published, mostBytes, dependencies);
  const { licence, citation } = receipt.parse(JSON.parse(bytes.toString())).layer;
  return { ...(licence ? { licence } : {}), ...(citation ? { citation } : {}) };
}

async function termsOfInputs(
  process: ProcessDescription,
  inputs: readonly JobInput[],
  dependencies: Dependencies,
): Promise<Terms> {
  if (!process.advice) return {};
  for (const { identifier, value } of inputs) {
    if (value.kind !== 'literal') continue;
    const command = { process: process.identifier, inputs: [] };
    const found = await suggestValues(command, identifier, value.value, dependencies);
    const { licence, citation } = found.find((each) => each.value === value.value)?.coverage ?? {};
    if (licence || citation) {
      return { ...(licence ? { licence } : {}), ...(citation ? { citation } : {}) };
    }
  }
  return {};
}
