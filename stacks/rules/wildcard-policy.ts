import type { Finding, Rule } from './rule.ts';
import { type Attributes, blocks, type SynthesisedResource } from './synthesised-resource.ts';

/** Resources that attach an existing policy, by its ARN. */
const attachments = [
  'aws_iam_role_policy_attachment',
  'aws_iam_user_policy_attachment',
  'aws_iam_group_policy_attachment',
  'aws_iam_policy_attachment',
];

/** Attributes that contain a policy document. */
const policyAttributes = ['policy', 'assume_role_policy', 'policy_document', 'access_policy'];

/**
 * No policy of ours allows an action by pattern; resource `*`, principal `*` and policies written by others
 * need a reason. Policies are searched for in every attribute of every resource; a policy that only Terraform
 * can evaluate, from a data source or a function, cannot be judged and is refused.
 */
export const wildcardPolicy: Rule = {
  name: 'wildcard-policy',
  check: ({ resources }) => resources.flatMap(faultsOf),
};

function faultsOf(resource: SynthesisedResource): readonly Finding[] {
  return [
    ...attachedTo(resource).map((subject) => ({
      resource,
      subject,
      message: `attaches ${subject}, which others write`,
    })),
    ...(opensToAnybody(resource) ? [{ resource, message: 'allows calls to anybody (*)' }] : []),
    ...policyAttributes
      .filter((name) => /^\$\{.*\}$/s.test(String(resource.attributes[name])))
      .map((name) => ({
        resource,
        subject: name,
        message: `has a ${name} that is not known here; write it as JSON`,
      })),
    ...textsWithin(resource.attributes)
      .flatMap(statementsOf)
      .filter((statement) => statement['Effect'] === 'Allow')
      .flatMap((statement) => faultsOfStatement(resource, statement)),
  ];
}

function attachedTo({ type, attributes }: SynthesisedResource): readonly string[] {
  if (attachments.includes(type)) return [String(attributes['policy_arn'])];
  const exclusive =
    type === 'aws_iam_role_policy_attachments_exclusive' ? 'policy_arns' : undefined;
  return texts(attributes[exclusive ?? 'managed_policy_arns']);
}

/** Attributes whose value looks like a policy and is none. */
function opensToAnybody({ type, attributes }: SynthesisedResource): boolean {
  return (
    (type === 'aws_lambda_permission' && attributes['principal'] === '*') ||
    (type === 'aws_lambda_function_url' && attributes['authorization_type'] === 'NONE')
  );
}

/** Every string in an attribute, at any depth. */
function textsWithin(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(textsWithin)
    : [];
}

function statementsOf(text: string): readonly Attributes[] {
  if (!text.includes('"Statement"')) return [];
  const policy: { Statement?: unknown } = JSON.parse(text);
  return blocks(policy.Statement);
}

function faultsOfStatement(
  resource: SynthesisedResource,
  statement: Attributes,
): readonly Finding[] {
  const subject = String(statement['Sid'] ?? 'a statement without Sid');
  const patterns = texts(statement['Action']).filter((action) => action.includes('*'));
  const faults = patterns.map((action) => `allows ${action}; name the actions`);
  if (['NotAction', 'NotResource', 'NotPrincipal'].some((exception) => exception in statement)) {
    faults.push('allows all but some; name what is allowed');
  }
  for (const name of texts(statement['Resource']).filter(isAny)) {
    faults.push(`allows it on any resource (${name})`);
  }
  if (texts(principalsOf(statement)).includes('*')) faults.push('allows it to anybody (*)');
  return faults.map((fault) => ({ resource, subject, message: `${subject} ${fault}` }));
}

/** `*`, or an ARN that only names a service: `arn:aws:s3:::*`. */
function isAny(resource: string): boolean {
  return resource === '*' || /^arn:([^:]*:){4}\*$/.test(resource);
}

function principalsOf({ Principal: principal }: Attributes): unknown {
  return typeof principal === 'object' && principal !== null
    ? Object.values(principal).flat()
    : principal;
}

function texts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((text) => typeof text === 'string');
}
