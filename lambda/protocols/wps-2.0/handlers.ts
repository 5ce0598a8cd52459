import { isFinal, type Job, type PublishedOutput } from '../../../batch-jobs/api/job.ts';
import { loadOnce } from '../../../batch-jobs/api/load-once.ts';
import { useBaselineWasm } from '../../baseline-wasm.ts';
import type { ServiceRequest, ServiceResponse } from '../../http.ts';
import { outputResponse } from '../../http-output.ts';
import { chooseLanguage } from '../../operations/choose-language.ts';
import type { Dependencies } from '../../operations/dependencies.ts';
import { dismissJob } from '../../operations/dismiss-job.ts';
import { execute } from '../../operations/execute.ts';
import { findJob } from '../../operations/find-job.ts';
import { openPublished } from '../../operations/open-output.ts';
import { describeProcess, listProcesses } from '../../operations/processes.ts';
import type { RouteDependencies } from '../../route.ts';
import { ServiceFault } from '../../service-fault.ts';
import { outputLocation } from '../ows/job-locations.ts';
import { keptDocuments } from '../ows/kept-documents.ts';
import { OwsException } from '../ows/ows-exception.ts';
import { xmlResponse } from '../ows/xml-response.ts';
import { decodeKvp } from './decode-kvp.ts';
import { encodeCapabilities } from './encode-capabilities.ts';
import { encodeProcessOfferings } from './encode-description.ts';
import { encodeResult } from './encode-result.ts';
import { encodeStatusInfo } from './encode-status.ts';
import { version } from './namespaces.ts';
import { presentationOf, protocolName } from './presentation.ts';
import type { ExecuteRequest, GetCapabilitiesRequest, WpsRequest } from './requests.ts';

/** Loads libxml2. */
const loadXmlDecoder = loadOnce(() => {
  useBaselineWasm();
  return import('./decode-xml.ts');
});

const capabilities = keptDocuments(encodeCapabilities);
const processOfferings = keptDocuments(encodeProcessOfferings);

/** Answers a request in key-value pairs. */
export async function getByKvp(
  request: ServiceRequest,
  _: Readonly<Record<string, string>>,
  dependencies: RouteDependencies,
): Promise<ServiceResponse> {
  return await answer(decodeKvp(request.query), request, dependencies);
}

/** Answers a request in XML. */
export async function postXml(
  request: ServiceRequest,
  _: Readonly<Record<string, string>>,
  dependencies: RouteDependencies,
): Promise<ServiceResponse> {
  const { decodeXml } = await loadXmlDecoder();
  const { maxRequestBytes } = dependencies.configuration.limits;
  return await answer(decodeXml(request.body, maxRequestBytes), request, dependencies);
}

async function answer(
  request: WpsRequest,
  received: ServiceRequest,
  dependencies: RouteDependencies,
): Promise<ServiceResponse> {
  const { configuration, now, recognise } = dependencies;
  recognise(request.operation);
  switch (request.operation) {
    case 'GetCapabilities':
      return xmlResponse(200, getCapabilities(request, dependencies));
    case 'DescribeProcess': {
      const language = chooseLanguage(request.language, configuration);
      return xmlResponse(
        200,
        processOfferings(described(request.identifiers, dependencies), language),
      );
    }
    case 'Execute':
      return await executeProcess(request, received, dependencies);
    case 'GetStatus': {
      const job = await findJob(request.jobId, dependencies);
      return xmlResponse(200, encodeStatusInfo(job, now(), configuration));
    }
    case 'GetResult':
      return await result(await findJob(request.jobId, dependencies), received, dependencies);
    case 'Dismiss': {
      const job = await dismissJob(request.jobId, dependencies);
      return xmlResponse(200, encodeStatusInfo(job, now(), configuration));
    }
  }
}

function getCapabilities(
  { acceptVersions, acceptLanguages, sections }: GetCapabilitiesRequest,
  dependencies: Dependencies,
): string {
  if (acceptVersions.length > 0 && !acceptVersions.includes(version)) {
    throw new OwsException(
      'VersionNegotiationFailed',
      `Versions ${acceptVersions.join(', ')} are not offered in this form; allowed: ${version}.`,
    );
  }
  const { configuration } = dependencies;
  // The document is the same in every language, so the language is only checked; `*` accepts any.
  const offered = acceptLanguages.length === 0 || acceptLanguages.includes('*');
  if (!offered) chooseLanguage(acceptLanguages[0], configuration);
  return capabilities(
    configuration,
    `${configuration.baseUrl}wps`,
    listProcesses(dependencies),
    sections,
  );
}

function described(identifiers: readonly string[], dependencies: Dependencies) {
  const all = identifiers.some((identifier) => identifier.toUpperCase() === 'ALL');
  return all
    ? listProcesses(dependencies)
    : [...new Set(identifiers)].map((identifier) => describeProcess(identifier, dependencies));
}

/** Execute (OGC 14-065r2, clause 9.6). */
async function executeProcess(
  { identifier, inputs, outputs, mode, response }: ExecuteRequest,
  received: ServiceRequest,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  if (response === 'raw' && outputs.length > 1) {
    throw new OwsException(
      'InvalidParameterValue',
      `response is "raw" with ${outputs.length} outputs; allowed: one output, or response="document".`,
      { locator: 'response' },
    );
  }
  const execution = await execute(
    {
      process: identifier,
      inputs,
      outputs,
      mode,
      presentation: { protocol: protocolName, raw: response === 'raw' },
      received: { body: received.body, contentType: 'application/xml' },
    },
    dependencies,
  );
  const { job } = execution;
  if (execution.mode === 'sync' && isFinal(job.status))
    return await result(job, received, dependencies);
  if (mode === 'sync') throw takesLonger(job);
  return xmlResponse(200, encodeStatusInfo(job, dependencies.now(), dependencies.configuration));
}

/** The response to GetResult and to a synchronous Execute (OGC 14-065r2, clauses 9.4 and 9.7.2). */
async function result(
  job: Job,
  received: ServiceRequest,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  if (!isFinal(job.status)) {
    throw new ServiceFault('result-not-ready', 'The job has not ended yet. Ask for its status.', {
      subject: job.id,
    });
  }
  if (job.status !== 'succeeded') {
    const { kind, text, subject } = job.failure ?? { kind: 'internal', text: job.message };
    throw new ServiceFault(kind, text, subject === undefined ? {} : { subject });
  }
  const [output] = job.outputs;
  if (presentationOf(job).raw && output) {
    return await outputResponse(received, output, (range) =>
      openPublished(job, output, true, dependencies, range),
    );
  }
  const hrefOf = (published: PublishedOutput) => outputLocation(job, published);
  return xmlResponse(200, await encodeResult(job, hrefOf, dependencies.configuration));
}

/** HTTP 400, because only the client can solve it: by asking for an asynchronous response. */
function takesLonger(job: Job): OwsException {
  return new OwsException(
    'NoApplicableCode',
    `The job takes longer than a request can wait, and goes on. Ask for its status and result by GetStatus and GetResult with the job id ${job.id}, or send the request with mode="async".`,
    { locator: 'mode', httpStatus: 400 },
  );
}
