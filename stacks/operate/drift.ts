import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { commitOf } from '../commit.ts';
import { openAccount } from './aws-account.ts';
import { hasDrifted } from './deploy.ts';
import type { DriftRecord } from './release-records.ts';
import type { EnvironmentTarget } from './target.ts';
import type { Terminal } from './terminal.ts';

/**
 * Compares an environment with its stack, and records what was found for `status`.
 *
 * @param folder of the synthesised stack
 * @throws {OperatorFault} when Terraform cannot tell
 */
export async function checkDrift(
  target: EnvironmentTarget,
  folder: string,
  terminal: Terminal,
): Promise<DriftRecord> {
  const account = await openAccount(target);
  const record: DriftRecord = {
    hasDrifted: await hasDrifted(folder),
    checkedAt: new Date().toISOString(),
    commit: commitOf(import.meta.dirname),
  };
  const Name = account.shared.driftParameter(account.environment);
  await account.ssm
    .send(
      new PutParameterCommand({
        Name,
        Description: `What the last drift check of ${account.environment} found.`,
        Type: 'String',
        Value: JSON.stringify(record),
        Overwrite: true,
      }),
    )
    .catch((error: unknown) => {
      // A role that may only plan may check as well.
      terminal.tell(
        `The result was not recorded in ${Name}: ${error instanceof Error ? error.message : error}`,
      );
    });
  return record;
}
