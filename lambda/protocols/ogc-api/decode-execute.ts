import type { JsonValue, Subscriber } from '../../../batch-jobs/api/job.ts';
import type {
  InputDescription,
  ProcessDescription,
} from '../../../batch-jobs/api/process-description.ts';
import type {
  ExecuteCommand,
  ExecuteInput,
  OutputChoice,
} from '../../operations/execute-command.ts';
import { isLabel, longestLabel, mostLabels } from '../../operations/label-job.ts';
import { checkAll, type Fault, mostFaults, ServiceFault } from '../../service-fault.ts';
import { decodeValue, formatChoice } from './decode-value.ts';
import { inWords, isArray, isObject, type JsonObject, member } from './json-value.ts';
import { isJsonType } from './media-types.ts';
import { parseJson } from './parse-json.ts';
import type { Preferences } from './prefer.ts';

/**
 * The form of results that an execute request asks for: the outputs themselves, or a document that contains
 * them.
 */
export type ResponseForm = 'raw' | 'document';

/** The parts of the HTTP request that go into the command. */
export interface ReceivedExecution {
  readonly body: Uint8Array;
  readonly preferences: Preferences;
  readonly idempotencyKey?: string | undefined;
}

/** Members of the document, collected while it is read. */
interface ExecuteMembers {
  inputs: readonly ExecuteInput[];
  outputs: readonly OutputChoice[];
  response: ResponseForm;
  subscriber?: Subscriber | undefined;
  labels?: readonly string[] | undefined;
}

/**
 * An execute request (OGC 18-062r2, clause 7.11.2, `execute.yaml`) for a process.
 *
 * @throws {ServiceFault} with every fault found, each naming the input or member
 */
export function decodeExecute(
  process: ProcessDescription,
  { body, preferences, idempotencyKey }: ReceivedExecution,
): ExecuteCommand {
  const request = requestOf(body);
  const members: ExecuteMembers = { inputs: [], outputs: [], response: 'raw' };
  checkAll<void>([
    () => {
      members.inputs = inputsOf(process, member(request, 'inputs'));
    },
    () => {
      members.outputs = outputsOf(member(request, 'outputs'));
    },
    () => {
      members.response = responseOf(member(request, 'response'));
    },
    () => {
      members.subscriber = subscriberOf(member(request, 'subscriber'));
    },
    () => {
      members.labels = labelsOf(member(request, 'labels'));
    },
  ]);
  const { inputs, outputs, response, subscriber, labels } = members;
  const { respond, wait } = preferences;
  return {
    process: process.identifier,
    inputs,
    outputs,
    // The default mode is synchronous (18-062r2, requirement 25); a job that takes longer continues.
    mode: respond === 'async' ? (wait === undefined ? 'async' : 'auto') : 'sync',
    ...(wait === undefined ? {} : { waitSeconds: wait }),
    ...(subscriber ? { subscriber } : {}),
    ...(labels ? { labels } : {}),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    presentation: { protocol: 'ogc-api', response },
    received: { body, contentType: 'application/json' },
  };
}

/** The readable parts of an execute request, and the faults of the rest. */
export interface PartialExecution {
  readonly command: Pick<ExecuteCommand, 'process' | 'inputs' | 'outputs'>;
  readonly faults: readonly Fault[];
}

/** Like {@link decodeExecute}, for an unfinished request: a part that cannot be read counts as not given. */
export function decodePartly(process: ProcessDescription, body: Uint8Array): PartialExecution {
  const faults: Fault[] = [];
  const read = <T>(decode: () => T, otherwise: T): T => {
    try {
      return decode();
    } catch (error) {
      if (!(error instanceof ServiceFault)) throw error;
      faults.push(...error.all);
      return otherwise;
    }
  };
  const request = read(() => requestOf(body), {});
  const each = <T>(given: JsonValue | undefined, decode: (given: JsonValue | undefined) => T[]) =>
    isObject(given) && Object.keys(given).length <= mostMembers
      ? Object.entries(given).flatMap(([identifier, value]) =>
          read(() => decode({ [identifier]: value }), []),
        )
      : read(() => decode(given), []);
  const inputs = each(member(request, 'inputs'), (given) => inputsOf(process, given));
  const outputs = each(member(request, 'outputs'), outputsOf);
  read(() => responseOf(member(request, 'response')), undefined);
  read(() => subscriberOf(member(request, 'subscriber')), undefined);
  read(() => labelsOf(member(request, 'labels')), undefined);
  return {
    command: { process: process.identifier, inputs, outputs },
    faults: faults.slice(0, mostFaults),
  };
}

function requestOf(body: Uint8Array): JsonObject {
  const request = parseJson(body);
  if (isObject(request)) return request;
  throw wrong('body', request, 'a JSON object');
}

