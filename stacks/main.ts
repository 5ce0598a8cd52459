/** The program that `cdktf` runs: synthesises SHARED and the environments into Terraform's JSON. */

import { join } from 'node:path';
import { catalogue } from '../batch-jobs/catalogue.ts';
import { installationData } from '../environments/index.ts';
import { parseInstallation } from '../environments/installation.ts';
import { commitOf } from './commit.ts';
import { createPlatform } from './platform-app.ts';
import { readOfferedCatalogue } from './process-folders.ts';

// cdktf takes a stack trace of every token, and mapping the traces to their sources takes longer than
// everything else.
process.setSourceMapsEnabled(false);

try {
  createPlatform({
    installation: parseInstallation(installationData),
    catalogue: await readOfferedCatalogue(installationData, catalogue),
    distFolder: join(import.meta.dirname, '..', 'dist'),
    commit: commitOf(import.meta.dirname),
  }).synth();
} catch (error) {
  // The fault is in the settings or the stacks; a stack trace of this program does not help.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
