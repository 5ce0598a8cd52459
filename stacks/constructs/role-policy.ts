import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import type { Construct } from 'constructs';
import { exempt } from '../rules/exemption.ts';
import { policyDocument, type Statement } from './policy-document.ts';

export interface RolePolicyProps {
  readonly name: string;
  /** Name of the role. */
  readonly role: string;
  readonly statements: readonly Statement[];
}

/**
 * An inline policy of a role. Statements with a reason for any resource are exempt from the rule on
 * wildcards.
 */
export class RolePolicy extends IamRolePolicy {
  constructor(scope: Construct, id: string, { name, role, statements }: RolePolicyProps) {
    super(scope, id, { name, role, policy: policyDocument(statements) });
    for (const statement of statements) {
      if (!('anyResourceBecause' in statement)) continue;
      const { sid: subject, anyResourceBecause: reason } = statement;
      exempt(this, { rule: 'wildcard-policy', subject, reason });
    }
  }
}
