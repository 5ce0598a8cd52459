import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { InMemoryRunner } from './in-memory.ts';

const root = join(import.meta.dirname, '..', '..');
const file = 'environments/instance-architecture.ts';

let runner: InMemoryRunner;
beforeAll(async () => {
  runner = await InMemoryRunner.start(root, ['test/environments/costs.test.ts']);
});
afterAll(() => runner?.stop());

it('an in-memory mutant is noticed by the test that fails, at load time, too, and is removed afterwards', async () => {
  const text = readFileSync(join(root, file), 'utf8');
  await runner.warmUp();
  expect(await runner.run({ file, text: text.replaceAll("'arm64'", "'x86_64'") })).toEqual({
    noticedBy: expect.stringContaining('Graviton'),
  });
  expect(await runner.run({ file, text: `${text}\nthrow new Error('broken');` })).toEqual({
    noticedBy: expect.stringContaining('broken'),
  });
  expect(await runner.run({ file, text: `${text}\n// the same` })).toEqual({});
  expect(await runner.run()).toEqual({});
});
