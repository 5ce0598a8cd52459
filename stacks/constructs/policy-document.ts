/** A condition block of a policy: operator, key, values. */
type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

interface StatementParts {
  /** Alphanumeric; names the statement in faults and exemptions. */
  readonly sid: string;
  /** Without patterns: `s3:GetObject`, not `s3:Get*`. */
  readonly actions: readonly string[];
  readonly conditions?: Conditions;
}

/** A statement of a role's policy. A statement without resources says why AWS cannot narrow it. */
export type Statement = StatementParts &
  ({ readonly resources: readonly string[] } | { readonly anyResourceBecause: string });

/** A statement of a resource's policy: who may, or may not, do what with it. */
interface ResourceStatement extends StatementParts {
  readonly effect?: 'Allow' | 'Deny';
  /** `*`, or by kind: `{ Service: 'events.amazonaws.com' }`. */
  readonly principal: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly resources?: readonly string[];
}

/** JSON of an IAM policy document. */
export function policyDocument(statements: readonly (Statement | ResourceStatement)[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({
      Sid: statement.sid,
      Effect: ('effect' in statement && statement.effect) || 'Allow',
      ...('principal' in statement ? { Principal: statement.principal } : {}),
      Action: statement.actions,
      ...('anyResourceBecause' in statement ? { Resource: '*' } : {}),
      ...('resources' in statement && statement.resources ? { Resource: statement.resources } : {}),
      ...(statement.conditions ? { Condition: statement.conditions } : {}),
    })),
  });
}
