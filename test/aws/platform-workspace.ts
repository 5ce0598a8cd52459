import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { createPlatform, type PlatformProps } from '../../stacks/platform-app.ts';
import { type ClientSettings, DeployedAccount } from './deployed-account.ts';
import { type Emulator, emulatedRegion, startEmulator } from './emulator.ts';
import { startEmulatorGaps } from './emulator-gaps.ts';
import { batchServiceRole, emulatorOverlay } from './emulator-overlay.ts';
import { type ImageBuilder, startImageBuilder } from './image-builder.ts';
import { Terraform, terraformVariables } from './terraform.ts';

/** An account to deploy to, and a folder to deploy from. */
export interface PlatformWorkspace {
  readonly emulator: Emulator;
  readonly imageBuilder: ImageBuilder;
  readonly folder: string;
  /** The folder that stacks are synthesised into. */
  readonly outdir: string;
  /** Variables of programs that deploy. */
  readonly variables: Readonly<Record<string, string>>;
  readonly account: DeployedAccount;
  stack(name: string): Terraform;
  /** Names of everything in the account that was not there at first. */
  leftovers(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** The bucket of stacks that keep their state in S3. */
export const stateBucket = 'terraform-state';

/** @param given an emulator to deploy to, which is stopped with the rest; without it, a new one starts */
export async function startPlatformWorkspace(given?: Emulator): Promise<PlatformWorkspace> {
  const folder = await mkdtemp(join(tmpdir(), 'platform-'));
  const outdir = join(folder, 'cdktf.out');
  const emulator = given ?? (await startEmulator());
  const imageBuilder = await startImageBuilder();
  const gaps = await startEmulatorGaps(emulator.endpoint);
  const variables = await terraformVariables(folder, {
    ...emulator.variables,
    AWS_ENDPOINT_URL_IMAGEBUILDER: imageBuilder.endpoint,
    AWS_ENDPOINT_URL_BUDGETS: gaps.endpoint,
    AWS_ENDPOINT_URL_EFS: gaps.endpoint,
    AWS_ENDPOINT_URL_LAMBDA: gaps.endpoint,
  });
  const client: ClientSettings = {
    endpoint: emulator.endpoint,
    region: emulatedRegion,
    credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
  };
  await new IAMClient(client).send(
    new CreateRoleCommand({
      RoleName: batchServiceRole.name,
      Path: batchServiceRole.path,
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
    }),
  );
  const account = new DeployedAccount(client);
  await account.s3.send(
    new CreateBucketCommand({
      Bucket: stateBucket,
      CreateBucketConfiguration: { LocationConstraint: emulatedRegion },
    }),
  );
  const atFirst = new Set(await account.contents());
  return {
    emulator,
    imageBuilder,
    folder,
    outdir,
    variables,
    account,
    stack: (name) => new Terraform(join(outdir, 'stacks', name), variables),
    leftovers: async () => (await account.contents()).filter((name) => !atFirst.has(name)),
    stop: async () => {
      await Promise.all([emulator.stop(), imageBuilder.stop(), gaps.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Synthesises the stacks and writes the emulator's overlay beside each. */
export function synthesiseForEmulator(
  props: Omit<PlatformProps, 'commit'> & { readonly outdir: string; readonly commit?: string },
): void {
  createPlatform({ commit: 'c0ffee', imageTag: () => '0.1.0', ...props }).synth();
  const { accounts, environments } = props.installation;
  for (const { name } of [...accounts.map(({ shared }) => shared), ...environments]) {
    const folder = join(props.outdir, 'stacks', name);
    const configuration = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8'));
    const overlay = emulatorOverlay(configuration, join(props.outdir, '..', `${name}.tfstate`));
    writeFileSync(join(folder, 'emulator_override.tf.json'), JSON.stringify(overlay, null, 2));
  }
}
