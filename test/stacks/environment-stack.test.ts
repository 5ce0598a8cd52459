import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { dev } from '../../environments/dev.ts';
import type { EnvironmentData } from '../../environments/environment.ts';
import { installationData } from '../../environments/index.ts';
import { machineQueue } from '../environments/machine-queue.ts';
import { changedStack, echoWith } from './changed-stack.ts';
import { resources, type SamplePlatform, samplePlatform } from './sample-platform.ts';

let shipped: SamplePlatform;
beforeAll(async () => {
  shipped = await samplePlatform();
});

describe('the stacks', () => {
  it('the stacks are SHARED and the four environments', () => {
    expect(Object.keys(shipped.stacks).sort()).toEqual(['DEV', 'PROD', 'RC', 'SHARED', 'SYSTEST']);
  });

  it('the stacks are deployed one by one: none refers to another’s state', () => {
    for (const stack of Object.values(shipped.stacks)) {
      expect(Object.keys(stack.data)).not.toContain('terraform_remote_state');
      expect(JSON.stringify(stack.output)).not.toContain('cross-stack');
      // A parameter's version is known one apply late, so the plan after each release would change it.
      expect(JSON.stringify(stack.output)).not.toMatch(/aws_ssm_parameter\.[\w-]+\.version/);
    }
  });

  it('the stacks leave no attribute empty, such as a description that operators read', () => {
    for (const [name, { resource }] of Object.entries(shipped.stacks)) {
      expect(emptyTexts(resource, name)).toEqual([]);
    }
  });

  it('the stacks have the same parts in all environments whose settings have the same kinds', () => {
    const parts = (name: string) => {
      const stack = shipped.stacks[name];
      return Object.keys(stack?.resource ?? {})
        .map((type) => `${type} ${resources(stack, type).length}`)
        .sort();
    };
    expect(parts('RC')).toEqual(parts('PROD'));
  });

  it('the stacks warn of settings that have not been chosen, and are synthesised nevertheless', () => {
    const messages = shipped.annotations['DEV']?.map(({ message }) => message) ?? [];
    expect(messages).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^account\.id is not set: the account that the credentials belong/),
        expect.stringMatching(/^alarms\.email is not set: alarms and the budget notify no one/),
      ]),
    );
  });

  it('the provider refuses the stacks in another account, once the account is set', async () => {
    const account = { id: '123456789012', region: 'ap-southeast-2' };
    const { stacks } = await samplePlatform({
      shared: { ...(installationData.shared as object), account },
      environments: [{ ...dev, account }],
    });
    expect(stacks['DEV']?.provider.aws[0]).toMatchObject({ allowed_account_ids: [account.id] });
  });

  it('the stacks keep their state in S3 under a lock file if the settings say so', async () => {
    const stack = await changedStack(dev, { state: { kind: 's3', bucket: 'states' } });
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
    const kmsKeyArn = 'arn:aws:kms:us-east-1:123456789012:key/k';
    const own = { bucket: 'states', region: 'us-east-1', prefix: 'ours/', kmsKeyArn };
    const elsewhere = await changedStack(dev, { state: { kind: 's3', ...own } });
    expect(elsewhere?.terraform.backend).toMatchObject({
      s3: { key: 'ours/DEV.tfstate', region: 'us-east-1', kms_key_id: kmsKeyArn },
    });
  });

  it('the stacks keep their state in the folder of the project otherwise', () => {
    for (const [name, { terraform }] of Object.entries(shipped.stacks)) {
      expect(Object.keys(terraform.backend), name).toEqual(['local']);
    }
  });

  it('synthesis fails if a queue could never run a job of a process', async () => {
    const processes = echoWith({ vcpus: 16, scratchGiB: 20 });
    await expect(changedStack(dev, {}, processes)).rejects.toThrow(
      /DEV\.queues\.small\.maxVcpus: is too few for a job of echo, which takes 16 \(found 8\)\n {2}DEV\.queues\.small\.instanceTypes: has no machine .* \(largest: 4\)\n {2}DEV\.queues\.small\.storage\.sizeGiB: is too small for a job of echo, which takes 20/,
    );
  });

  it('synthesis fails if a process promises to accept larger inputs than the service does', async () => {
    const processes = catalogue.map((process) => ({
      ...process,
      inputs: process.inputs.map((input) =>
        input.kind === 'complex' ? { ...input, maximumMegabytes: 100 } : input,
      ),
    }));
    await expect(changedStack(dev, {}, processes)).rejects.toThrow(
      /DEV\.service\.limits: do not fit process echo: maximumMegabytes of input "document" is 100, which no value can reach: a request may have 4 MiB, and references are refused; write at most 4, or raise maxRequestBytes, or name referenceHosts and raise referenceMaxBytes/,
    );
    for (const limits of [
      { referenceHosts: ['data.example.org'] },
      { referenceHosts: ['data.example.org'], referenceMaxBytes: 100 * 1024 * 1024 },
    ]) {
      const service = { ...dev.service, limits };
      await expect(changedStack(dev, { service }, processes)).resolves.toBeDefined();
    }
    const bounded: readonly [EnvironmentData['service']['limits'], number][] = [
      [{ referenceHosts: ['data.example.org'], referenceMaxBytes: 50 * 1024 * 1024 }, 50],
      [{ maxRequestBytes: 2 * 1024 * 1024 }, 2],
    ];
    for (const [limits, most] of bounded) {
      const service = { ...dev.service, limits };
      await expect(changedStack(dev, { service }, processes)).rejects.toThrow(
        `write at most ${most}`,
      );
    }
  });

  it('synthesis fails if jobs could fill the volume of a machine that they share', async () => {
    const processes = echoWith({ vcpus: 1, scratchGiB: 10 });
    await expect(changedStack(dev, {}, processes)).rejects.toThrow(
      /DEV\.queues\.small\.storage\.sizeGiB: is too small for the 4 jobs that may share a machine of echo, which takes 10 beside 15 .* \(found 30\); name a larger volume, or instance types with fewer vCPUs/,
    );
    const instanceTypes = ['m6i.large'];
    const small = { ...machineQueue(dev.queues.small), instanceTypes, maxVcpus: 2 };
    const queues = {
      ...dev.queues,
      small: { ...small, storage: { ...small.storage, sizeGiB: 35 } },
    };
    await expect(changedStack(dev, { queues }, processes)).resolves.toBeDefined();
  });

  it('the shipped stacks have room for the jobs of every process of the catalogue', async () => {
    const environments = installationData.environments.map((environment) => ({
      ...(environment as EnvironmentData),
      processes: {},
    }));
    await expect(samplePlatform({ ...installationData, environments })).resolves.toBeDefined();
  });

  it('synthesis fails if settings name processes that do not exist', async () => {
    const processes = { ...dev.processes, withheld: ['ehco'], own: { gone: {} } };
    await expect(changedStack(dev, { processes })).rejects.toThrow(
      /DEV\.processes\.own: there is no process in batch-jobs\/gone; allowed: .*echo.*\n {2}DEV\.processes\.withheld: there is no process in batch-jobs\/ehco/s,
    );
  });

  it('synthesis fails if an environment withholds every process', async () => {
    const processes = { ...dev.processes, withheld: catalogue.map(({ job }) => job.image) };
    await expect(changedStack(dev, { processes })).rejects.toThrow(
      'DEV.processes.withheld: leaves no process to offer',
    );
  });
});

/** Paths of all empty texts within a value. An empty prefix is a choice: every key begins with it. */
function emptyTexts(value: unknown, path: string): readonly string[] {
  if (value === '' && !path.endsWith('.prefix')) return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, within]) => emptyTexts(within, `${path}.${key}`));
}
