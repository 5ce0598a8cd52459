import { beforeAll, describe, expect, it } from 'vitest';
import { requestFaultCodes } from '../../batch-jobs/api/exit-codes.ts';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { dev } from '../../environments/dev.ts';
import type { EnvironmentData } from '../../environments/environment.ts';
import { installationData } from '../../environments/index.ts';
import { prod } from '../../environments/prod.ts';
import { machineQueue } from '../environments/machine-queue.ts';
import {
  resource,
  resources,
  type SamplePlatform,
  type SynthesisedConfiguration,
  samplePlatform,
} from './sample-platform.ts';

let shipped: SamplePlatform;
beforeAll(async () => {
  shipped = await samplePlatform();
});

/** DEV, or PROD, with some of its settings changed. */
async function changed(
  base: EnvironmentData,
  change: Partial<EnvironmentData>,
  processes: readonly ProcessDescription[] = catalogue,
): Promise<SynthesisedConfiguration | undefined> {
  const known = new Set(processes.map(({ job }) => job.image));
  const settings = { ...base, ...change };
  const withheld = settings.processes.withheld?.filter(
    (image) => processes === catalogue || known.has(image),
  );
  const data = {
    ...installationData,
    environments: [{ ...settings, processes: { ...settings.processes, withheld } }],
  };
  return (await samplePlatform(data, { catalogue: processes })).stacks[base.name];
}

interface Container {
  readonly image: string;
  readonly environment: readonly { name: string; value: string }[];
  readonly secrets: readonly { name: string; valueFrom: string }[];
  readonly volumes: readonly Record<string, unknown>[];
  readonly mountPoints: readonly unknown[];
  readonly [property: string]: unknown;
}

function containerOf(stack: SynthesisedConfiguration | undefined, name: string): Container {
  const definition = resource(stack, 'aws_batch_job_definition', 'name', name);
  return JSON.parse(String(definition['container_properties']));
}

const echoWith = (job: Partial<ProcessDescription['job']>): ProcessDescription[] =>
  catalogue
    .filter(({ identifier }) => identifier === 'echo')
    .map((echo) => ({ ...echo, job: { ...echo.job, ...job } }));

