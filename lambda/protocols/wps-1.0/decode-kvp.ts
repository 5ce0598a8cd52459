import { KvpParameters, listOf, wrongParameter } from '../ows/kvp-parameters.ts';
import { OwsException } from '../ows/ows-exception.ts';
import { decodeDataInputs, decodeOutputs } from './decode-kvp-lists.ts';
import type { ExecuteRequest, ResponseForm, WpsRequest } from './requests.ts';

const operations = ['GetCapabilities', 'DescribeProcess', 'Execute'] as const;

const parameterNames = [
  ...['service', 'request', 'version', 'language', 'AcceptVersions', 'Identifier', 'DataInputs'],
  ...['ResponseDocument', 'RawDataOutput', 'storeExecuteResponse', 'status', 'lineage'],
];

/**
 * Decodes a request from the query string of a GET (OGC 05-007r7, clauses 8.2.1, 9.2.2, 10.2.2). Keys may be
 * in any case; values keep their case. Parameters that WPS does not know are ignored (OGC 06-121r3, clause
 * 11.5.2).
 *
 * @param query percent-encoded, without `?`
 * @throws {OwsException} if the request is not valid
 */
export function decodeKvp(query: string): WpsRequest {
  const parameters = new KvpParameters(query, parameterNames);
  const service = parameters.required('service');
  if (service.toUpperCase() !== 'WPS') throw wrongParameter('service', service, 'WPS');

  const asked = parameters.required('request');
  const operation = operations.find((name) => name.toLowerCase() === asked.toLowerCase());
  if (!operation) {
    throw new OwsException(
      'OperationNotSupported',
      `Operation "${asked}" is not offered; allowed: ${operations.join(', ')}.`,
      { locator: asked },
    );
  }
  const tag = parameters.optional('language');
  const language = tag === undefined ? {} : { language: tag };
  if (operation === 'GetCapabilities') {
    return { operation, acceptVersions: parameters.list('AcceptVersions'), ...language };
  }

  const version = parameters.required('version');
  if (version !== '1.0.0') throw wrongParameter('version', version, '1.0.0');
  const identifier = parameters.required('Identifier');
  return operation === 'DescribeProcess'
    ? { operation, identifiers: listOf(identifier), ...language }
    : { ...execute(identifier, parameters), ...language };
}

function execute(identifier: string, parameters: KvpParameters): ExecuteRequest {
  return {
    operation: 'Execute',
    identifier,
    inputs: decodeDataInputs(parameters.encoded('DataInputs')),
    responseForm: responseForm(parameters),
  };
}

function responseForm(parameters: KvpParameters): ResponseForm {
  const raw = parameters.encoded('RawDataOutput');
  const document = parameters.encoded('ResponseDocument');
  const flags = {
    storeExecuteResponse: parameters.flag('storeExecuteResponse'),
    status: parameters.flag('status'),
    lineage: parameters.flag('lineage'),
  };
  if (raw === '') {
    return { kind: 'document', outputs: decodeOutputs(document, 'ResponseDocument'), ...flags };
  }
  for (const [name, set] of Object.entries({ ResponseDocument: document !== '', ...flags })) {
    if (!set) continue;
    throw new OwsException(
      'InvalidParameterValue',
      `Parameter "${name}" is given together with "RawDataOutput"; it belongs to a response document.`,
      { locator: name },
    );
  }
  const [output, ...more] = decodeOutputs(raw, 'RawDataOutput');
  if (more.length > 0 || !output) {
    throw new OwsException(
      'InvalidParameterValue',
      `Parameter "RawDataOutput" names ${more.length + (output ? 1 : 0)} outputs; allowed: one.`,
      { locator: 'RawDataOutput' },
    );
  }
  const { asReference: _, ...choice } = output;
  return { kind: 'raw', output: choice };
}
