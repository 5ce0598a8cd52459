import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Terraform } from '../../stacks/deliver/terraform.ts';
import { Terraform as TestedTerraform, terraformVariables } from './terraform.ts';

let outdir: string;
let folder: string;
beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), 'endpoint-'));
  folder = join(outdir, 'stacks', 'DEV');
  mkdirSync(folder, { recursive: true });
  const endpoint = { value: 'https://example.org/DEV/wps/' };
  writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify({ output: { endpoint } }));
});
afterAll(() => rmSync(outdir, { recursive: true }));

it('the endpoint of an environment is printed once it is deployed, and until then the reason why not', async () => {
  const dev = new Terraform(outdir, 'DEV');
  expect(() => dev.output('endpoint')).toThrow(
    'DEV has no endpoint: it is not deployed; run npm run deploy -- DEV first',
  );
  const terraform = new TestedTerraform(folder, await terraformVariables(outdir, {}));
  await terraform.init();
  await terraform.plan();
  await terraform.apply();
  expect(dev.output('endpoint')).toBe('https://example.org/DEV/wps/');
});
