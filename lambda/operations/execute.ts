import { defaultMessage, isFinal, type Job, type JobInput } from '../../batch-jobs/api/job.ts';
import type { StoredJob } from '../../batch-jobs/api/job-store.ts';
import type {
  LiteralInputs,
  ProcessDescription,
  QueueClass,
} from '../../batch-jobs/api/process-description.ts';
import { usdPerHourIn } from '../configuration/queue-traits.ts';
import { DeadlinePassed, unlessPassed } from '../jobs/request-deadline.ts';
import { submitJob } from '../jobs/submit-job.ts';
import { tooManyJobs, tooManyJobsOfOwner } from '../jobs/too-many-jobs.ts';
import { checkAll, ServiceFault } from '../service-fault.ts';
import { checkInputs } from './check-inputs.ts';
import { checkSubscriber } from './check-subscriber.ts';
import { chooseLanguage } from './choose-language.ts';
import { claimKey } from './claim-key.ts';
import type { Dependencies } from './dependencies.ts';
import type { ExecuteCommand } from './execute-command.ts';
import { jsonCheckFor } from './json-check.ts';
import { findOwnOutputs } from './own-outputs.ts';
import { describeProcess } from './processes.ts';
import { settleOutputs } from './settle-outputs.ts';
import { waitForEnd } from './wait-for-end.ts';

export interface Execution {
  readonly job: Job;
  /**
   * How to answer the client. A job in mode `sync` that has not ended takes longer than its client can be
   * kept waiting, and continues.
   */
  readonly mode: 'sync' | 'async';
}

/**
 * Runs a process: checks the command against the process description, creates and stores a job, and only then
 * submits it, so that a job that starts at once finds its request.
 *
 * @throws {ServiceFault} if the job does not run
 */
export async function execute(
  command: ExecuteCommand,
  dependencies: Dependencies,
): Promise<Execution> {
  const process = describeProcess(command.process, dependencies);
  const { limits } = dependencies.configuration;
  checkSubscriber(command.subscriber, limits.callbackHosts);
  const given = await findOwnOutputs(command.inputs, dependencies);
  const checkJson = await jsonCheckFor(process, given);
  const checked = checkInputs(process, given, limits.referenceHosts, checkJson);
  const { inputs, recipients, received } = await takeRecipients(
    process,
    checked,
    command,
    dependencies,
  );
  const job = mintJob(command, process, inputs, dependencies);
  checkRequest(process, inputs, job);
  const claim = await claimKey(command, job.id, dependencies);
  if ('first' in claim) return await answer(claim.first, command, dependencies);
  const accepted = { job, process, inputs, recipients, received };
  const submitted = await run(accepted, dependencies).catch(async (error) => {
    await claim.release();
    throw error;
  });
  return await answer(submitted, command, dependencies);
}

interface Accepted extends Taken {
  readonly job: Job;
  readonly process: ProcessDescription;
}

async function run(
  { job, process, inputs, recipients, received }: Accepted,
  dependencies: Dependencies,
): Promise<Job> {
  await takePlace(job, dependencies);
  dependencies.log.about({ jobId: job.id });
  const created = await writeDown(job, received, inputs, dependencies);
  dependencies.log.info('job accepted', { process: process.identifier, queue: job.queue });
  const store = await dependencies.store();
  const keep = recipients.length > 0 ? dependencies.mail : undefined;
  await attempt(keep?.keep(job, recipients), 'the recipients of mail were not kept', dependencies);
  try {
    return await submitJob(created, process, store, dependencies);
  } catch (error) {
    await attempt(keep?.forget(job), 'the recipients of mail were not forgotten', dependencies);
    throw error;
  }
}

/** A failure of mail never affects the job. */
async function attempt(
  work: Promise<void> | undefined,
  failure: string,
  { deadline, log }: Dependencies,
): Promise<void> {
  if (!work) return;
  await unlessPassed(deadline.work, work).catch((error) => log.error(failure, {}, error));
}

interface Taken {
  readonly inputs: readonly JobInput[];
  readonly recipients: readonly string[];
  readonly received: ExecuteCommand['received'];
}

/**
 * Removes the recipients of e-mail from a request before it is stored, so that neither people who look at the
 * job nor its program learn an address.
 *
 * @throws {ServiceFault} naming the input of each address at fault as subject
 */
async function takeRecipients(
  process: ProcessDescription,
  inputs: readonly JobInput[],
  { received }: ExecuteCommand,
  { mail }: Dependencies,
): Promise<Taken> {
  if (!process.inputs.some((input) => 'mail' in input)) {
    return { inputs, recipients: [], received };
  }
  const [{ checkRecipients, recipientInputs }, { withoutRecipients }] = await Promise.all([
    import('./check-recipients.ts'),
    import('./without-recipients.ts'),
  ]);
  const own = new Set(recipientInputs(process).map(({ identifier }) => identifier));
  const taken = inputs.filter(({ identifier }) => own.has(identifier));
  const values = taken.flatMap(({ given, value }) =>
    given && value.kind === 'literal' ? [value.value] : [],
  );
  return {
    inputs: inputs.filter(({ identifier }) => !own.has(identifier)),
    recipients: mail ? checkRecipients(process, taken, mail.domains) : [],
    received: values.length > 0 ? withoutRecipients(received, values) : received,
  };
}

