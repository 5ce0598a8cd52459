/** `npm run preflight`: checks the account before a first deployment. Changes nothing. */

import { installationData } from '../../environments/index.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { preflightOfAccount, preflightText } from './report.ts';

try {
  const findings = await preflightOfAccount(parseInstallation(installationData));
  process.stdout.write(`${preflightText(findings)}\n`);
  process.exitCode = findings.some(({ kind }) => kind === 'blocks') ? 1 : 0;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
