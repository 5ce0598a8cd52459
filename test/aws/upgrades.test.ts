import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from './terraform.ts';

const root = join(import.meta.dirname, '..', '..');

// Each test installs packages of several hundred megabytes.
it.each(['provider-6', 'cdktn'])(
  'the move to %s type-checks, synthesises, and leaves the Terraform unchanged',
  { timeout: 900_000 },
  async (upgrade) => {
    const { code, stdout, stderr } = await run(
      process.execPath,
      ['--import', 'tsx', 'stacks/upgrade/main.ts', upgrade],
      { folder: root, variables: {} },
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const [files, ...others] = stdout.trim().split('\n');
    expect(files).toContain('stacks/constructs/machine-compute.ts');
    expect(others).toEqual([
      'renamed: compute_environment_name_prefix is name_prefix',
      'types: checked',
      ...['DEV', 'PROD', 'RC', 'SHARED', 'SYSTEST'].map((stack) => `${stack}: the same Terraform`),
    ]);
  },
);