/** With `auto`, the response waits only if the client said how long. */
async function answer(
  submitted: Job,
  { mode, waitSeconds }: ExecuteCommand,
  dependencies: Dependencies,
): Promise<Execution> {
  const { syncTimeoutSeconds } = dependencies.configuration.limits;
  const isWaitedFor = mode === 'sync' || (mode === 'auto' && waitSeconds !== undefined);
  if (!isWaitedFor) return { job: submitted, mode: 'async' };
  const seconds = Math.min(waitSeconds ?? syncTimeoutSeconds, syncTimeoutSeconds);
  const job = await waitForEnd(submitted, seconds, dependencies);
  return { job, mode: mode === 'sync' || isFinal(job.status) ? 'sync' : 'async' };
}

/**
 * Anybody may send jobs, and each costs machine time, so the number of unfinished jobs is limited. If the
 * count fails, accept the request.
 */
async function takePlace(job: Job, dependencies: Dependencies): Promise<void> {
  await refuseTooManyOfOwner(job, dependencies);
  const { maxUnfinishedJobs } = dependencies.configuration.limits;
  const { log, deadline, unfinishedJobs } = dependencies;
  const store = await dependencies.store();
  try {
    await unfinishedJobs.count(maxUnfinishedJobs, store, deadline.work);
  } catch (error) {
    // Nothing is stored yet. If only the deadline of another request has passed, this request continues.
    if (error instanceof DeadlinePassed && deadline.work.aborted) throw error;
    log.error('unfinished jobs were not counted', {}, error);
    return;
  }
  if (unfinishedJobs.takePlace(job.id, maxUnfinishedJobs)) return;
  log.warn('too many unfinished jobs', { maxUnfinishedJobs });
  throw tooManyJobs();
}

/** Simultaneous requests may exceed the limit by a few. If the count fails, accept the request. */
async function refuseTooManyOfOwner(
  { owner }: Job,
  { configuration, store: open, deadline, log }: Dependencies,
): Promise<void> {
  const { maxUnfinishedJobsPerOwner } = configuration.limits;
  if (owner === undefined) return;
  const store = await open();
  const isFull = await unlessPassed(
    deadline.work,
    store.owned.isFull(owner, maxUnfinishedJobsPerOwner),
  ).catch((error) => {
    // If the time has passed, the next step says so.
    log.error('unfinished jobs of an owner were not counted', {}, error);
    return false;
  });
  if (isFull) throw tooManyJobsOfOwner(maxUnfinishedJobsPerOwner);
}

async function writeDown(
  job: Job,
  received: ExecuteCommand['received'],
  inputs: readonly JobInput[],
  { store, unfinishedJobs }: Dependencies,
): Promise<StoredJob> {
  try {
    const created = await (await store()).create(job, received, inputs);
    unfinishedJobs.keepPlace(job.id);
    return created;
  } catch (error) {
    unfinishedJobs.giveBackPlace(job.id);
    throw error;
  }
}

/** Creates the record of a new job; stores nothing. */
function mintJob(
  { outputs, language, presentation, labels, subscriber }: ExecuteCommand,
  process: ProcessDescription,
  inputs: readonly JobInput[],
  { configuration, caller, mintJobId, now }: Dependencies,
): Job {
  const at = now().toISOString();
  const { identifier, version, title, abstract, metadata } = process;
  const queue = chooseQueue(process, inputs);
  const traits = configuration.queueTraits?.[queue];
  const usdPerHour = traits && usdPerHourIn(traits, process.job);
  return {
    id: mintJobId(),
    process: {
      identifier,
      version,
      title,
      ...(abstract === undefined ? {} : { abstract }),
      ...(metadata === undefined ? {} : { metadata }),
    },
    status: 'accepted',
    message: defaultMessage('accepted'),
    percentCompleted: 0,
    baseUrl: configuration.baseUrl,
    language: chooseLanguage(language, configuration),
    presentation,
    requestedOutputs: settleOutputs(process, outputs),
    queue,
    createdAt: at,
    updatedAt: at,
    outputs: [],
    ...(caller.owner === undefined ? {} : { owner: caller.owner }),
    ...(labels === undefined ? {} : { labels }),
    ...(subscriber === undefined ? {} : { subscriber }),
    ...(usdPerHour === undefined ? {} : { usdPerHour }),
  };
}

/** @throws {ServiceFault} naming each input that, by the check of its process, no run could serve */
function checkRequest(
  process: ProcessDescription,
  inputs: readonly JobInput[],
  { requestedOutputs }: Job,
): void {
  const faults = process.job.check?.(literalsOf(inputs), requestedOutputs) ?? [];
  checkAll(
    faults.map(({ input, text }) => () => {
      throw new ServiceFault('invalid-value', text, { subject: input });
    }),
  );
}

function chooseQueue(process: ProcessDescription, inputs: readonly JobInput[]): QueueClass {
  return process.job.chooseQueue?.(literalsOf(inputs)) ?? process.job.queue;
}

function literalsOf(inputs: readonly JobInput[]): LiteralInputs {
  const literals: Record<string, string[]> = {};
  for (const { identifier, value } of inputs) {
    if (value.kind !== 'literal') continue;
    literals[identifier] = [...(literals[identifier] ?? []), value.value];
  }
  return literals;
}
