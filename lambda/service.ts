import { loadOnce } from '../batch-jobs/api/load-once.ts';
import { isStorageFull } from '../batch-jobs/api/storage-full.ts';
import type { ServiceRequest, ServiceResponse } from './http.ts';
import { boundedJobEngine } from './jobs/bounded-job-engine.ts';
import { DeadlinePassed, unlessPassed } from './jobs/request-deadline.ts';
import { requestLog } from './jobs/request-log.ts';
import { knownSubject } from './known-subject.ts';
import type { Dependencies, ServiceDependencies } from './operations/dependencies.ts';
import * as html from './protocols/html/handlers.ts';
import { html as htmlProtocol, htmlWithoutQuery } from './protocols/html/protocol.ts';
import { ogcApi } from './protocols/ogc-api/protocol.ts';
import * as wps10 from './protocols/wps-1.0/handlers.ts';
import { wps10 as wps10Protocol } from './protocols/wps-1.0/protocol.ts';
import { wps20 as wps20Protocol } from './protocols/wps-2.0/protocol.ts';
import { decodedRequest } from './request-body.ts';
import { preflightHeaders, responseHeaders } from './response-headers.ts';
import type { FaultContext, Handler, Protocol, Route } from './route.ts';
import { type Match, Router } from './router.ts';
import { ServiceFault } from './service-fault.ts';

const status = wps10.jobStatus({
  JSON: async (findJob, _, dependencies) =>
    (await import('./protocols/ogc-api/job-handlers.ts')).statusResponse(
      await findJob(),
      dependencies,
    ),
  HTML: html.status,
});

/** Loaded when a request first needs it. */
const loadWps20 = loadOnce(() => import('./protocols/wps-2.0/handlers.ts'));
const loadOgcApi = loadOnce(() => import('./protocols/ogc-api/handlers.ts'));

const wps20 = {
  getByKvp: (async (...request) => (await loadWps20()).getByKvp(...request)) satisfies Handler,
  postXml: (async (...request) => (await loadWps20()).postXml(...request)) satisfies Handler,
};

function ogc(name: keyof typeof import('./protocols/ogc-api/handlers.ts')): Handler {
  return async (...request) => (await loadOgcApi())[name](...request);
}

