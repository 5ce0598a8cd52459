import {
  APIGatewayClient,
  GetApiKeysCommand,
  GetAuthorizersCommand,
  GetResourcesCommand,
  GetRestApisCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
} from '@aws-sdk/client-api-gateway';
import {
  DescribeComputeEnvironmentsCommand,
  DescribeJobDefinitionsCommand,
  DescribeJobQueuesCommand,
  DescribeSchedulingPoliciesCommand,
} from '@aws-sdk/client-batch';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import type { EnvironmentData } from '../../environments/environment.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { shared } from '../../environments/shared.ts';
import { type CallRecorder, startCallRecorder } from '../aws/call-recorder.ts';
import { emulatedAccount, emulatedRegion } from '../aws/emulator.ts';
import { contextOf } from '../aws/function-calls.ts';
import { restEvent, throughGateway } from '../aws/gateway-events.ts';
import { deployedDev } from '../aws/platform-installation.ts';
import {
  type PlatformWorkspace,
  startPlatformWorkspace,
  synthesiseForEmulator,
} from '../aws/platform-workspace.ts';
import type { PlannedChange, Terraform } from '../aws/terraform.ts';
import { writeSampleFunctions } from '../stacks/sample-functions.ts';

type Access = NonNullable<EnvironmentData['api']['access']>;

/** Images that the settings name instead of the release's. */
const ownImages = { timeseries: '', large: '' };

/** Choices that differ from the shipped environments: Fargate, fair shares, Graviton, images by id. */
const queues = (): EnvironmentData['queues'] => ({
  small: {
    kind: 'fargate',
    architecture: 'arm64',
    maxVcpus: 8,
    purchase: 'on-demand',
    scheduling: 'fair-share',
  },
  timeseries: {
    instanceTypes: ['m7g', 'm6g'],
    minVcpus: 0,
    maxVcpus: 16,
    purchase: 'spot',
    storage: { kind: 'efs', throughput: 'bursting' },
    imageId: ownImages.timeseries,
    scheduling: 'fair-share',
  },
  large: {
    instanceTypes: ['m7g.xlarge'],
    minVcpus: 0,
    maxVcpus: 16,
    purchase: 'on-demand',
    storage: { kind: 'data-volume', sizeGiB: 500, iops: 4000, throughputMiBps: 250 },
    imageId: ownImages.large,
  },
});

const withKeys: Access = {
  kind: 'api-key',
  plans: {
    portal: { requestsPerSecond: 10, burst: 20, requestsPerDay: 9000, keys: ['portal', 'mobile'] },
    guests: { requestsPerSecond: 1, burst: 2, keys: ['guest'] },
  },
};
const pool = `arn:aws:cognito-idp:${emulatedRegion}:${emulatedAccount}:userpool/${emulatedRegion}_1`;
/** Any existing function will do, because the emulator calls none. */
const authorizerFunction = `arn:aws:lambda:${emulatedRegion}:${emulatedAccount}:function:wps-dev-requests:DEV`;

let workspace: PlatformWorkspace;
let dev: Terraform;
let distFolder: string;
let gateway: APIGatewayClient;
let recorder: CallRecorder;

beforeAll(async () => {
  workspace = await startPlatformWorkspace();
  ownImages.timeseries = await workspace.account.registerImage('of timeseries');
  ownImages.large = await workspace.account.registerImage('of large');
  dev = workspace.stack('DEV');
  distFolder = writeSampleFunctions(`${workspace.folder}/dist`);
  gateway = new APIGatewayClient({
    endpoint: workspace.emulator.endpoint,
    region: emulatedRegion,
    credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
  });
  recorder = await startCallRecorder(workspace.emulator.endpoint);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await recorder?.stop();
  await workspace?.stop();
});

function synthesise(access: Access): void {
  synthesiseForEmulator({
    installation: parseInstallation({
      shared: { ...shared, image: { architecture: 'arm64', instanceTypes: ['m7g.large'] } },
      environments: [
        {
          ...deployedDev,
          queues: queues(),
          api: { ...deployedDev.api, access, firewall: { requestsPerFiveMinutes: 500 } },
        },
      ],
    }),
    catalogue,
    distFolder,
    outdir: workspace.outdir,
  });
}

/** Applies the synthesised stack and plans again. */
async function plannedAgainAfterApplying(stack: Terraform): Promise<readonly PlannedChange[]> {
  await stack.plan();
  await stack.apply();
  return stack.plan();
}

async function apiId(): Promise<string> {
  const { items = [] } = await gateway.send(new GetRestApisCommand({}));
  expect(items).toHaveLength(1);
  return items[0]?.id ?? '';
}

