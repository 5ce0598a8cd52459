import { join } from 'node:path';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, emulatedRegion, startEmulator } from './emulator.ts';
import { run } from './terraform.ts';

const root = join(import.meta.dirname, '..', '..');
let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator?.stop());

it('preflight reads an account, and says what would prevent a deployment', async () => {
  const iam = new IAMClient({
    endpoint: emulator.endpoint,
    region: emulatedRegion,
    credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
  });
  // The emulator names service roles differently from AWS.
  await iam.send(
    new CreateRoleCommand({
      RoleName: 'AWSServiceRoleForEC2Spot',
      Path: '/aws-service-role/spot.amazonaws.com/',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
    }),
  );
  const { code, stdout, stderr } = await run(
    process.execPath,
    ['--import', 'tsx', 'stacks/preflight/main.ts'],
    { folder: root, variables: emulator.variables },
  );
  expect(stderr).toBe('');
  const lines = stdout.trim().split('\n');
  expect(lines).toEqual([
    'ok      account: the credentials are of account 123456789012',
    'ok      VPCs: 1 of 5 VPCs are there, and the environments add 4',
    // The emulator does not know the quotas of EC2 and Lambda.
    expect.stringMatching(/^unknown on-demand vCPUs: could not be asked \(NoSuchResource/),
    expect.stringMatching(/^unknown Spot vCPUs: could not be asked \(NoSuchResource/),
    expect.stringMatching(/^unknown Lambda concurrency: could not be asked/),
    expect.stringMatching(/^blocks {2}API Gateway log role: there is none/),
    expect.stringMatching(
      /^warns {3}service-linked roles: there is none for batch\.amazonaws\.com/,
    ),
  ]);
  expect(code).toBe(1);
});
