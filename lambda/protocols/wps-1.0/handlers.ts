import { isFinal, type Job } from '../../../batch-jobs/api/job.ts';
import { loadOnce } from '../../../batch-jobs/api/load-once.ts';
import type { ServiceRequest, ServiceResponse } from '../../http.ts';
import { chooseLanguage } from '../../operations/choose-language.ts';
import type { Dependencies } from '../../operations/dependencies.ts';
import { dismissJob } from '../../operations/dismiss-job.ts';
import { findJob, jobInputs } from '../../operations/find-job.ts';
import { findOutput, openPublished } from '../../operations/open-output.ts';
import { describeProcess, listProcesses } from '../../operations/processes.ts';
import type { Handler, RouteDependencies } from '../../route.ts';
import { ServiceFault } from '../../service-fault.ts';
import { statusLocation } from '../ows/job-locations.ts';
import { keptDocuments } from '../ows/kept-documents.ts';
import { OwsException } from '../ows/ows-exception.ts';
import { xmlResponse } from '../ows/xml-response.ts';
import { encodeCapabilities } from './encode-capabilities.ts';
import { encodeExecuteResponse } from './encode-execute-response.ts';
import { httpStatusOf } from './encode-fault.ts';
import { encodeProcessDescriptions } from './encode-process-descriptions.ts';
import { executeCommand } from './execute-command.ts';
import { loadCodec } from './load-codec.ts';
import { presentationOf } from './presentation.ts';
import type {
  DescribeProcessRequest,
  ExecuteRequest,
  GetCapabilitiesRequest,
  WpsRequest,
} from './requests.ts';

const capabilities = keptDocuments(encodeCapabilities);
const processDescriptions = keptDocuments(encodeProcessDescriptions);

/** Answers a request in key-value pairs (OGC 05-007r7, clauses 8.2.1, 9.2.2, 10.2.2). */
export async function getByKvp(
  request: ServiceRequest,
  _: Readonly<Record<string, string>>,
  dependencies: RouteDependencies,
): Promise<ServiceResponse> {
  const { decodeKvp } = await loadCodec.kvp();
  return await answer(decodeKvp(request.query), request, dependencies);
}

/** Answers a request in XML (OGC 05-007r7, clauses 8.2.2, 9.2.3, 10.2.3). */
export async function postXml(
  request: ServiceRequest,
  _: Readonly<Record<string, string>>,
  dependencies: RouteDependencies,
): Promise<ServiceResponse> {
  const { decodeXml } = await loadCodec.xml();
  const maxBytes = dependencies.configuration.limits.maxRequestBytes;
  return await answer(decodeXml(request.body, { maxBytes }), request, dependencies);
}

async function answer(
  request: WpsRequest,
  received: ServiceRequest,
  dependencies: RouteDependencies,
): Promise<ServiceResponse> {
  dependencies.recognise(request.operation);
  switch (request.operation) {
    case 'GetCapabilities':
      return xmlResponse(200, getCapabilities(request, dependencies));
    case 'DescribeProcess':
      return xmlResponse(200, describeProcesses(request, dependencies));
    case 'Execute':
      return await executeProcess(request, received, dependencies);
  }
}

/** GetCapabilities (OGC 05-007r7, clause 8). Advertises only processes that run here. */
function getCapabilities(request: GetCapabilitiesRequest, dependencies: Dependencies): string {
  const { acceptVersions } = request;
  if (acceptVersions.length > 0 && !acceptVersions.includes('1.0.0')) {
    throw new OwsException(
      'VersionNegotiationFailed',
      `Versions ${acceptVersions.join(', ')} are not offered; allowed: 1.0.0.`,
    );
  }
  const language = chooseLanguage(request.language, dependencies.configuration);
  return capabilities(dependencies.configuration, listProcesses(dependencies), language);
}

/** DescribeProcess (OGC 05-007r7, clause 9) for one process, several, or `ALL` (in any case). */
function describeProcesses(request: DescribeProcessRequest, dependencies: Dependencies): string {
  const language = chooseLanguage(request.language, dependencies.configuration);
  const all = request.identifiers.some((identifier) => identifier.toUpperCase() === 'ALL');
  const processes = all
    ? listProcesses(dependencies)
    : [...new Set(request.identifiers)].map((identifier) =>
        describeProcess(identifier, dependencies),
      );
  return processDescriptions(processes, language);
}

/** Not loaded at start: it brings the checks of inputs and, with them, a JSON validator. */
const loadExecute = loadOnce(() => import('../../operations/execute.ts'));

/** Execute (OGC 05-007r7, clause 10). */
async function executeProcess(
  request: ExecuteRequest,
  { method, query, body }: ServiceRequest,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  // HEAD is safe (RFC 9110, clause 9.2.1): link checkers send it, and it must start no job.
  if (method === 'HEAD') {
    throw new OwsException(
      'OperationNotSupported',
      'HTTP method HEAD is not served here; allowed: GET, POST.',
      { locator: 'HEAD', httpStatus: 405, httpHeaders: { allow: 'GET, POST' } },
    );
  }
  const received =
    method === 'POST'
      ? { body, contentType: 'application/xml' }
      : { body: query, contentType: 'text/plain' };
  const { execute } = await loadExecute();
  const { job, mode } = await execute(executeCommand(request, received), dependencies);
  if (mode === 'async') return await executeResponse(200, job, dependencies);
  if (!isFinal(job.status)) throw takesLonger(job);
  return presentationOf(job).raw
    ? await rawOutput(job, dependencies)
    : await executeResponse(200, job, dependencies);
}

