import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** The imports that a file may and may not have. */
interface Fence {
  readonly file: string;
  readonly allowed: readonly string[];
  readonly refused: readonly string[];
}

const fences: readonly Fence[] = [
  {
    file: 'environments/dev.ts',
    allowed: ['./environment.ts', 'zod', '../batch-jobs/api/job-cost.ts'],
    refused: [
      '../lambda/configuration/configuration-keys.ts',
      '../stacks/names.ts',
      '../batch-jobs/catalogue.ts',
      'cdktf',
      '@cdktf/provider-aws/lib/s3-bucket',
    ],
  },
  {
    file: 'ami/image-pipeline.ts',
    allowed: ['../environments/shared-settings.ts', 'cdktf'],
    refused: ['../stacks/names.ts', '../batch-jobs/catalogue.ts', '../lambda/service.ts'],
  },
  {
    file: 'lambda/callbacks/callbacks.ts',
    allowed: [
      '../../batch-jobs/api/job-store.ts',
      '../../batch-jobs/runner/checked-connector.ts',
      '../protocols/ogc-api/encode-results.ts',
    ],
    refused: ['../service.ts', '../operations/execute.ts', '../../batch-jobs/runner/run-job.ts'],
  },
  {
    file: 'lambda/mail/job-mail.ts',
    allowed: ['../../batch-jobs/api/job-store.ts', 'nodemailer'],
    refused: ['../service.ts', '../operations/execute.ts', '@aws-sdk/client-sesv2'],
  },
  {
    file: 'stacks/main.ts',
    allowed: ['../environments/index.ts', '../ami/image-pipeline.ts', '../batch-jobs/catalogue.ts'],
    refused: ['../lambda/handler.ts', '../test/bundled.ts', '@aws-sdk/client-s3'],
  },
  {
    file: 'stacks/operate/doctor/check-queues.ts',
    allowed: [
      '../../names.ts',
      '../../constructs/release.ts',
      '../../../lambda/operations/execute.ts',
      '../../../lambda/aws/batch-job-engine.ts',
      '../../../batch-jobs/api/s3-object-store.ts',
      '@aws-sdk/client-iam',
    ],
    refused: [
      '../../environment-stack.ts',
      '../../constructs/network.ts',
      '../../../lambda/service.ts',
      '../../../lambda/embedded/embedded-service.ts',
      '../../../batch-jobs/runner/run-job.ts',
      '../../../test/bundled.ts',
    ],
  },
  {
    file: 'stacks/constructs/network.ts',
    allowed: [
      '../../lambda/configuration/configuration-keys.ts',
      '../../batch-jobs/api/retry-strategy.ts',
      '../names.ts',
    ],
    refused: [
      '../../batch-jobs/api/s3-object-store.ts',
      '../../batch-jobs/api/job-store.ts',
      '../../batch-jobs/runner/run-job.ts',
    ],
  },
  {
    file: 'batch-jobs/api/job-store.ts',
    allowed: ['./object-store.ts', './job.ts', 'node:crypto'],
    refused: [
      '../catalogue.ts',
      '../runner/run-job.ts',
      '../echo/process.ts',
      '../../lambda/service.ts',
      '../../lambda/protocols/ows/namespaces.ts',
      './s3-object-store.ts',
      './file-object-store.ts',
      '@aws-sdk/client-s3',
    ],
  },
  {
    file: 'batch-jobs/api/s3-object-store.ts',
    allowed: ['./object-store.ts', './s3-client.ts', '@aws-sdk/client-s3'],
    refused: ['../catalogue.ts', './job-store.ts', './file-object-store.ts', 'cdktf'],
  },
  {
    file: 'batch-jobs/runner/run-job.ts',
    allowed: ['../api/job-store.ts', '../api/process-description.ts'],
    refused: [
      '../catalogue.ts',
      '../gogoduck/subset.ts',
      '../api/s3-object-store.ts',
      '../api/file-object-store.ts',
      '../../lambda/service.ts',
      '../../lambda/operations/execute.ts',
      '../../lambda/protocols/wps-1.0/encode-execute-response.ts',
      '@aws-sdk/client-s3',
    ],
  },
  {
    file: 'batch-jobs/runner/run-attempt.ts',
    allowed: ['../catalogue.ts', '../api/s3-object-store.ts', '../api/file-object-store.ts'],
    refused: ['../echo/process.ts', '../../lambda/handler.ts', '../../environments/index.ts'],
  },
  {
    file: 'batch-jobs/catalogue.ts',
    allowed: ['./api/process-description.ts', './echo/process.ts', './new-process/process.ts'],
    refused: [
      './gogoduck/run.ts',
      './runner/main.ts',
      './api/job-store.ts',
      '../lambda/service.ts',
    ],
  },
  {
    file: 'batch-jobs/new-process/process.ts',
    allowed: [
      '../api/process-description.ts',
      '../api/exit-codes.ts',
      './main.ts',
      './grid/axis.ts',
    ],
    refused: [
      '../echo/process.ts',
      '../gogoduck/subset.ts',
      '../runner/run-job.ts',
      '../catalogue.ts',
      '../api/job-store.ts',
      '../api/s3-object-store.ts',
      '../../lambda/protocols/ows/namespaces.ts',
      '@aws-sdk/client-s3',
    ],
  },
  {
    file: 'batch-jobs/gogoduck/aggregate/aggregate.ts',
    allowed: ['../grid/header.ts', '../job-error.ts', '../../api/process-description.ts'],
    refused: ['../../echo/process.ts', '../../runner/run-job.ts', '../../../lambda/service.ts'],
  },
  {
    file: 'batch-jobs/gogoduck/s3-objects.ts',
    allowed: ['./netcdf/zarr/remote-objects.ts', '../api/s3-connection.ts', '../api/s3-client.ts'],
    refused: ['./run.ts', '../api/s3-object-store.ts', '../api/job-store.ts', '@aws-sdk/client-s3'],
  },
  {
    file: 'batch-jobs/gogoduck/aggregate/deep/deeper.ts',
    allowed: ['../aggregate.ts', '../../job-error.ts', '../../../api/exit-codes.ts'],
    refused: ['../../../echo/process.ts', '../../../../lambda/service.ts'],
  },
  {
    file: 'lambda/protocols/wps-1.0/encode-execute-response.ts',
    allowed: [
      '../ows/build-xml.ts',
      'libxml2-wasm',
      '../../../batch-jobs/api/job.ts',
      '../../../batch-jobs/api/process-description.ts',
    ],
    refused: [
      '../wps-2.0/encode-status.ts',
      '../html/pages.ts',
      '../../service.ts',
      '../../handler.ts',
      '../../../batch-jobs/api/job-store.ts',
      '../../../batch-jobs/api/s3-object-store.ts',
      '../../../batch-jobs/catalogue.ts',
      '../../jobs/repair-job.ts',
      '../../aws/batch-connection.ts',
      'node:child_process',
      'node:fs',
      'node:fs/promises',
      'node:net',
      '@aws-sdk/client-s3',
    ],
  },
  {
    file: 'lambda/operations/execute.ts',
    allowed: [
      './execute-command.ts',
      '../jobs/job-engine.ts',
      '../jobs/repair-job.ts',
      '../configuration/configuration.ts',
      '../../batch-jobs/api/job-store.ts',
    ],
    refused: [
      '../protocols/wps-1.0/requests.ts',
      '../protocols/ows/ows-exception.ts',
      '../http.ts',
      '../aws/batch-job-engine.ts',
      '../embedded/local-job-engine.ts',
      '../aws/aws-environments.ts',
      '../aws/powertools-metrics.ts',
      '../aws/s3-configuration-file.ts',
      '../embedded/http-server.ts',
      '../service.ts',
      '../handler.ts',
      '../../batch-jobs/api/s3-object-store.ts',
      '../../batch-jobs/api/file-object-store.ts',
      '../../batch-jobs/catalogue.ts',
      '../../batch-jobs/runner/run-job.ts',
      '../../stacks/names.ts',
      '@aws-sdk/client-batch',
    ],
  },
  {
    file: 'lambda/jobs/repair-job.ts',
    allowed: ['./job-engine.ts', './reconcile.ts', '../../batch-jobs/api/job.ts'],
    refused: [
      '../protocols/ows/ows-exception.ts',
      '../operations/execute.ts',
      '../aws/batch-job-engine.ts',
      '../embedded/local-job-engine.ts',
      '../local.ts',
      '../demo/demo.ts',
      '../../batch-jobs/runner/run-job.ts',
      '../../batch-jobs/catalogue.ts',
      '../../batch-jobs/gogoduck/process.ts',
      '../../environments/index.ts',
      '@aws-sdk/client-s3',
    ],
  },
  {
    file: 'lambda/configuration/configuration-source.ts',
    allowed: ['../jobs/metrics.ts', './parse-configuration.ts', '../../batch-jobs/api/log.ts'],
    refused: ['../aws/s3-configuration-file.ts', '../../batch-jobs/api/s3-client.ts'],
  },
  {
    file: 'lambda/aws/aws-environments.ts',
    allowed: ['./batch-job-engine.ts', '../../batch-jobs/catalogue.ts', '@aws-sdk/client-batch'],
    refused: [
      '../embedded/local-job-engine.ts',
      '../embedded/embedded-service.ts',
      '../../batch-jobs/api/file-object-store.ts',
      '../../batch-jobs/runner/run-job.ts',
      '../../batch-jobs/gogoduck/process.ts',
      '../../stacks/names.ts',
      'cdktf',
    ],
  },
  {
    file: 'lambda/embedded/embedded-service.ts',
    allowed: [
      './local-job-engine.ts',
      '../service.ts',
      '../../batch-jobs/api/file-object-store.ts',
    ],
    refused: [
      '../aws/batch-job-engine.ts',
      '../aws/aws-environments.ts',
      '../aws/powertools-log.ts',
      '../../batch-jobs/api/s3-object-store.ts',
      '../../batch-jobs/runner/run-job.ts',
      '@aws-sdk/client-s3',
    ],
  },
  {
    file: 'lambda/demo/demo.ts',
    allowed: ['../embedded/embedded-service.ts', '../../batch-jobs/gogoduck/sample-layer.ts'],
    refused: ['../handler.ts', '../../batch-jobs/runner/run-job.ts', '@aws-sdk/client-s3'],
  },
  {
    file: 'lambda/build/bundle.ts',
    allowed: ['./builtins-plugin.ts', 'esbuild'],
    refused: ['../handler.ts', '../../batch-jobs/catalogue.ts'],
  },
];

