import { loadOnce } from '../../../batch-jobs/api/load-once.ts';
import type { ServiceRequest, ServiceResponse } from '../../http.ts';
import type { Dependencies } from '../../operations/dependencies.ts';
import { maySeeJobList } from '../../operations/list-jobs.ts';
import { describeProcess, listProcesses } from '../../operations/processes.ts';
import type { Handler } from '../../route.ts';
import { integerOf, limitOf } from './decode-job-filter.ts';
import { processDocument, processList } from './encode-process.ts';
import { conformance, landingPage, type Offer } from './encode-service.ts';
import { jsonResponse } from './json-response.ts';
import { mediaTypes } from './links.ts';

/** What this service offers to this caller. */
export function offerTo({ caller, configuration }: Dependencies): Offer {
  return {
    jobList: maySeeJobList(caller),
    callback: configuration.limits.callbackHosts.length > 0,
  };
}

const loadOpenApi = loadOnce(() => import('./openapi/openapi-document.ts'));

/** `GET /` (OGC 18-062r2, clause 7.2). */
export const getLandingPage: Handler = async (_, __, dependencies) => {
  const { configuration } = dependencies;
  return jsonResponse(
    200,
    landingPage(configuration, configuration.baseUrl, offerTo(dependencies)),
  );
};

/** `GET /conformance` (OGC 18-062r2, clause 7.4). */
export const getConformance: Handler = async (_, __, dependencies) =>
  jsonResponse(200, conformance(offerTo(dependencies)));

/** `GET /api` (OGC 18-062r2, clauses 7.3 and 10). */
export const getApi: Handler = async (_, __, dependencies) => {
  const { openApiDocument } = await loadOpenApi();
  const { configuration } = dependencies;
  const document = openApiDocument(
    configuration,
    listProcesses(dependencies),
    configuration.baseUrl,
    offerTo(dependencies),
  );
  return jsonResponse(200, document, { 'content-type': mediaTypes.openApi });
};

/** `GET /processes` (OGC 18-062r2, clause 7.9). */
export async function getProcesses(
  { query }: ServiceRequest,
  _: Readonly<Record<string, string>>,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  const parameters = new URLSearchParams(query);
  const offset = integerOf(parameters, 'offset', 0) ?? 0;
  const page = { limit: limitOf(parameters), offset };
  const { baseUrl } = dependencies.configuration;
  return jsonResponse(200, processList(listProcesses(dependencies), page, baseUrl));
}

/** `GET /processes/{processID}` (OGC 18-062r2, clause 7.10). */
export const getProcess: Handler = async (_, { processId = '' }, dependencies) => {
  const process = describeProcess(processId, dependencies);
  return jsonResponse(200, processDocument(process, dependencies.configuration.baseUrl));
};

/**
 * `GET /keys`: keys for receivers of callbacks to verify signatures (RFC 7517, clause 5). Not part of the
 * standard.
 */
export const getKeys: Handler = async (_, __, { callbacks }) =>
  jsonResponse(200, { keys: callbacks ? [await callbacks.publicKey()] : [] });
