import { encodeProcessDescriptions } from '../protocols/wps-1.0/encode-process-descriptions.ts';
import type { DescribeProcessRequest } from '../protocols/wps-1.0/requests.ts';
import type { ServiceParts } from '../service-parts.ts';
import { chooseLanguage } from './choose-language.ts';
import { offeredProcess, offeredProcesses } from './offered-processes.ts';

/** DescribeProcess (OGC 05-007r7, clause 9) for one process, several, or `ALL` (in any case). */
export function describeProcess(request: DescribeProcessRequest, parts: ServiceParts): string {
  const language = chooseLanguage(request.language, parts.configuration);
  const all = request.identifiers.some((identifier) => identifier.toUpperCase() === 'ALL');
  const processes = all
    ? offeredProcesses(parts)
    : [...new Set(request.identifiers)].map((identifier) => offeredProcess(identifier, parts));
  return encodeProcessDescriptions(processes, language);
}
