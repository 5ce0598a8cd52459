import { beforeAll, describe, expect, it } from 'vitest';
import { requestFaultCodes } from '../../batch-jobs/api/exit-codes.ts';
import { dev } from '../../environments/dev.ts';
import { changedStack, echoWith } from './changed-stack.ts';
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

describe('a process’s job definition', () => {
  it('a job definition asks for what the description says', () => {
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

  /** Batch's action after an attempt with this exit code. The first matching line decides. */
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

  it('a job definition gives up if the request is at fault, and retries other failures', () => {
    for (let code = requestFaultCodes.first; code <= requestFaultCodes.last; code++) {
      expect(outcomeOf(code), `exit code ${code}`).toBe('EXIT');
    }
    for (const code of [1, 2, 28, 56, 59, 80, 126, 127, 134, 137, 139, 143, 255]) {
      expect(outcomeOf(code), `exit code ${code}`).toBe('RETRY');
    }
  });

  it.each([
    [1, 60],
    [61, 61],
  ])(
    'a job definition of a process that may take %i s has the timeout that Batch accepts, %i s',
    async (timeoutSeconds, seconds) => {
      const stack = await changedStack(dev, {}, echoWith({ timeoutSeconds }));
      expect(resource(stack, 'aws_batch_job_definition', 'name', 'wps-dev-echo')).toMatchObject({
        timeout: { attempt_duration_seconds: seconds },
      });
    },
  );

  it('a job definition retries if the host was lost, and has no more rules than Batch accepts', () => {
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

  it('a job definition has its scratch folder on the machine, or in EFS if its queue has it there', async () => {
    expect(containerOf(shipped.stacks['DEV'], 'wps-dev-echo').volumes).toEqual([
      { name: 'scratch', host: { sourcePath: '/var/lib/wps/scratch' } },
    ]);
    const stack = await changedStack(dev, {}, echoWith({ queue: 'large' }));
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

  it('a job definition has its scratch folder in EFS if the request may choose such a queue', async () => {
    const stack = await changedStack(dev, {}, echoWith({ chooseQueue: () => 'small' }));
    expect(containerOf(stack, 'wps-dev-echo').volumes[0]).toHaveProperty('efsVolumeConfiguration');
  });

  it('a job definition gets variables and secrets from the settings', async () => {
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
    const stack = await changedStack(dev, { processes }, reads);
    const container = containerOf(stack, 'wps-dev-echo');
    expect(container.environment).toEqual([
      { name: 'SERVER', value: 'https://data.example.org/' },
      { name: 'WPS_SCRATCH_DIR', value: '/scratch' },
    ]);
    expect(container.secrets).toEqual([{ name: 'TOKEN', valueFrom: parameter }]);
  });

  it('a variable that its process does not read, such as a misspelt one, is refused', async () => {
    const own = { echo: { variables: { SREVER: 'https://data.example.org/', HTTPS_PROXY: 'x' } } };
    await expect(
      changedStack(dev, { processes: { own } }, echoWith({ variables: ['SERVER'] })),
    ).rejects.toThrow(
      'DEV.processes.own.echo.variables.SREVER: is not read by the process; its description names: SERVER',
    );
  });

  it('a withheld process has no job definition, and no line in the configuration', async () => {
    const stack = await changedStack(dev, { processes: { ...dev.processes, withheld: ['echo'] } });
    const names = resources(stack, 'aws_batch_job_definition').map(({ name }) => name);
    expect(names).not.toContain('wps-dev-echo');
    expect(resource(stack, 'aws_s3_object')['content']).not.toContain('JOB_DEFINITION_ECHO');
  });
});
