import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Tests that build images and packages, draw whole worlds of faults, or read whole archives. Together they
 * need minutes of processor time, so `npm run test:slow` runs them and `npm test` takes only two minutes.
 */
export const slow = [
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

/** The AWS SDK warns of Node.js 20 in each worker. The functions run on a later one. */
const env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/** Test files of a project share their modules. Loading the modules for each file took most of the time. */
const inSharedModules = {
  globalSetup: [
    'test/left-out.ts',
    'test/official-schema-files.ts',
    'test/python-program.ts',
    'test/bundled.ts',
  ],
  isolate: false,
  env,
  // Tests wait for events. These limits are for an event that never comes, on a busy machine.
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 100_000 } },
};

export default defineConfig({
  test: {
    // Many tests wait for programs or events. With one worker per core, a third of the time is idle.
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
          expect: { poll: { timeout: 100_000 } },
          // Each file runs a browser and a service. Two files at a time would slow each other down.
          fileParallelism: false,
        },
      },
      {
        test: {
          // `npm run test:images` builds with a real builder and takes minutes.
          name: 'images',
          include: ['test/images/**/*.test.ts'],
          globalSetup: ['test/bundled.ts'],
        },
      },
      {
        test: {
          // Releases at the emulator with the real commands and workflows. `npm run test:walks` releases to DEV,
          // and with `WALK_TO=PROD` on to PROD and back.
          name: 'walks',
          include: [
            'test/walks/release-walk.test.ts',
            'test/walks/variants.test.ts',
            ...(process.env['WALK_TO'] === 'PROD' ? ['test/walks/to-production.test.ts'] : []),
          ],
          // Each file has its own account, and uses all processors of the machine.
          fileParallelism: false,
          globalSetup: ['test/bundled.ts'],
          testTimeout: 1_800_000,
          hookTimeout: 300_000,
          env,
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
          env,
        },
      },
    ],
  },
});