async function executeResponse(
  status: number,
  job: Job,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  const document = await encodeExecuteResponse(job, () => jobInputs(job.id, dependencies));
  return xmlResponse(status, document);
}

/** Answers with the single output itself (OGC 05-007r7, clause 10.3.1). */
async function rawOutput(job: Job, dependencies: Dependencies): Promise<ServiceResponse> {
  const [output] = job.outputs;
  if (job.status === 'succeeded' && output) {
    const { outputResponse } = await loadOutput();
    return await outputResponse(undefined, output, () =>
      openPublished(job, output, true, dependencies),
    );
  }
  // A client that expects the output must not mistake an ExecuteResponse for it.
  const status = httpStatusOf(job.failure?.kind ?? 'internal');
  return await executeResponse(status, job, dependencies);
}

/** HTTP 400, because only the client can solve it: by asking for an asynchronous response. */
function takesLonger(job: Job): OwsException {
  return new OwsException(
    'NoApplicableCode',
    `The job takes longer than a request can wait, and goes on. Ask with storeExecuteResponse="true" and status="true" to be answered at once. Its status and outputs: ${statusLocation(job)}`,
    { httpStatus: 400 },
  );
}

/** Answers with a job's status, or with the reason why there is none, in a format other than XML. */
export type AnswerStatus = (
  findJob: () => Promise<Job>,
  request: ServiceRequest,
  dependencies: RouteDependencies,
) => Promise<ServiceResponse>;

/**
 * A job's status: `jobStatus?jobId=<id>&format=XML|JSON|HTML`. Keys may be in any case; the default format is
 * `XML`.
 *
 * @param others the formats that other protocols write
 */
export function jobStatus(others: Readonly<Record<'JSON' | 'HTML', AnswerStatus>>): Handler {
  const formats = ['XML', ...Object.keys(others)];
  return async (request, _, dependencies) => {
    const parameters = statusParameters(request.query);
    const asked = parameters.get('format') || 'XML';
    const format = asked.toUpperCase();
    if (!formats.includes(format)) {
      throw new OwsException(
        'InvalidParameterValue',
        `Parameter "format" is "${asked}"; allowed: ${formats.join(', ')}.`,
        { locator: 'format' },
      );
    }
    const id = jobIdOf(parameters);
    const find = () => findJob(id, dependencies);
    return format === 'JSON' || format === 'HTML'
      ? await others[format](find, request, dependencies)
      : await executeResponse(200, await find(), dependencies);
  };
}

/**
 * Dismisses a job: `DELETE jobStatus?jobId=<id>`. WPS 1.0.0 has no such operation; the method and its meaning
 * come from OGC API - Processes (OGC 18-062r2, clause 11).
 */
export async function dismiss(
  { query }: ServiceRequest,
  _: Readonly<Record<string, string>>,
  dependencies: RouteDependencies,
): Promise<ServiceResponse> {
  const job = await dismissJob(jobIdOf(statusParameters(query)), dependencies);
  return await executeResponse(200, job, dependencies);
}

/**
 * Parameters of a status URL by key in lower case. Unknown parameters are ignored: clients add their own
 * (OWSLib: `language`).
 */
function statusParameters(query: string): ReadonlyMap<string, string> {
  return new Map([...new URLSearchParams(query)].map(([key, value]) => [key.toLowerCase(), value]));
}

function jobIdOf(parameters: ReadonlyMap<string, string>): string {
  const id = parameters.get('jobid');
  if (id) return id;
  throw new OwsException('MissingParameterValue', 'Parameter "jobId" is missing.', {
    locator: 'jobId',
  });
}

/** Not loaded at start: few requests ask for an output itself. */
const loadOutput = () => import('../../http-output.ts');

/**
 * An output of a job: `outputs/<job id>/<name>`. HEAD is answered from the record, because a link signed for
 * GET is not valid for HEAD.
 */
export async function output(
  request: ServiceRequest,
  { jobId = '', name = '' }: Readonly<Record<string, string>>,
  dependencies: RouteDependencies,
): Promise<ServiceResponse> {
  try {
    const found = await findOutput(jobId, name, dependencies);
    const { outputResponse } = await loadOutput();
    return await outputResponse(request, found, (range) =>
      openPublished({ id: jobId }, found, false, dependencies, range),
    );
  } catch (error) {
    throw error instanceof ServiceFault && isNotThere(error) ? noSuchOutput(error) : error;
  }
}

function isNotThere({ kind }: ServiceFault): boolean {
  return kind === 'unknown-job' || kind === 'unknown-output' || kind === 'result-not-ready';
}

function noSuchOutput(cause: ServiceFault): OwsException {
  return new OwsException('InvalidParameterValue', 'There is no such output.', {
    locator: 'outputs',
    httpStatus: 404,
    cause,
  });
}
