import type { DeployerPolicy } from './deployer-policy.ts';

/** Verbs of actions that change nothing. For API Gateway, the actions are HTTP methods. */
const reads = /^[\w-]+:(Describe|Get|List|Head|BatchGet)\w*$|^apigateway:GET$|^kms:Decrypt$/;

/** Actions whose names sound like reading, but which return credentials for writing. */
const handsOut = ['ecr:GetAuthorizationToken'];

/**
 * The part of the deployer's permissions that planning needs: the same resources and conditions, without
 * actions that change something. Terraform then plans without locking the state (`-lock=false`).
 */
export function readOnly(policies: readonly DeployerPolicy[]): readonly DeployerPolicy[] {
  return policies
    .map(({ Version, Statement }) => ({
      Version,
      Statement: Statement.map((statement) => ({
        ...statement,
        Action: statement.Action.filter(
          (action) => reads.test(action) && !handsOut.includes(action),
        ),
      })).filter(({ Action }) => Action.length > 0),
    }))
    .filter(({ Statement }) => Statement.length > 0);
}
