import type { RuleName } from './exemption.ts';
import type { SynthesisedResource, SynthesisedStack } from './synthesised-resource.ts';

/** Where a rule is broken. */
export interface Finding {
  /** Left out: the stack itself. */
  readonly resource?: SynthesisedResource;
  /** Statement id of a policy, or what else within the resource an exemption may name. */
  readonly subject?: string;
  /** What was found and what is allowed. */
  readonly message: string;
}

/** A rule that every stack keeps. */
export interface Rule {
  readonly name: RuleName;
  check(stack: SynthesisedStack): readonly Finding[];
}
