import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseStride } from '../../batch-jobs/gogoduck/selection.ts';
import { parseSubset } from '../../batch-jobs/gogoduck/subset.ts';
import { runGogoduck } from './run-gogoduck.ts';
import { describeWith } from './tools.ts';

interface Asked {
  readonly layer: string;
  readonly subset: string;
  readonly strideText: string;
}

/** How many layers are drawn, and the seed of the first; a fault names its own. */
const cases = Number(process.env['GOGODUCK_CASES'] ?? 24);
const first = Number(process.env['GOGODUCK_SEED'] ?? 1);

const script = join(import.meta.dirname, 'random-layers.py');

function python(args: readonly string[], input = ''): unknown {
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', [script, ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describeWith(['netCDF4'], 'random subsets of random layers', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'random-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it(
    'are, value by value and attribute by attribute, what netCDF4 cuts out of them',
    async () => {
      const asked = python(['make', folder, String(first), String(cases)]) as Asked[];
      expect(asked).toHaveLength(cases);
      const results: (Asked & { path: string })[] = [];
      for (const each of asked) {
        const subset = { ...parseSubset(each.subset), stride: parseStride(each.strideText) };
        const path = await runGogoduck(folder, each.subset, { layer: each.layer, subset }).catch(
          (error: Error) => `failed: ${error.message}`,
        );
        results.push({ ...each, path });
      }
      expect(python(['compare', folder], JSON.stringify(results))).toEqual([]);
    },
    Math.max(cases * 5_000, 120_000),
  );
});
