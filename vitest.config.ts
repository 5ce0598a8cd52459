import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Many wait for programs that they start; one core less, as by default, would be idle half the time.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/aws/**', 'test/pages/**', 'test/images/**'],
          globalSetup: ['test/left-out.ts', 'test/official-schema-files.ts', 'test/bundled.ts'],
          // Files share their modules: loading those anew for each took most of the time.
          isolate: false,
          // They wait for events; these bounds are for what never comes, on a machine that is busy.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 100_000 } },
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
