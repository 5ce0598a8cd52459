import { describe, expect, it } from 'vitest';
import { realWorld } from './real-world.ts';

/** Set `WORLD_SEED` to repeat a run that failed. */
const seed = Number(process.env['WORLD_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe('the service among real files and processes that fail', () => {
  it(`with real files, processes, restarts, kills and disk faults all jobs end as they should (seed ${seed})`, async () => {
    const outcome = await realWorld({ jobs: 12, restarts: 3, seed });
    expect(outcome.violations).toEqual([]);
    expect(outcome).toMatchObject({ accepted: 12, restarts: 3 });
  });
});
