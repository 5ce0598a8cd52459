import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DescribeComputeEnvironmentsCommand,
  DescribeJobDefinitionsCommand,
} from '@aws-sdk/client-batch';
import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
} from '@aws-sdk/client-lambda';
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
import type { EnvironmentData } from '../../environments/environment.ts';
import { type InstallationData, parseInstallation } from '../../environments/installation.ts';
import { parseConfiguration } from '../../lambda/configuration/parse-configuration.ts';
import { machineQueue } from '../environments/machine-queue.ts';
import { writeSampleFunctions } from '../stacks/sample-functions.ts';
import type { DeployedAccount } from './deployed-account.ts';
import { emulatedAccount, emulatedRegion } from './emulator.ts';
import {
  deployedDev,
  deployedProd,
  installationWith,
  newestWith,
  pinnedProd,
  plannedRc,
  promotedProd,
  rolledBackProd,
} from './platform-installation.ts';
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
/** Ids of images that the pipeline has built. */
let firstImage: string;
let secondImage: string;

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

/** The installation that is deployed first. */
const deployed = () => installationWith(plannedRc, deployedProd);

function synthesise(
  data: InstallationData,
  others: { readonly catalogue?: readonly ProcessDescription[]; readonly commit?: string } = {},
): void {
  const installation = parseInstallation(data);
  const { outdir } = workspace;
  synthesiseForEmulator({ installation, catalogue, distFolder, outdir, ...others });
}

/** Changes such as `update aws_lambda_alias`, without duplicates, sorted. Construct ids are left out. */
function verdict(changes: readonly PlannedChange[]): readonly string[] {
  return changes.map(({ action, address }) => `${action} ${address.split('.')[0]}`).sort();
}

async function planAndApply(stack: Terraform): Promise<readonly string[]> {
  const changes = await stack.plan();
  await stack.apply();
  return verdict(changes);
}

