/**
 * `npm run deployer-policy`: the managed policies of a role that deploys the stacks, from what was
 * synthesised last (`npm run synth`), written to `cdktf.out/deployer-policy-1.json` and so on; of
 * several accounts, to files that begin with the name of each one's SHARED.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installationData } from '../../environments/index.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { deployerPolicies } from './deployer-policy.ts';

const outdir = join(import.meta.dirname, '..', '..', 'cdktf.out');
try {
  const { accounts } = parseInstallation(installationData);
  for (const { shared, environments } of accounts) {
    const stacks = [shared, ...environments].map(({ name }) =>
      JSON.parse(readFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8')),
    );
    // The files of a single account need no name.
    const of = accounts.length === 1 ? '' : `${shared.name}-`;
    deployerPolicies(stacks, { ...shared, partition: 'aws' }).forEach((policy, position) => {
      const file = join(outdir, `deployer-policy-${of}${position + 1}.json`);
      writeFileSync(file, JSON.stringify(policy));
      process.stdout.write(`${file}\n`);
    });
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
