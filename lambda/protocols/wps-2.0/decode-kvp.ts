import { KvpParameters, wrongParameter } from '../ows/kvp-parameters.ts';
import { OwsException } from '../ows/ows-exception.ts';
import { version } from './namespaces.ts';
import { operations, type WpsRequest } from './requests.ts';

const parameterNames = [
  ...['service', 'request', 'version', 'AcceptVersions', 'AcceptLanguages', 'Sections'],
  ...['Identifier', 'lang', 'jobId'],
];

/**
 * Decodes a request from the query string of a GET (OGC 14-065r2, clauses 9.8.1, 9.9.1, 9.7 and 10.1).
 * Execute has no KVP encoding: it is sent as XML by POST.
 *
 * @param query percent-encoded, without `?`
 * @throws {OwsException} if the request is not valid
 */
export function decodeKvp(query: string): WpsRequest {
  const parameters = new KvpParameters(query, parameterNames);
  const service = parameters.required('service');
  if (service.toUpperCase() !== 'WPS') throw wrongParameter('service', service, 'WPS');
  const operation = operationOf(parameters.required('request'));
  if (operation === 'GetCapabilities') {
    return {
      operation,
      acceptVersions: parameters.list('AcceptVersions'),
      acceptLanguages: parameters.list('AcceptLanguages'),
      sections: parameters.list('Sections'),
    };
  }
  const asked = parameters.required('version');
  if (asked !== version) throw wrongParameter('version', asked, version);
  switch (operation) {
    case 'DescribeProcess': {
      parameters.required('Identifier');
      const language = parameters.optional('lang');
      return {
        operation,
        identifiers: parameters.list('Identifier'),
        ...(language === undefined ? {} : { language }),
      };
    }
    case 'Execute':
      throw new OwsException(
        'OperationNotSupported',
        `Execute of WPS ${version} has no GET form; send it as XML by POST.`,
        { locator: operation },
      );
    default:
      return { operation, jobId: parameters.required('jobId') };
  }
}

function operationOf(asked: string): (typeof operations)[number] {
  const operation = operations.find((name) => name.toLowerCase() === asked.toLowerCase());
  if (operation) return operation;
  throw new OwsException(
    'OperationNotSupported',
    `Operation "${asked}" is not offered; allowed: ${operations.join(', ')}.`,
    { locator: asked },
  );
}