describe('the platform, applied to an account', () => {
  it('every stack is valid Terraform', async () => {
    synthesise(deployed());
    await Promise.all(
      stacks.map(async (stack) => {
        await terraform[stack].init();
        await terraform[stack].validate();
      }),
    );
  });

  it('SHARED can be deployed', async () => {
    const changes = await planAndApply(terraform.SHARED);
    expect(changes.every((change) => change.startsWith('create '))).toBe(true);
    expect(JSON.parse(await terraform.SHARED.output('functions_package'))).toMatchObject({
      bucket: account.bucketName('releases'),
      key: 'functions.zip',
      objectVersion: expect.stringMatching(/.+/),
      sha256: expect.stringMatching(/^[\w+/]{43}=$/),
      commit: 'c0ffee',
    });
    expect(parse(await account.configurationFile('$LATEST'))).toMatchObject({
      AWS_REGION: emulatedRegion,
    });
    const pipeline = [...workspace.imageBuilder.resources].find(([arn]) =>
      arn.includes(':image-pipeline/'),
    );
    expect(pipeline?.[0]).toBe(await terraform.SHARED.output('image_pipeline'));
  });

  it('planning an environment is refused if its container images are missing', async () => {
    await expect(terraform.DEV.plan()).rejects.toThrow(
      /image-echo_\w+: reading ECR Images: couldn't find resource/,
    );
    for (const { job } of catalogue) await account.pushImage(job.image, '0.1.0');
  });

  it('planning an environment says what to do if a queue needs the built image before there is one', async () => {
    await expect(terraform.PROD.plan()).rejects.toThrow(
      /The release of PROD names no image for machines with a data volume\. Start\s+the\s+pipeline\s+of\s+SHARED/,
    );
  });

  it('an environment is deployed through the cdktf CLI, as a person would, beside another deployment', async () => {
    firstImage = await account.publishImage('first');
    const outdir = join(workspace.folder, 'cli.out');
    const props = join(workspace.folder, 'platform.json');
    writeFileSync(props, JSON.stringify({ data: deployed(), distFolder, outdir }));
    // Without a lock file, the CLI asks the public registry for checksums, even with a mirror.
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

  it('environments that are not deployed yet can be planned', async () => {
    const plans = await Promise.all([terraform.SYSTEST.plan(), terraform.RC.plan()]);
    for (const changes of plans.map(verdict)) {
      expect(changes.length).toBeGreaterThan(70);
      expect(changes.every((change) => change.startsWith('create '))).toBe(true);
    }
  });

  it('a deployment does not wait for another holder of the lock of a state in S3', async () => {
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

  it('a second plan of a deployed stack is empty', async () => {
    const plans = await Promise.all(
      [terraform.SHARED, terraform.DEV, terraform.PROD].map((stack) => stack.plan()),
    );
    expect(plans.map(verdict)).toEqual([[], [], []]);
  });

  it.each(['dev', 'prod'])(
    'environment %s has three queues, each with its machines',
    async (environment) => {
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
    },
  );

  it.each(['DEV', 'PROD'])('environment %s has functions and roles of its own', async (name) => {
    const prefix = `wps-${name.toLowerCase()}`;
    const { functions } = await account.recordedRelease(name);
    for (const [part, Handler, executions] of [
      ['requests', 'lambda/handler.handler', { DEV: 20, PROD: 400 }],
      ['job-events', 'lambda/job-events.handler', { DEV: 5, PROD: 50 }],
    ] as const) {
      const FunctionName = `${prefix}-${part}`;
      expect(
        await account.lambda.send(
          new GetFunctionConfigurationCommand({ FunctionName, Qualifier: name }),
        ),
      ).toMatchObject({
        FunctionArn: expect.stringMatching(/:\d+$/),
        Runtime: 'nodejs22.x',
        Handler,
        Architectures: ['arm64'],
        Role: expect.stringMatching(`:role/${FunctionName}$`),
        CodeSha256: functions.sha256,
        Environment: {
          Variables: {
            CONFIGURATION_S3_BUCKET: account.bucketName('configuration'),
            CONFIG_FILENAME: 'wps.properties',
          },
        },
      });
      expect(
        await account.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })),
      ).toMatchObject({
        ReservedConcurrentExecutions: name === 'DEV' ? executions.DEV : executions.PROD,
      });
    }
  });

  it('each environment’s API may call its own alias', async () => {
    for (const alias of ['DEV', 'PROD']) {
      const FunctionName = `wps-${alias.toLowerCase()}-requests`;
      expect(await account.versionOf(FunctionName, alias)).toBe('1');
      const { Policy } = await account.lambda.send(
        new GetPolicyCommand({ FunctionName, Qualifier: alias }),
      );
      const statements: { Resource: string; Principal: { Service: string } }[] = JSON.parse(
        Policy ?? '',
      ).Statement;
      expect(
        statements.filter(
          ({ Resource, Principal }) =>
            Resource.endsWith(`:function:${FunctionName}:${alias}`) &&
            Principal.Service === 'apigateway.amazonaws.com',
        ),
      ).toHaveLength(1);
    }
  });

  it('each environment records its release, and protects its machines’ image', async () => {
    const published = JSON.parse(await terraform.SHARED.output('functions_package'));
    for (const name of ['DEV', 'PROD']) {
      expect(await account.recordedRelease(name)).toMatchObject({
        functions: published,
        machineImages: { dataVolume: firstImage, x86_64: expect.stringMatching(/^ami-/) },
        processImages: {
          echo: expect.stringMatching(/^sha256:/),
          gogoduck: expect.stringMatching(/^sha256:/),
        },
      });
    }
    expect(await account.tagsOf(firstImage)).toEqual(['InUseBy-DEV', 'InUseBy-PROD']);
  });

  it('outputs are in a private, encrypted bucket', async () => {
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

  it('the configuration tells the function where everything is', async () => {
    const endpoint = await terraform.DEV.output('endpoint');
    expect(endpoint).toMatch(
      /^https:\/\/\w+\.execute-api\.ap-southeast-2\.amazonaws\.com\/DEV\/wps\/$/,
    );
    const batchArn = (kind: string) => `arn:aws:batch:${emulatedRegion}:${emulatedAccount}:${kind}`;
    const file = await account.configurationFile('DEV');
    const { configuration: read } = parseConfiguration(file, 'the bucket', 'DEV', catalogue);
    // The process for test suites is offered only where the settings say so.
    expect(read.processes).toEqual(
      catalogue.map(({ identifier }) => identifier).filter((each) => each !== 'echo-inputs'),
    );
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

  it('containers run without privileges, on a read-only root file system', async () => {
    const { jobDefinitions } = await account.batch.send(
      new DescribeJobDefinitionsCommand({ jobDefinitionName: 'wps-prod-echo' }),
    );
    expect(jobDefinitions?.[0]).toMatchObject({
      retryStrategy: { attempts: 2 },
      timeout: { attemptDurationSeconds: 180 },
      containerProperties: {
        image: expect.stringMatching(/\/wps\/echo@sha256:[0-9a-f]{64}$/),
        user: '1000:1000',
        privileged: false,
        readonlyRootFilesystem: true,
        environment: [{ name: 'WPS_SCRATCH_DIR', value: '/scratch' }],
      },
    });
  });
});

const functionsMoved = [
  'update aws_lambda_alias',
  'update aws_lambda_alias',
  'update aws_lambda_function',
  'update aws_lambda_function',
  'update aws_ssm_parameter',
];

/** PROD has a canary from the same package. */
const functionsAndCanaryMoved = [...functionsMoved, 'update aws_lambda_function'].sort();

describe('a change of the platform', () => {
  it('pinning the running release changes nothing', async () => {
    synthesise(installationWith(pinnedProd));
    expect(verdict(await terraform.PROD.plan())).toEqual([]);
  });

  it('a change of the functions’ code moves DEV’s functions and nothing else', async () => {
    writeSampleFunctions(distFolder, 'two');
    synthesise(installationWith(pinnedProd), { commit: 'decade' });
    expect(await planAndApply(terraform.SHARED)).toEqual([
      'update aws_s3_object',
      'update aws_ssm_parameter',
    ]);
    expect(verdict(await terraform.PROD.plan())).toEqual([]);
    expect(await planAndApply(terraform.DEV)).toEqual(functionsMoved);
    expect(await account.versionOf('wps-dev-requests', 'DEV')).toBe('2');
    expect((await account.recordedRelease('DEV')).functions.commit).toBe('decade');
    expect(await account.versionOf('wps-prod-requests', 'PROD')).toBe('1');
  });

  it('SYSTEST is promoted to the release that DEV runs', async () => {
    const { functions } = await account.recordedRelease('DEV');
    await terraform.SYSTEST.plan();
    expect(await terraform.SYSTEST.planned('aws_lambda_function', 's3_object_version')).toEqual([
      functions.objectVersion,
      functions.objectVersion,
    ]);
  });

  it('a promotion from an environment that does not exist is refused', async () => {
    synthesise(
      installationWith(pinnedProd, {
        ...plannedRc,
        release: { take: 'promoted', from: 'SYSTEST' },
      }),
    );
    await expect(terraform.RC.plan()).rejects.toThrow(
      /release-SYSTEST_\w+: reading SSM Parameter \(\/releases\/wps\/SYSTEST\/release\): couldn't find resource/,
    );
  });

  it('a rollback of PROD’s functions changes those alone', async () => {
    const before = await account.codeOf('wps-prod-requests', 'PROD');
    synthesise(installationWith(promotedProd));
    expect(await planAndApply(terraform.PROD)).toEqual(functionsAndCanaryMoved);
    expect(await account.codeOf('wps-prod-requests', 'PROD')).not.toBe(before);
    synthesise(installationWith(rolledBackProd));
    expect(await planAndApply(terraform.PROD)).toEqual(functionsAndCanaryMoved);
    expect(await account.codeOf('wps-prod-requests', 'PROD')).toBe(before);
    expect(await account.codeOf('wps-prod-job-events', 'PROD')).toBe(before);
  });

  it('a larger volume replaces the machines behind the queue, which moves over first', async () => {
    const { queues } = rolledBackProd;
    synthesise(
      installationWith({
        ...rolledBackProd,
        queues: {
          ...queues,
          large: {
            ...machineQueue(queues.large),
            storage: { kind: 'data-volume', sizeGiB: 800 },
          },
        },
      }),
    );
    const [before] = await account.environmentsBehind('wps-prod-large');
    // The configuration contains the hourly cost of its machines, so it changes too.
    expect(await planAndApply(terraform.PROD)).toEqual([
      'replace aws_batch_compute_environment',
      'update aws_batch_job_queue',
      'update aws_launch_template',
      'update aws_s3_object',
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

  it('a newer machine image reaches DEV at once, and PROD by promotion, without changing its functions', async () => {
    synthesise(installationWith(rolledBackProd));
    secondImage = await account.publishImage('second');
    // DEV's own queues do not use the image.
    expect(await planAndApply(terraform.DEV)).toEqual([
      'create aws_ec2_tag',
      'update aws_ssm_parameter',
    ]);
    expect(await planAndApply(terraform.PROD)).toEqual([
      'create aws_ec2_tag',
      'replace aws_batch_compute_environment',
      'update aws_batch_job_queue',
      'update aws_launch_template',
      // The volume has not changed, and neither has its price.
      'update aws_s3_object',
      'update aws_ssm_parameter',
      'update terraform_data',
    ]);
    expect(await account.tagsOf(secondImage)).toEqual(['InUseBy-DEV', 'InUseBy-PROD']);
    expect(await account.tagsOf(firstImage)).toEqual(['InUseBy-DEV', 'InUseBy-PROD']);
    expect(verdict(await terraform.PROD.plan())).toEqual([]);
  });

  it('a third machine image releases the first, which no rollback can reach', async () => {
    await account.publishImage('third');
    expect(await planAndApply(terraform.DEV)).toEqual([
      'create aws_ec2_tag',
      'delete aws_ec2_tag',
      'update aws_ssm_parameter',
    ]);
    expect(await account.tagsOf(firstImage)).toEqual(['InUseBy-PROD']);
    expect(await account.tagsOf(secondImage)).toEqual(['InUseBy-DEV', 'InUseBy-PROD']);
  });

  it('a new container image changes its job definition and the configuration', async () => {
    await account.pushImage('echo', '0.2.0');
    synthesise(installationWith({ ...deployedDev, release: newestWith({ echo: '0.2.0' }) }));
    expect(await planAndApply(terraform.DEV)).toEqual([
      'update aws_batch_job_definition',
      'update aws_s3_object',
      'update aws_ssm_parameter',
    ]);
  });

  it('a new process with new code is configured before its code is called', async () => {
    const [first] = catalogue;
    if (!first) throw new Error('the catalogue is empty');
    const added: ProcessDescription = {
      ...first,
      identifier: 'added',
      job: { ...first.job, image: 'added' },
    };
    writeSampleFunctions(distFolder, 'three');
    synthesise(installationWith({ ...deployedDev, release: newestWith({ echo: '0.2.0' }) }), {
      catalogue: [...catalogue, added],
    });
    expect(await planAndApply(terraform.SHARED)).toEqual([
      'create aws_ecr_lifecycle_policy',
      'create aws_ecr_repository',
      'update aws_s3_object',
      'update aws_ssm_parameter',
    ]);
    await account.pushImage('added', '0.1.0');
    expect(verdict(await terraform.DEV.plan())).toEqual([
      'create aws_batch_job_definition',
      ...functionsMoved.slice(0, -1),
      'update aws_s3_object',
      'update aws_ssm_parameter',
    ]);
    const order = (await terraform.DEV.apply()).map((address) => address.split('.')[0]);
    const [configuration, ...others] = order.flatMap((type, position) =>
      type === 'aws_s3_object' ? [position] : [],
    );
    expect(others).toEqual([]);
    expect(configuration).toBeLessThan(order.indexOf('aws_lambda_alias'));
    expect(order.at(-1)).toBe('aws_ssm_parameter');
  });
});

describe('the platform, destroyed', () => {
  const environments = [deployedDev, rolledBackProd];
  /** PROD, with settings that may allow its destruction, and SHARED. */
  const letGo = (change: Partial<EnvironmentData>, shared: object = {}, stay = environments) =>
    synthesise({
      shared: { ...(deployed().shared as object), ...shared },
      environments: stay.map((each) => (each === rolledBackProd ? { ...each, ...change } : each)),
    });
  const outputs = (deleteWithStack: boolean) => ({
    outputs: { ...rolledBackProd.outputs, deleteWithStack },
  });

  it.each(['SHARED', 'PROD'] as const)(
    'destroying %s with data is refused, and nothing is lost',
    async (name) => {
      letGo({});
      const before = await terraform[name].state();
      await expect(terraform[name].destroy()).rejects.toThrow(/Instance cannot be destroyed/);
      expect(await terraform[name].state()).toEqual(before);
    },
  );

  it('destroying outputs that are to be kept is refused, and nothing is lost', async () => {
    letGo({ deletionProtection: false, ...outputs(false) });
    const before = await terraform.PROD.state();
    await expect(terraform.PROD.destroy()).rejects.toThrow(
      /Resource aws_s3_bucket\.outputs_bucket_\w+ has\s+lifecycle\.prevent_destroy/,
    );
    expect(await terraform.PROD.state()).toEqual(before);
  });

  it('destroying leaves nothing behind once the settings allow it', async () => {
    letGo({ deletionProtection: false, ...outputs(true) });
    for (const bucket of ['dev-outputs', 'prod-outputs']) {
      const Bucket = account.bucketName(bucket);
      const Key = 'jobs/some/job.json';
      await account.s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}' }));
    }
    // PROD also adopts the third image, which DEV has run since.
    expect(await planAndApply(terraform.PROD)).toContain('update aws_s3_bucket');
    await Promise.all([terraform.DEV.destroy(), terraform.PROD.destroy()]);
    letGo({}, { deletionProtection: false }, []);
    await account.deleteImages();
    await terraform.SHARED.destroy();
    for (const stack of ['SHARED', 'DEV', 'PROD'] as const) {
      expect(await terraform[stack].state(), stack).toEqual([]);
    }
    expect([...workspace.imageBuilder.resources.keys()]).toEqual([]);
    expect(await workspace.leftovers()).toEqual([]);
  });
});
