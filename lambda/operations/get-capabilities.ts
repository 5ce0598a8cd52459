import type { ServiceParts } from '../service-parts.ts';
import { encodeCapabilities } from '../wps/encode-capabilities.ts';
import type { GetCapabilitiesRequest } from '../wps/requests.ts';
import { offeredProcesses } from './offered-processes.ts';

/** GetCapabilities (OGC 05-007r7, clause 8): only what runs here is advertised. */
export function getCapabilities(_request: GetCapabilitiesRequest, parts: ServiceParts): string {
  const { identification, provider, endpoint, languages } = parts.configuration;
  return encodeCapabilities({
    identification,
    provider,
    endpoint,
    languages,
    processes: offeredProcesses(parts),
  });
}