describe('the stacks', () => {
  it('are SHARED and the four environments', () => {
    expect(Object.keys(shipped.stacks).sort()).toEqual(['DEV', 'PROD', 'RC', 'SHARED', 'SYSTEST']);
  });

  it('are deployed one by one: none refers to another’s state', () => {
    for (const stack of Object.values(shipped.stacks)) {
      expect(Object.keys(stack.data)).not.toContain('terraform_remote_state');
      expect(JSON.stringify(stack.output)).not.toContain('cross-stack');
      // The version of a parameter is known one apply late, so the plan after each release would change it.
      expect(JSON.stringify(stack.output)).not.toMatch(/aws_ssm_parameter\.[\w-]+\.version/);
    }
  });

  it('have the same parts in all environments whose settings have the same kinds', () => {
    const parts = (name: string) => {
      const stack = shipped.stacks[name];
      return Object.keys(stack?.resource ?? {})
        .map((type) => `${type} ${resources(stack, type).length}`)
        .sort();
    };
    expect(parts('RC')).toEqual(parts('PROD'));
  });

  it('warn of settings that have not been chosen, and are synthesised all the same', () => {
    const messages = shipped.annotations['DEV']?.map(({ message }) => message) ?? [];
    expect(messages).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^account\.id is not set: the account that the credentials belong/),
        expect.stringMatching(/^alarms\.email is not set: alarms and the budget notify no one/),
      ]),
    );
  });

  it('are refused by the provider in another account, once the account is set', async () => {
    const account = { id: '123456789012', region: 'ap-southeast-2' };
    const { stacks } = await samplePlatform({
      shared: { ...(installationData.shared as object), account },
      environments: [{ ...dev, account }],
    });
    expect(stacks['DEV']?.provider.aws[0]).toMatchObject({ allowed_account_ids: [account.id] });
  });

  it('keep their state in S3 under a lock file where the settings say so', async () => {
    const stack = await changed(dev, { state: { kind: 's3', bucket: 'states' } });
    expect(stack?.terraform).toMatchObject({
      required_version: '>= 1.11.0',
      backend: {
        s3: {
          bucket: 'states',
          key: 'aws-wps/DEV.tfstate',
          region: 'ap-southeast-2',
          encrypt: true,
          use_lockfile: true,
        },
      },
    });
  });

  it('are not made when a queue could never run a job of a process', async () => {
    const processes = echoWith({ vcpus: 16, scratchGiB: 20 });
    await expect(changed(dev, {}, processes)).rejects.toThrow(
      /DEV\.queues\.small\.maxVcpus: is too few for a job of echo, which takes 16 \(found 8\)\n {2}DEV\.queues\.small\.instanceTypes: has no machine .* \(largest: 4\)\n {2}DEV\.queues\.small\.storage\.sizeGiB: is too small for a job of echo, which takes 20/,
    );
  });

  it('are not made when a process promises to take larger inputs than the service does', async () => {
    const processes = catalogue.map((process) => ({
      ...process,
      inputs: process.inputs.map((input) =>
        input.kind === 'complex' ? { ...input, maximumMegabytes: 100 } : input,
      ),
    }));
    await expect(changed(dev, {}, processes)).rejects.toThrow(
      /DEV\.service\.limits: do not fit process echo: maximumMegabytes of input "document" is 100, which no value can reach: a request may have 4 MiB, and references are refused; write at most 4, or raise maxRequestBytes, or name referenceHosts and raise referenceMaxBytes/,
    );
    const limits = { referenceHosts: ['data.example.org'] };
    const service = { ...dev.service, limits };
    await expect(changed(dev, { service }, processes)).resolves.toBeDefined();
  });

  it('are not made when jobs could fill the volume of a machine that they share', async () => {
    const processes = echoWith({ vcpus: 1, scratchGiB: 10 });
    await expect(changed(dev, {}, processes)).rejects.toThrow(
      /DEV\.queues\.small\.storage\.sizeGiB: is too small for the 4 jobs that may share a machine of echo, which takes 10 beside 15 .* \(found 30\); name a larger volume, or instance types with fewer vCPUs/,
    );
    const instanceTypes = ['m6i.large'];
    const small = { ...machineQueue(dev.queues.small), instanceTypes, maxVcpus: 2 };
    const queues = {
      ...dev.queues,
      small: { ...small, storage: { ...small.storage, sizeGiB: 35 } },
    };
    await expect(changed(dev, { queues }, processes)).resolves.toBeDefined();
  });

  it('have room for the jobs of every process of the catalogue, as they are shipped', async () => {
    const environments = installationData.environments.map((environment) => ({
      ...(environment as EnvironmentData),
      processes: {},
    }));
    await expect(samplePlatform({ ...installationData, environments })).resolves.toBeDefined();
  });

  it('are not made when settings speak of processes that are not there', async () => {
    const processes = { ...dev.processes, withheld: ['ehco'], own: { gone: {} } };
    await expect(changed(dev, { processes })).rejects.toThrow(
      /DEV\.processes\.own: there is no process in batch-jobs\/gone; allowed: .*echo.*\n {2}DEV\.processes\.withheld: there is no process in batch-jobs\/ehco/s,
    );
  });

  it('are not made when an environment withholds every process', async () => {
    const processes = { ...dev.processes, withheld: catalogue.map(({ job }) => job.image) };
    await expect(changed(dev, { processes })).rejects.toThrow(
      'DEV.processes.withheld: leaves no process to offer',
    );
  });
});

