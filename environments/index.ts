import { dev } from './dev.ts';
import type { InstallationData } from './installation.ts';
import { prod } from './prod.ts';
import { rc } from './rc.ts';
import { readReleasePins, withPin } from './release-pins.ts';
import { shared } from './shared.ts';
import { systest } from './systest.ts';

const environments = [dev, systest, rc, prod];

/** The installation as its owner wrote it, without the pins of rollbacks. */
export const shippedData: InstallationData = { shared, environments };

const pins = readReleasePins();

/** The installation as it is deployed, with the pins of rollbacks. */
export const installationData: InstallationData = {
  shared,
  environments: environments.map((environment) => withPin(environment, pins)),
};
