import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DescribeComputeEnvironmentsCommand,
  DescribeJobDefinitionsCommand,
} from '@aws-sdk/client-batch';
import { GetFunctionConfigurationCommand, GetPolicyCommand } from '@aws-sdk/client-lambda';
import {
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { parse } from 'dot-properties';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { type InstallationData, parseInstallation } from '../../environments/installation.ts';
import { parseConfiguration } from '../../lambda/configuration/parse-configuration.ts';
import { writeSampleFunctions } from '../stacks/sample-functions.ts';
import type { DeployedAccount } from './deployed-account.ts';
import { emulatedAccount, emulatedRegion } from './emulator.ts';
import { deployedProd, installationWith, plannedRc } from './platform-installation.ts';
import {
  type PlatformWorkspace,
  startPlatformWorkspace,
  stateBucket,
  synthesiseForEmulator,
} from './platform-workspace.ts';
import { type PlannedChange, run, type Terraform } from './terraform.ts';

const stacks = ['SHARED', 'DEV', 'SYSTEST', 'RC', 'PROD'] as const;
const root = join(import.meta.dirname, '..', '..');

let workspace: PlatformWorkspace;
let account: DeployedAccount;
let terraform: Record<(typeof stacks)[number], Terraform>;
let distFolder: string;

beforeAll(async () => {
  workspace = await startPlatformWorkspace();
  account = workspace.account;
  terraform = {
    SHARED: workspace.stack('SHARED'),
    DEV: workspace.stack('DEV'),
    SYSTEST: workspace.stack('SYSTEST'),
    RC: workspace.stack('RC'),
    PROD: workspace.stack('PROD'),
  };
  distFolder = writeSampleFunctions(join(workspace.folder, 'dist'));
});
afterAll(() => workspace?.stop());

/** What is deployed at first. */
const deployed = () => installationWith(plannedRc, deployedProd);

function synthesise(
  data: InstallationData,
  processes: readonly ProcessDescription[] = catalogue,
): void {
  const installation = parseInstallation(data);
  const { outdir } = workspace;
  synthesiseForEmulator({ installation, catalogue: processes, distFolder, outdir });
}

/** `update aws_lambda_alias`, each once, sorted; construct ids are left to the stacks. */
function verdict(changes: readonly PlannedChange[]): readonly string[] {
  return changes.map(({ action, address }) => `${action} ${address.split('.')[0]}`).sort();
}

async function planAndApply(stack: Terraform): Promise<readonly string[]> {
  const changes = await stack.plan();
  await stack.apply();
  return verdict(changes);
}

describe('the platform, applied to an account', () => {
  it('is valid Terraform in every stack', async () => {
    synthesise(deployed());
    await Promise.all(
      stacks.map(async (stack) => {
        await terraform[stack].init();
        await terraform[stack].validate();
      }),
    );
  });

  it('deploys SHARED', async () => {
    const changes = await planAndApply(terraform.SHARED);
    expect(changes.every((change) => change.startsWith('create '))).toBe(true);
    expect(await terraform.SHARED.output('wps_version')).toBe('1');
    const config = await account.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: 'wps' }),
    );
    expect(config).toMatchObject({
      Runtime: 'nodejs22.x',
      Handler: 'lambda/handler.handler',
      Architectures: ['arm64'],
      Environment: {
        Variables: {
          CONFIGURATION_S3_BUCKET: account.bucketName('configuration'),
          CONFIG_FILENAME: 'wps.properties',
        },
      },
    });
    expect(parse(await account.configurationFile('$LATEST'))).toMatchObject({
      AWS_REGION: emulatedRegion,
    });
    const pipeline = [...workspace.imageBuilder.resources].find(([arn]) =>
      arn.includes(':image-pipeline/'),
    );
    expect(pipeline?.[0]).toBe(await terraform.SHARED.output('image_pipeline'));
  });

  it('says what to do where a queue wants the built image before there is one', async () => {
    await expect(terraform.PROD.plan()).rejects.toThrow(
      /names no image yet\. Start\s+the pipeline of SHARED/,
    );
  });

  it('is deployed through the cdktf CLI, as a person would, beside another deployment', async () => {
    await account.publishImage('ami-0123456789abcdef0');
    const outdir = join(workspace.folder, 'cli.out');
    const props = join(workspace.folder, 'platform.json');
    writeFileSync(props, JSON.stringify({ data: deployed(), distFolder, outdir }));
    // Without a lock file the CLI asks the public registry for checksums, mirror or not.
    mkdirSync(join(outdir, 'stacks/DEV'), { recursive: true });
    const lockFile = 'stacks/DEV/.terraform.lock.hcl';
    copyFileSync(join(workspace.outdir, lockFile), join(outdir, lockFile));
    const cdktf = (...args: string[]) =>
      run(
        process.execPath,
        [
          join(root, 'node_modules/cdktf-cli/bundle/bin/cdktf.js'),
          ...args,
          ...['--app', 'node --import tsx test/aws/emulated-main.ts', '--output', outdir],
        ],
        { folder: root, variables: { ...workspace.variables, PLATFORM_PROPS: props, CI: '1' } },
      );
    const [dev, prod] = await Promise.all([
      cdktf('deploy', 'DEV', '--auto-approve'),
      planAndApply(terraform.PROD),
    ]);
    expect(dev.code, dev.stdout + dev.stderr).toBe(0);
    expect(dev.stdout).toContain('Apply complete!');
    expect(prod.every((change) => change.startsWith('create '))).toBe(true);
    const diff = await cdktf('diff', 'DEV');
    expect(diff.code, diff.stdout + diff.stderr).toBe(0);
    expect(diff.stdout).toContain('No changes.');
  });

  it('plans the environments that are not deployed yet', async () => {
    const plans = await Promise.all([terraform.SYSTEST.plan(), terraform.RC.plan()]);
    for (const changes of plans.map(verdict)) {
      expect(changes.length).toBeGreaterThan(70);
      expect(changes.every((change) => change.startsWith('create '))).toBe(true);
    }
  });

  it('waits for nobody who holds the lock of a state in S3', async () => {
    await account.s3.send(
      new PutObjectCommand({
        Bucket: stateBucket,
        Key: 'aws-wps/PROD.tfstate.tflock',
        Body: JSON.stringify({ ID: 'someone-else', Operation: 'OperationTypeApply', Who: 'them' }),
      }),
    );
    await expect(terraform.PROD.plan()).rejects.toThrow(/Error acquiring the state lock/);
    await terraform.PROD.unlock('someone-else');
  });

  it('demands no change when planned again', async () => {
    const plans = await Promise.all(
      [terraform.SHARED, terraform.DEV, terraform.PROD].map((stack) => stack.plan()),
    );
    expect(plans.map(verdict)).toEqual([[], [], []]);
  });

  it.each(['dev', 'prod'])('gives %s three queues, each with its machines', async (environment) => {
    for (const queue of ['small', 'timeseries', 'large']) {
      const [arn, ...others] = await account.environmentsBehind(`wps-${environment}-${queue}`);
      expect(others).toEqual([]);
      const { computeEnvironments } = await account.batch.send(
        new DescribeComputeEnvironmentsCommand({ computeEnvironments: [arn ?? ''] }),
      );
      expect(computeEnvironments?.[0]).toMatchObject({
        computeEnvironmentName: expect.stringMatching(`^wps-${environment}-${queue}-`),
        state: 'ENABLED',
        computeResources: {
          minvCpus: queue === 'small' ? 2 : 0,
          ec2Configuration: [
            { imageType: 'ECS_AL2023', imageIdOverride: expect.stringMatching(/^ami-/) },
          ],
        },
      });
    }
  });

  it('points each environment’s alias at a version, and lets its API call that alias', async () => {
    for (const alias of ['DEV', 'PROD']) {
      expect(await account.versionOf('wps', alias)).toBe('1');
      expect(await account.versionOf('wps-job-events', alias)).toBe('1');
      const { Policy } = await account.lambda.send(
        new GetPolicyCommand({ FunctionName: 'wps', Qualifier: alias }),
      );
      const statements: { Resource: string; Principal: { Service: string } }[] = JSON.parse(
        Policy ?? '',
      ).Statement;
      expect(
        statements.filter(
          ({ Resource, Principal }) =>
            Resource.endsWith(`:function:wps:${alias}`) &&
            Principal.Service === 'apigateway.amazonaws.com',
        ),
      ).toHaveLength(1);
    }
  });

  it('keeps outputs in a private, encrypted bucket', async () => {
    const Bucket = account.bucketName('prod-outputs');
    const { PublicAccessBlockConfiguration } = await account.s3.send(
      new GetPublicAccessBlockCommand({ Bucket }),
    );
    expect(PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const encryption = await account.s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(JSON.stringify(encryption)).toContain('"SSEAlgorithm":"AES256"');
    const { Policy } = await account.s3.send(new GetBucketPolicyCommand({ Bucket }));
    expect(JSON.parse(Policy ?? '').Statement).toMatchObject([
      {
        Effect: 'Deny',
        Principal: '*',
        Action: ['s3:*'],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ]);
  });

  it('tells the function where everything is', async () => {
    const endpoint = await terraform.DEV.output('endpoint');
    expect(endpoint).toMatch(
      /^https:\/\/\w+\.execute-api\.ap-southeast-2\.amazonaws\.com\/DEV\/wps\/$/,
    );
    const batchArn = (kind: string) => `arn:aws:batch:${emulatedRegion}:${emulatedAccount}:${kind}`;
    const file = await account.configurationFile('DEV');
    const { configuration: read } = parseConfiguration(file, 'the bucket', 'DEV', catalogue);
    expect(read.processes).toEqual(catalogue.map(({ identifier }) => identifier));
    expect(parse(file)).toMatchObject({
      STATUS_LOCATION: endpoint,
      STATUS_FILENAME: 'status.xml',
      JOB_NAME: 'wps-dev-job',
      JOB_QUEUE_NAME: batchArn('job-queue/wps-dev-small'),
      JOB_QUEUE_NAME_SMALL: batchArn('job-queue/wps-dev-small'),
      JOB_QUEUE_NAME_TIMESERIES: batchArn('job-queue/wps-dev-timeseries'),
      JOB_QUEUE_NAME_LARGE: batchArn('job-queue/wps-dev-large'),
      JOB_DEFINITION_ECHO: batchArn('job-definition/wps-dev-echo:1'),
      JOB_DEFINITION_GOGODUCK: batchArn('job-definition/wps-dev-gogoduck:1'),
      AWS_REGION: emulatedRegion,
      OUTPUT_S3_BUCKET: account.bucketName('dev-outputs'),
    });
  });

  it('runs containers without privileges, on a read-only root file system', async () => {
    const { jobDefinitions } = await account.batch.send(
      new DescribeJobDefinitionsCommand({ jobDefinitionName: 'wps-prod-echo' }),
    );
    expect(jobDefinitions?.[0]).toMatchObject({
      retryStrategy: { attempts: 2 },
      timeout: { attemptDurationSeconds: 180 },
      containerProperties: {
        image: expect.stringMatching(/\/wps\/echo:0\.1\.0$/),
        user: '1000:1000',
        privileged: false,
        readonlyRootFilesystem: true,
        environment: [{ name: 'WPS_SCRATCH_DIR', value: '/scratch' }],
      },
    });
  });
});

