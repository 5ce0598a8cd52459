import type { DeployerPolicy } from './deployer-policy.ts';

/** Verbs of actions that change nothing. API Gateway has HTTP methods for actions. */
const reads = /^[\w-]+:(Describe|Get|List|Head|BatchGet)\w*$|^apigateway:GET$|^kms:Decrypt$/;

/** Actions that sound as if they read, but hand out what lets somebody write. */
const handsOut = ['ecr:GetAuthorizationToken'];

/**
 * What planning takes of what deploying takes: the same resources and conditions, without the actions that
 * change something. Terraform then plans without locking the state (`-lock=false`).
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
