import { describe, expect, it } from 'vitest';
import { realWorld } from './real-world.ts';

/** `WORLD_SEED` repeats a run that failed. */
const seed = Number(process.env['WORLD_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe('the service among real files and processes that fail', () => {
  it(`brings all jobs to their true end over restarts, kills and faults of the disk (seed ${seed})`, async () => {
    const outcome = await realWorld({ jobs: 12, restarts: 3, seed });
    expect(outcome.violations).toEqual([]);
    expect(outcome).toMatchObject({ accepted: 12, restarts: 3 });
  });
});
