import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'es-module-lexer/js';
import { expect, it } from 'vitest';
import { distDir } from '../../bundled.ts';

it('the service on one machine imports no ES module, whose loader would delay its start', async () => {
  const folder = join(distDir, 'lambda');
  const files = await readdir(folder, { recursive: true });
  const scripts = files.filter((file) => file.endsWith('.cjs'));
  expect(scripts).toContain('local.cjs');
  expect(scripts.length).toBeGreaterThan(10);
  for (const script of scripts) {
    const [imports] = parse(await readFile(join(folder, script), 'utf8'));
    expect(imports, script).toEqual([]);
  }
});