function inputsOf(process: ProcessDescription, given: JsonValue | undefined): ExecuteInput[] {
  if (given === undefined) return [];
  if (!isObject(given)) throw wrong('inputs', given, 'an object with a member per input');
  refuseCrowd('inputs', given);
  const decoded = checkAll(
    Object.entries(given).map(([identifier, value]) => () => {
      const described = process.inputs.find((input) => input.identifier === identifier);
      if (described) {
        return occurrences(described, value).map((one) => ({
          identifier,
          data: decodeValue(described, one),
        }));
      }
      // The operation refuses unknown inputs.
      return [{ identifier, data: { kind: 'untyped' as const, value: '' } }];
    }),
  );
  return decoded.flat();
}

/** No process has so many members, and each costs time. */
const mostMembers = 1_000;

function refuseCrowd(name: string, given: JsonObject): void {
  const found = Object.keys(given).length;
  if (found <= mostMembers) return;
  throw new ServiceFault(
    'too-large',
    `Member "${name}" has ${found} members; allowed: up to ${mostMembers}.`,
    { subject: name },
  );
}

/**
 * The values of one input. An array gives several values, except for an input that is given once and whose
 * values may be arrays themselves (OGC 18-062r2, clause 7.11.2.2, requirement 18).
 */
function occurrences(described: InputDescription, value: JsonValue): readonly JsonValue[] {
  if (!isArray(value)) return [value];
  const { identifier, maxOccurs } = described;
  if (maxOccurs === 1 && (mayBeArray(described) || value.length < 2)) return [value];
  // Each value costs time, and there are too many, whatever they are.
  if (value.length > Math.max(maxOccurs, mostMembers)) {
    throw new ServiceFault(
      'too-many-inputs',
      `Input "${identifier}" is given ${value.length} times; allowed: up to ${maxOccurs}.`,
      { subject: identifier },
    );
  }
  return value;
}

function mayBeArray(described: InputDescription): boolean {
  return described.kind === 'complex' && described.formats.some((f) => isJsonType(f.mimeType));
}

function outputsOf(given: JsonValue | undefined): OutputChoice[] {
  if (given === undefined || given === null) return [];
  if (!isObject(given)) throw wrong('outputs', given, 'an object with a member per output');
  refuseCrowd('outputs', given);
  return checkAll(
    Object.entries(given).map(
      ([identifier, choice]) =>
        () =>
          outputOf(identifier, choice),
    ),
  );
}

function outputOf(identifier: string, choice: JsonValue): OutputChoice {
  if (!isObject(choice)) {
    throw wrong(`outputs/${identifier}`, choice, 'an object with "format" and "transmissionMode"');
  }
  const mode = member(choice, 'transmissionMode');
  if (mode !== undefined && mode !== 'value' && mode !== 'reference') {
    throw wrong(`outputs/${identifier}/transmissionMode`, mode, '"value" or "reference"');
  }
  return {
    identifier,
    ...formatChoice(choice),
    ...(mode === undefined ? {} : { transmission: mode }),
  };
}

/** If left out, raw (`execute.yaml`). */
function responseOf(given: JsonValue | undefined): ResponseForm {
  if (given === undefined) return 'raw';
  if (given === 'raw' || given === 'document') return given;
  throw wrong('response', given, '"raw" or "document"');
}

const subscriberMembers = ['successUri', 'inProgressUri', 'failedUri'] as const;

function subscriberOf(given: JsonValue | undefined): Subscriber | undefined {
  if (given === undefined || given === null) return undefined;
  if (!isObject(given)) throw wrong('subscriber', given, 'an object with "successUri"');
  const uris = subscriberMembers.flatMap((name) => {
    const uri = member(given, name);
    if (uri === undefined) return [];
    if (typeof uri !== 'string') throw wrong(`subscriber/${name}`, uri, 'a URI');
    return [[name, uri] as const];
  });
  if (uris.length === 0) {
    const found = Object.keys(given).join(', ') || 'no member';
    throw new ServiceFault(
      'invalid-value',
      `Member "subscriber" has ${found}; allowed: ${subscriberMembers.join(', ')}, at least one of them.`,
      { subject: 'subscriber' },
    );
  }
  return Object.fromEntries(uris);
}

/**
 * Labels that a client gives its job; not part of the standard.
 *
 * @throws {ServiceFault}
 */
export function labelsOf(given: JsonValue | undefined): readonly string[] | undefined {
  if (given === undefined || given === null) return undefined;
  const allowed = `an array of up to ${mostLabels} strings of 1 to ${longestLabel} characters`;
  if (!isArray(given) || given.length > mostLabels) throw wrong('labels', given, allowed);
  const labels = given.map((label) => {
    if (typeof label !== 'string' || !isLabel(label)) throw wrong('labels', label, allowed);
    return label.trim();
  });
  return [...new Set(labels)];
}

function wrong(subject: string, found: JsonValue, allowed: string): ServiceFault {
  const where = subject === 'body' ? 'The request body' : `Member "${subject}"`;
  return new ServiceFault('invalid-value', `${where} is ${inWords(found)}; allowed: ${allowed}.`, {
    subject,
  });
}
