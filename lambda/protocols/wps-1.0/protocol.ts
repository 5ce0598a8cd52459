import type { Protocol } from '../../route.ts';
import { encodeExceptionReport } from '../ows/encode-exception-report.ts';
import { xmlResponse } from '../ows/xml-response.ts';
import { owsExceptionOf } from './encode-fault.ts';
import { protocolName } from './presentation.ts';

/** Web Processing Service 1.0.0 (OGC 05-007r7). */
export const wps10: Protocol = {
  name: protocolName,
  parameters: [
    ...['service', 'request', 'version', 'AcceptVersions', 'AcceptFormats', 'Sections'],
    ...['updateSequence', 'language', 'Identifier', 'DataInputs', 'ResponseDocument'],
    ...['RawDataOutput', 'ResponseForm', 'storeExecuteResponse', 'lineage', 'status'],
    ...['asReference', 'format', 'jobId', 'outputs', 'GetCapabilities', 'DescribeProcess'],
    ...['Execute', 'Version', 'Input', 'Output', 'Data', 'LiteralData', 'ComplexData'],
    ...['BoundingBoxData', 'LowerCorner', 'UpperCorner', 'Reference', 'Header', 'Body'],
    ...['BodyReference', 'href', 'method', 'mimeType', 'encoding', 'schema', 'uom', 'dataType'],
  ],
  encodeFault(fault, { configuration }) {
    const { code, message, locator, httpStatus, httpHeaders } = owsExceptionOf(fault);
    const exception = { code, text: message, locator };
    const report = encodeExceptionReport(exception, configuration?.languages[0] ?? 'en');
    const response = xmlResponse(httpStatus, report);
    return { ...response, headers: { ...response.headers, ...httpHeaders } };
  },
};
