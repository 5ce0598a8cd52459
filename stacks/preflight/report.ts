import type { Installation } from '../../environments/installation.ts';
import { accountFacts } from './account-facts.ts';
import { type Finding, preflight } from './preflight.ts';

/**
 * The findings for a deployment to the account of the credentials. Changes nothing.
 *
 * @throws if the account does not belong to the installation
 */
export async function preflightOfAccount({ accounts }: Installation): Promise<readonly Finding[]> {
  const [first] = accounts;
  if (!first) throw new Error('environments/index.ts names no SHARED');
  const facts = await accountFacts(first.shared.account.region);
  // If there are several accounts, the one that the credentials belong to.
  return preflight(accounts.find(({ shared }) => shared.account.id === facts.id) ?? first, facts);
}

export function preflightText(findings: readonly Finding[]): string {
  return findings
    .map(({ kind, subject, message }) => `${kind.padEnd(8)}${subject}: ${message}`)
    .join('\n');
}