describe('the network of an environment', () => {
  it('of its own has no NAT gateway, and reaches S3 inside AWS', () => {
    const stack = shipped.stacks['DEV'];
    expect(resources(stack, 'aws_nat_gateway')).toEqual([]);
    expect(resource(stack, 'aws_vpc_endpoint')).toMatchObject({
      service_name: 'com.amazonaws.ap-southeast-2.s3',
      vpc_endpoint_type: 'Gateway',
    });
    expect(resources(stack, 'aws_subnet')).toHaveLength(2);
    expect(resources(shipped.stacks['PROD'], 'aws_subnet')).toHaveLength(3);
  });

  it('lets nothing in but NFS among jobs', () => {
    expect(resources(shipped.stacks['PROD'], 'aws_vpc_security_group_ingress_rule')).toEqual([]);
    expect(resource(shipped.stacks['DEV'], 'aws_vpc_security_group_ingress_rule')).toMatchObject({
      from_port: 2049,
      to_port: 2049,
    });
  });

  it('has its ways out before the first machine starts, and until the last is gone', () => {
    const stack = shipped.stacks['PROD'];
    for (const environment of resources(stack, 'aws_batch_compute_environment')) {
      const before = JSON.stringify(environment['depends_on']);
      expect(before.match(/aws_route_table_association\./g)).toHaveLength(3);
      expect(before).toContain('aws_vpc_endpoint.');
      expect(before).toContain('aws_vpc_security_group_egress_rule.');
    }
  });

  it('is refused where the region has fewer zones than wanted', () => {
    const zones = Object.values(shipped.stacks['PROD']?.data['aws_availability_zones'] ?? {});
    expect(zones).toMatchObject([
      { lifecycle: { postcondition: [{ condition: expect.stringContaining('>= 3') }] } },
    ]);
  });

  it('may be one that is there already', async () => {
    const stack = await changed(prod, {
      network: { kind: 'existing', vpcId: 'vpc-1', subnetIds: ['subnet-1', 'subnet-2'] },
    });
    expect(resources(stack, 'aws_vpc')).toEqual([]);
    for (const { compute_resources } of resources(stack, 'aws_batch_compute_environment')) {
      expect(compute_resources).toMatchObject({ subnets: ['subnet-1', 'subnet-2'] });
    }
  });
});

