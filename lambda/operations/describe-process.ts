import type { ServiceParts } from '../service-parts.ts';
import { encodeProcessDescriptions } from '../wps/encode-process-descriptions.ts';
import { OwsException } from '../wps/ows-exception.ts';
import type { DescribeProcessRequest } from '../wps/requests.ts';
import { offeredProcesses } from './offered-processes.ts';

/** DescribeProcess (OGC 05-007r7, clause 9) for one process, several, or `ALL`. */
export function describeProcess(request: DescribeProcessRequest, parts: ServiceParts): string {
  const offered = offeredProcesses(parts);
  const language = request.language ?? parts.configuration.languages[0];
  if (request.identifiers.some((identifier) => identifier.toUpperCase() === 'ALL')) {
    return encodeProcessDescriptions(offered, { language });
  }
  const described = [...new Set(request.identifiers)].map((identifier) => {
    const process = offered.find((candidate) => candidate.identifier === identifier);
    if (process) return process;
    throw new OwsException(
      'InvalidParameterValue',
      `Process "${identifier}" is not offered; processes are ${offered.map((candidate) => `"${candidate.identifier}"`).join(', ')}.`,
      { locator: identifier },
    );
  });
  return encodeProcessDescriptions(described, { language });
}
