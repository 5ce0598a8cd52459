import { z } from 'zod';
import type { Terraform } from './terraform.ts';

/** A resource that was changed since the last deployment, outside of Terraform. */
export interface Drift {
  readonly address: string;
  /** Names of the attributes that differ, or that the resource is gone. */
  readonly attributes: string;
}

const changeSchema = z.object({
  address: z.string(),
  change: z.object({
    actions: z.array(z.string()),
    before: z.record(z.string(), z.unknown()).nullable(),
    after: z.record(z.string(), z.unknown()).nullable(),
  }),
});

/** From Terraform's JSON of a plan. Source: Terraform documentation, "JSON Output Format" */
const planSchema = z.object({
  resource_drift: z.array(changeSchema).default([]),
  resource_changes: z.array(changeSchema).default([]),
});

/**
 * Changes from outside that a deployment would revert. An attribute that the plan leaves as it is, such as
 * the value of a parameter that others write, is not drift, even if the plan changes other attributes of the
 * resource. Neither is an attribute that was null and is now empty.
 *
 * @param plan as `terraform show -json` prints it
 */
export function driftOf(plan: unknown): readonly Drift[] {
  const { resource_drift: drifted, resource_changes: changes } = planSchema.parse(plan);
  const planned = new Map(
    changes
      .filter(({ change }) => change.actions.some((action) => !['no-op', 'read'].includes(action)))
      .map(({ address, change }) => [address, change]),
  );
  return drifted.flatMap(({ address, change }): Drift[] => {
    const back = planned.get(address);
    if (!back) return [];
    if (change.after === null) return [{ address, attributes: 'is gone' }];
    // A value known only after the apply is missing in `after`, and is not reverted.
    const restored = differing(back).filter((name) => name in (back.after ?? {}));
    const names = differing(change).filter((name) => restored.includes(name));
    return names.length === 0 ? [] : [{ address, attributes: names.join(', ') }];
  });
}

/** Names of the attributes that a change modifies. */
function differing({ before, after }: z.infer<typeof changeSchema>['change']): readonly string[] {
  return Object.keys({ ...before, ...after }).filter(
    (name) => contentOf(before?.[name]) !== contentOf(after?.[name]),
  );
}

/**
 * Finds changes that were made to a deployed stack since its deployment.
 *
 * @param lock whether to lock the state meanwhile, which needs permission to write
 */
export function findDrift(terraform: Terraform, lock: boolean): readonly Drift[] {
  terraform.init();
  terraform.plan(lock);
  return driftOf(terraform.planned());
}

/** The value as text; null and empty are equal. */
function contentOf(value: unknown): string {
  const isEmpty =
    value === undefined ||
    value === null ||
    value === '' ||
    (typeof value === 'object' && Object.keys(value).length === 0);
  return isEmpty ? '' : JSON.stringify(value);
}
