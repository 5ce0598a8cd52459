import { isJobId } from '../../batch-jobs/api/job-id.ts';
import { type QueueClass, queueClasses } from '../../batch-jobs/api/process-description.ts';
import { type EngineJob, engineStatuses } from '../jobs/job-engine.ts';

/** A job that the local engine remembers across restarts, in `engine/<engineJobId>.json`. */
export interface LocalJob extends EngineJob {
  readonly jobId: string;
  readonly queue: QueueClass;
  /** How many attempts may fail on their own. */
  readonly maximumAttempts: number;
  /** Attempts that an external cause ended: the service stopped, or was killed. */
  readonly interruptions: number;
  /** Interruptions in which the service was killed, perhaps because of what the job did to the machine. */
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

/** The job that a file of the engine belongs to; undefined for any other file. */
export function jobIdOfKey(key: string): string | undefined {
  const [, id] = /^engine\/local-([^/]+)\.json$/.exec(key) ?? [];
  return id !== undefined && isJobId(id) ? id : undefined;
}

/** The most attempts, including those that did not count. */
export function attemptsInAll({ maximumAttempts, interruptions }: LocalJob): number {
  return maximumAttempts + interruptions;
}

/**
 * Reads a stored {@link LocalJob} of this version or an earlier one.
 *
 * @throws if the file is damaged, with the reason
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
    // Files of earlier versions do not count interruptions separately.
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