/**
 * How often each kind of authorization (`NONE`, `NONE key`, `AWS_IAM` ...) is required, by HTTP method,
 * without preflights.
 */
async function askedOfCallers(): Promise<Readonly<Record<string, number>>> {
  const { items = [] } = await gateway.send(
    new GetResourcesCommand({ restApiId: await apiId(), embed: ['methods'], limit: 500 }),
  );
  const found: Record<string, number> = {};
  for (const { resourceMethods = {} } of items) {
    for (const [name, method] of Object.entries(resourceMethods)) {
      if (name === 'OPTIONS') continue;
      const asked = `${name} ${method.authorizationType}${method.apiKeyRequired ? ' key' : ''}`;
      found[asked] = (found[asked] ?? 0) + 1;
    }
  }
  return found;
}

/** Five descriptions are public. Seven routes cover everything else. */
const publicDescriptions = { 'GET NONE': 5 };

describe('an environment with the choices that the shipped ones do not make', () => {
  it('an environment with other choices is applied, behind a firewall and for callers with keys, without changes in a second plan', async () => {
    synthesise(withKeys);
    const sharedStack = workspace.stack('SHARED');
    await sharedStack.init();
    await dev.init();
    expect(await plannedAgainAfterApplying(sharedStack)).toEqual([]);
    for (const { job } of catalogue) await workspace.account.pushImage(job.image, '0.1.0');
    await workspace.account.publishImage('first');
    expect(await plannedAgainAfterApplying(dev)).toEqual([]);
  });

  it('an environment with other choices has Fargate tasks on Graviton behind its small queue, with fair shares', async () => {
    const { batch } = workspace.account;
    const name = 'wps-dev-small-fargate-fair';
    const { jobQueues } = await batch.send(new DescribeJobQueuesCommand({ jobQueues: [name] }));
    const policy = jobQueues?.[0]?.schedulingPolicyArn ?? '';
    const { schedulingPolicies } = await batch.send(
      new DescribeSchedulingPoliciesCommand({ arns: [policy] }),
    );
    expect(schedulingPolicies).toMatchObject([
      { fairsharePolicy: { computeReservation: 0, shareDecaySeconds: 3600 } },
    ]);
    const { computeEnvironments } = await batch.send(
      new DescribeComputeEnvironmentsCommand({
        computeEnvironments: [...(await workspace.account.environmentsBehind(name))],
      }),
    );
    expect(computeEnvironments).toMatchObject([
      { computeResources: { type: 'FARGATE', maxvCpus: 8 } },
    ]);
    const { jobDefinitions } = await batch.send(
      new DescribeJobDefinitionsCommand({ jobDefinitionName: 'wps-dev-echo-fargate' }),
    );
    expect(jobDefinitions).toMatchObject([
      {
        platformCapabilities: ['FARGATE'],
        containerProperties: { runtimePlatform: { cpuArchitecture: 'ARM64' } },
      },
    ]);
  });

  it.each([
    ['wps-dev-timeseries-fair', 'timeseries', 'SPOT', ['m7g', 'm6g']],
    ['wps-dev-large', 'large', 'EC2', ['m7g.xlarge']],
  ] as const)(
    'an environment with other choices starts the machines of %s from the image that the settings name',
    async (queue, named, type, instanceTypes) => {
      const { computeEnvironments } = await workspace.account.batch.send(
        new DescribeComputeEnvironmentsCommand({
          computeEnvironments: [...(await workspace.account.environmentsBehind(queue))],
        }),
      );
      expect(computeEnvironments).toMatchObject([
        {
          computeResources: {
            type,
            instanceTypes,
            ec2Configuration: [{ imageType: 'ECS_AL2023', imageIdOverride: ownImages[named] }],
          },
        },
      ]);
    },
  );

  it('an environment with other choices protects the images that the settings name, as it protects that of its release', async () => {
    for (const image of Object.values(ownImages)) {
      expect(await workspace.account.tagsOf(image)).toEqual(['InUseBy-DEV']);
    }
  });

  it('an environment with other choices has its API keys in the usage plans that the settings name', async () => {
    const { items: plans = [] } = await gateway.send(new GetUsagePlansCommand({}));
    const found = await Promise.all(
      plans.map(async ({ id, name, throttle, quota, apiStages }) => {
        const { items: keys = [] } = await gateway.send(
          new GetUsagePlanKeysCommand({ usagePlanId: id }),
        );
        return {
          name,
          throttle,
          quota: quota?.limit,
          stages: apiStages?.map(({ stage }) => stage),
          keys: keys.map((key) => key.name).sort(),
        };
      }),
    );
    expect(found.sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1))).toEqual([
      {
        name: 'wps-dev-guests',
        throttle: { rateLimit: 1, burstLimit: 2 },
        stages: ['DEV'],
        keys: ['wps-dev-guest'],
      },
      {
        name: 'wps-dev-portal',
        throttle: { rateLimit: 10, burstLimit: 20 },
        quota: 9000,
        stages: ['DEV'],
        keys: ['wps-dev-mobile', 'wps-dev-portal'],
      },
    ]);
    expect(await askedOfCallers()).toEqual({ ...publicDescriptions, 'ANY NONE key': 7 });
  });

  it('an environment with other choices takes a request with a key to a job in the caller’s share of the queue', async () => {
    for (const [name, value] of Object.entries({
      ...workspace.emulator.variables,
      AWS_ENDPOINT_URL: recorder.endpoint,
      CONFIGURATION_S3_BUCKET: workspace.account.bucketName('configuration'),
      CONFIG_FILENAME: 'wps.properties',
    })) {
      vi.stubEnv(name, value);
    }
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const { handler } = await import('../../lambda/handler.ts');
    const { items: keys = [] } = await gateway.send(new GetApiKeysCommand({}));
    const send = async (key: string) => {
      const apiKeyId = keys.find(({ name }) => name === `wps-dev-${key}`)?.id;
      const event = restEvent({
        method: 'GET',
        path: '/wps',
        query:
          'service=WPS&version=1.0.0&request=Execute&identifier=echo&DataInputs=message=hello&storeExecuteResponse=true&status=true',
      });
      const asCaller: object = { requestContext: { identity: { apiKeyId } } };
      const answer = await throughGateway(
        handler,
        Object.assign(event, asCaller),
        contextOf('wps-dev-requests:DEV'),
      );
      expect(answer.body).toMatch(/ProcessAccepted/);
    };
    for (const key of ['portal', 'guest', 'portal']) await send(key);
    written.mockRestore();
    const jobs = recorder.submitted();
    expect(jobs).toHaveLength(3);
    for (const job of jobs) {
      expect(job).toMatchObject({
        jobQueue: expect.stringMatching(/job-queue\/wps-dev-small-fargate-fair$/),
        jobDefinition: expect.stringMatching(/job-definition\/wps-dev-echo-fargate:1$/),
        shareIdentifier: expect.stringMatching(/^[A-Za-z0-9]+$/),
      });
    }
    const [portal, guest, again] = jobs.map(({ shareIdentifier }) => shareIdentifier);
    expect(again).toBe(portal);
    expect(guest).not.toBe(portal);
  });

  const others: readonly [string, Access, Readonly<Record<string, number>>, object[]][] = [
    [
      'tokens of Amazon Cognito',
      {
        kind: 'jwt',
        authorizer: { kind: 'cognito', userPoolArns: [pool], scopes: ['wps/run'] },
      },
      { ...publicDescriptions, 'ANY COGNITO_USER_POOLS': 7 },
      [{ type: 'COGNITO_USER_POOLS', providerARNs: [pool] }],
    ],
    [
      'tokens that a function checks',
      { kind: 'jwt', authorizer: { kind: 'lambda', functionArn: authorizerFunction } },
      { ...publicDescriptions, 'ANY CUSTOM': 7 },
      [{ type: 'TOKEN', authorizerUri: expect.stringContaining(authorizerFunction) }],
    ],
    ['signatures of IAM', { kind: 'iam' }, { ...publicDescriptions, 'ANY AWS_IAM': 7 }, []],
  ];
  it.each(others)(
    'an environment with other choices accepts callers by %s instead, without changes in a second plan',
    async (_, access, asked, authorizers) => {
      synthesise(access);
      const [api] = (await dev.state()).filter((address) =>
        address.startsWith('aws_api_gateway_rest_api.'),
      );
      // The emulator cannot change a method in place, so the API is created again.
      const changes = (await dev.plan(api)).map(({ address }) => address);
      expect(changes.filter((address) => /batch|lambda_(function|alias)\./.test(address))).toEqual(
        [],
      );
      await dev.apply();
      expect(await dev.plan()).toEqual([]);
      expect(await askedOfCallers()).toEqual(asked);
      const { items = [] } = await gateway.send(
        new GetAuthorizersCommand({ restApiId: await apiId() }),
      );
      expect(items).toMatchObject(authorizers);
      const { items: plans = [] } = await gateway.send(new GetUsagePlansCommand({}));
      expect(plans).toEqual([]);
    },
  );
});
