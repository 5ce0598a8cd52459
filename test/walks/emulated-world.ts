import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobDetail } from '@aws-sdk/client-batch';
import { startBatchAgents } from '../aws/batch-agents.ts';
import { writeEmulatedPrograms } from '../aws/emulated-programs.ts';
import { emulatedAccount } from '../aws/emulator.ts';
import { contextOf, functionVariables, jobEvent } from '../aws/function-calls.ts';
import { startPlatformWorkspace, stateBucket } from '../aws/platform-workspace.ts';
import { providerMirror } from '../aws/terraform.ts';
import { DeployingCheckout } from './deploying-checkout.ts';
import { startEmulatedGateway } from './emulated-gateway.ts';

/** An account at the emulator, and the checkout that is deployed to it. */
export interface EmulatedWorld {
  readonly endpoint: string;
  /** Folder of the checkout. */
  readonly folder: string;
  /** Variables of programs that work on the account. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * An account that is empty at first, with machines that run jobs and a gateway that calls the functions'
 * code; and a checkout with the settings that docs/deploy.md asks a person to write. From then on the calling
 * process works on the account, because the functions run in it.
 */
export async function startEmulatedWorld(): Promise<EmulatedWorld & { stop(): Promise<void> }> {
  let follow: (detail: Partial<JobDetail>) => Promise<void> = async () => undefined;
  const agents = await startBatchAgents((detail) => follow(detail));
  const workspace = await startPlatformWorkspace(agents.emulator);
  const { folder, account } = workspace;
  Object.assign(
    process.env,
    functionVariables(agents.emulator, account.bucketName('configuration')),
  );
  const [{ handler }, { handler: jobEvents }] = await Promise.all([
    import('../../lambda/handler.ts'),
    import('../../lambda/job-events.ts'),
  ]);
  const gateway = await startEmulatedGateway(handler as never);
  follow = async (detail) => {
    const [, environment = ''] = /job-queue\/wps-([a-z]+)-/.exec(detail.jobQueue ?? '') ?? [];
    await jobEvents(
      jobEvent('Batch Job State Change', detail),
      contextOf(`wps-${environment}-job-events:${environment.toUpperCase()}`),
    );
  };
  const variables = {
    ...workspace.variables,
    PATH: await programsIn(join(folder, 'bin')),
    CI: '1',
    AWS_ENDPOINT_URL_IAM: workspace.variables['AWS_ENDPOINT_URL_BUDGETS'] ?? '',
    EMULATED_GATEWAY: gateway.endpoint,
    NODE_OPTIONS: `--import=file://${join(import.meta.dirname, 'to-the-gateway.mjs')}`,
  };
  const checkout = DeployingCheckout.copy(join(folder, 'checkout'), variables);
  checkout.edit('environments/common.ts', {
    "// id: '123456789012'": `id: '${emulatedAccount}'`,
    "// kind: 's3', bucket: 'my-terraform-state'": `kind: 's3', bucket: '${stateBucket}'`,
    "  kind: 'local',\n": '',
  });
  checkout.edit('environments/shared.ts', {
    '  account,': "  account,\n  apiAccountRole: 'managed',",
  });
  return {
    endpoint: agents.emulator.endpoint,
    folder: checkout.folder,
    variables,
    stop: async () => {
      await gateway.stop();
      await workspace.stop();
      await agents.stop();
    },
  };
}

/** @returns `PATH` with the emulated programs first, and a `gh` that records its calls */
async function programsIn(folder: string): Promise<string> {
  const path = await writeEmulatedPrograms(folder, await providerMirror());
  const gh = join(folder, 'gh');
  writeFileSync(gh, '#!/bin/sh\nfor file; do :; done\necho "$@" > gh.txt\ncat "$file" >> gh.txt\n');
  chmodSync(gh, 0o755);
  return path;
}
