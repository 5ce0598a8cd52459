import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from '@stryker-mutator/api/core';
import { BaseSequencer, createVitest, type TestSpecification, type Vitest } from 'vitest/node';
import { setup as buildFunctions } from '../bundled.ts';
import { setup as fetchSchemas } from '../official-schema-files.ts';
import { untried } from './vitest.config.ts';

/** Code with a break in one place. */
export interface BrokenFile {
  /** Path from the root of the project. */
  readonly file: string;
  readonly text: string;
}

/** The result of running tests against broken code. */
export interface Verdict {
  /** The first failing test, or the failure outside tests. Undefined when all pass. */
  readonly noticedBy: string | undefined;
}

/**
 * Runs unit tests against broken code in one process of Vitest. It gives the tests one file as broken, and
 * reuses the transformed code of all others. Each break has its own worker, so that code that runs while a
 * module loads is broken as well. Tests that read files or start programs see the code unbroken.
 */
export class InMemoryRunner {
  readonly #root: string;
  readonly #vitest: Vitest;
  #specifications: readonly TestSpecification[];
  #broken: BrokenFile | undefined;

  private constructor(
    root: string,
    vitest: Vitest,
    specifications: readonly TestSpecification[],
    breaking: (file: () => BrokenFile | undefined) => void,
  ) {
    this.#root = root;
    this.#vitest = vitest;
    this.#specifications = specifications;
    breaking(() => this.#broken);
  }

  /** @param tests test files, relative to the root */
  static async start(root: string, tests: readonly string[]): Promise<InMemoryRunner> {
    let broken: () => BrokenFile | undefined = () => undefined;
    const vitest = await createVitest(
      'test',
      {
        root,
        config: false,
        include: [...tests],
        exclude: [...untried],
        watch: false,
        bail: 1,
        isolate: false,
        pool: 'forks',
        maxWorkers: 1,
        fileParallelism: false,
        testTimeout: 120_000,
        hookTimeout: 120_000,
        expect: { poll: { timeout: 30_000 } },
        reporters: [{}],
        sequence: {
          sequencer: class extends BaseSequencer {
            override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
              return files;
            }
          },
        },
      },
      {
        plugins: [
          {
            name: 'broken-file',
            enforce: 'pre',
            transform(_, id) {
              const file = broken();
              return file && id.split('?')[0] === join(root, file.file) ? file.text : undefined;
            },
          },
        ],
      },
    );
    const specifications = await vitest.globTestSpecifications();
    return new InMemoryRunner(root, vitest, specifications, (reading) => {
      broken = reading;
    });
  }

  /** @param broken without it, the tests run against the unbroken code */
  async run(broken?: BrokenFile): Promise<Verdict> {
    const before = this.#broken;
    this.#broken = broken;
    for (const changed of [before, broken]) if (changed) this.#forget(changed.file);
    const { testModules, unhandledErrors } = await this.#vitest.runTestSpecifications([
      ...this.#specifications,
    ]);
    for (const module of testModules) {
      for (const test of module.children.allTests('failed')) return { noticedBy: test.fullName };
      for (const suite of module.children.allSuites()) {
        const [error] = suite.errors();
        if (error) return { noticedBy: `${suite.fullName}: ${error.message}` };
      }
      const [error] = module.errors();
      if (error) return { noticedBy: `${module.relativeModuleId}: ${error.message}` };
    }
    const [error] = unhandledErrors;
    return { noticedBy: error === undefined ? undefined : String(error) };
  }

  /**
   * Runs everything against the unbroken code. From then on, the fastest files run first.
   *
   * @throws when a test fails
   */
  async warmUp(): Promise<void> {
    const { noticedBy } = await this.run();
    if (noticedBy !== undefined)
      throw new Error(`a test fails where nothing is broken: ${noticedBy}`);
    const durations = new Map(
      this.#vitest.state
        .getTestModules()
        .map((module) => [module.moduleId, module.diagnostic().duration]),
    );
    const durationOf = ({ moduleId }: TestSpecification) => durations.get(moduleId) ?? 0;
    this.#specifications = [...this.#specifications].sort((a, b) => durationOf(a) - durationOf(b));
  }

  async stop(): Promise<void> {
    await this.#vitest.close();
  }

  #forget(file: string): void {
    for (const project of this.#vitest.projects) {
      for (const { moduleGraph } of Object.values(project.vite.environments)) {
        moduleGraph.onFileChange(join(this.#root, file));
      }
    }
  }
}

/** Tries each mutant, and records the results as `lines-reporter.mjs` does. */
export async function breakInMemory(
  root: string,
  mutants: readonly Mutant[],
  { tests, minutes }: { readonly tests: string; readonly minutes: number },
  lines: string,
): Promise<void> {
  const end = Date.now() + minutes * 60_000;
  const files = execFileSync(
    'git',
    ['ls-files', '--', ...tests.split(',').map((start) => `${start}*`)],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  await fetchSchemas();
  buildFunctions();
  const runner = await InMemoryRunner.start(
    root,
    files.split('\n').filter((file) => file.endsWith('.test.ts')),
  );
  try {
    await runner.warmUp();
    for (const mutant of mutants.filter(({ status }) => status !== 'Ignored')) {
      if (Date.now() > end) return;
      const { noticedBy } = await runner.run(withMutant(root, mutant));
      const { fileName, mutatorName, replacement } = mutant;
      const { line, column } = mutant.location.start;
      const location = { start: { line: line + 1, column } };
      const status = noticedBy === undefined ? 'Survived' : 'Killed';
      appendFileSync(
        lines,
        `${JSON.stringify({ fileName, location, mutatorName, replacement, status, noticedBy })}\n`,
      );
    }
  } finally {
    await runner.stop();
  }
}

function withMutant(root: string, { fileName, location, replacement }: Mutant): BrokenFile {
  const text = readFileSync(join(root, fileName), 'utf8');
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const offset = ({ line, column }: Mutant['location']['start']) => (starts[line] ?? 0) + column;
  return {
    file: fileName,
    text: text.slice(0, offset(location.start)) + replacement + text.slice(offset(location.end)),
  };
}
