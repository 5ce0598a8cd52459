import type { OwnOutput } from '../../batch-jobs/api/job.ts';
import { ServiceFault } from '../service-fault.ts';
import type { Dependencies } from './dependencies.ts';
import type { ExecuteInput } from './execute-command.ts';
import { findOutput } from './open-output.ts';

/**
 * The inputs of a request, with references to outputs of this service resolved to those outputs. A caller
 * that may see a job may use its outputs as inputs, whatever hosts references may name: the runner reads them
 * from the store.
 *
 * @throws {ServiceFault} naming the input as subject, if the caller can see no such output
 */
export async function findOwnOutputs(
  inputs: readonly ExecuteInput[],
  dependencies: Dependencies,
): Promise<readonly ExecuteInput[]> {
  return await Promise.all(
    inputs.map(async (input) => {
      const { identifier, data } = input;
      if (data.kind !== 'reference') return input;
      const place = await placeOf(data.href, dependencies);
      if (!place) return input;
      if (data.method !== 'GET') {
        const text = `Input "${identifier}" is an output of this service asked for by ${data.method}; allowed: GET.`;
        throw new ServiceFault('invalid-value', text, { subject: identifier });
      }
      const ownOutput = await ownOutputAt(place, identifier, dependencies);
      return { ...input, data: { ...data, ownOutput } };
    }),
  );
}

interface Place {
  readonly jobId: string;
  /** Identifier of the output, or the name at the end of its URL. */
  readonly name: string;
}

/** The output behind a URL that clients receive: a URL of the service, or a link of its store. */
async function placeOf(href: string, dependencies: Dependencies): Promise<Place | undefined> {
  const place = placeIn(href, dependencies.configuration.baseUrl);
  // Only for a URL that looks like such a link is it worth opening the store.
  if (place || !/\/outputs\//.test(href)) return place;
  const store = await dependencies.store();
  const linked = await store.outputOfLink(href);
  return linked && { jobId: linked.id, name: linked.place.name };
}

/**
 * Outputs have two URLs: `wps/outputs/{job}/{name}`, and `jobs/{job}/results/{output}` of OGC API -
 * Processes.
 */
function placeIn(href: string, baseUrl: string): Place | undefined {
  if (!URL.canParse(href)) return undefined;
  const url = new URL(href);
  const base = new URL(baseUrl);
  if (url.origin !== base.origin || !url.pathname.startsWith(base.pathname)) return undefined;
  const path = url.pathname.slice(base.pathname.length);
  const found =
    /^wps\/outputs\/([^/]+)\/([^/]+)$/.exec(path) ?? /^jobs\/([^/]+)\/results\/([^/]+)$/.exec(path);
  const [, jobId, name] = found ?? [];
  if (jobId === undefined || name === undefined) return undefined;
  try {
    return { jobId: decodeURIComponent(jobId), name: decodeURIComponent(name) };
  } catch {
    return undefined;
  }
}

async function ownOutputAt(
  { jobId, name }: Place,
  identifier: string,
  dependencies: Dependencies,
): Promise<OwnOutput> {
  try {
    const output = await findOutput(jobId, name, dependencies);
    return { jobId, attempt: output.attempt, name: output.name, size: output.size };
  } catch (error) {
    if (!(error instanceof ServiceFault) || error.kind === 'internal') throw error;
    const text = `Input "${identifier}" cannot be read from the output that it names: ${error.message}`;
    throw new ServiceFault('invalid-value', text, { subject: identifier });
  }
}
