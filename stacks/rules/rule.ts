import type { RuleName } from './exemption.ts';
import type { SynthesisedResource, SynthesisedStack } from './synthesised-resource.ts';

/** A place that breaks a rule. */
export interface Finding {
  /** Without it, the stack itself. */
  readonly resource?: SynthesisedResource;
  /** Statement id of a policy, or another part of the resource that an exemption may name. */
  readonly subject?: string;
  /** What was found and what is allowed. */
  readonly message: string;
}

/** A rule that every stack must follow. */
export interface Rule {
  readonly name: RuleName;
  check(stack: SynthesisedStack): readonly Finding[];
}
