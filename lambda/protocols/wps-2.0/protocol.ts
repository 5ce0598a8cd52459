import { loadOnce } from '../../../batch-jobs/api/load-once.ts';
import type { Configuration } from '../../configuration/configuration.ts';
import type { ServiceRequest } from '../../http.ts';
import type { Protocol } from '../../route.ts';
import { xmlResponse } from '../ows/xml-response.ts';
import { namespaces, version } from './namespaces.ts';
import { protocolName } from './presentation.ts';

const loadEncoder = loadOnce(() => import('./encode-fault.ts'));

/** Web Processing Service 2.0 (OGC 14-065r2), which shares its endpoint with WPS 1.0.0. */
export const wps20: Protocol = {
  name: protocolName,
  recognises,
  parameters: [
    ...['service', 'request', 'version', 'AcceptVersions', 'AcceptLanguages', 'Sections'],
    ...['Identifier', 'lang', 'jobId', 'JobID', 'Input', 'Output', 'Data', 'LiteralValue'],
    ...['BoundingBox', 'Reference', 'Body', 'BodyReference', 'Extension', 'mode', 'response'],
    ...['transmission', 'id', 'href', 'mimeType', 'encoding', 'schema', 'uom', 'dataType'],
    ...['GetCapabilities', 'DescribeProcess', 'Execute', 'GetStatus', 'GetResult', 'Dismiss'],
  ],
  async encodeFault(fault, { configuration }) {
    const { encodeFault } = await loadEncoder();
    const { status, body, headers } = encodeFault(fault, configuration?.languages[0] ?? 'en');
    const response = xmlResponse(status, body);
    return { ...response, headers: { ...response.headers, ...headers } };
  },
};

/** Length of the part of a body that includes its root element and the declarations before it. */
const headBytes = 8192;

/**
 * Recognises a WPS 2.0 request by what it says: by the namespace of its document element, by `version`, or,
 * in GetCapabilities, by preferring 2.0.0 among the accepted versions. A setting decides for a
 * GetCapabilities that says nothing (by OGC 06-121r9, clause 7.3.2, it would get the highest version; old
 * clients need 1.0.0).
 */
function recognises(
  { method, query, body }: ServiceRequest,
  { wpsVersion }: Pick<Configuration, 'wpsVersion'>,
): boolean {
  if (method === 'POST') return headOf(body).includes(namespaces.wps);
  const parameters = new Map(
    [...new URLSearchParams(query)].map(([key, value]) => [key.toLowerCase(), value.trim()]),
  );
  const asked = parameters.get('version');
  if (asked) return asked === version;
  const accepted = (parameters.get('acceptversions') ?? '').split(',').map((each) => each.trim());
  const first = accepted.find((each) => each === version || each === '1.0.0');
  if (first !== undefined) return first === version;
  const operation = parameters.get('request') ?? '';
  if (/^getcapabilities$/i.test(operation) && accepted.every((each) => each === '')) {
    return wpsVersion === version;
  }
  // Operations that only WPS 2.0 has.
  return /^(getstatus|getresult|dismiss)$/i.test(operation);
}

/** In UTF-16, every second byte of ASCII text is zero. */
function headOf(body: Uint8Array): string {
  return new TextDecoder('latin1').decode(body.subarray(0, headBytes)).replaceAll('\0', '');
}
