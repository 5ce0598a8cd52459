import { defineConfig } from 'vitest/config';

/** The unit tests alone: StrykerJS knows no projects of Vitest. */
export default defineConfig({
  test: {
    // Folders of tests, separated by commas: fewer tests try more mutants in the same time.
    include: (process.env['MUTANTS_TESTS'] ?? 'test')
      .split(',')
      .map((folder) => `${folder}/**/*.test.ts`),
    exclude: ['test/aws/**', 'test/bench/**'],
    globalSetup: ['test/official-schema-files.ts', 'test/bundled.ts'],
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