// biome-ignore format: a row per route
const table: readonly (readonly [Route['method'], string, Protocol, string, Route['handle']])[] = [
  ['GET',    '/wps',                        wps20Protocol, 'none',      wps20.getByKvp],
  ['POST',   '/wps',                        wps20Protocol, 'none',      wps20.postXml],
  ['GET',    '/wps',                        wps10Protocol, 'none',      wps10.getByKvp],
  ['POST',   '/wps',                        wps10Protocol, 'none',      wps10.postXml],
  ['GET',    '/wps',                    htmlWithoutQuery, 'landing',   html.toLanding],
  ['GET',    '/wps/jobStatus',              wps10Protocol, 'jobStatus', status],
  ['HEAD',   '/wps/jobStatus',              wps10Protocol, 'jobStatus', status],
  ['DELETE', '/wps/jobStatus',              wps10Protocol, 'dismiss',   wps10.dismiss],
  ['GET',    '/wps/outputs/:jobId/:name',   wps10Protocol, 'outputs',   wps10.output],
  ['HEAD',   '/wps/outputs/:jobId/:name',   wps10Protocol, 'outputs',   wps10.output],
  ['GET',    '/',                                ogcApi, 'landingPage',  ogc('getLandingPage')],
  ['GET',    '/conformance',                     ogcApi, 'conformance',  ogc('getConformance')],
  ['GET',    '/api',                             ogcApi, 'api',          ogc('getApi')],
  ['GET',    '/keys',                            ogcApi, 'keys',         ogc('getKeys')],
  ['GET',    '/processes',                       ogcApi, 'processes',    ogc('getProcesses')],
  ['GET',    '/processes/:processId',            ogcApi, 'process',      ogc('getProcess')],
  ['POST',   '/processes/:processId/execution',  ogcApi, 'execute',      ogc('postExecution')],
  ['POST',   '/processes/:processId/estimate',   ogcApi, 'estimate',     ogc('postEstimate')],
  ['POST',   '/processes/:processId/constraints', ogcApi, 'constraints', ogc('postConstraints')],
  ['GET',    '/processes/:processId/inputs/:inputId/suggestions', ogcApi, 'suggestions', ogc('getSuggestions')],
  ['GET',    '/jobs',                            ogcApi, 'jobs',         ogc('getJobs')],
  ['GET',    '/jobs/:jobId',                     ogcApi, 'job',          ogc('getJob')],
  ['PATCH',  '/jobs/:jobId',                     ogcApi, 'changeJob',    ogc('patchJob')],
  ['DELETE', '/jobs/:jobId',                     ogcApi, 'dismiss',      ogc('deleteJob')],
  ['GET',    '/jobs/:jobId/results',             ogcApi, 'results',      ogc('getResults')],
  ['GET',    '/jobs/:jobId/results/:outputId',   ogcApi, 'result',       ogc('getResult')],
  ['GET',    '/jobs/:jobId/inputs',              ogcApi, 'inputs',       ogc('getInputs')],
  ['GET',    '/jobs/:jobId/log',                 ogcApi, 'log',          ogc('getLog')],
  ['GET',    '/',                           htmlProtocol,  'landing',   html.landing],
  ['GET',    '/conformance',                htmlProtocol,  'conformance', html.documentPage('conformance', ogc('getConformance'))],
  ['GET',    '/api',                        htmlProtocol,  'api',       html.apiPage(ogc('getApi'))],
  ['GET',    '/processes',                  htmlProtocol,  'processes', html.processList],
  ['GET',    '/processes/:processId',       htmlProtocol,  'process',   html.processForm],
  ['GET',    '/processes/:processId/overview', htmlProtocol, 'overview', html.overview],
  ['POST',   '/processes/:processId',       htmlProtocol,  'check',     html.sendForm],
  ['GET',    '/jobs',                       htmlProtocol,  'jobs',      html.jobList],
  ['POST',   '/jobs',                       htmlProtocol,  'dismiss',   html.changeJobs],
  ['GET',    '/jobs/:jobId',                htmlProtocol,  'job',       html.job],
  ['POST',   '/jobs/:jobId',                htmlProtocol,  'dismiss',   html.changeJob],
  ['GET',    '/jobs/:jobId/inputs',         htmlProtocol,  'inputs',    html.documentPage('inputs', ogc('getInputs'))],
  ['GET',    '/jobs/:jobId/log',            htmlProtocol,  'log',       html.documentPage('log', ogc('getLog'))],
  ['GET',    '/jobs/:jobId/previews/:name', htmlProtocol,  'preview',   html.preview],
  ['GET',    '/assets/:name',               htmlProtocol,  'asset',     html.asset],
];

/**
 * Every route of the service. Protocols that a request may not need are loaded on demand: each module makes a
 * function's start longer.
 */
export const routes: readonly Route[] = table.map(
  ([method, path, protocol, operation, handle]) => ({
    method,
    path,
    protocol,
    operation,
    handle,
  }),
);

/** Answers paths that are not served: a browser gets a page, a program the format that its path suggests. */
const nothingServed: Protocol = {
  ...ogcApi,
  encodeFault: (fault, context) => protocolOf(context.request).encodeFault(fault, context),
};

function protocolOf(request: ServiceRequest | undefined): Protocol {
  // Browsers list HTML first, so the other types in `Accept` need no weighing.
  if (/^\s*text\/html\b/i.test(request?.headers['accept'] ?? '')) return htmlProtocol;
  return /\/wps(\/|$)/.test(request?.path ?? '') ? wps10Protocol : ogcApi;
}

const router = new Router(routes, nothingServed);

/** Answers one request in time. Never throws: this is the one place where faults become responses. */
export async function serve(
  request: ServiceRequest,
  dependencies: ServiceDependencies,
): Promise<ServiceResponse> {
  const { configuration, metrics } = dependencies;
  const { readable, refused } = await readableOf(request, configuration);
  const match = router.match(readable, configuration);
  let { operation = 'none' } = match;
  const log = requestLog(dependencies.log);
  const recognise = (recognised: string) => {
    operation = recognised;
  };
  const response = await answerOrRefuse(
    readable,
    refused ? { ...match, handle: () => Promise.reject(refused) } : match,
    { ...dependencies, log },
    recognise,
  );
  log.info('request answered', { operation, status: response.status });
  metrics.request(operation, outcomeOf(response.status));
  return {
    ...response,
    headers: { ...responseHeaders(configuration.allowOrigin), ...response.headers },
  };
}

