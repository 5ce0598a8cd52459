import type { ProcessDescription } from '../batch-jobs/api/process-description.ts';

/** Parameters of the protocol, and elements and attributes of its documents. */
const protocolNames = [
  ...['service', 'request', 'version', 'AcceptVersions', 'AcceptFormats', 'Sections'],
  ...['updateSequence', 'language', 'Identifier', 'DataInputs', 'ResponseDocument'],
  ...['RawDataOutput', 'ResponseForm', 'storeExecuteResponse', 'lineage', 'status'],
  ...['asReference', 'format', 'jobId', 'outputs', 'GetCapabilities', 'DescribeProcess'],
  ...['Execute', 'Version', 'Input', 'Output', 'Data', 'LiteralData', 'ComplexData'],
  ...['BoundingBoxData', 'LowerCorner', 'UpperCorner', 'Reference', 'Header', 'Body'],
  ...['BodyReference', 'href', 'method', 'mimeType', 'encoding', 'schema', 'uom', 'dataType'],
].map((name) => name.toLowerCase());

/**
 * A locator that may stand in the log: the name of something the service itself describes. Any other
 * is text that the client sent.
 */
export function knownLocator(
  locator: string | undefined,
  catalogue: readonly ProcessDescription[],
): string | undefined {
  if (locator === undefined) return undefined;
  const isKnown =
    protocolNames.includes(locator.toLowerCase()) ||
    catalogue.some((process) =>
      [process, ...process.inputs, ...process.outputs].some(
        ({ identifier }) => identifier === locator,
      ),
    );
  return isKnown ? locator : undefined;
}
