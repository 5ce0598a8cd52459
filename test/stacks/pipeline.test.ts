import { beforeAll, describe, expect, it } from 'vitest';
import { installationData } from '../../environments/index.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { resolved, sampleAccount } from './resolved-references.ts';
import { resources, type SynthesisedConfiguration, samplePlatform } from './sample-platform.ts';

const issuer = 'token.actions.githubusercontent.com';
const provider = `arn:aws:iam::${sampleAccount}:oidc-provider/${issuer}`;
const withPipeline = (pipeline: object) => ({
  ...installationData,
  shared: { ...(installationData.shared as object), pipeline },
});

let stack: SynthesisedConfiguration;
beforeAll(async () => {
  const { stacks } = await samplePlatform(
    withPipeline({ repository: 'example/aws-wps', providerArn: provider }),
  );
  stack = stacks['PIPELINE'] as SynthesisedConfiguration;
});

function roleOf(kind: 'deploy' | 'plan') {
  const role = resources(stack, 'aws_iam_role').find(({ name }) => name === `pipeline-wps-${kind}`);
  return { trust: JSON.parse(String(role?.['assume_role_policy'])), name: `pipeline-wps-${kind}` };
}

function statementsOf(kind: 'deploy' | 'plan'): { Sid: string; Action: string[] }[] {
  return resources(stack, 'aws_iam_policy')
    .filter(({ name }) => String(name).startsWith(`pipeline-wps-${kind}-`))
    .flatMap(({ policy }) => JSON.parse(resolved(stack, String(policy))).Statement);
}

/** Whether a token with this subject may assume the role. Every condition is an equality. */
function mayTake(kind: 'deploy' | 'plan', sub: string, aud = 'sts.amazonaws.com'): boolean {
  const [statement, ...others] = roleOf(kind).trust.Statement;
  expect(others).toEqual([]);
  expect(statement).toMatchObject({
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: ['sts:AssumeRoleWithWebIdentity'],
  });
  expect(Object.keys(statement.Condition)).toEqual(['StringEquals']);
  const token: Readonly<Record<string, string>> = {
    [`${issuer}:sub`]: sub,
    [`${issuer}:aud`]: aud,
  };
  const conditions: [string, string | string[]][] = Object.entries(
    statement.Condition.StringEquals,
  );
  expect(conditions.map(([key]) => key).sort()).toEqual(Object.keys(token).sort());
  return conditions.every(([key, allowed]) => [allowed].flat().includes(token[key] ?? ''));
}

describe('the roles of a pipeline', () => {
  it("a pipeline's deploying role trusts jobs of the environments on GitHub, each by its name", () => {
    for (const environment of ['SHARED', 'DEV', 'SYSTEST', 'RC', 'PROD']) {
      const subject = `repo:example/aws-wps:environment:${environment}`;
      expect(mayTake('deploy', subject), subject).toBe(true);
      expect(mayTake('plan', subject), subject).toBe(false);
    }
  });

  it("a pipeline's planning role trusts pull requests and the main branch, and nothing more", () => {
    for (const subject of ['pull_request', 'ref:refs/heads/main']) {
      expect(mayTake('plan', `repo:example/aws-wps:${subject}`), subject).toBe(true);
      expect(mayTake('deploy', `repo:example/aws-wps:${subject}`), subject).toBe(false);
    }
  });

  it.each([
    ['a fork', 'repo:stranger/aws-wps:pull_request'],
    ['an environment of a fork', 'repo:stranger/aws-wps:environment:PROD'],
    ['a repository whose name begins so', 'repo:example/aws-wps-2:environment:PROD'],
    ['another branch', 'repo:example/aws-wps:ref:refs/heads/mine'],
    ['a branch whose name ends so', 'repo:example/aws-wps:ref:refs/heads/x/refs/heads/main'],
    ['a tag', 'repo:example/aws-wps:ref:refs/tags/main'],
    ['an environment of another name', 'repo:example/aws-wps:environment:PRODUCTION'],
    ['a subject of patterns', 'repo:example/*:environment:*'],
  ])("a pipeline's role does not trust %s", (_, subject) => {
    expect(mayTake('deploy', subject)).toBe(false);
    expect(mayTake('plan', subject)).toBe(false);
  });

  it("a pipeline's role does not trust a token that was issued for another audience", () => {
    expect(mayTake('deploy', 'repo:example/aws-wps:environment:DEV', 'https://x')).toBe(false);
  });

  it("a pipeline's roles can be assumed for two hours, since a deployment may wait for machines to be replaced", () => {
    const roles = resources(stack, 'aws_iam_role');
    expect(roles).toHaveLength(2);
    for (const role of roles) expect(role['max_session_duration']).toBe(7200);
  });

  it("a pipeline's roles name exact subjects", () => {
    for (const kind of ['deploy', 'plan'] as const) {
      expect(JSON.stringify(roleOf(kind).trust)).not.toMatch(/\*|StringLike/);
    }
  });

  it("a pipeline's deploying role has the deployer's policy, and the planning role its reading part", () => {
    const deploy = statementsOf('deploy');
    expect(deploy.find(({ Sid }) => Sid === 'RightsOfRoles')?.Action).toContain('iam:CreateRole');
    const plan = statementsOf('plan').flatMap(({ Action }) => Action);
    expect(plan).toEqual(expect.arrayContaining(['ssm:GetParameter', 'batch:DescribeJobQueues']));
    const deploying = new Set(deploy.flatMap(({ Action }) => Action));
    expect(plan.filter((action) => !deploying.has(action))).toEqual([]);
    expect(
      plan.filter((action) =>
        /:(?!Describe|Get|List|Head|BatchGet|GET$|Decrypt$)|GetAuthorizationToken/.test(action),
      ),
    ).toEqual([]);
  });

  it("a pipeline's roles cannot change themselves: their policies do not name them", () => {
    const named = JSON.stringify([...statementsOf('deploy'), ...statementsOf('plan')]);
    expect(named).not.toContain('pipeline-wps');
    const resourcesOfRoles = statementsOf('deploy')
      .filter(({ Action }) =>
        Action.some((action) => /^iam:(Put|Attach|Update|Create)/.test(action)),
      )
      .flatMap((statement) => ('Resource' in statement ? [statement.Resource].flat() : []));
    expect(resourcesOfRoles.length).toBeGreaterThan(0);
    for (const resource of resourcesOfRoles) {
      expect(resource).toMatch(/(role|instance-profile)\/(wps-|aws-service-role\/)\*$/);
    }
  });
});

it('the pipeline creates the identity provider if the account has none', async () => {
  const { stacks } = await samplePlatform(withPipeline({ repository: 'example/aws-wps' }));
  expect(resources(stacks['PIPELINE'], 'aws_iam_openid_connect_provider')).toMatchObject([
    { url: `https://${issuer}`, client_id_list: ['sts.amazonaws.com'] },
  ]);
});

it('a repository or a branch with patterns is refused', () => {
  for (const pipeline of [
    { repository: 'example/*' },
    { repository: '*' },
    { repository: 'example/aws-wps', branch: '*' },
  ]) {
    expect(() => parseInstallation(withPipeline(pipeline))).toThrow(/SHARED\.pipeline\./);
  }
});
