import type { PastDuration } from '../../../batch-jobs/api/past-durations.ts';
import type { ServiceRequest, ServiceResponse } from '../../http.ts';
import { adviseOn, suggestValues } from '../../operations/advise.ts';
import { constraintsOn } from '../../operations/constrain.ts';
import type { Dependencies } from '../../operations/dependencies.ts';
import type { ExecuteInput } from '../../operations/execute-command.ts';
import { describeProcess } from '../../operations/processes.ts';
import type { Fault } from '../../service-fault.ts';
import { singleValue } from '../../single-value.ts';
import { decodePartly } from './decode-execute.ts';
import { refuseBody } from './execution-handler.ts';
import { jsonResponse } from './json-response.ts';

type Parameters = Readonly<Record<string, string>>;

/**
 * `POST /processes/{processID}/estimate`: the size of an execute request, and its faults. Accepts the same
 * document as an execution, runs nothing, and answers 200 whether the document is valid or not. Not part of
 * the standard.
 */
export async function postEstimate(
  request: ServiceRequest,
  { processId = '' }: Parameters,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  const process = describeProcess(processId, dependencies);
  refuseBody(request, dependencies);
  const { command, faults: unread } = decodePartly(process, request.body);
  const { faults: found, estimate, duration, queue } = await adviseOn(command, dependencies);
  const known = new Set(unread.map(({ subject }) => subject));
  // Do not also report an input as missing if it could not be read.
  const faults = [...unread, ...found.filter(({ subject }) => !known.has(subject))];
  return jsonResponse(200, {
    valid: faults.length === 0,
    faults: faults.map(faultObject),
    ...estimate,
    ...(duration ? { duration: durationObject(duration) } : {}),
    ...(queue === undefined || unread.length > 0 ? {} : { queue }),
  });
}

/**
 * `POST /processes/{processID}/constraints`: the values still possible for each input and output, given what
 * an execute request already says. Accepts a part of such a document, and answers 200 whether it is valid or
 * not: a member that cannot be read counts as not given. Not part of the standard.
 */
export async function postConstraints(
  request: ServiceRequest,
  { processId = '' }: Parameters,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  const process = describeProcess(processId, dependencies);
  refuseBody(request, dependencies);
  const { command, faults } = decodePartly(process, request.body);
  const { inputs, outputs } = await constraintsOn(command, dependencies);
  return jsonResponse(200, { inputs, outputs, faults: faults.map(faultObject) });
}

/** Durations in seconds. */
function durationObject({ minimum, maximum, runs }: PastDuration): object {
  return { minimumSeconds: minimum, maximumSeconds: maximum, runs };
}

function faultObject({ kind, subject, text }: Fault): object {
  return { type: kind, ...(subject === undefined ? {} : { input: subject }), detail: text };
}

/**
 * `GET /processes/{processID}/inputs/{inputID}/suggestions?q=`: values that an input accepts, best first.
 * Other parameters in the query are values of the process's other inputs. Not part of the standard.
 */
export async function getSuggestions(
  { query }: ServiceRequest,
  { processId = '', inputId = '' }: Parameters,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  const process = describeProcess(processId, dependencies);
  const asked = new URLSearchParams(query);
  const inputs = process.inputs.flatMap(({ identifier }): ExecuteInput[] =>
    asked.getAll(identifier).map((value) => ({ identifier, data: { kind: 'untyped', value } })),
  );
  const command = { process: process.identifier, inputs };
  const suggestions = await suggestValues(
    command,
    inputId,
    singleValue(asked, 'q') ?? '',
    dependencies,
  );
  return jsonResponse(200, { suggestions });
}
