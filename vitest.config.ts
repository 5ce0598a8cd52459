import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * What builds images and packages, draws whole worlds of faults, or reads whole archives: minutes of
 * processor between them, run by `npm run test:slow`, so that `npm test` stays a matter of two minutes.
 */
const slow = [
  'test/architecture.test.ts',
  'test/batch-jobs/dockerfiles.test.ts',
  'test/faults/aws-processes.test.ts',
  'test/faults/random-faults.test.ts',
  'test/gogoduck/hdf5-files.test.ts',
  'test/gogoduck/hdf5-filters.test.ts',
  'test/gogoduck/preview.test.ts',
  'test/gogoduck/random-layers/random-layers.test.ts',
  'test/gogoduck/real-files.test.ts',
  'test/lambda/demo.test.ts',
  'test/lambda/embedded/trouble.test.ts',
  'test/lambda/jobs/stopped-jobs.test.ts',
  'test/lambda/protocols/wps-1.0/request-schema-notices.test.ts',
  'test/mutants/**/*.test.ts',
  'test/operate/embedded.test.ts',
  'test/processes-of-folders/processes-dir.test.ts',
  'test/stacks/api-access.test.ts',
  'test/stacks/images.test.ts',
  'test/stacks/sbom.test.ts',
  'test/world/**/*.test.ts',
];

/** Files of a project share their modules: loading those again for each took most of the time. */
const inSharedModules = {
  globalSetup: ['test/left-out.ts', 'test/official-schema-files.ts', 'test/bundled.ts'],
  isolate: false,
  // They wait for events; these bounds are for what never comes, on a machine that is busy.
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 100_000 } },
};

export default defineConfig({
  test: {
    // Many wait for programs that they start, or for events: with a worker per core, a third of the time is idle.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/aws/**', 'test/pages/**', 'test/images/**', 'test/walks/**', ...slow],
          ...inSharedModules,
        },
      },
      {
        test: {
          name: 'slow',
          include: slow,
          ...inSharedModules,
        },
      },
      {
        test: {
          name: 'pages',
          include: ['test/pages/**/*.test.ts'],
          globalSetup: ['test/left-out.ts', 'test/bundled.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // A browser and a service each: two at a time would wait for each other.
          fileParallelism: false,
        },
      },
      {
        test: {
          // Builds with a real builder and takes minutes: `npm run test:images`.
          name: 'images',
          include: ['test/images/**/*.test.ts'],
          globalSetup: ['test/bundled.ts'],
        },
      },
      {
        test: {
          // A release at the emulator, by the commands and workflows themselves: `npm run test:walks` goes to DEV,
          // with `WALK_TO=PROD` on to PROD and back.
          name: 'walks',
          include: [
            'test/walks/release-walk.test.ts',
            'test/walks/variants.test.ts',
            ...(process.env['WALK_TO'] === 'PROD' ? ['test/walks/to-production.test.ts'] : []),
          ],
          // Each has an account of its own, and a machine's processors to itself.
          fileParallelism: false,
          globalSetup: ['test/bundled.ts'],
          testTimeout: 1_800_000,
          hookTimeout: 300_000,
          env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
        },
      },
      {
        test: {
          name: 'aws',
          include: ['test/aws/**/*.test.ts'],
          globalSetup: ['test/left-out.ts', 'test/official-schema-files.ts', 'test/bundled.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 100_000 } },
          fileParallelism: false,
          env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
        },
      },
    ],
  },
});
