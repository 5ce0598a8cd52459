import { type IAspect, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { type Exemption, exemptionsOf } from './exemption.ts';
import { missingTag } from './missing-tag.ts';
import { publicBucket } from './public-bucket.ts';
import type { Finding, Rule } from './rule.ts';
import { synthesised } from './synthesised-resource.ts';
import { unencryptedVolume } from './unencrypted-volume.ts';
import { unloggedStage } from './unlogged-stage.ts';
import { wildcardPolicy } from './wildcard-policy.ts';

const rules: readonly Rule[] = [
  publicBucket,
  unencryptedVolume,
  missingTag,
  wildcardPolicy,
  unloggedStage,
];

/**
 * Fails the synthesis of a stack that breaks a rule, or contains an exemption without effect.
 *
 * It throws, because error annotations are recorded and ignored if the variable
 * `CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS` is set.
 */
export class RulesAspect implements IAspect {
  /** @throws with every fault of the stack, one per line */
  visit(node: IConstruct): void {
    if (!TerraformStack.isStack(node)) return;
    const stack = synthesised(node);
    const faults: string[] = [];
    const used = new Set<Exemption>();
    for (const rule of rules) {
      for (const finding of rule.check(stack)) {
        const exemption = findExemption(rule, finding);
        if (exemption) used.add(exemption);
        else faults.push(faultOf(rule, finding));
      }
    }
    for (const construct of node.node.findAll()) {
      for (const exemption of exemptionsOf(construct)) {
        if (used.has(exemption)) continue;
        const what = `${exemption.rule}${exemption.subject ? ` (${exemption.subject})` : ''}`;
        faults.push(
          `${construct.node.path}: the exemption from ${what} exempts nothing; remove it`,
        );
      }
    }
    if (faults.length === 0) return;
    throw new Error(
      `stack ${node.node.id} breaks rules (stacks/rules/):\n  ${faults.join('\n  ')}`,
    );
  }
}

function findExemption(rule: Rule, { resource, subject }: Finding): Exemption | undefined {
  if (!resource?.construct) return undefined;
  return exemptionsOf(resource.construct).find(
    (exemption) =>
      exemption.rule === rule.name &&
      (exemption.subject === undefined || exemption.subject === subject),
  );
}

function faultOf(rule: Rule, { resource, message }: Finding): string {
  return `${rule.name}: ${resource ? `${resource.address} ` : ''}${message}`;
}
