import { z } from 'zod';
import type { Terraform } from './terraform.ts';

/** A resource that somebody changed since the last deployment. */
export interface Drift {
  readonly address: string;
  /** Names of the attributes that differ, or that it is gone. */
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

/** Of Terraform's JSON of a plan. Source: Terraform documentation, "JSON Output Format" */
const planSchema = z.object({
  resource_drift: z.array(changeSchema).default([]),
  resource_changes: z.array(changeSchema).default([]),
});

/**
 * What was changed from outside and a deployment would change back. An attribute that the plan leaves as it is, such as
 * the value of a parameter that others write, is no drift, though the plan may change others of the resource; nor is
 * one that was nothing and is empty.
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
    // What is known after the apply only is not in `after`, and is not changed back.
    const restored = differing(back).filter((name) => name in (back.after ?? {}));
    const names = differing(change).filter((name) => restored.includes(name));
    return names.length === 0 ? [] : [{ address, attributes: names.join(', ') }];
  });
}

/** Names of the attributes that a change makes different. */
function differing({ before, after }: z.infer<typeof changeSchema>['change']): readonly string[] {
  return Object.keys({ ...before, ...after }).filter(
    (name) => contentOf(before?.[name]) !== contentOf(after?.[name]),
  );
}

/**
 * What somebody changed of a deployed stack since it was deployed.
 *
 * @param lock whether the state is locked meanwhile, which takes writing
 */
export function findDrift(terraform: Terraform, lock: boolean): readonly Drift[] {
  terraform.init();
  terraform.plan(lock);
  return driftOf(terraform.planned());
}

/** As text; nothing and empty are one. */
function contentOf(value: unknown): string {
  const isEmpty =
    value === undefined ||
    value === null ||
    value === '' ||
    (typeof value === 'object' && Object.keys(value).length === 0);
  return isEmpty ? '' : JSON.stringify(value);
}