/** Runs before the route is known, because a body's content may decide which protocol it is written in. */
async function readableOf(
  request: ServiceRequest,
  { limits }: ServiceDependencies['configuration'],
): Promise<{ readonly readable: ServiceRequest; readonly refused?: unknown }> {
  try {
    return { readable: await decodedRequest(request, limits.maxRequestBytes) };
  } catch (refused) {
    return { readable: request, refused };
  }
}

/**
 * The response to a request that did not reach {@link serve}: one that could not be read, or that arrived
 * before there was a configuration.
 */
export async function refuse(error: unknown, context: FaultContext): Promise<ServiceResponse> {
  const { request, configuration } = context;
  const protocol = request
    ? router.match(request, configuration ?? { baseUrl: '' }).protocol
    : wps10Protocol;
  const response = await protocol.encodeFault(faultOf(error), context);
  // Without a configuration, any page may read the report: it says nothing confidential.
  const allowOrigin = configuration ? configuration.allowOrigin : '*';
  return { ...response, headers: { ...responseHeaders(allowOrigin), ...response.headers } };
}

function outcomeOf(status: number): 'ok' | 'refused' | 'busy' | 'failed' {
  if (status < 400) return 'ok';
  // Operations that are not offered get 501.
  if (status < 500 || status === 501) return 'refused';
  return status === 503 ? 'busy' : 'failed';
}

async function answerOrRefuse(
  request: ServiceRequest,
  match: Match,
  dependencies: Dependencies,
  recognise: (operation: string) => void,
): Promise<ServiceResponse> {
  const { deadline, log, catalogue, configuration, caller } = dependencies;
  const { protocol, allowed, handle, parameters } = match;
  if (request.method === 'OPTIONS' && allowed.length > 0)
    return { status: 204, headers: preflightHeaders, body: '' };
  try {
    const answer = handle(request, parameters, { ...bounded(dependencies), recognise });
    return await unlessPassed(deadline.answer, answer);
  } catch (error) {
    const isKnown = error instanceof ServiceFault;
    if (!isKnown) log.error('request failed', {}, error);
    const fault = !isKnown && deadline.answer.aborted ? notInTime(error) : faultOf(error);
    const response = await protocol.encodeFault(fault, { request, configuration, caller });
    const { kind, subject, retryAfterSeconds } = fault;
    log.info('request refused', {
      kind,
      subject: knownSubject(subject, protocol.parameters, catalogue),
      status: response.status,
    });
    return {
      ...response,
      headers: {
        ...(kind === 'unsupported-method' ? { allow: allowed.join(', ') } : {}),
        ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
        ...response.headers,
      },
    };
  }
}

/** Bounds the wait for the engine, so that time is left to record what became of the job. */
function bounded(dependencies: Dependencies): Dependencies {
  const { deadline } = dependencies;
  return {
    ...dependencies,
    engine: async () =>
      boundedJobEngine(await unlessPassed(deadline.work, dependencies.engine()), deadline.work),
  };
}

/** The client learns that the request failed; the log has the reason. */
function faultOf(error: unknown): ServiceFault {
  if (error instanceof ServiceFault) return error;
  if (error instanceof DeadlinePassed) return notInTime(error);
  if (isStorageFull(error)) {
    return new ServiceFault(
      'storage-full',
      'There is not enough storage for the request. Please send it again later.',
      { cause: error },
    );
  }
  return new ServiceFault(
    'internal',
    'The service failed to answer the request. The reason is in its log.',
    { cause: error },
  );
}

/**
 * A resource that the service depends on did not answer. If the job was stored but not submitted, it never
 * will be: its record ends as failed, here or in the next sweep.
 */
function notInTime(cause: unknown): ServiceFault {
  return new ServiceFault(
    'not-in-time',
    'The service could not answer in time. Please send the request again later.',
    { cause },
  );
}
