import { describe, expect, it } from 'vitest';
import { dev } from '../../environments/dev.ts';
import type { EnvironmentData } from '../../environments/environment.ts';
import { installationData } from '../../environments/index.ts';
import { type InstallationData, parseInstallation } from '../../environments/installation.ts';
import { architectureOf } from '../../environments/instance-architecture.ts';
import { missingSettings } from '../../environments/missing-settings.ts';
import { SettingsError } from '../../environments/parse-settings.ts';
import { systest } from '../../environments/systest.ts';
import { installationOverTwoAccounts } from '../stacks/two-accounts.ts';
import { machineQueue } from './machine-queue.ts';

const { shared } = installationData;

/** Paths and messages of the faults; empty if there are none. */
function faultsIn(data: InstallationData): readonly string[] {
  try {
    parseInstallation(data);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) {
      return error.faults.map(({ path, message }) => `${path}: ${message}`);
    }
    throw error;
  }
}

const faultsInEnvironment = (change: object) =>
  faultsIn({ shared, environments: [{ ...dev, ...change }] });

describe('the settings of an installation', () => {
  it('the shipped settings are valid, with the environments in order of promotion', () => {
    const { environments } = parseInstallation(installationData);
    expect(environments.map(({ name }) => name)).toEqual(['DEV', 'SYSTEST', 'RC', 'PROD']);
    expect(environments.map(({ release }) => release)).toMatchObject([
      { take: 'newest' },
      { take: 'promoted', from: 'DEV' },
      { take: 'promoted', from: 'SYSTEST' },
      { take: 'promoted', from: 'RC' },
    ]);
  });

  it('the shipped settings keep an instance of the small queue running, and start the others from zero', () => {
    for (const { queues } of parseInstallation(installationData).environments) {
      expect(machineQueue(queues.small).minVcpus).toBeGreaterThan(0);
      expect(machineQueue(queues.timeseries).minVcpus).toBe(0);
      expect(machineQueue(queues.large).minVcpus).toBe(0);
    }
  });

  it('invalid settings report every fault at once, with path, value and what is allowed', () => {
    const faults = faultsIn({
      shared: { ...(shared as object), account: { region: 'sydney', id: '1234' } },
      environments: [
        { ...dev, api: { requestsPerSecond: 0, burst: 40 } },
        {
          ...systest,
          network: { kind: 'existing', vpcId: 'default', subnetIds: [] },
          tags: { Owner: 'us' },
        },
      ],
    });
    expect(faults).toEqual([
      'SHARED.account.id: is no AWS account id; allowed: twelve digits (found "1234")',
      'SHARED.account.region: is no AWS region; allowed: a region code such as ap-southeast-2 (found "sydney")',
      'DEV.api.requestsPerSecond: Too small: expected number to be >=1 (found 0)',
      'SYSTEST.network.vpcId: is no VPC id; allowed: vpc-… (found "default")',
      'SYSTEST.network.subnetIds: Too small: expected array to have >=1 items (found [])',
      'SYSTEST.tags.CostCentre: Invalid input: expected string, received undefined',
    ]);
  });

  it('the error of invalid settings lists its faults, one per line', () => {
    expect(() => parseInstallation({ shared, environments: [{ ...dev, queues: {} }] })).toThrow(
      /^the settings in environments\/ cannot be used:\n {2}DEV\.queues\.small: .*\n {2}DEV\.queues\.timeseries: .*\n {2}DEV\.queues\.large: .*$/,
    );
  });

  it('settings allow only the names of the four environments', () => {
    expect(faultsInEnvironment({ name: 'TEST' })).toEqual([
      'environments[0].name: Invalid option: expected one of "DEV"|"SYSTEST"|"RC"|"PROD" (found "TEST")',
    ]);
  });

  it('settings refuse keys that nothing reads', () => {
    expect(faultsInEnvironment({ instanceTypes: ['m5'] })).toEqual([
      'DEV: Unrecognized key: "instanceTypes"',
    ]);
  });

  it('settings refuse an environment that is listed twice', () => {
    expect(faultsIn({ shared, environments: [dev, dev] })).toEqual([
      'DEV.name: is the name of two environments',
    ]);
  });

  it('settings refuse a cycle of promotions', () => {
    const from = (name: 'DEV' | 'SYSTEST'): Pick<EnvironmentData, 'release'> => ({
      release: { take: 'promoted', from: name },
    });
    const faults = faultsIn({
      shared,
      environments: [
        { ...dev, ...from('SYSTEST') },
        { ...systest, ...from('DEV') },
      ],
    });
    expect(faults).toHaveLength(2);
    expect(faults[0]).toMatch(/^DEV\.release\.from: leads back to DEV/);
  });

  it('settings cannot reserve more executions than the account has, minus the hundred that Lambda keeps', () => {
    const reserving = (requests: number) => ({
      handler: { concurrency: { kind: 'reserved', requests, jobEvents: 100 } },
    });
    expect(faultsInEnvironment(reserving(800))).toEqual([]);
    expect(faultsInEnvironment(reserving(801))).toEqual([
      'SHARED.concurrentExecutions: leaves 900 executions to set aside, and environments set aside 901 (DEV 901); lower their handler.concurrency, or let Lambda raise the account’s quota',
    ]);
    expect(faultsInEnvironment({ handler: { concurrency: { kind: 'unreserved' } } })).toEqual([]);
  });

  it('settings allow SHARED to be destroyed only if no environment depends on it', () => {
    const unprotected = { ...(shared as object), deletionProtection: false };
    expect(faultsIn({ shared: unprotected, environments: [] })).toEqual([]);
    expect(faultsIn({ shared: unprotected, environments: [dev, systest] })).toEqual([
      'SHARED.deletionProtection: is off while environments stand on SHARED (DEV, SYSTEST); destroy them first, and take them out of environments/index.ts',
    ]);
  });

  it('the shipped settings protect SHARED, RC and PROD from being destroyed', () => {
    const parsed = parseInstallation(installationData);
    expect(parsed.accounts.map(({ shared: each }) => each.deletionProtection)).toEqual([true]);
    expect(
      parsed.environments
        .filter(({ deletionProtection }) => deletionProtection)
        .map(({ name }) => name),
    ).toEqual(['RC', 'PROD']);
  });

  it('the shipped settings reserve the most executions for PROD', () => {
    const requests = parseInstallation(installationData).environments.map(({ handler }) =>
      handler.concurrency.kind === 'reserved' ? handler.concurrency.requests : 0,
    );
    expect(requests).toEqual(requests.toSorted((a, b) => a - b));
    expect(requests.at(-1)).toBeGreaterThan(requests.slice(0, -1).reduce((a, b) => a + b));
  });

  it('settings keep environments in the account, region and prefix of their SHARED', () => {
    expect(faultsInEnvironment({ account: { region: 'us-east-1', prefix: 'wps2' } })).toEqual([
      expect.stringMatching(/^DEV\.account\.region: differs from SHARED’s, "ap-southeast-2"/),
      expect.stringMatching(/^DEV\.account\.prefix: differs from SHARED’s, "wps"/),
    ]);
  });

  it('settings refuse a volume smaller than the one in the image it is made from', () => {
    const large = { ...dev.queues.large, storage: { kind: 'data-volume', sizeGiB: 60 } };
    const faults = faultsIn({
      shared: { ...(shared as object), image: { dataVolumeGiB: 80 } },
      environments: [{ ...dev, queues: { ...dev.queues, large } }],
    });
    expect(faults).toEqual([
      'DEV.queues.large.storage.sizeGiB: is below SHARED.image.dataVolumeGiB, 80 (found 60)',
    ]);
  });

  it('settings build the custom image only on machines of its architecture', () => {
    const image = { architecture: 'arm64' };
    expect(faultsIn({ shared: { ...(shared as object), image }, environments: [] })).toEqual([
      'SHARED.image.instanceTypes: are not all arm64, the architecture of the image (found ["m6i.large"])',
    ]);
  });

  it('settings refuse the tags by which costs are split, since the stacks set them', () => {
    const tags = { ...dev.tags, Environment: 'TEST', 'aws:x': 'y' };
    expect(faultsInEnvironment({ tags })).toEqual([
      expect.stringMatching(/^DEV\.tags\.Environment: cannot be chosen/),
      expect.stringMatching(/^DEV\.tags\.aws:x: cannot be chosen/),
    ]);
  });

  it('settings run the custom image only on machines of its architecture', () => {
    const { storage } = machineQueue(systest.queues.large);
    const large = { ...dev.queues.large, instanceTypes: ['m7g.large'], storage };
    expect(faultsInEnvironment({ queues: { ...dev.queues, large } })).toEqual([
      'DEV.queues.large.instanceTypes: have another architecture than SHARED.image.architecture, x86_64 (found ["m7g.large"])',
    ]);
  });

  it.each([
    [
      'x86_64',
      ['m7i', 'c5n.large', 'g5.xlarge', 'g4dn', 'm5zn', 'x2iedn', 'p4d.24xlarge', 't3.small'],
    ],
    [
      'arm64',
      ['m7g', 'c6gn.large', 'im4gn', 't4g.small', 'a1.xlarge', 'g5g.xlarge', 'hpc7g', 'x2gd'],
    ],
  ])('settings know which instance types are %s', (architecture, types) => {
    expect(new Set(types.map(architectureOf))).toEqual(new Set([architecture]));
  });

  it.each([
    [
      { ...dev.queues.small, instanceTypes: ['m7i.large', 'm7g.large'] },
      /^instanceTypes: mix x86_64 and arm64/,
    ],
    [{ ...dev.queues.small, minVcpus: 16 }, 'minVcpus: is above maxVcpus, 8 (found 16)'],
    [{ ...dev.queues.small, stuckAfterMinutes: 5 }, /^stuckAfterMinutes: Too small/],
    [{ ...dev.queues.small, storage: { kind: 'nfs' } }, /^storage\.kind: Invalid/],
    [
      { ...dev.queues.small, storage: { kind: 'data-volume', sizeGiB: 10 } },
      /^storage\.sizeGiB: Too small/,
    ],
  ])('settings limit the values of a queue: %#', (small, fault) => {
    const [found, ...others] = faultsInEnvironment({ queues: { ...dev.queues, small } });
    expect(others).toEqual([]);
    expect(found?.replace('DEV.queues.small.', '')).toMatch(fault);
  });

  it('settings refuse more reference hosts than fit into a submission to Batch', () => {
    const hosts = (count: number) => Array.from({ length: count }, () => 'data.example.org');
    const service = (count: number) => ({
      ...dev.service,
      limits: { referenceHosts: hosts(count) },
    });
    expect(faultsInEnvironment({ service: service(241) })).toEqual([]);
    expect(faultsInEnvironment({ service: service(242) })).toEqual([
      expect.stringMatching(/^DEV\.service\.limits\.referenceHosts: .*4096 characters/),
    ]);
  });

  it('settings refuse text that Terraform would evaluate', () => {
    const service = { ...dev.service, title: ['$', '{path.module}'].join('') };
    expect(faultsInEnvironment({ service })).toEqual([
      expect.stringMatching(/^DEV\.service\.title: holds "\$\{" or "%\{"/),
    ]);
  });
});

