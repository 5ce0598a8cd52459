/** `npm run preflight`: what a deployment would find in the account, before it begins. Only reads. */

import { installationData } from '../../environments/index.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { accountFacts } from './account-facts.ts';
import { preflight } from './preflight.ts';

try {
  const { accounts } = parseInstallation(installationData);
  const [first] = accounts;
  if (!first) throw new Error('environments/index.ts names no SHARED');
  const facts = await accountFacts(first.shared.account.region);
  // Of several accounts, the one that the credentials are of.
  const account = accounts.find(({ shared }) => shared.account.id === facts.id) ?? first;
  const findings = preflight(account, facts);
  for (const { kind, subject, message } of findings) {
    process.stdout.write(`${kind.padEnd(8)}${subject}: ${message}\n`);
  }
  process.exitCode = findings.some(({ kind }) => kind === 'blocks') ? 1 : 0;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
