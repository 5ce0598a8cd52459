/**
 * `npm run deployer-policy`: the managed policies of a role that deploys the stacks, from what was
 * synthesised last (`npm run synth`), written to `cdktf.out/deployer-policy-1.json` and so on.
 */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installationData } from '../../environments/index.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { deployerPolicies } from './deployer-policy.ts';

const outdir = join(import.meta.dirname, '..', '..', 'cdktf.out');
try {
  const { shared } = parseInstallation(installationData);
  const folder = join(outdir, 'stacks');
  const stacks = readdirSync(folder).map((stack) =>
    JSON.parse(readFileSync(join(folder, stack, 'cdk.tf.json'), 'utf8')),
  );
  deployerPolicies(stacks, { ...shared, partition: 'aws' }).forEach((policy, position) => {
    const file = join(outdir, `deployer-policy-${position + 1}.json`);
    writeFileSync(file, JSON.stringify(policy));
    process.stdout.write(`${file}\n`);
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