/** The ways in which one file can depend on another. */
const forms: readonly ((address: string) => string)[] = [
  (address) => `import { name } from '${address}';`,
  (address) => `import type { Name } from '${address}';`,
  (address) => `export const late = () => import('${address}');`,
  (address) => `export * from '${address}';`,
];

interface Violation {
  readonly from: string;
  readonly to: string;
}

interface Cruise {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: { readonly violations: readonly Violation[] };
}

/** Runs the fences on a folder that holds the project or a part of it. */
function cruise(folder: string, places: readonly string[]): Cruise {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
      ...['--config', join(root, '.dependency-cruiser.mjs'), '--output-type', 'json', ...places],
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  expect(stdout, stderr).toMatch(/^\{/);
  return JSON.parse(stdout);
}

/** The addresses that the fences refuse to each file when it depends on them in the given form. */
async function refused(
  form: (address: string) => string,
  files: Readonly<Record<string, readonly string[]>>,
): Promise<Record<string, string[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'fences-'));
  const write = async (file: string, content: string) => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), content, { flag: 'a' });
  };
  try {
    for (const [file, addresses] of Object.entries(files)) {
      await write(file, addresses.map(form).join('\n'));
      for (const address of addresses) {
        if (address.startsWith('.')) await write(join(dirname(file), address), '');
      }
    }
    const { violations } = cruise(folder, ['.']).summary;
    return Object.fromEntries(
      Object.entries(files).map(([file, addresses]) => {
        const targets = violations.filter(({ from }) => from === file).map(({ to }) => to);
        const isRefused = (address: string) =>
          targets.includes(
            address.startsWith('.') ? join(dirname(file), address) : address.replace('node:', ''),
          );
        return [file, addresses.filter(isRefused)];
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the fences', () => {
  it.each([
    ['values', forms[0]],
    ['types', forms[1]],
    ['modules that are loaded late', forms[2]],
    ['names that are passed on', forms[3]],
  ] as const)('the import fences refuse %s that cross one, and no others', async (_, form) => {
    const files = fences.map(({ file, allowed, refused }) => [file, [...allowed, ...refused]]);
    const expected = fences.map((fence) => [fence.file, fence.refused]);
    expect(await refused(form as (typeof forms)[number], Object.fromEntries(files))).toEqual(
      Object.fromEntries(expected),
    );
  });

  it('the import fences look at every source file', async () => {
    const files = await sourceFiles();
    const looked = new Set(cruise(root, folders).modules.map(({ source }) => source));
    expect(files.filter((file) => !looked.has(file))).toEqual([]);
  });

  it('the import fences cover every source file: none may import a test', async () => {
    const files = await sourceFiles();
    const test = (file: string) => relative(dirname(file), 'test/planted.ts');
    const planted = Object.fromEntries(files.map((file) => [file, [test(file)]]));
    const form = forms[0] as (typeof forms)[number];
    expect(await refused(form, planted)).toEqual(planted);
  });
});

const folders = ['ami', 'batch-jobs', 'docs', 'environments', 'lambda', 'stacks'];

async function sourceFiles(): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    for (const path of await readdir(join(root, folder), { recursive: true })) {
      if (path.endsWith('.ts')) found.push(join(folder, path));
    }
  }
  return found;
}
