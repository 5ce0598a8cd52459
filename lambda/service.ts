import { isStorageFull } from '../batch-jobs/api/storage-full.ts';
import type { ServiceRequest, ServiceResponse } from './http.ts';
import { boundedJobEngine } from './jobs/bounded-job-engine.ts';
import { requestLog } from './jobs/request-log.ts';
import { DeadlinePassed, unlessPassed } from './jobs/unless-passed.ts';
import { knownLocator } from './known-locator.ts';
import { describeProcess } from './operations/describe-process.ts';
import { dismissJob } from './operations/dismiss-job.ts';
import { execute } from './operations/execute.ts';
import { getCapabilities } from './operations/get-capabilities.ts';
import { getOutput } from './operations/get-output.ts';
import { getStatus } from './operations/get-status.ts';
import { ServiceFault } from './operations/service-fault.ts';
import { encodeExceptionReport } from './protocols/ows/encode-exception-report.ts';
import { OwsException } from './protocols/ows/ows-exception.ts';
import { owsExceptionOf } from './protocols/wps-1.0/encode-fault.ts';
import { loadCodec } from './protocols/wps-1.0/load-codec.ts';
import type { WpsRequest } from './protocols/wps-1.0/requests.ts';
import { responseHeaders } from './response-headers.ts';
import { type OperationParts, type ServiceParts, xml } from './service-parts.ts';

/**
 * Answers one request, in time. Never throws: this is the one place where errors become exception
 * reports.
 */
export async function serve(
  request: ServiceRequest,
  parts: ServiceParts,
): Promise<ServiceResponse> {
  let operation = 'none';
  const log = requestLog(parts.log);
  const response = await answerOrReport(request, { ...parts, log }, (recognised) => {
    operation = recognised;
  });
  log.info('request answered', { operation, status: response.status });
  parts.metrics.request(operation, outcomeOf(response.status));
  return {
    ...response,
    headers: { ...responseHeaders(parts.configuration.allowOrigin), ...response.headers },
  };
}

function outcomeOf(status: number): 'ok' | 'refused' | 'busy' | 'failed' {
  if (status < 400) return 'ok';
  // 501 is said of operations that nobody offers.
  if (status < 500 || status === 501) return 'refused';
  return status === 503 ? 'busy' : 'failed';
}

/** Told which operation a request asks for, once that is known. */
type Recognise = (operation: string) => void;

async function answerOrReport(
  request: ServiceRequest,
  parts: OperationParts,
  recognise: Recognise,
): Promise<ServiceResponse> {
  try {
    return await unlessPassed(parts.deadline.answer, route(request, bounded(parts), recognise));
  } catch (error) {
    const exception =
      error instanceof ServiceFault ? owsExceptionOf(error) : unexpected(error, parts);
    parts.log.info('request refused', {
      code: exception.code,
      locator: knownLocator(exception.locator, parts.catalogue),
      status: exception.httpStatus,
    });
    const { code, message, locator } = exception;
    const [language] = parts.configuration.languages;
    const report = encodeExceptionReport(
      { code, text: message, ...(locator === undefined ? {} : { locator }) },
      language,
    );
    const response = xml(exception.httpStatus, report);
    return { ...response, headers: { ...response.headers, ...exception.httpHeaders } };
  }
}

/** Nobody waits for an engine longer than there is time to write down what became of it. */
function bounded(parts: OperationParts): OperationParts {
  const { work } = parts.deadline;
  return {
    ...parts,
    engine: async () => boundedJobEngine(await unlessPassed(work, parts.engine()), work),
  };
}

async function route(
  request: ServiceRequest,
  parts: OperationParts,
  recognise: Recognise,
): Promise<ServiceResponse> {
  const [resource, ...rest] = resourceOf(request.path);
  if (request.method === 'OPTIONS') return preflight();
  switch (resource) {
    case '':
      return await answer(await decode(request, parts), request, parts, recognise);
    case 'jobStatus':
      recognise(request.method === 'DELETE' ? 'dismiss' : 'jobStatus');
      if (request.method === 'DELETE') return await dismissJob(request.query, parts);
      allow(request, ['GET', 'HEAD', 'DELETE']);
      return await getStatus(request.query, parts);
    case 'outputs':
      recognise('outputs');
      allow(request, ['GET', 'HEAD']);
      return await getOutput(request.method, rest, parts);
    default:
      throw notFound(`Nothing is served at "${request.path}".`);
  }
}

