import { beforeAll, describe, expect, it } from 'vitest';
import type { InstallationData } from '../../environments/installation.ts';
import { resolvedWithin } from './resolved-references.ts';
import { resources, type SamplePlatform, samplePlatform } from './sample-platform.ts';

type Attributes = Readonly<Record<string, unknown>>;

/** A fact that must be true of the synthesised stacks for their deployment to work. */
export interface Fact {
  /** The fact, as the end of a sentence that begins with the table's subject. */
  readonly says: string;
  /** What would happen if it were not true. */
  readonly because: string;
  /** The stacks to check. Default: the four environments. */
  readonly in?: readonly string[];
  readonly type: string;
  /** Attributes that select resources of the type. Without them, the fact must hold for every one. */
  readonly where?: Attributes;
  /** Number of resources for which the fact holds. Default: one or more. */
  readonly count?: number;
  /** Required attributes. A list must match completely. `{env}` and `{ENV}` stand for the stack's name. */
  readonly has: Attributes;
}

export const environmentNames = ['DEV', 'SYSTEST', 'RC', 'PROD'] as const;

/** Declares one test per fact. */
export function describeFacts(
  subject: string,
  facts: readonly Fact[],
  data?: InstallationData,
): void {
  describe(subject, () => {
    let platform: SamplePlatform;
    beforeAll(async () => {
      platform = await samplePlatform(data);
    });
    it.each(facts.map((fact) => [`${subject} ${fact.says} (else ${fact.because})`, fact] as const))(
      '%s',
      (_, fact) => {
        for (const name of fact.in ?? environmentNames) {
          const found = chosen(platform, name, fact);
          if (fact.count === undefined) expect(found, name).not.toHaveLength(0);
          else expect(found, name).toHaveLength(fact.count);
          for (const resource of found) {
            expect(resource, name).toMatchObject(inStack(name, fact.has));
          }
        }
      },
    );
  });
}

function chosen({ stacks }: SamplePlatform, name: string, { type, where = {} }: Fact) {
  const stack = stacks[name];
  if (!stack) throw new Error(`there is no stack ${name}`);
  const wanted = Object.entries(inStack(name, where));
  return resources(stack, type)
    .map((attributes) => resolvedWithin(stack, attributes) as Attributes)
    .filter((attributes) =>
      wanted.every(
        ([attribute, value]) => JSON.stringify(attributes[attribute]) === JSON.stringify(value),
      ),
    );
}

/** Fills in placeholders. Values other than text, including matchers, stay unchanged. */
function inStack(name: string, part: Attributes): Attributes {
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return value.replaceAll('{env}', name.toLowerCase()).replaceAll('{ENV}', name);
    }
    if (Array.isArray(value)) return value.map(fill);
    if (value === null || typeof value !== 'object') return value;
    if (Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one)]));
  };
  return fill(part) as Attributes;
}
