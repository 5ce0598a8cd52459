import type { Installation } from '../../environments/installation.ts';
import { accountFacts } from './account-facts.ts';
import { type Finding, preflight } from './preflight.ts';

/**
 * What a deployment would find in the account that the credentials are of. Only reads.
 *
 * @throws when the installation has no account
 */
export async function preflightOfAccount({ accounts }: Installation): Promise<readonly Finding[]> {
  const [first] = accounts;
  if (!first) throw new Error('environments/index.ts names no SHARED');
  const facts = await accountFacts(first.shared.account.region);
  // Of several accounts, the one that the credentials are of.
  return preflight(accounts.find(({ shared }) => shared.account.id === facts.id) ?? first, facts);
}

export function preflightText(findings: readonly Finding[]): string {
  return findings
    .map(({ kind, subject, message }) => `${kind.padEnd(8)}${subject}: ${message}`)
    .join('\n');
}
