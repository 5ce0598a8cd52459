import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobDetail } from '@aws-sdk/client-batch';
import { DeleteRolePolicyCommand, IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type BatchAgents, startBatchAgents } from '../aws/batch-agents.ts';
import { writeEmulatedPrograms } from '../aws/emulated-programs.ts';
import { emulatedAccount, emulatedRegion } from '../aws/emulator.ts';
import {
  type PlatformWorkspace,
  startPlatformWorkspace,
  stateBucket,
} from '../aws/platform-workspace.ts';
import { providerMirror } from '../aws/terraform.ts';
import { DeployingCheckout, type Shell } from './deploying-checkout.ts';
import { type EmulatedGateway, startEmulatedGateway } from './emulated-gateway.ts';
import { shellSteps } from './workflow-steps.ts';

let agents: BatchAgents;
let workspace: PlatformWorkspace;
let gateway: EmulatedGateway;
let checkout: DeployingCheckout;
let follow: (detail: Partial<JobDetail>) => Promise<void> = async () => undefined;

beforeAll(async () => {
  agents = await startBatchAgents((detail) => follow(detail));
  workspace = await startPlatformWorkspace(agents.emulator);
  const { variables, folder, account } = workspace;
  for (const [name, value] of Object.entries({
    ...agents.emulator.variables,
    CONFIGURATION_S3_BUCKET: account.bucketName('configuration'),
    CONFIG_FILENAME: 'wps.properties',
  })) {
    vi.stubEnv(name, value);
  }
  const [{ handler }, { handler: jobEvents }] = await Promise.all([
    import('../../lambda/handler.ts'),
    import('../../lambda/job-events.ts'),
  ]);
  gateway = await startEmulatedGateway(handler as never);
  follow = async (detail) => {
    const [, environment = ''] = /job-queue\/wps-([a-z]+)-/.exec(detail.jobQueue ?? '') ?? [];
    await jobEvents(
      {
        'detail-type': 'Batch Job State Change',
        source: 'aws.batch',
        detail,
        id: 'c8f9c4b5-76e5-d76a-f980-7011e206042b',
        version: '0',
        account: emulatedAccount,
        region: emulatedRegion,
        time: '2026-01-01T00:00:00Z',
        resources: [],
      },
      {
        invokedFunctionArn: `arn:aws:lambda:${emulatedRegion}:${emulatedAccount}:function:wps-${environment}-job-events:${environment.toUpperCase()}`,
        awsRequestId: '8f5cb1f4-2f1b-4a6c-9a4d-6c1f4c2f0d11',
      },
    );
  };
  const programs = join(folder, 'bin');
  const PATH = await writeEmulatedPrograms(programs, await providerMirror());
  writeFileSync(
    join(programs, 'gh'),
    '#!/bin/sh\nfor file; do :; done\necho "$@" > gh.txt\ncat "$file" >> gh.txt\n',
  );
  chmodSync(join(programs, 'gh'), 0o755);
  const gatewayHook = `file://${join(import.meta.dirname, 'to-the-gateway.mjs')}`;
  checkout = new DeployingCheckout(join(folder, 'checkout'), {
    ...variables,
    PATH,
    CI: '1',
    AWS_ENDPOINT_URL_IAM: variables['AWS_ENDPOINT_URL_BUDGETS'] ?? '',
    EMULATED_GATEWAY: gateway.endpoint,
    NODE_OPTIONS: `--import=${gatewayHook}`,
  });
  // What docs/deploy.md has a person write down before a first deployment.
  checkout.edit('environments/common.ts', {
    "// id: '123456789012'": `id: '${emulatedAccount}'`,
    "// kind: 's3', bucket: 'my-terraform-state'": `kind: 's3', bucket: '${stateBucket}'`,
    "  kind: 'local',\n": '',
  });
  checkout.edit('environments/shared.ts', {
    '  account,': "  account,\n  apiAccountRole: 'managed',",
  });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await gateway?.stop();
  await workspace?.stop();
  await agents?.stop();
});

/** Packages are installed once for all of the tests. */
const installs = 'npm ci';

/** Runs the shell steps of a workflow's job, each of which must end well. */
async function runJob(
  file: string,
  job: string,
  values: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const said: string[] = [];
  for (const { run, variables } of shellSteps(file, job, values)) {
    if (run === installs) continue;
    const ended = await checkout.shell(run, variables);
    expect(ended.code, `${run}\n${ended.said}`).toBe(0);
    said.push(ended.said);
  }
  return said;
}
const deployJob = (environment: string) =>
  runJob('deploy.yml', 'deploy', { 'inputs.environment': environment, 'secrets.SMOKE_HEADER': '' });
const operate = (call: string): Promise<Shell> =>
  checkout.shell(`npm run --silent operate -- ${call}`);
const commitOf = async (environment: string) =>
  (await workspace.account.recordedRelease(environment)).functions.commit;

let first: string;
let second: string;

