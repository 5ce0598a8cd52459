/**
 * The program that the cdktf CLI runs in tests instead of `stacks/main.ts`: the same stacks, with the
 * emulator's overlay. `PLATFORM_PROPS` names a file with the installation's data and folders.
 */

import { readFileSync } from 'node:fs';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { synthesiseForEmulator } from './platform-workspace.ts';

const { data, distFolder, outdir } = JSON.parse(
  readFileSync(process.env['PLATFORM_PROPS'] ?? '', 'utf8'),
);
synthesiseForEmulator({ installation: parseInstallation(data), catalogue, distFolder, outdir });
