import type { IConstruct } from 'constructs';

/** Rules that a resource may be exempt from, one per file of `stacks/rules/`. */
export type RuleName =
  | 'public-bucket'
  | 'unencrypted-volume'
  | 'missing-tag'
  | 'wildcard-policy'
  | 'unlogged-stage';

/** Why a resource may break a rule. */
export interface Exemption {
  readonly rule: RuleName;
  /** Statement id of a policy, or another part of the resource; without it, the whole resource. */
  readonly subject?: string;
  readonly reason: string;
}

const metadataType = 'exemption';

/**
 * Allows a resource to break a rule, for a reason that is written in the code.
 *
 * @throws if the reason is not a sentence
 */
export function exempt(resource: IConstruct, exemption: Exemption): void {
  if (!/\S+\s+\S+\s+\S+/.test(exemption.reason)) {
    throw new Error(
      `exemption of ${resource.node.path} from ${exemption.rule}: the reason is "${exemption.reason}"; write a sentence`,
    );
  }
  resource.node.addMetadata(metadataType, exemption);
}

export function exemptionsOf(resource: IConstruct): readonly Exemption[] {
  return resource.node.metadata.filter(({ type }) => type === metadataType).map(({ data }) => data);
}
