import { isJobId } from '../../batch-jobs/api/job-id.ts';
import { type QueueClass, queueClasses } from '../../batch-jobs/api/process-description.ts';
import { type EngineJob, engineStatuses } from '../jobs/job-engine.ts';

/** A job as the local engine remembers it over a restart, in `engine/<engineJobId>.json`. */
export interface LocalJob extends EngineJob {
  readonly jobId: string;
  readonly queue: QueueClass;
  /** How many attempts may fail by themselves. */
  readonly maximumAttempts: number;
  /** Attempts that something else ended: the service stopped, or was killed. */
  readonly interruptions: number;
  /** Interruptions in which the service was killed, perhaps by what the job did to the machine. */
  readonly crashes: number;
  readonly timeoutSeconds: number;
  /** Memory that an attempt may use. */
  readonly memoryMiB?: number;
  /** Milliseconds since 1970. */
  readonly submittedAt: number;
}

const folder = 'engine/';

export function keyOfLocalJob({ engineJobId }: Pick<EngineJob, 'engineJobId'>): string {
  return `${folder}${engineJobId}.json`;
}

/** The job that a file of the engine is about; undefined for a file that is not the engine's. */
export function jobIdOfKey(key: string): string | undefined {
  const [, id] = /^engine\/local-([^/]+)\.json$/.exec(key) ?? [];
  return id !== undefined && isJobId(id) ? id : undefined;
}

/** How many attempts there may be, with those that did not count. */
export function attemptsInAll({ maximumAttempts, interruptions }: LocalJob): number {
  return maximumAttempts + interruptions;
}

/**
 * Reads what {@link LocalJob} was written as, by this version or an earlier one.
 *
 * @throws with what is wrong: the file was damaged
 */
export function parseLocalJob(jobId: string, body: Uint8Array): LocalJob {
  const found: unknown = JSON.parse(new TextDecoder().decode(body));
  if (typeof found !== 'object' || found === null) throw new Error(`it holds ${found}`);
  const fields = new Map<string, unknown>(Object.entries(found));
  const fault = (name: string) => new Error(`${name} is ${JSON.stringify(fields.get(name))}`);
  const count = (name: string, standard?: number): number => {
    const value = fields.get(name) ?? standard;
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
    throw fault(name);
  };
  const oneOf = <T extends string>(name: string, allowed: readonly T[]): T => {
    const value = allowed.find((one) => one === fields.get(name));
    if (value === undefined) throw fault(name);
    return value;
  };
  const text = (name: string) => {
    const value = fields.get(name);
    return typeof value === 'string' ? { [name]: value } : {};
  };
  return {
    engineJobId: oneOf('engineJobId', [`local-${jobId}`]),
    jobId: oneOf('jobId', [jobId]),
    queue: oneOf('queue', queueClasses),
    status: oneOf('status', engineStatuses),
    attempts: count('attempts'),
    maximumAttempts: count('maximumAttempts'),
    // Written before interruptions were told apart.
    interruptions: count('interruptions', 0),
    crashes: count('crashes', 0),
    timeoutSeconds: count('timeoutSeconds'),
    submittedAt: count('submittedAt'),
    ...(fields.has('memoryMiB') ? { memoryMiB: count('memoryMiB') } : {}),
    ...(fields.has('exitCode') ? { exitCode: count('exitCode') } : {}),
    ...(fields.get('isTerminated') === true ? { isTerminated: true } : {}),
    ...text('reason'),
    ...text('startedAt'),
    ...text('stoppedAt'),
  };
}
