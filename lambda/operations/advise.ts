import type { JobInput } from '../../batch-jobs/api/job.ts';
import { loadOnce } from '../../batch-jobs/api/load-once.ts';
import type { PastDuration } from '../../batch-jobs/api/past-durations.ts';
import type {
  AdviceFault,
  Estimate,
  Overview,
  Suggestion,
} from '../../batch-jobs/api/process-advice.ts';
import type {
  LiteralInputs,
  ProcessDescription,
  QueueClass,
} from '../../batch-jobs/api/process-description.ts';
import { type Fault, ServiceFault } from '../service-fault.ts';
import { checkInputs } from './check-inputs.ts';
import type { Dependencies } from './dependencies.ts';
import type { ExecuteCommand, ExecuteInput } from './execute-command.ts';
import { jsonCheckFor } from './json-check.ts';
import { findOwnOutputs } from './own-outputs.ts';
import { pastDuration } from './past-duration.ts';
import { describeProcess } from './processes.ts';
import { settleOutputs } from './settle-outputs.ts';

const loadRecipientCheck = loadOnce(() => import('./check-recipients.ts'));

/** What can be said about a request before it is sent. */
export interface Advice {
  /** Everything wrong with it; empty if the request would be accepted. */
  readonly faults: readonly Fault[];
  /** Left out if the process estimates nothing. */
  readonly estimate?: Omit<Estimate, 'faults'>;
  /** How long the latest jobs of the process took; left out if unknown. */
  readonly duration?: PastDuration;
  /** Where its job would wait; left out if unknown. */
  readonly queue?: QueueClass;
}

/** The longest wait for an answer of the process. */
const patienceMilliseconds = 5_000;

/**
 * The size of a request, and its faults. Runs nothing and stores nothing.
 *
 * @throws {ServiceFault} `unknown-process`
 */
export async function adviseOn(
  command: Pick<ExecuteCommand, 'process' | 'inputs' | 'outputs'>,
  dependencies: Dependencies,
): Promise<Advice> {
  const process = describeProcess(command.process, dependencies);
  const { referenceHosts } = dependencies.configuration.limits;
  const literals = literalsOf(process, command.inputs);
  const given = await findOwnOutputs(command.inputs, dependencies).catch((error: unknown) => ({
    error,
  }));
  const checkJson = 'error' in given ? undefined : await jsonCheckFor(process, given);
  const inputs = attempt(() => {
    if ('error' in given) throw given.error;
    return checkInputs(process, given, referenceHosts, checkJson);
  });
  const recipients = await recipientFaults(process, inputs.value ?? [], dependencies);
  const outputs = attempt(() => settleOutputs(process, command.outputs));
  const [said, duration] = await Promise.all([
    estimateOf(process, literals, dependencies),
    pastDuration(process.identifier, dependencies),
  ]);
  const { faults = [], ...estimate } = said ?? {};
  const isAllowed = inputs.value !== undefined;
  const checked = isAllowed ? process.job.check?.(literals, outputs.value ?? []) : undefined;
  const all = distinct([
    ...inputs.faults,
    ...outputs.faults,
    ...recipients,
    ...(checked ?? []).map(asFault),
    ...faults.map(asFault),
  ]);
  return {
    faults: all,
    ...(said ? { estimate } : {}),
    ...(duration ? { duration } : {}),
    ...(all.length > 0 ? {} : { queue: process.job.chooseQueue?.(literals) ?? process.job.queue }),
  };
}

/**
 * Values that an input accepts, best first; empty if the process suggests nothing.
 *
 * @param text what the user has typed so far
 * @throws {ServiceFault} `unknown-process`, or `unknown-input`
 */
