import type { Finding, Rule } from './rule.ts';
import { type Attributes, blocks, type SynthesisedResource } from './synthesised-resource.ts';

/** Attributes that hold a policy document. */
const policyAttributes = ['policy', 'assume_role_policy', 'policy_document', 'access_policy'];

/**
 * No policy of ours allows an action by pattern; resource `*`, principal `*` and policies that
 * Amazon maintains need a reason.
 */
export const wildcardPolicy: Rule = {
  name: 'wildcard-policy',
  check: ({ resources }) => resources.flatMap(faultsOf),
};

function faultsOf(resource: SynthesisedResource): readonly Finding[] {
  const { type, attributes } = resource;
  if (type === 'aws_iam_role_policy_attachment') {
    const subject = String(attributes['policy_arn']);
    return [{ resource, subject, message: `attaches ${subject}, which others write` }];
  }
  return policyAttributes
    .map((name) => attributes[name])
    .filter((document) => typeof document === 'string')
    .flatMap(statementsOf)
    .filter((statement) => statement['Effect'] === 'Allow')
    .flatMap((statement) => faultsOfStatement(resource, statement));
}

function statementsOf(document: string): readonly Attributes[] {
  const policy: { Statement?: unknown } = JSON.parse(document);
  return blocks(policy.Statement);
}

function faultsOfStatement(
  resource: SynthesisedResource,
  statement: Attributes,
): readonly Finding[] {
  const subject = String(statement['Sid'] ?? 'a statement without Sid');
  const patterns = texts(statement['Action']).filter((action) => action.includes('*'));
  const faults = patterns.map((action) => `allows ${action}; name the actions`);
  if ('NotAction' in statement || 'NotResource' in statement) {
    faults.push('allows all but some; name what is allowed');
  }
  if (texts(statement['Resource']).includes('*')) faults.push('allows it on any resource (*)');
  if (texts(principalsOf(statement)).includes('*')) faults.push('allows it to anybody (*)');
  return faults.map((fault) => ({ resource, subject, message: `${subject} ${fault}` }));
}

function principalsOf({ Principal: principal }: Attributes): unknown {
  return typeof principal === 'object' && principal !== null
    ? Object.values(principal).flat()
    : principal;
}

function texts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((text) => typeof text === 'string');
}
