import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { commitOf } from '../commit.ts';
import { type Drift, findDrift } from '../deliver/drift.ts';
import { Terraform } from '../deliver/terraform.ts';
import { openAccount } from './aws-account.ts';
import type { DriftRecord } from './release-records.ts';
import type { EnvironmentTarget } from './target.ts';
import { OperatorFault, type Terminal } from './terminal.ts';

/**
 * Finds changes that were made to an environment since its deployment, and records for `status` whether there
 * are any.
 *
 * @param outdir the folder of the synthesised stacks
 * @throws {OperatorFault} if Terraform fails
 */
export async function checkDrift(
  target: EnvironmentTarget,
  outdir: string,
  terminal: Terminal,
): Promise<DriftRecord & { readonly drift: readonly Drift[] }> {
  const account = await openAccount(target);
  const drift = driftIn(outdir, account.environment);
  const record: DriftRecord = {
    hasDrifted: drift.length > 0,
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
      // A role that may only plan can run the check, too.
      terminal.tell(
        `The result was not recorded in ${Name}: ${error instanceof Error ? error.message : error}`,
      );
    });
  return { ...record, drift };
}

function driftIn(outdir: string, stack: string): readonly Drift[] {
  try {
    return findDrift(new Terraform(outdir, stack), false);
  } catch (error) {
    throw new OperatorFault(error instanceof Error ? error.message : String(error));
  }
}