describe('settings of the account that have not been chosen', () => {
  it('each setting of the account that was not chosen is reported with its placeholder', () => {
    const { environments, accounts } = parseInstallation(installationData);
    const paths = accounts.map(({ shared: each }) => missingSettings(each).map(({ path }) => path));
    expect(paths.flat()).toEqual([
      'account.id',
      'state',
      'tags.Owner',
      'tags.CostCentre',
      'alarms.email',
      'apiAccountRole',
    ]);
    for (const environment of environments) {
      expect(missingSettings(environment).map(({ path }) => path)).toContain('alarms.email');
    }
  });

  it('chosen settings of the account are not reported', () => {
    const account = { id: '123456789012', region: 'ap-southeast-2' };
    const chosen = {
      account,
      tags: { Owner: 'platform', CostCentre: '42' },
      state: { kind: 's3' as const, bucket: 'states' },
    };
    const { environments } = parseInstallation({
      shared: { ...(shared as object), ...chosen },
      environments: [{ ...dev, ...chosen, alarms: { email: 'us@example.org' } }],
    });
    expect(environments.flatMap(missingSettings)).toEqual([]);
  });
});

describe('an installation over two accounts', () => {
  it('an installation over two accounts has a SHARED with its environments in each', () => {
    const { accounts } = parseInstallation(installationOverTwoAccounts());
    expect(
      accounts.map((account) => [
        account.shared.name,
        account.environments.map(({ name }) => name),
      ]),
    ).toEqual([
      ['SHARED', ['DEV', 'SYSTEST', 'RC']],
      ['SHARED-PROD', ['PROD']],
    ]);
  });

  it('an installation over two accounts lists every account once, all in one region', () => {
    const sharedOfProd = { name: 'SHARED', account: { region: 'us-east-1' } };
    expect(faultsIn(installationOverTwoAccounts({ sharedOfProd }))).toEqual([
      expect.stringMatching(/^PROD\.account: is that of no SHARED; allowed: SHARED 111111111111, /),
      expect.stringMatching(/^SHARED\.name: is the name of two accounts’ shared parts/),
      expect.stringMatching(/^SHARED\.account\.id: is left out; an installation over several/),
      expect.stringMatching(/^SHARED\.account\.region: differs from SHARED’s, "ap-southeast-2"/),
    ]);
  });

  it('an installation over two accounts pins releases of the same account only', () => {
    const pin = (environment: 'RC' | 'PROD') => ({ environment, version: 3 });
    const faultsOf = (release: EnvironmentData['release']) =>
      faultsIn(installationOverTwoAccounts({ prod: { release } }));
    expect(faultsOf({ take: 'pinned', ...pin('PROD') })).toEqual([]);
    expect(faultsOf({ take: 'pinned', ...pin('RC') })).toEqual([
      'PROD.release.environment: is in another account, whose records cannot be read; name an environment of this account, PROD itself for one (found "RC")',
    ]);
    expect(faultsOf({ take: 'promoted', from: 'RC', parts: { functions: pin('RC') } })).toEqual([
      expect.stringMatching(/^PROD\.release\.parts\.functions\.environment: is in another/),
    ]);
  });

  it('an installation over two accounts counts reserved executions per account', () => {
    const sharedOfProd = { concurrentExecutions: 500 };
    expect(faultsIn(installationOverTwoAccounts({ sharedOfProd }))).toEqual([
      expect.stringMatching(/^SHARED-PROD\.concurrentExecutions: leaves 400 .* \(PROD 450\)/),
    ]);
  });
});
