import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GoGoDuckRequest } from '../../../batch-jobs/gogoduck/gogoduck-request.ts';
import type { ResultContent } from '../../../batch-jobs/gogoduck/result-format.ts';
import { parseStride } from '../../../batch-jobs/gogoduck/selection.ts';
import { parseSubset } from '../../../batch-jobs/gogoduck/subset.ts';
import { runGogoduck } from '../run-gogoduck.ts';
import { describeWith } from '../tools.ts';

/** A request for a layer. */
interface Asked {
  readonly layer: string;
  readonly subset: string;
  readonly strideText: string;
  /** A second format to request. */
  readonly kind: { readonly other: 'none' | 'csv' | 'zarr' };
}

/**
 * How many layers are drawn, and the seed of the first one. Each difference is reported with its own seed.
 */
const cases = Number(process.env['GOGODUCK_CASES'] ?? 60);
const first = Number(process.env['GOGODUCK_SEED'] ?? 1);

const script = join(import.meta.dirname, 'main.py');

function python(args: readonly string[], input = ''): unknown {
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', ['-B', script, ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const formats: Readonly<Record<string, ResultContent>> = {
  csv: 'text/csv',
  zarr: 'application/zarr+zip',
};

/** Paths of the result as NetCDF and, if requested, in another format. */
async function resultsOf(folder: string, asked: Asked): Promise<Record<string, string>> {
  const { layer, strideText, kind } = asked;
  const subset = { ...parseSubset(asked.subset), stride: parseStride(strideText) };
  const run = (change: Partial<GoGoDuckRequest> = {}) =>
    runGogoduck(folder, asked.subset, { layer, subset, ...change });
  const content = formats[kind.other];
  try {
    const path = await run();
    if (!content) return { path };
    return { path, [kind.other]: await run({ result: content, content }) };
  } catch (error) {
    return { path: `failed: ${(error as Error).message}` };
  }
}

describeWith(['netCDF4', 'zarr'], `random subsets of random layers from seed ${first} on`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'random-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function differences(seed: number, count: number): Promise<unknown> {
    const asked = python(['make', folder, String(seed), String(count)]) as Asked[];
    expect(asked).toHaveLength(count);
    const results: (Asked & Record<string, unknown>)[] = [];
    for (const each of asked) results.push({ ...each, ...(await resultsOf(folder, each)) });
    return python(['compare', folder], JSON.stringify(results));
  }

  it(
    'random layers are cut, value by value and attribute by attribute, as netCDF4 cuts them',
    async () => {
      expect(await differences(first, cases)).toEqual([]);
    },
    cases * 20_000,
  );

  it('random layers are right if bounds of a climatology reach beyond those of its last step', async () => {
    expect(await differences(41_057, 1)).toEqual([]);
  });
});
