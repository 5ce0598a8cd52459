import type { Job } from '../../batch-jobs/api/job.ts';
import { ServiceFault } from '../service-fault.ts';
import type { Dependencies } from './dependencies.ts';
import { storedJob } from './find-job.ts';

export const mostLabels = 20;
export const longestLabel = 100;

/** Whether a text may be a label: not blank, not too long, and without control characters. */
export function isLabel(text: string): boolean {
  return text.trim() !== '' && text.length <= longestLabel && !/\p{Cc}/u.test(text);
}

/**
 * Replaces the labels of a job, regardless of its status.
 *
 * @throws {ServiceFault} `unknown-job`, or `expired-job` when its retention is over
 */
export async function labelJob(
  id: string,
  labels: readonly string[],
  dependencies: Dependencies,
): Promise<Job> {
  const stored = await storedJob(id, dependencies);
  const store = await dependencies.store();
  return (await store.relabel(stored, labels)).job;
}

/** A change to the labels of several jobs. */
export interface LabelChange {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

/**
 * Adds labels to jobs or removes them, and leaves a job's other labels unchanged.
 *
 * @throws {ServiceFault} `invalid-value` before any job is changed, if a label is not valid or a job would
 *   have too many; `unknown-job` or `expired-job`
 */
export async function changeLabels(
  ids: readonly string[],
  { add = [], remove = [] }: LabelChange,
  dependencies: Dependencies,
): Promise<void> {
  const wrong = add.find((label) => !isLabel(label));
  if (wrong !== undefined) {
    throw refused(`"${wrong.slice(0, 60)}"; allowed: 1 to ${longestLabel} characters on one line`);
  }
  const changes: { readonly id: string; readonly labels: readonly string[] }[] = [];
  for (const id of new Set(ids)) {
    const { labels = [] } = (await storedJob(id, dependencies)).job;
    const kept = labels.filter((label) => !remove.includes(label));
    const all = [...new Set([...kept, ...add.map((label) => label.trim())])];
    if (all.length > mostLabels) {
      throw refused(
        `${all.length} in job ${id.slice(0, 8)}; allowed: up to ${mostLabels} in a job`,
      );
    }
    changes.push({ id, labels: all });
  }
  for (const { id, labels } of changes) await labelJob(id, labels, dependencies);
}

function refused(what: string): ServiceFault {
  return new ServiceFault('invalid-value', `Labels: ${what}.`, { subject: 'labels' });
}
