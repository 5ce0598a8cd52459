import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { expect, it, onTestFinished } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

async function written(...options: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'sbom-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'stacks/sbom/main.ts', '--out', folder, ...options],
    { cwd: root },
  );
  return {
    bom: await readFile(join(folder, 'sbom.cdx.json'), 'utf8'),
    licences: await readFile(join(folder, 'licences.csv'), 'utf8'),
  };
}

it('the bill of materials is valid for the schema of CycloneDX, and reproducible', async () => {
  const [first, second] = await Promise.all([written(), written()]);
  expect(second).toEqual(first);
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot5);
  expect(await validator.validate(first.bom)).toBeNull();
  expect(await validator.validate(first.bom.replace('"components"', '"component"'))).not.toBeNull();
  const { metadata, components } = JSON.parse(first.bom);
  expect(metadata.component.name).toBe('aws-wps');
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const { version } = lock.packages['node_modules/hono'];
  const found = components.find(({ name }: { name: string }) => name === 'hono');
  expect(found).toMatchObject({ version, purl: `pkg:npm/hono@${version}` });
  // Tools for checks and tests are not part of the product.
  expect(components.map(({ name }: { name: string }) => name)).not.toContain('vitest');
});

it('every package in a function or an image has a licence that allows distribution', async () => {
  const { licences } = await written();
  const rows = licences.trim().split('\n').slice(1);
  expect(rows.length).toBeGreaterThan(20);
  const allowed = /,"(Apache-2\.0|BSD-[23]-Clause|0BSD|ISC|MIT|MIT-0|MPL-2\.0|BlueOak-1\.0\.0)"$/;
  // These packages say "SEE LICENSE IN ...". The terms of dejavu-fonts-ttf are those of Bitstream Vera: the
  // fonts may be redistributed as part of larger software. The terms of h5wasm are those of NIST, in the
  // public domain.
  expect(rows.filter((row) => !allowed.test(row))).toEqual([
    expect.stringMatching(/^dejavu-fonts-ttf,[\d.]+,/),
    expect.stringMatching(/^h5wasm,[\d.]+,/),
  ]);
});
