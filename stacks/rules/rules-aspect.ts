import { Annotations, type IAspect, TerraformStack } from 'cdktf';
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

/** Fails the synthesis of a stack that breaks a rule, or holds an exemption that exempts nothing. */
export class RulesAspect implements IAspect {
  visit(node: IConstruct): void {
    if (!TerraformStack.isStack(node)) return;
    const stack = synthesised(node);
    const used = new Set<Exemption>();
    for (const rule of rules) {
      for (const finding of rule.check(stack)) {
        const exemption = findExemption(rule, finding);
        if (exemption) used.add(exemption);
        else report(node, rule, finding);
      }
    }
    for (const { construct } of stack.resources) {
      for (const exemption of exemptionsOf(construct)) {
        if (used.has(exemption)) continue;
        const what = `${exemption.rule}${exemption.subject ? ` (${exemption.subject})` : ''}`;
        Annotations.of(construct).addError(`the exemption from ${what} exempts nothing; remove it`);
      }
    }
  }
}

function findExemption(rule: Rule, { resource, subject }: Finding): Exemption | undefined {
  if (!resource) return undefined;
  return exemptionsOf(resource.construct).find(
    (exemption) =>
      exemption.rule === rule.name &&
      (exemption.subject === undefined || exemption.subject === subject),
  );
}

function report(stack: TerraformStack, rule: Rule, { resource, message }: Finding): void {
  const where = resource ? `${resource.address} ` : '';
  Annotations.of(resource?.construct ?? stack).addError(`${rule.name}: ${where}${message}`);
}
