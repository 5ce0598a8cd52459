import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { Construct } from 'constructs';
import type { DeployerPolicy } from '../deployer/deployer-policy.ts';
import { exempt } from '../rules/exemption.ts';
import type { Deployment } from './deployment.ts';
import { policyDocument } from './policy-document.ts';

export interface PipelineRoleProps {
  readonly deployment: Deployment;
  readonly name: string;
  readonly description: string;
  /** The identity provider of the pipeline's tokens. */
  readonly provider: { readonly arn: string; readonly issuer: string };
  /** The exact subjects of tokens that may assume the role. */
  readonly subjects: readonly string[];
  readonly policies: readonly DeployerPolicy[];
}

/** A deployment may have to wait for machines to be replaced. */
const sessionSeconds = 2 * 60 * 60;

/** A role that a CI pipeline assumes with a token of its identity provider. */
export class PipelineRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: PipelineRoleProps) {
    super(scope, id);
    const { deployment, name, provider, subjects, policies } = props;
    const role = new IamRole(this, 'role', {
      name,
      description: props.description,
      maxSessionDuration: sessionSeconds,
      ...(deployment.permissionsBoundary === undefined
        ? {}
        : { permissionsBoundary: deployment.permissionsBoundary }),
      assumeRolePolicy: policyDocument([
        {
          sid: 'TakenByPipeline',
          principal: { Federated: provider.arn },
          actions: ['sts:AssumeRoleWithWebIdentity'],
          conditions: {
            // Exact subjects, without patterns: a `*` in a subject has admitted strangers elsewhere.
            StringEquals: {
              [`${provider.issuer}:aud`]: 'sts.amazonaws.com',
              [`${provider.issuer}:sub`]: subjects,
            },
          },
        },
      ]),
    });
    this.arn = role.arn;
    policies.forEach((document, position) => {
      const policy = new IamPolicy(this, `policy-${position + 1}`, {
        name: `${name}-${position + 1}`,
        policy: JSON.stringify(document),
      });
      exempt(policy, {
        rule: 'wildcard-policy',
        reason:
          'The table of deployers says why where AWS knows no narrower resource, and tests check it.',
      });
      const attachment = new IamRolePolicyAttachment(this, `attachment-${position + 1}`, {
        role: role.name,
        policyArn: policy.arn,
      });
      exempt(attachment, {
        rule: 'wildcard-policy',
        reason: 'The policy that is attached is one of this very stack.',
      });
    });
  }
}
