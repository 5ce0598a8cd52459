import { dev } from '../../environments/dev.ts';
import type { EnvironmentData } from '../../environments/environment.ts';
import { installationData } from '../../environments/index.ts';
import type { InstallationData } from '../../environments/installation.ts';
import { prod } from '../../environments/prod.ts';
import { rc } from '../../environments/rc.ts';
import { systest } from '../../environments/systest.ts';
import { machineQueue } from '../environments/machine-queue.ts';
import { emulatedAccount, emulatedRegion } from './emulator.ts';
import { stateBucket } from './platform-workspace.ts';

/** Processes with all the settings they need, so that every process of the catalogue is deployed. */
const processes: EnvironmentData['processes'] = {
  own: { gogoduck: { variables: { GOGODUCK_WFS_URL: 'https://geoserver.example.org/wfs' } } },
};

/** The newest release, with container images of one tag except those given. */
export function newestWith(
  tags: Readonly<Record<string, string>> = {},
): EnvironmentData['release'] {
  return { take: 'newest', tag: '0.1.0', tags };
}

export const deployedDev: EnvironmentData = { ...dev, processes, release: newestWith() };

/** PROD starts with the newest release: as shipped, it would use the release of RC, which is only planned. */
export const deployedProd: EnvironmentData = {
  ...prod,
  processes,
  release: newestWith(),
  state: { kind: 's3', bucket: stateBucket },
};

/** PROD pinned to the first release that it recorded. */
export const pinnedProd: EnvironmentData = {
  ...deployedProd,
  release: { take: 'pinned', environment: 'PROD', version: 1 },
};

/** PROD on the release of DEV, as if DEV were the environment before it. */
export const promotedProd: EnvironmentData = {
  ...deployedProd,
  release: { take: 'promoted', from: 'DEV' },
};

/** PROD on the release of DEV, except its functions. */
export const rolledBackProd: EnvironmentData = {
  ...deployedProd,
  release: {
    take: 'promoted',
    from: 'DEV',
    parts: { functions: { environment: 'PROD', version: 1 } },
  },
};

/** RC with settings that the others do not have. It uses DEV's release because SYSTEST is only planned. */
export const plannedRc: EnvironmentData = {
  ...rc,
  processes,
  release: { take: 'promoted', from: 'DEV' },
  network: { kind: 'existing', vpcId: 'vpc-0a1b', subnetIds: ['subnet-0a1b', 'subnet-0c2d'] },
  queues: { ...rc.queues, large: { ...machineQueue(rc.queues.large), storage: { kind: 'efs' } } },
  api: {
    ...rc.api,
    domain: {
      name: 'wps.example.org',
      certificateArn: `arn:aws:acm:${emulatedRegion}:${emulatedAccount}:certificate/0a1b`,
      hostedZoneId: 'Z0123456789',
    },
    firewall: { requestsPerFiveMinutes: 500 },
  },
  outputs: {
    ...rc.outputs,
    kmsKeyArn: `arn:aws:kms:${emulatedRegion}:${emulatedAccount}:key/0a1b`,
  },
  alarms: { email: 'operations@example.org' },
};

/** The shipped installation with every process. The given environments replace those of the same name. */
export function installationWith(...others: readonly EnvironmentData[]): InstallationData {
  const all = [...others, ...[dev, systest, rc].map((one) => ({ ...one, processes }))];
  return {
    ...installationData,
    environments: ['DEV', 'SYSTEST', 'RC', 'PROD'].flatMap(
      (name) => all.find((environment) => environment.name === name) ?? [],
    ),
  };
}