/** What a browser asks before it sends XML from a page of another origin (CORS). */
function preflight(): ServiceResponse {
  return {
    status: 204,
    headers: {
      'access-control-allow-methods': 'GET, HEAD, POST, DELETE',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '86400',
    },
    body: '',
  };
}

async function answer(
  request: WpsRequest,
  received: ServiceRequest,
  parts: OperationParts,
  recognise: Recognise,
): Promise<ServiceResponse> {
  recognise(request.operation);
  switch (request.operation) {
    case 'GetCapabilities':
      return xml(200, getCapabilities(request, parts));
    case 'DescribeProcess':
      return xml(200, describeProcess(request, parts));
    case 'Execute':
      // HEAD is safe (RFC 9110, clause 9.2.1): link checkers send it, and must start no job.
      if (received.method === 'HEAD') throw notAllowed('HEAD', ['GET', 'POST']);
      return await execute(request, received, parts);
  }
}

async function decode(request: ServiceRequest, parts: ServiceParts): Promise<WpsRequest> {
  switch (request.method) {
    case 'GET':
    case 'HEAD': {
      const { decodeKvp } = await loadCodec.kvp();
      return decodeKvp(request.query);
    }
    case 'POST': {
      const { decodeXml } = await loadCodec.xml();
      return decodeXml(request.body, {
        maxBytes: parts.configuration.limits.maxRequestBytes,
      });
    }
    default:
      throw notAllowed(request.method, ['GET', 'POST']);
  }
}

/**
 * Parts of the path below the endpoint `.../wps`, decoded. What stands before it is the gateway's: a
 * stage, or the base path of a domain, which may be `wps`, too.
 */
function resourceOf(path: string): string[] {
  const [, below] =
    /(?:^|\/)wps\/((?:jobStatus|outputs)(?:\/.*)?)$/.exec(path) ??
    /(?:^|\/)wps\/?()$/.exec(path) ??
    [];
  if (below === undefined) throw notFound(`Nothing is served at "${path}".`);
  try {
    return below.split('/').map(decodeURIComponent);
  } catch {
    throw notFound('The path is not percent-encoded UTF-8.');
  }
}

function allow(request: ServiceRequest, methods: readonly string[]): void {
  if (!methods.includes(request.method)) throw notAllowed(request.method, methods);
}

function notAllowed(method: string, allowed: readonly string[]): OwsException {
  return new OwsException(
    'OperationNotSupported',
    `HTTP method ${method} is not served here; allowed: ${allowed.join(', ')}.`,
    { locator: method, httpStatus: 405, httpHeaders: { allow: allowed.join(', ') } },
  );
}

function notFound(text: string): OwsException {
  return new OwsException('InvalidParameterValue', text, { httpStatus: 404 });
}

/** Clients learn that it failed; the log learns why. */
function unexpected(error: unknown, { log, deadline }: ServiceParts): OwsException {
  log.error('request failed', {}, error);
  if (error instanceof DeadlinePassed || deadline.answer.aborted) return notInTime(error);
  if (isStorageFull(error)) {
    return new OwsException(
      'NotEnoughStorage',
      'There is not enough storage for the request. Please send it again later.',
      { cause: error },
    );
  }
  return notServed(error);
}

/** Whatever it was: clients learn no more. */
export function notServed(cause: unknown): OwsException {
  return new OwsException(
    'NoApplicableCode',
    'The service failed to answer the request. The reason is in its log.',
    { cause },
  );
}

/**
 * What the service stands on did not answer. A job that was written down meanwhile and not handed to
 * the engine never is: its record ends as failed, here or in the next sweep.
 */
export function notInTime(cause: unknown): OwsException {
  return new OwsException(
    'NoApplicableCode',
    'The service could not answer in time. Please send the request again later.',
    { cause, httpStatus: 504 },
  );
}
