import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { AskedPermission } from '../aws/call-recorder.ts';
import { resolved, sampleAccount } from './resolved-references.ts';
import { resources, type SynthesisedConfiguration } from './sample-platform.ts';

/** One action that a role may do on one resource. */
export interface Grant {
  readonly sid: string;
  readonly action: string;
  readonly resource: string;
  readonly condition?: object;
}

export interface Role {
  readonly name: string;
  readonly grants: readonly Grant[];
}

interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

/**
 * A role with everything that policies of these stacks allow it, in any of the stacks. Excludes what Amazon's
 * own policies allow.
 */
export function roleNamed(
  name: string,
  stacks: Readonly<Record<string, SynthesisedConfiguration>>,
): Role {
  const grants = Object.values(stacks).flatMap((stack) =>
    resources(stack, 'aws_iam_role_policy')
      .filter(({ role }) => resolved(stack, String(role)) === name)
      .flatMap(({ policy }) => grantsOf(resolved(stack, String(policy)))),
  );
  return { name, grants };
}

function grantsOf(policy: string): readonly Grant[] {
  const { Statement: statements }: { Statement: readonly Statement[] } = JSON.parse(policy);
  return statements.flatMap(({ Sid, Action, Resource, Condition }) =>
    Action.flatMap((action) =>
      [Resource].flat().map((resource) => ({
        sid: Sid,
        action,
        resource,
        ...(Condition ? { condition: Condition } : {}),
      })),
    ),
  );
}

/** The role of the function with this handler, in an environment. */
export function roleOfFunction(
  handler: string,
  environment: string,
  stacks: Readonly<Record<string, SynthesisedConfiguration>>,
): Role {
  for (const stack of [stacks[environment], stacks['SHARED']]) {
    const found = resources(stack, 'aws_lambda_function').find(
      (candidate) => candidate['handler'] === handler,
    );
    if (found) {
      const arn = resolved(stack, String(found['role']));
      return roleNamed(arn.split('/').at(-1) ?? '', stacks);
    }
  }
  throw new Error(`no stack has a function ${handler}`);
}

/** The grants that allow the action; empty when it is denied. */
export async function grantsThatAllow(
  { name, grants }: Role,
  { action, resource, context = {} }: Omit<AskedPermission, 'caller'>,
): Promise<readonly Grant[]> {
  const candidates = grants.filter((grant) => grant.action === action);
  const allowing: Grant[] = [];
  for (const grant of candidates) {
    const answer = await runSimulation(
      {
        request: {
          principal: `arn:aws:iam::${sampleAccount}:role/${name}`,
          action,
          resource: { resource, accountId: sampleAccount },
          contextVariables: { ...context },
        },
        identityPolicies: [{ name: grant.sid, policy: policyOf(grant) }],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        // A key whose policy leaves access to IAM, as the settings require.
        resourcePolicy: action.startsWith('kms:') ? accessByIam : undefined,
      },
      {},
    );
    if (answer.resultType === 'error') throw new Error(JSON.stringify(answer));
    if (answer.overallResult === 'Allowed') allowing.push(grant);
  }
  return allowing;
}

function policyOf({ action, resource, condition }: Grant): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: action,
        Resource: resource,
        ...(condition ? { Condition: condition } : {}),
      },
    ],
  };
}

const accessByIam = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${sampleAccount}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
};
