import { OwsException } from '../protocols/ows/ows-exception.ts';
import { encodeCapabilities } from '../protocols/wps-1.0/encode-capabilities.ts';
import type { GetCapabilitiesRequest } from '../protocols/wps-1.0/requests.ts';
import type { ServiceParts } from '../service-parts.ts';
import { chooseLanguage } from './choose-language.ts';
import { offeredProcesses } from './offered-processes.ts';

/**
 * GetCapabilities (OGC 05-007r7, clause 8): only what runs here is advertised.
 *
 * @throws {OwsException} when the client accepts no version of ours (OGC 06-121r3, clause 7.3.2)
 */
export function getCapabilities(request: GetCapabilitiesRequest, parts: ServiceParts): string {
  const { acceptVersions } = request;
  if (acceptVersions.length > 0 && !acceptVersions.includes('1.0.0')) {
    throw new OwsException(
      'VersionNegotiationFailed',
      `Versions ${acceptVersions.join(', ')} are not offered; allowed: 1.0.0.`,
    );
  }
  const language = chooseLanguage(request.language, parts.configuration);
  return encodeCapabilities(parts.configuration, offeredProcesses(parts), language);
}
