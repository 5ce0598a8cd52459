import { join } from 'node:path';
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { parseInstallation } from '../../environments/installation.ts';
import type { ReleaseRecord } from '../../stacks/constructs/release.ts';
import { writeSampleFunctions } from '../stacks/sample-functions.ts';
import { installationOverTwoAccounts, prodAccount } from '../stacks/two-accounts.ts';
import { emulatedAccount, emulatedRegion } from './emulator.ts';
import { type EmulatorGaps, startEmulatorGaps } from './emulator-gaps.ts';
import {
  type PlatformWorkspace,
  startPlatformWorkspace,
  synthesiseForEmulator,
} from './platform-workspace.ts';
import { Terraform } from './terraform.ts';

const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';

let workspace: PlatformWorkspace;
/** The emulator as PROD's account sees it. */
let elsewhere: EmulatorGaps;
let prod: Terraform;

beforeAll(async () => {
  workspace = await startPlatformWorkspace();
  elsewhere = await startEmulatorGaps(workspace.emulator.endpoint, prodAccount);
  const variables = { ...workspace.variables };
  for (const name of Object.keys(variables)) {
    if (/^AWS_ENDPOINT_URL(_BUDGETS|_EFS|_LAMBDA)?$/.test(name)) {
      variables[name] = elsewhere.endpoint;
    }
  }
  prod = new Terraform(join(workspace.outdir, 'stacks', 'PROD'), variables);
  const data = installationOverTwoAccounts();
  synthesiseForEmulator({
    installation: parseInstallation(JSON.parse(inEmulator(data))),
    catalogue,
    distFolder: writeSampleFunctions(join(workspace.folder, 'dist')),
    outdir: workspace.outdir,
  });
});
afterAll(async () => {
  await elsewhere?.stop();
  await workspace?.stop();
});

/** Replaces the account that is not PROD's by the emulator's own, and makes all states local files. */
function inEmulator(data: object): string {
  return JSON.stringify(data, (name, value) =>
    name === 'state' ? { kind: 'local' } : value === '111111111111' ? emulatedAccount : value,
  );
}

/** Records a release as RC does when it runs one. */
async function recordReleaseOfRc(digest: string): Promise<ReleaseRecord> {
  const release: ReleaseRecord = {
    functions: JSON.parse(await workspace.stack('SHARED').output('functions_package')),
    machineImages: { dataVolume: 'ami-0abc', x86_64: 'ami-0def', arm64: 'ami-0fed' },
    processImages: { echo: digest },
  };
  await workspace.account.s3.send(
    new PutObjectCommand({
      Bucket: workspace.account.bucketName('releases'),
      Key: 'RC/release.json',
      ContentType: 'application/json',
      Body: JSON.stringify(release),
    }),
  );
  return release;
}

describe('PROD in an account of its own', () => {
  it('PROD in its own account depends on a SHARED that shares its releases', async () => {
    const shared = workspace.stack('SHARED');
    await shared.init();
    const types = (await shared.plan()).map(({ address }) => address.split('.')[0]);
    expect(types).toEqual(
      expect.arrayContaining(['aws_ecr_replication_configuration', 'aws_kms_key']),
    );
    await shared.apply();
  });

  it('PROD in its own account plans the release that RC recorded in the other account', async () => {
    const registry = new ECRClient({
      endpoint: elsewhere.endpoint,
      region: emulatedRegion,
      credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
    });
    await registry.send(new CreateRepositoryCommand({ repositoryName: 'wps/echo' }));
    const { image } = await registry.send(
      new PutImageCommand({
        repositoryName: 'wps/echo',
        imageTag: '0.1.0',
        imageManifest: JSON.stringify({ schemaVersion: 2, mediaType }),
      }),
    );
    const digest = String(image?.imageId?.imageDigest);
    const { functions } = await recordReleaseOfRc(digest);
    await prod.init();
    const changes = await prod.plan();
    expect(changes.every(({ action }) => action === 'create')).toBe(true);
    expect(changes.map(({ address }) => address)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^aws_ami_copy\.[\w-]+\["ami-0abc"\]$/)]),
    );
    for (const [attribute, value] of [
      ['s3_bucket', workspace.account.bucketName('releases')],
      ['s3_object_version', functions.objectVersion],
    ] as const) {
      expect(await prod.planned('aws_lambda_function', attribute)).toEqual([value, value, value]);
    }
    // The definition itself names a role whose ARN is known only after the role is created.
    expect(await prod.read('aws_ecr_image', 'image_digest')).toEqual([digest]);
  });

  it('PROD in its own account refuses a release whose container image was not copied', async () => {
    await recordReleaseOfRc(`sha256:${'0'.repeat(64)}`);
    await expect(prod.plan()).rejects.toThrow(/reading ECR Images: couldn't find resource/);
  });

  it('PROD in its own account refuses a release that lacks a process', async () => {
    const release = await recordReleaseOfRc('sha256:0');
    await workspace.account.s3.send(
      new PutObjectCommand({
        Bucket: workspace.account.bucketName('releases'),
        Key: 'RC/release.json',
        ContentType: 'application/json',
        Body: JSON.stringify({ ...release, processImages: {} }),
      }),
    );
    await expect(prod.plan()).rejects.toThrow(
      /The\s+release\s+of\s+RC\s+names\s+no\s+container\s+image\s+of\s+a\s+process\s+that\s+PROD\s+offers/,
    );
  });
});