export async function suggestValues(
  command: Pick<ExecuteCommand, 'process' | 'inputs'>,
  input: string,
  text: string,
  dependencies: Dependencies,
): Promise<readonly Suggestion[]> {
  const process = describeProcess(command.process, dependencies);
  if (!process.inputs.some(({ identifier }) => identifier === input)) {
    throw new ServiceFault(
      'unknown-input',
      `Process "${process.identifier}" has no input "${input}".`,
      { subject: input },
    );
  }
  const { suggest } = (await process.advice?.()) ?? {};
  const question = { input, text, inputs: literalsOf(process, command.inputs) };
  const answer = await suggest?.(question, surroundings(process, dependencies));
  return answer ?? [];
}

/**
 * A picture of the data that a request selects a part of.
 *
 * @returns undefined if the process has no picture at hand
 * @throws {ServiceFault} `unknown-process`
 */
export async function overviewOf(
  command: Pick<ExecuteCommand, 'process' | 'inputs'>,
  dependencies: Dependencies,
): Promise<Overview | undefined> {
  const process = describeProcess(command.process, dependencies);
  // Leave out the selected part: the picture is there to choose it.
  const isPart = ({ identifier }: ExecuteInput) =>
    process.inputs.some(
      (input) =>
        input.identifier === identifier &&
        'editor' in input &&
        (input.editor === 'extent' || input.editor === 'stride'),
    );
  try {
    const { overview } = (await process.advice?.()) ?? {};
    const whole = command.inputs.filter((input) => !isPart(input));
    return await overview?.(literalsOf(process, whole), surroundings(process, dependencies));
  } catch (error) {
    // The form is useful without the picture.
    dependencies.log.error('an overview was not drawn', { process: process.identifier }, error);
    return undefined;
  }
}

async function recipientFaults(
  process: ProcessDescription,
  inputs: readonly JobInput[],
  { mail }: Dependencies,
): Promise<readonly Fault[]> {
  const mayTell = process.inputs.some((input) => 'mail' in input);
  if (!mail || !mayTell) return [];
  const { checkRecipients } = await loadRecipientCheck();
  return attempt(() => checkRecipients(process, inputs, mail.domains)).faults;
}

async function estimateOf(
  process: ProcessDescription,
  literals: LiteralInputs,
  dependencies: Dependencies,
): Promise<Estimate | undefined> {
  try {
    const { estimate } = (await process.advice?.()) ?? {};
    return await estimate?.(literals, surroundings(process, dependencies));
  } catch (error) {
    // An estimate only helps; the request can be sent without it.
    dependencies.log.error('a request was not estimated', { process: process.identifier }, error);
    return undefined;
  }
}

/** The process sees only the settings that its command sees. */
export function surroundings(process: ProcessDescription, { processVariables = {} }: Dependencies) {
  const named = (process.job.variables ?? []).map((name) => [name, processVariables[name]]);
  return {
    variables: Object.fromEntries(named) as Record<string, string | undefined>,
    signal: AbortSignal.timeout(patienceMilliseconds),
  };
}

/** Literal values as given, valid or not, with defaults for inputs that are not given. */
export function literalsOf(
  process: ProcessDescription,
  inputs: readonly ExecuteInput[],
): LiteralInputs {
  const literals: Record<string, string[]> = {};
  for (const described of process.inputs) {
    if (described.kind !== 'literal') continue;
    const given = inputs.flatMap(({ identifier, data }) =>
      identifier === described.identifier && 'value' in data ? [data.value] : [],
    );
    const { default: fallback } = described;
    const values = given.length > 0 || fallback === undefined ? given : [fallback];
    if (values.length > 0) literals[described.identifier] = values;
  }
  return literals;
}

function attempt<T>(check: () => T): { readonly value?: T; readonly faults: readonly Fault[] } {
  try {
    return { value: check(), faults: [] };
  } catch (error) {
    if (error instanceof ServiceFault) return { faults: error.all };
    throw error;
  }
}

/** Removes duplicates: the check of a request and its estimate may find the same fault. */
function distinct(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [`${fault.subject} ${fault.text}`, fault])).values()];
}

function asFault({ input, text }: AdviceFault): Fault {
  return { kind: 'invalid-value', ...(input === undefined ? {} : { subject: input }), text };
}
