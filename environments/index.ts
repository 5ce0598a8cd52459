import { dev } from './dev.ts';
import type { InstallationData } from './installation.ts';
import { prod } from './prod.ts';
import { rc } from './rc.ts';
import { shared } from './shared.ts';
import { systest } from './systest.ts';

/** The installation as its owner wrote it down. */
export const installationData: InstallationData = {
  shared,
  environments: [dev, systest, rc, prod],
};
