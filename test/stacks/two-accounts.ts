import { dev } from '../../environments/dev.ts';
import type { EnvironmentData } from '../../environments/environment.ts';
import type { InstallationData } from '../../environments/installation.ts';
import { prod } from '../../environments/prod.ts';
import { rc } from '../../environments/rc.ts';
import { shared } from '../../environments/shared.ts';
import type { SharedEnvironmentData } from '../../environments/shared-settings.ts';
import { systest } from '../../environments/systest.ts';

export const testAccount = '111111111111';
export const prodAccount = '222222222222';

const region = 'ap-southeast-2';
const inTest = {
  account: { id: testAccount, region },
  state: { kind: 's3', bucket: 'states-of-test' },
} as const;
const inProd = {
  account: { id: prodAccount, region },
  state: { kind: 's3', bucket: 'states-of-prod' },
} as const;

/** The shipped installation with PROD in an account of its own, which uses RC's release. */
export function installationOverTwoAccounts(
  change: {
    readonly prod?: Partial<EnvironmentData>;
    readonly sharedOfProd?: Partial<SharedEnvironmentData>;
  } = {},
): InstallationData {
  const sharedOfProd = { ...shared, ...inProd, name: 'SHARED-PROD', image: { build: false } };
  return {
    shared: [
      { ...shared, ...inTest },
      { ...sharedOfProd, ...change.sharedOfProd },
    ],
    environments: [
      ...[dev, systest, rc].map((environment) => ({ ...environment, ...inTest })),
      { ...prod, ...inProd, ...change.prod },
    ],
  };
}
