import { z } from 'zod';

const value = z.string().min(1).max(256);

/** Tags of every resource. The stacks add `Project` and `Environment`. */
export const tagSettings = z
  .object({
    Owner: value.describe('Who answers for the resources: a team or an address.'),
    CostCentre: value.describe('Who pays.'),
  })
  .catchall(value)
  .superRefine((tags, context) => {
    for (const key of Object.keys(tags).filter((name) =>
      /^(aws:.*|Project|Environment)$/i.test(name),
    )) {
      context.addIssue({
        code: 'custom',
        path: [key],
        message: 'cannot be chosen: Project and Environment come from the stacks, aws: from AWS',
      });
    }
  })
  .describe('Tags of every resource. `Project` and `Environment` are added by the stacks.');

export type TagSettings = z.infer<typeof tagSettings>;

/** The placeholder for a tag that has not been chosen; a stack that uses it warns. */
export const unsetTag = 'unset';
