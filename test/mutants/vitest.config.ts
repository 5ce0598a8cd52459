import { defineConfig, type Plugin } from 'vitest/config';
import { slow } from '../../vitest.config.ts';

/** What `npm test` does not run counts for nothing here: mutants are for the unit tests to notice. */
export const untried = ['test/{aws,bench,images,mutants,pages,walks}/**', ...slow];

/** StrykerJS asks for threads. Some tests change the user or the working folder of their process, which threads cannot. */
const inProcesses: Plugin = {
  name: 'tests-in-processes',
  configureVitest({ project }) {
    project.config.pool = 'forks';
  },
};

/** Only the unit tests, because StrykerJS does not support Vitest's projects. */
export default defineConfig({
  plugins: [inProcesses],
  test: {
    // Starts of paths, separated by commas. With fewer tests, more mutants are tried in the same time.
    include: (process.env['MUTANTS_TESTS'] ?? 'test')
      .split(',')
      .flatMap((start) => [`${start}*.test.ts`, `${start}*/**/*.test.ts`]),
    exclude: [...untried],
    globalSetup: ['test/official-schema-files.ts', 'test/bundled.ts'],
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // With a shorter timeout, a busy machine would kill mutants that no test notices.
    expect: { poll: { timeout: 30_000 } },
  },
});
