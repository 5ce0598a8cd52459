import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { exempt } from '../rules/exemption.ts';
import type { Deployment } from './deployment.ts';
import { policyDocument, type Statement } from './policy-document.ts';
import { RolePolicy } from './role-policy.ts';

export interface ServiceRoleProps {
  readonly deployment: Deployment;
  readonly name: string;
  readonly description: string;
  /** The service that assumes the role: `lambda.amazonaws.com`. */
  readonly service: string;
  /**
   * Whether the service names the account it acts for, so that no other account can use the role through it.
   */
  readonly namesSourceAccount?: boolean;
  readonly statements?: readonly Statement[];
  /** AWS managed policies, by the name after `policy/`, and why each is used instead of one of ours. */
  readonly managedPolicies?: Readonly<Record<string, string>>;
}

/** A role that an AWS service assumes. */
export class ServiceRole extends Construct {
  readonly arn: string;
  readonly roleName: string;
  /** Must be created before, and deleted after, whatever uses the role. */
  readonly policies: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const { deployment, name, service } = props;
    const role = new IamRole(this, 'role', {
      name,
      description: props.description,
      ...(deployment.permissionsBoundary === undefined
        ? {}
        : { permissionsBoundary: deployment.permissionsBoundary }),
      assumeRolePolicy: policyDocument([
        {
          sid: 'TakenByService',
          principal: { Service: service },
          actions: ['sts:AssumeRole'],
          ...(props.namesSourceAccount
            ? { conditions: { StringEquals: { 'aws:SourceAccount': deployment.accountId } } }
            : {}),
        },
      ]),
    });
    this.arn = role.arn;
    this.roleName = role.name;
    if (props.statements) {
      const { statements } = props;
      this.policies.push(
        new RolePolicy(this, 'policy', { name: 'own', role: role.name, statements }),
      );
    }
    for (const [policy, reason] of Object.entries(props.managedPolicies ?? {})) {
      const policyArn = `arn:${deployment.partition}:iam::aws:policy/${policy}`;
      const attachment = new IamRolePolicyAttachment(this, policy.split('/').at(-1) ?? policy, {
        role: role.name,
        policyArn,
      });
      exempt(attachment, { rule: 'wildcard-policy', reason });
      this.policies.push(attachment);
    }
  }
}
