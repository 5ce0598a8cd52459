import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition/index.js';
import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider/index.js';
import { TerraformDataSource, TerraformOutput, TerraformResource, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { PipelineSettings } from '../environments/pipeline-settings.ts';
import type { SharedEnvironment } from '../environments/shared-settings.ts';
import { Deployment } from './constructs/deployment.ts';
import { PipelineRole } from './constructs/pipeline-role.ts';
import { deployerPolicies, type StackTypes } from './deployer/deployer-policy.ts';
import { readOnly } from './deployer/read-only.ts';
import { addStateBackend } from './state-backend.ts';

export interface PipelineStackProps {
  readonly shared: SharedEnvironment;
  readonly settings: PipelineSettings;
  /** Stacks of the account that the pipeline plans and deploys. */
  readonly deployed: readonly TerraformStack[];
}

/** Issuer of the tokens of GitHub Actions. */
const issuer = 'token.actions.githubusercontent.com';

/**
 * Access of workflows on GitHub to the account without a stored key: two roles that they assume with a token
 * from GitHub. An administrator deploys this stack; its roles have names that the roles themselves may not
 * change.
 *
 * - The deploying role is for jobs in the repository's environments that are named as the stacks are. GitHub
 *   decides who may start such a job, by rules for branches and by approvals.
 * - The planning role only reads. It is for pull requests and for the branch's scheduled workflows. GitHub
 *   issues no token to a pull request from a fork.
 *
 * Source: GitHub Docs, "OpenID Connect reference", "Example subject claims"
 */
export class PipelineStack extends TerraformStack {
  constructor(scope: Construct, { shared, settings, deployed }: PipelineStackProps) {
    const names = deployed.map(({ node }) => node.id);
    super(scope, shared.name.replace(/^SHARED/, 'PIPELINE'));
    addStateBackend(this, shared.state, shared.account);
    const deployment = new Deployment(this, 'deployment', shared);
    const { partition } = new DataAwsPartition(this, 'here');
    const policies = deployerPolicies(deployed.map(typesOf), {
      account: { ...shared.account, id: deployment.accountId },
      state: shared.state,
      partition,
    });
    const providerArn =
      settings.providerArn ??
      new IamOpenidConnectProvider(this, 'github', {
        url: `https://${issuer}`,
        clientIdList: ['sts.amazonaws.com'],
      }).arn;
    const role = (id: string, subjects: readonly string[], description: string) => ({
      deployment,
      name: `pipeline-${shared.account.prefix}-${id}`,
      description,
      provider: { arn: providerArn, issuer },
      subjects: subjects.map((subject) => `repo:${settings.repository}:${subject}`),
    });
    const deploy = new PipelineRole(this, 'deploy', {
      ...role(
        'deploy',
        names.map((name) => `environment:${name}`),
        'Deploys the stacks, for jobs of the environments on GitHub.',
      ),
      policies,
    });
    const plan = new PipelineRole(this, 'plan', {
      ...role(
        'plan',
        ['pull_request', `ref:refs/heads/${settings.branch}`],
        'Plans the stacks and looks for drift. Only reads.',
      ),
      policies: readOnly(policies),
    });
    new TerraformOutput(this, 'deploy_role', { value: deploy.arn, staticId: true });
    new TerraformOutput(this, 'plan_role', { value: plan.arn, staticId: true });
  }
}

function typesOf(stack: TerraformStack): StackTypes {
  const all = stack.node.findAll();
  const types = (of: typeof TerraformResource | typeof TerraformDataSource) =>
    Object.fromEntries(
      all.flatMap((one) => (one instanceof of ? [[one.terraformResourceType, true]] : [])),
    );
  return { resource: types(TerraformResource), data: types(TerraformDataSource) };
}