describe('a change of the platform', () => {
  it('of the handler’s code moves DEV’s aliases and nothing else', async () => {
    writeSampleFunctions(distFolder, 'two');
    synthesise(installationWith(deployedProd));
    expect(await planAndApply(terraform.SHARED)).toEqual([
      'update aws_lambda_function',
      'update aws_lambda_function',
    ]);
    expect(verdict(await terraform.PROD.plan())).toEqual([]);
    expect(await planAndApply(terraform.DEV)).toEqual([
      'update aws_lambda_alias',
      'update aws_lambda_alias',
    ]);
    expect(await account.versionOf('wps', 'DEV')).toBe('2');
    expect(await account.versionOf('wps', 'PROD')).toBe('1');
  });

  it('promotes to SYSTEST what DEV runs', async () => {
    await terraform.SYSTEST.plan();
    expect(await terraform.SYSTEST.planned('aws_lambda_alias', 'function_version')).toEqual([
      '2',
      '2',
    ]);
  });

  it('refuses a promotion from an environment that is not there', async () => {
    await expect(terraform.RC.plan()).rejects.toThrow(
      /handler_wps-promoted_\w+: reading Lambda Alias: couldn't find resource/,
    );
  });

  it('of PROD’s version to a pinned one rolls back', async () => {
    synthesise(
      installationWith({ ...deployedProd, handler: { version: 'promoted', from: 'DEV' } }),
    );
    const moved = ['update aws_lambda_alias', 'update aws_lambda_alias'];
    expect(await planAndApply(terraform.PROD)).toEqual(moved);
    expect(await account.versionOf('wps', 'PROD')).toBe('2');
    synthesise(installationWith(deployedProd));
    expect(await planAndApply(terraform.PROD)).toEqual(moved);
    expect(await account.versionOf('wps', 'PROD')).toBe('1');
    expect(await account.versionOf('wps-job-events', 'PROD')).toBe('1');
  });

  it('to a larger volume replaces the machines behind the queue, which moves over first', async () => {
    const { queues } = deployedProd;
    synthesise(
      installationWith({
        ...deployedProd,
        queues: {
          ...queues,
          large: { ...queues.large, storage: { kind: 'data-volume', sizeGiB: 800 } },
        },
      }),
    );
    const [before] = await account.environmentsBehind('wps-prod-large');
    expect(await planAndApply(terraform.PROD)).toEqual([
      'replace aws_batch_compute_environment',
      'update aws_batch_job_queue',
      'update aws_launch_template',
      'update terraform_data',
    ]);
    const [after, ...others] = await account.environmentsBehind('wps-prod-large');
    expect(others).toEqual([]);
    expect(after).not.toBe(before);
    const { computeEnvironments } = await account.batch.send(
      new DescribeComputeEnvironmentsCommand({}),
    );
    const arns = computeEnvironments?.map(({ computeEnvironmentArn }) => computeEnvironmentArn);
    expect(arns).toContain(after);
    expect(arns).not.toContain(before);
    expect(verdict(await terraform.PROD.plan())).toEqual([]);
  });

  it('to a newer image replaces the machines of queues on it, and no others', async () => {
    await account.publishImage('ami-0fedcba9876543210');
    expect(verdict(await terraform.PROD.plan())).toEqual([
      'replace aws_batch_compute_environment',
      'update aws_batch_job_queue',
      'update terraform_data',
    ]);
    expect(verdict(await terraform.DEV.plan())).toEqual([]);
  });

  it('by a new process adds a registry, a definition and its line in the configuration', async () => {
    const [first] = catalogue;
    if (!first) throw new Error('the catalogue is empty');
    const added: ProcessDescription = {
      ...first,
      identifier: 'added',
      job: { ...first.job, image: 'added' },
    };
    synthesise(installationWith(deployedProd), [...catalogue, added]);
    expect(await planAndApply(terraform.SHARED)).toEqual([
      'create aws_ecr_lifecycle_policy',
      'create aws_ecr_repository',
    ]);
    expect(verdict(await terraform.DEV.plan())).toEqual([
      'create aws_batch_job_definition',
      'update aws_s3_object',
    ]);
  });
});

describe('the platform, destroyed', () => {
  it('leaves nothing behind', async () => {
    await Promise.all([terraform.DEV.destroy(), terraform.PROD.destroy()]);
    await terraform.SHARED.destroy();
    for (const stack of ['SHARED', 'DEV', 'PROD'] as const) {
      expect(await terraform[stack].state(), stack).toEqual([]);
    }
    expect([...workspace.imageBuilder.resources.keys()]).toEqual([]);
    expect(await workspace.leftovers()).toEqual([]);
  });
});
