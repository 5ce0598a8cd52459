import type { ServiceParts, ServiceResponse } from '../service-parts.ts';
import { OwsException } from '../wps/ows-exception.ts';

/**
 * An output of a job: a redirect to a short-lived link where the store signs such links, the
 * content itself where it does not. Only names of published outputs are looked up.
 */
export async function getOutput(
  path: readonly string[],
  parts: ServiceParts,
): Promise<ServiceResponse> {
  const [id = '', name = '', ...more] = path;
  const store = await parts.store();
  const stored = more.length === 0 ? await store.read(id) : undefined;
  const output = stored?.job.outputs.find((published) => published.name === name);
  if (!stored || !output) {
    throw new OwsException('InvalidParameterValue', 'There is no such output.', {
      locator: 'outputs',
      httpStatus: 404,
    });
  }
  const link = await store.linkOutput(id, name, {
    filename: output.filename,
    contentType: output.contentType,
    seconds: parts.configuration.limits.outputLinkSeconds,
  });
  if (link) return { status: 303, headers: { location: link }, body: '' };

  const opened = await store.openOutput(id, name);
  if (!opened) throw new Error(`output ${name} of job ${id} is recorded but not stored`);
  return {
    status: 200,
    headers: {
      'content-type': output.contentType,
      'content-length': String(opened.size),
      'content-disposition': `attachment; filename="${output.filename}"`,
      'x-content-type-options': 'nosniff',
    },
    body: opened.stream,
  };
}
