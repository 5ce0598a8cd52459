/**
 * `npm run mutants`: breaks the code in one small way at a time, and reports the breaks that no unit test
 * notices. `docs/mutants.md` describes its use.
 */

import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { schemasDir } from '../official-schema-files.ts';
import { breakInMemory } from './in-memory.ts';
import { mutantReport, type TriedMutant } from './mutant-report.ts';
import { mutantsOf, rangeOf, sampleOf } from './mutants-of.ts';

const root = join(import.meta.dirname, '..', '..');
/** The broken copy of the project, and the results. Never committed. */
const folder = join(root, '.mutants');
const mutated = /^(lambda|batch-jobs|stacks|environments|ami)\/.*(?<!\.d)\.ts$/;
/** Scripts of the pages run in a browser, which no unit test starts. */
const inBrowser = /^lambda\/protocols\/html\/client\//;

interface Options {
  readonly changed?: string;
  readonly tests: string;
  readonly most: number;
  readonly seed: string;
  readonly minutes: number;
  readonly workers: number;
  readonly inMemory: boolean;
}

const whole = (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError(`"${text}" is no whole number above 0.`);
  }
  return value;
};

const program = new Command('npm run mutants --')
  .argument('[paths...]', 'folders or files to break; all of the code when left out')
  .option('--changed <branch>', 'only files that differ from this branch')
  .option('--tests <paths>', 'only tests whose paths begin so, separated by commas', 'test')
  .option('--most <n>', 'mutants to try; more are sampled', whole, 200)
  .option('--seed <text>', 'another seed chooses another sample', '1')
  .option('--minutes <n>', 'stop after this time and report what was found', whole, 60)
  .option('--workers <n>', 'test runners at once', whole, availableParallelism())
  .option('--in-memory', 'for code that runs while tests are set up, as the stacks do', false)
  .parse();

const options = program.opts<Options>();
const files = filesIn(program.args, options.changed);
if (files.length === 0) {
  console.log('There is no code to break in these paths.');
} else {
  await breakAll(files);
}

function filesIn(paths: readonly string[], changed: string | undefined): readonly string[] {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
  const tracked = git('ls-files', '--', ...paths).filter(
    (file) => mutated.test(file) && !inBrowser.test(file),
  );
  if (changed === undefined) return tracked;
  const differing = new Set(git('diff', '--name-only', changed));
  return tracked.filter((file) => differing.has(file));
}

async function breakAll(files: readonly string[]): Promise<void> {
  const all = await mutantsOf(root, files);
  const chosen = sampleOf(all, options);
  console.log(
    `${all.length} mutants of ${files.length} files; ${chosen.length} are tried (seed ${options.seed}).`,
  );
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const lines = join(folder, 'mutants.jsonl');
  writeFileSync(lines, '');
  if (options.inMemory) await breakInMemory(root, chosen, options, lines);
  else await breakInCopy(files, chosen, all, lines);
  const tried = readFileSync(lines, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line): TriedMutant => JSON.parse(line))
    .map((mutant) => ({ ...mutant, fileName: relative(root, resolve(root, mutant.fileName)) }));
  const report = mutantReport(tried, chosen.length);
  writeFileSync(join(folder, 'report.md'), report);
  console.log(`\n${report}\nThe same is in .mutants/report.md.`);
}

type Mutants = Awaited<ReturnType<typeof mutantsOf>>;

/** Uses StrykerJS, which runs only the tests that reach a mutant. */
async function breakInCopy(
  files: readonly string[],
  chosen: Mutants,
  all: Mutants,
  lines: string,
): Promise<void> {
  // Tests look for files beside the project, so the copy needs them beside it, too.
  const shared = join(root, '..', 'shared');
  if (existsSync(shared)) symlinkSync(shared, join(folder, 'shared'));
  const settings = join(folder, 'stryker.json');
  writeFileSync(settings, JSON.stringify(strykerSettings(files, chosen, all), null, 2));
  await run(settings, lines);
  for (const copy of readdirSync(folder).filter((name) => name.startsWith('sandbox'))) {
    rmSync(join(folder, copy), { recursive: true, force: true });
  }
}

function strykerSettings(files: readonly string[], chosen: Mutants, all: Mutants): object {
  return {
    testRunner: 'vitest',
    vitest: { configFile: 'test/mutants/vitest.config.ts', related: true },
    // StrykerJS rewrites this file with a TypeScript older than version 7. There is nothing to rewrite.
    tsconfigFile: 'none.json',
    plugins: [
      '@stryker-mutator/vitest-runner',
      './test/mutants/lines-reporter.mjs',
      './test/mutants/log-words.mjs',
    ],
    ignorers: ['log-words'],
    reporters: ['lines', 'progress-append-only'],
    coverageAnalysis: 'perTest',
    concurrency: options.workers,
    // Types are not checked in the copy.
    disableTypeChecks: false,
    dryRunTimeoutMinutes: 20,
    timeoutMS: 60_000,
    tempDirName: '.mutants',
    cleanTempDir: false,
    allowEmpty: true,
    mutate: chosen.length === all.length ? files : chosen.map(rangeOf),
    ignorePatterns: ['.git', 'cdktf.out', 'dist', 'docs/**/*.png'],
  };
}

/** Resolves when StrykerJS ends, or when the time is over. */
async function run(settings: string, lines: string): Promise<void> {
  const stryker = join(root, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
  const child = spawn(process.execPath, [stryker, 'run', settings], {
    cwd: root,
    // The child has its own process group, so that its test runners end with it.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      MUTANTS_LINES: lines,
      MUTANTS_TESTS: options.tests,
      OGC_SCHEMAS_DIR: schemasDir,
    },
  });
  const end = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  const timer = setTimeout(end, options.minutes * 60_000);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end);
  await new Promise<void>((resolve) => child.once('close', () => resolve()));
  clearTimeout(timer);
}