describe('the machines of a queue', () => {
  it('ask for no credentials of version 1, and keep containers away from their own', () => {
    for (const template of resources(shipped.stacks['PROD'], 'aws_launch_template')) {
      expect(template['metadata_options']).toMatchObject({
        http_tokens: 'required',
        http_put_response_hop_limit: 1,
      });
    }
  });

  it('can be changed in place, but for image, volumes and start', () => {
    for (const stack of Object.values(shipped.stacks)) {
      for (const environment of resources(stack, 'aws_batch_compute_environment')) {
        expect(environment).not.toHaveProperty('service_role');
        expect(environment['compute_resources']).not.toHaveProperty('desired_vcpus');
        expect(environment['compute_resources']).not.toHaveProperty('tags');
        expect(environment['compute_resources']).toMatchObject({
          allocation_strategy: expect.stringMatching(
            /^(BEST_FIT_PROGRESSIVE|SPOT_CAPACITY_OPTIMIZED)$/,
          ),
          ec2_configuration: [{ image_type: 'ECS_AL2023' }],
        });
        expect(environment['lifecycle']).toMatchObject({
          create_before_destroy: true,
          replace_triggered_by: [expect.stringMatching(/^terraform_data\.\w+$/)],
        });
      }
    }
  });

  it('are given up for a job without an available machine, and wait for jobs that run', () => {
    for (const queue of resources(shipped.stacks['PROD'], 'aws_batch_job_queue')) {
      const limits = queue['job_state_time_limit_action'] as readonly object[];
      expect(limits).toHaveLength(3);
      for (const limit of limits) {
        expect(limit).toMatchObject({
          action: 'CANCEL',
          state: 'RUNNABLE',
          max_time_seconds: 3600,
        });
      }
    }
    for (const environment of resources(shipped.stacks['PROD'], 'aws_batch_compute_environment')) {
      expect(environment['update_policy']).toEqual({
        job_execution_timeout_minutes: 360,
        terminate_jobs_on_update: false,
      });
    }
  });

  it('are told how to start in MIME multipart, which Batch can add to', () => {
    const stack = shipped.stacks['DEV'];
    for (const { user_data } of resources(stack, 'aws_launch_template')) {
      const text = Buffer.from(String(user_data), 'base64').toString();
      expect(text).toMatch(/^MIME-Version: 1\.0\nContent-Type: multipart\/mixed; boundary="/);
      expect(text).toContain('ECS_DISABLE_PRIVILEGED=true');
    }
  });

  it('start from the image that the settings pin', async () => {
    const imageId = 'ami-0123456789abcdef0';
    const { small, large } = { small: dev.queues.small, large: prod.queues.large };
    const queues = { ...dev.queues, small: { ...small, imageId }, large: { ...large, imageId } };
    const stack = await changed(dev, { queues });
    for (const queue of ['small', 'large']) {
      const environment = resource(
        stack,
        'aws_batch_compute_environment',
        'compute_environment_name_prefix',
        `wps-dev-${queue}-`,
      );
      expect(environment).toMatchObject({
        compute_resources: {
          ec2_configuration: [{ image_type: 'ECS_AL2023', image_id_override: imageId }],
        },
      });
    }
    // Amazon's image changes in place; another one of our own replaces the machines, and is there.
    const replacements = resources(stack, 'terraform_data').map(({ input, lifecycle }) => ({
      image: (input as { image?: string } | undefined)?.image,
      lifecycle,
    }));
    expect(replacements).toContainEqual({ image: imageId, lifecycle: undefined });
  });

  it('take Amazon’s image of the release, since Batch never looks for another itself', async () => {
    const graviton = { ...dev.queues.timeseries, instanceTypes: ['m7g', 'm6g'] };
    const stack = await changed(dev, { queues: { ...dev.queues, timeseries: graviton } });
    const parameters = stack?.data['aws_ssm_parameter'] ?? {};
    const imageOf = (queue: string) => {
      const environment = resource(
        stack,
        'aws_batch_compute_environment',
        'compute_environment_name_prefix',
        `wps-dev-${queue}-`,
      );
      const [, id = ''] =
        /data\.aws_ssm_parameter\.([\w-]+)\.insecure_value/.exec(JSON.stringify(environment)) ?? [];
      return parameters[id]?.['name'];
    };
    const recommended = '/aws/service/ecs/optimized-ami/amazon-linux-2023';
    expect(imageOf('small')).toBe(`${recommended}/recommended/image_id`);
    expect(imageOf('timeseries')).toBe(`${recommended}/arm64/recommended/image_id`);
    for (const { input } of resources(stack, 'terraform_data')) {
      expect(JSON.stringify(input) ?? '', 'changes in place').not.toContain('aws_ssm_parameter');
    }
  });

  it('on the built image have its data volume in the size that the settings say', () => {
    const templates = resources(shipped.stacks['PROD'], 'aws_launch_template');
    const large = templates.find(({ name_prefix }) => name_prefix === 'wps-prod-large-');
    expect(large?.['block_device_mappings']).toMatchObject([
      { device_name: '/dev/xvda' },
      {
        device_name: '/dev/xvdb',
        ebs: { volume_size: 500, volume_type: 'gp3', iops: 6000, throughput: 400 },
      },
    ]);
  });
});

describe('a process’s job definition', () => {
  it('asks for what the description says', () => {
    const definition = resource(
      shipped.stacks['DEV'],
      'aws_batch_job_definition',
      'name',
      'wps-dev-echo',
    );
    const [echo] = echoWith({});
    expect(definition).toMatchObject({
      deregister_on_new_revision: false,
      timeout: { attempt_duration_seconds: echo?.job.timeoutSeconds },
      retry_strategy: { attempts: echo?.job.attempts },
    });
    expect(containerOf(shipped.stacks['DEV'], 'wps-dev-echo')).toMatchObject({
      command: [],
      resourceRequirements: [
        { type: 'VCPU', value: String(echo?.job.vcpus) },
        { type: 'MEMORY', value: String(echo?.job.memoryMiB) },
      ],
      user: '1000:1000',
      readonlyRootFilesystem: true,
      privileged: false,
      logConfiguration: { logDriver: 'awslogs' },
    });
  });

  /** What Batch does after an attempt with this exit code: the first line that fits decides. */
  function outcomeOf(exitCode: number): string {
    const { evaluate_on_exit: lines } = resource(
      shipped.stacks['DEV'],
      'aws_batch_job_definition',
      'name',
      'wps-dev-echo',
    )['retry_strategy'] as { evaluate_on_exit: { on_exit_code?: string; action: string }[] };
    const fits = ({ on_exit_code: pattern }: { on_exit_code?: string }) =>
      pattern !== undefined &&
      (pattern.endsWith('*')
        ? String(exitCode).startsWith(pattern.slice(0, -1))
        : String(exitCode) === pattern);
    return lines.find(fits)?.action ?? 'RETRY';
  }

  it('gives up when the request is at fault, and tries again after other failures', () => {
    for (let code = requestFaultCodes.first; code <= requestFaultCodes.last; code++) {
      expect(outcomeOf(code), `exit code ${code}`).toBe('EXIT');
    }
    for (const code of [1, 2, 28, 56, 59, 80, 126, 127, 134, 137, 139, 143, 255]) {
      expect(outcomeOf(code), `exit code ${code}`).toBe('RETRY');
    }
  });

  it('tries again when the host was lost, and has no more lines than Batch takes', () => {
    const { retry_strategy } = resource(
      shipped.stacks['DEV'],
      'aws_batch_job_definition',
      'name',
      'wps-dev-echo',
    );
    const { evaluate_on_exit: lines } = retry_strategy as { evaluate_on_exit: unknown[] };
    expect(lines[0]).toEqual({ on_status_reason: 'Host EC2*', action: 'RETRY' });
    expect(lines.length).toBeLessThanOrEqual(5);
  });

  it('has its scratch folder on the machine, or in EFS where its queue has it there', async () => {
    expect(containerOf(shipped.stacks['DEV'], 'wps-dev-echo').volumes).toEqual([
      { name: 'scratch', host: { sourcePath: '/var/lib/wps/scratch' } },
    ]);
    const stack = await changed(dev, {}, echoWith({ queue: 'large' }));
    expect(containerOf(stack, 'wps-dev-echo').volumes).toMatchObject([
      {
        name: 'scratch',
        efsVolumeConfiguration: {
          transitEncryption: 'ENABLED',
          authorizationConfig: { iam: 'ENABLED' },
        },
      },
    ]);
  });

  it('has it in EFS, too, where the request may choose such a queue', async () => {
    const stack = await changed(dev, {}, echoWith({ chooseQueue: () => 'small' }));
    expect(containerOf(stack, 'wps-dev-echo').volumes[0]).toHaveProperty('efsVolumeConfiguration');
  });

  it('takes variables and secrets from the settings', async () => {
    const parameter = 'arn:aws:ssm:ap-southeast-2:123456789012:parameter/token';
    const processes = {
      own: {
        echo: {
          variables: { SERVER: 'https://data.example.org/' },
          secrets: { TOKEN: parameter },
        },
      },
    };
    const reads = echoWith({ variables: ['SERVER', 'TOKEN'] });
    const stack = await changed(dev, { processes }, reads);
    const container = containerOf(stack, 'wps-dev-echo');
    expect(container.environment).toEqual([
      { name: 'SERVER', value: 'https://data.example.org/' },
      { name: 'WPS_SCRATCH_DIR', value: '/scratch' },
    ]);
    expect(container.secrets).toEqual([{ name: 'TOKEN', valueFrom: parameter }]);
  });

  it('has no variable that its process does not read, as one that is misspelt', async () => {
    const own = { echo: { variables: { SREVER: 'https://data.example.org/', HTTPS_PROXY: 'x' } } };
    await expect(
      changed(dev, { processes: { own } }, echoWith({ variables: ['SERVER'] })),
    ).rejects.toThrow(
      'DEV.processes.own.echo.variables.SREVER: is not read by the process; its description names: SERVER',
    );
  });

  it('is missing for a process that is withheld, and so is its line in the configuration', async () => {
    const stack = await changed(dev, { processes: { ...dev.processes, withheld: ['echo'] } });
    const names = resources(stack, 'aws_batch_job_definition').map(({ name }) => name);
    expect(names).not.toContain('wps-dev-echo');
    expect(resource(stack, 'aws_s3_object')['content']).not.toContain('JOB_DEFINITION_ECHO');
  });
});

describe('the API of an environment', () => {
  it('logs no job ids: no path, no query', () => {
    const { access_log_settings } = resource(shipped.stacks['PROD'], 'aws_api_gateway_stage');
    const { format } = access_log_settings as { format: string };
    expect(format).toContain('$context.resourcePath');
    expect(format).not.toMatch(/\$context\.(path|requestOverride|identity\.caller)\b/);
    expect(format).not.toContain('query');
  });

  it('gives a call up when API Gateway does, and passes bodies byte for byte', () => {
    const stack = shipped.stacks['PROD'];
    for (const integration of resources(stack, 'aws_api_gateway_integration')) {
      expect(integration).toMatchObject({ type: 'AWS_PROXY', timeout_milliseconds: 29_000 });
    }
    expect(resource(stack, 'aws_api_gateway_rest_api')).toMatchObject({
      binary_media_types: ['*/*'],
    });
  });

  it('bounds requests as the settings say', () => {
    expect(resource(shipped.stacks['DEV'], 'aws_api_gateway_method_settings')).toMatchObject({
      settings: { throttling_rate_limit: 20, throttling_burst_limit: 40 },
    });
  });

  it('has a name of its own and a firewall where the settings say so', async () => {
    const stack = await changed(prod, {
      api: {
        ...prod.api,
        domain: {
          name: 'wps.example.org',
          certificateArn: 'arn:aws:acm:ap-southeast-2:123456789012:certificate/1',
          hostedZoneId: 'Z1',
        },
        firewall: { requestsPerFiveMinutes: 500 },
      },
    });
    expect(resource(stack, 'aws_api_gateway_rest_api')).toMatchObject({
      disable_execute_api_endpoint: true,
    });
    // It takes effect with the next deployment.
    expect(JSON.stringify(resource(stack, 'aws_api_gateway_deployment')['triggers'])).toContain(
      'disable_execute_api_endpoint',
    );
    // An Execute is XML, and Amazon's rules take XML for a script.
    const [, common] = resource(stack, 'aws_wafv2_web_acl')['rule'] as readonly object[];
    for (const rule of ['CrossSiteScripting_BODY', 'SizeRestrictions_QUERYSTRING']) {
      expect(common).toMatchObject({
        statement: {
          managed_rule_group_statement: {
            rule_action_override: expect.arrayContaining([
              { name: rule, action_to_use: { count: {} } },
            ]),
          },
        },
      });
    }
    expect(resources(stack, 'aws_route53_record')).toHaveLength(1);
    expect(resources(stack, 'aws_wafv2_web_acl_association')).toHaveLength(1);
    expect(resource(stack, 'aws_s3_object')['content']).toContain(
      'STATUS_LOCATION=https://wps.example.org/wps/\n',
    );
  });
});

describe('following jobs', () => {
  it('hears of starts, ends and new attempts in the environment’s own queues, and sweeps', () => {
    const stack = shipped.stacks['DEV'];
    const changes = resource(stack, 'aws_cloudwatch_event_rule', 'name', 'wps-dev-job-changes');
    const pattern = JSON.parse(String(changes['event_pattern']));
    expect(pattern).toMatchObject({
      source: ['aws.batch'],
      'detail-type': ['Batch Job State Change'],
      detail: { status: ['RUNNABLE', 'RUNNING', 'SUCCEEDED', 'FAILED'] },
    });
    expect(pattern.detail.jobQueue).toHaveLength(3);
    const sweep = resource(stack, 'aws_cloudwatch_event_rule', 'name', 'wps-dev-job-sweep');
    expect(sweep['schedule_expression']).toBe('rate(5 minutes)');
  });

  it('puts aside what could not be delivered, and what could not be handled', () => {
    const stack = shipped.stacks['DEV'];
    const targets = resources(stack, 'aws_cloudwatch_event_target');
    expect(targets.filter((target) => target['dead_letter_config'])).toHaveLength(2);
    expect(resource(stack, 'aws_lambda_function_event_invoke_config')).toMatchObject({
      qualifier: expect.stringContaining('aws_lambda_alias'),
      destination_config: { on_failure: {} },
    });
  });

  it('may be told of by the budget and by alarms before either is made', () => {
    const stack = shipped.stacks['PROD'];
    expect(JSON.stringify(resource(stack, 'aws_budgets_budget')['notification'])).toContain(
      'aws_sns_topic_policy.',
    );
  });

  it('lets pages learn what the API answers by itself, of the origins that may call it', async () => {
    const allowed = async (stack: SynthesisedConfiguration | undefined) =>
      resources(stack, 'aws_api_gateway_gateway_response').map((refusal) => [
        refusal['response_type'],
        (refusal['response_parameters'] as Record<string, string>)[
          'gatewayresponse.header.Access-Control-Allow-Origin'
        ],
      ]);
    expect(await allowed(shipped.stacks['PROD'])).toEqual([
      ['DEFAULT_4XX', "'*'"],
      ['DEFAULT_5XX', "'*'"],
    ]);
    const allowOrigin = 'https://portal.example.org';
    const narrowed = await changed(dev, { service: { ...dev.service, allowOrigin } });
    expect(await allowed(narrowed)).toEqual([
      ['DEFAULT_4XX', `'${allowOrigin}'`],
      ['DEFAULT_5XX', `'${allowOrigin}'`],
    ]);
    // A deployment of the API is a copy of it: without a new one the change has no effect.
    const triggersOf = (stack: SynthesisedConfiguration | undefined) =>
      JSON.stringify(resource(stack, 'aws_api_gateway_deployment')['triggers']);
    expect(triggersOf(narrowed)).not.toBe(triggersOf(shipped.stacks['DEV']));
  });

  it('lets pages of any origin read outputs where the service redirects to, and nothing more', () => {
    for (const name of ['DEV', 'SYSTEST', 'RC', 'PROD']) {
      const { bucket, cors_rule } = resource(
        shipped.stacks[name],
        'aws_s3_bucket_cors_configuration',
      );
      expect(bucket).toContain('aws_s3_bucket.outputs');
      expect(cors_rule).toMatchObject([
        {
          // After a redirect to another origin, a browser sends "null" for the page's own.
          allowed_origins: ['*'],
          allowed_methods: ['GET', 'HEAD'],
          expose_headers: expect.arrayContaining(['Content-Disposition', 'Content-Range']),
        },
      ]);
    }
    expect(resources(shipped.stacks['SHARED'], 'aws_s3_bucket_cors_configuration')).toEqual([]);
  });

  it('tells of function errors, server errors, failed and waiting jobs, and dead letters', () => {
    const alarms = resources(shipped.stacks['PROD'], 'aws_cloudwatch_metric_alarm');
    expect(alarms.map(({ alarm_name }) => alarm_name).sort()).toEqual([
      'wps-prod-api-5xx',
      'wps-prod-blocked-queues',
      'wps-prod-canary',
      'wps-prod-configuration-faults',
      'wps-prod-dead-letters',
      'wps-prod-failed-jobs',
      'wps-prod-function-errors',
      'wps-prod-job-events-errors',
      'wps-prod-jobs-waiting',
      'wps-prod-requests-failed',
      'wps-prod-submissions-failed',
      'wps-prod-throttled-requests',
    ]);
    for (const { alarm_actions, alarm_description } of alarms) {
      expect(alarm_actions).toHaveLength(1);
      expect(String(alarm_description).length).toBeGreaterThan(40);
    }
  });
});
