import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** What a file may import, and what it may not: `{ names } address`, or an address alone. */
interface Fence {
  readonly file: string;
  readonly allowed: readonly string[];
  readonly refused: readonly string[];
}

const fences: readonly Fence[] = [
  {
    file: 'environments/dev.ts',
    allowed: ['./environment.ts', 'zod'],
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
    file: 'stacks/main.ts',
    allowed: ['../environments/index.ts', '../ami/image-pipeline.ts', '../batch-jobs/catalogue.ts'],
    refused: ['../lambda/handler.ts', '../test/bundled.ts', '@aws-sdk/client-s3'],
  },
  {
    file: 'stacks/constructs/network.ts',
    allowed: [
      '../../lambda/configuration/configuration-keys.ts',
      '../../batch-jobs/api/retry-strategy.ts',
      '../names.ts',
    ],
    refused: [
      '../../lambda/configuration/configuration.ts',
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
    allowed: ['../api/job-store.ts', '../../lambda/protocols/wps-1.0/encode-execute-response.ts'],
    refused: [
      '../catalogue.ts',
      '../gogoduck/subset.ts',
      '../api/s3-object-store.ts',
      '../api/file-object-store.ts',
      '../../lambda/service.ts',
      '../../lambda/operations/execute.ts',
      '@aws-sdk/client-s3',
    ],
  },
  {
    file: 'batch-jobs/runner/main.ts',
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
    file: 'batch-jobs/gogoduck/aggregate/deep/deeper.ts',
    allowed: ['../aggregate.ts', '../../job-error.ts', '../../../api/exit-codes.ts'],
    refused: ['../../../echo/process.ts', '../../../../lambda/service.ts'],
  },
  {
    file: 'lambda/protocols/wps-1.0/encode-execute-response.ts',
    allowed: [
      '../ows/build-xml.ts',
      'libxml2-wasm',
      '{ type Job } ../../../batch-jobs/api/job.ts',
      '{ type ProcessDescription } ../../../batch-jobs/api/process-description.ts',
    ],
    refused: [
      '{ isFinal } ../../../batch-jobs/api/job.ts',
      '{ type Job, changeJob } ../../../batch-jobs/api/job.ts',
      '../../../batch-jobs/api/job-store.ts',
      '../../../batch-jobs/api/s3-object-store.ts',
      '../../../batch-jobs/catalogue.ts',
      '../../jobs/repair-job.ts',
      '../../aws/batch-connection.ts',
      '../../service-parts.ts',
      '../../operations/execute.ts',
      '../../configuration/configuration.ts',
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
      '../protocols/wps-1.0/requests.ts',
      '../jobs/job-engine.ts',
      '../service-parts.ts',
      '../jobs/repair-job.ts',
      '../configuration/configuration.ts',
      '../../batch-jobs/api/job-store.ts',
    ],
    refused: [
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
    allowed: ['./http-plugin.ts', 'esbuild'],
    refused: ['../handler.ts', '../../batch-jobs/catalogue.ts'],
  },
];

/** The import of `{ names } address`, or of an address alone. */
function importOf(line: string): string {
  const [, names = '{ name }', address] = /^(\{.*\})? ?(.*)$/.exec(line) ?? [];
  return `import ${names} from '${address}';`;
}

/** The statements that the project's lint rules refuse, by file, each a line of it. */
async function refused(
  files: Readonly<Record<string, readonly string[]>>,
): Promise<Record<string, string[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'fences-'));
  try {
    await copyFile(join(root, 'biome.json'), join(folder, 'biome.json'));
    for (const [file, statements] of Object.entries(files)) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), statements.join('\n'));
    }
    const { stdout, stderr } = spawnSync(
      join(root, 'node_modules', '.bin', 'biome'),
      [
        ...['lint', '--only=style/noRestrictedImports', '--vcs-enabled=false'],
        ...['--max-diagnostics=none', '--reporter=json', '.'],
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(stdout, stderr).toMatch(/^\{/);
    const { diagnostics, summary } = JSON.parse(stdout);
    expect(summary.diagnosticsNotPrinted).toBe(0);
    const lines = new Set<string>();
    for (const { location } of diagnostics) lines.add(`${location.path}:${location.start.line}`);
    return Object.fromEntries(
      Object.entries(files).map(([file, statements]) => [
        file,
        statements.filter((_, index) => lines.has(`${file}:${index + 1}`)),
      ]),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the lint rules', () => {
  it('refuse each import that crosses a fence, and no other', async () => {
    const files = fences.map(
      (fence) => [fence.file, [...fence.allowed, ...fence.refused].map(importOf)] as const,
    );
    const expected = fences.map((fence) => [fence.file, fence.refused.map(importOf)] as const);
    expect(await refused(Object.fromEntries(files))).toEqual(Object.fromEntries(expected));
  });

  it('refuse types, what is loaded late and what is passed on as well', async () => {
    const statements = [
      "import type { Name } from '../../stacks/names.ts';",
      "const { name } = await import('../../stacks/names.ts');",
      "export { name } from '../../stacks/names.ts';",
      "export * from '../../stacks/names.ts';",
    ];
    expect(await refused({ 'lambda/jobs/reconcile.ts': statements })).toEqual({
      'lambda/jobs/reconcile.ts': statements,
    });
  });

  it('cover each folder that has code of its own', async () => {
    const files = await sourceFiles();
    const outside = "import { name } from '../../../../../test/bundled.ts';";
    const uncovered = await refused(Object.fromEntries(files.map((file) => [file, [outside]])));
    expect(Object.keys(uncovered).filter((file) => uncovered[file]?.length === 0)).toEqual([]);
  });
});

async function sourceFiles(): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ['ami', 'batch-jobs', 'environments', 'lambda', 'stacks']) {
    for (const path of await readdir(join(root, folder), { recursive: true })) {
      if (path.endsWith('.ts')) found.push(join(folder, path));
    }
  }
  return found;
}