describe('a release', () => {
  it('is published from a commit by the workflow of the main branch', async () => {
    first = checkout.commit('first');
    const [said] = await runJob('main.yml', 'publish');
    expect(said).toContain('wps/echo:content-');
    expect(said).toMatch(/wps\/echo:content-\w+ pushed/);
  });

  it('is deployed to DEV by the next one, and answers over each protocol there', async () => {
    const said = await deployJob('DEV');
    expect(said.join()).toContain('Apply complete!');
    expect(said.at(-1)).toMatch(/OGC API|WPS 2\.0/);
    expect(await commitOf('DEV')).toBe(first);
  });

  it.each(environments('SYSTEST', 'RC', 'PROD'))('is brought on to %s', async (environment) => {
    // The pipeline of SHARED has built an image by now.
    await workspace.account.publishImage(`for ${environment}`);
    if (environment === 'SYSTEST') await deployJob('DEV');
    await deployJob(environment);
    expect(await commitOf(environment)).toBe(first);
  });

  it('leaves nothing to plan, and the plan is the comment on a pull request', async () => {
    const stacks = ['SHARED', 'DEV'];
    const said: string[] = [];
    for (const { run, variables } of shellSteps('pull-request.yml', 'plan', {
      'github.token': 'none',
      'github.event.pull_request.number': '7',
    })) {
      if (run === installs) continue;
      const only = run.startsWith('npm run plan') ? `${run} ${stacks.join(' ')}` : run;
      const ended = await checkout.shell(only, variables);
      expect(ended.code, ended.said).toBe(0);
      said.push(ended.said);
    }
    for (const stack of stacks) expect(said.join()).toContain(`${stack}: no changes`);
    const { stdout } = await checkout.shell('cat gh.txt; rm gh.txt plan.md');
    expect(stdout).toMatch(/^pr comment 7 --edit-last --create-if-none --body-file plan\.md/);
    expect(stdout).toContain('**DEV**: no changes.');
  });
});

describe('an operator', () => {
  it('sees the release, and a doctor that finds all in order with a job that runs', async () => {
    const status = await operate('status DEV --json');
    expect(JSON.parse(status.stdout)).toMatchObject({
      environment: 'DEV',
      release: { release: { functions: { commit: first } } },
      aliases: [{ runsRelease: true }, { runsRelease: true }],
    });
    const doctor = await operate('doctor DEV --job-seconds 120 --json');
    const found: { subject: string; verdict: string }[] = JSON.parse(doctor.stdout);
    expect(found.filter(({ verdict }) => verdict === 'broken')).toEqual([]);
    expect(found).toContainEqual(expect.objectContaining({ subject: 'endpoint', verdict: 'ok' }));
    expect(found.at(-1)).toMatchObject({ subject: 'test job', verdict: 'ok' });
    expect(doctor.code).toBe(0);
  });

  it('publishes and promotes another release', async () => {
    checkout.append('lambda/handler.ts', '\nexport const release = 2;\n');
    second = checkout.commit('second');
    await runJob('main.yml', 'publish');
    const promoted = await operate('promote DEV --yes --json');
    expect(promoted.code, promoted.said).toBe(0);
    expect(JSON.parse(promoted.stdout)).toMatchObject({ deployed: true });
    expect(await commitOf('DEV')).toBe(second);
  });

  it('rolls the functions back alone: the plan touches no machines', async () => {
    const pinned = await operate('rollback DEV --parts functions --no-deploy --yes --json');
    expect(pinned.code, pinned.said).toBe(0);
    const plan = await checkout.shell('npm run plan -- DEV');
    expect(plan.code, plan.said).toBe(0);
    const planned = [...plan.stdout.matchAll(/^ +# (\w+)\.\S+ (?:will be|must be) (.*)$/gm)];
    expect(planned.map(([, type, what]) => `${type} ${what}`).sort()).toEqual([
      'aws_lambda_alias updated in-place',
      'aws_lambda_alias updated in-place',
      'aws_lambda_function updated in-place',
      'aws_lambda_function updated in-place',
      'aws_ssm_parameter updated in-place',
    ]);
    const deployed = await checkout.shell('npm run deploy -- DEV');
    expect(deployed.code, deployed.said).toBe(0);
    expect(await commitOf('DEV')).toBe(first);
  });

  it('learns from doctor and drift what somebody broke', async () => {
    const { account } = workspace;
    await account.s3.send(
      new DeleteObjectCommand({
        Bucket: account.bucketName('configuration'),
        Key: 'DEV/wps.properties',
      }),
    );
    const iam = new IAMClient({});
    const RoleName = 'wps-dev-job-events';
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    for (const PolicyName of PolicyNames) {
      await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    }
    const doctor = await operate('doctor DEV --json');
    expect(doctor.code).toBe(1);
    expect(JSON.parse(doctor.stdout)).toContainEqual(
      expect.objectContaining({
        subject: 'configuration',
        verdict: 'broken',
        mend: 'npx cdktf deploy DEV',
      }),
    );
    const [drift] = shellSteps('drift.yml', 'drift').filter(({ run }) => run !== installs);
    const drifted = await checkout.shell(`${drift?.run} DEV`, drift?.variables);
    expect(drifted.code, drifted.said).toBe(1);
    expect(drifted.stdout).toMatch(/DEV: changed from outside/);
    expect(drifted.stdout).toMatch(/aws_s3_object\.configuration: is gone/);
    expect(drifted.stdout).toMatch(/aws_iam_role_policy\.\S+: is gone/);
  });
});

/** Environments behind DEV that the walk goes to: as far as `WALK_TO` says. */
function environments(...names: readonly string[]): readonly string[] {
  const last = names.indexOf(process.env['WALK_TO'] ?? 'DEV');
  return names.slice(0, last + 1);
}
