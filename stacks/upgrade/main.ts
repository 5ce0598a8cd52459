/**
 * `npm run try-upgrade -- provider-6` or `-- cdktn`: moves a copy of the project to newer versions, checks
 * its types, synthesises it, and reports the differences from today's Terraform. The project itself does not
 * change; `--keep` keeps the copy, whose changes are the upgrade.
 */

import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compareStacks } from './compare-stacks.ts';
import { moved, type Upgrade, type UpgradeName, upgrades } from './upgrades.ts';

const root = join(import.meta.dirname, '..', '..');
const [name = '', ...options] = process.argv.slice(2);
const print = (text: string) => process.stdout.write(`${text}\n`);

if (!(name in upgrades)) {
  process.stderr.write(
    `"${name}" is no upgrade; allowed: ${Object.keys(upgrades).join(', ')}, and --keep behind it\n`,
  );
  process.exitCode = 64;
} else {
  tryUpgrade(upgrades[name as UpgradeName], options.includes('--keep'));
}

function tryUpgrade(upgrade: Upgrade, keep: boolean): void {
  const folder = mkdtempSync(join(tmpdir(), 'upgrade-'));
  const copy = join(folder, 'project');
  try {
    const files = copyOf(copy);
    link(root, namesIn(join(root, 'node_modules')), copy);
    const today = synthesise(copy, join(folder, 'today'));
    const changed = files.filter((file) => move(join(copy, file), upgrade));
    print(`${changed.length} files moved: ${changed.join(', ')}`);
    for (const [now, then] of Object.entries(upgrade.attributes)) {
      print(`renamed: ${then} is ${now}`);
    }
    link(install(folder, upgrade), Object.keys(upgrade.packages), copy);
    run(copy, process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.']);
    print('types: checked');
    const upgraded = synthesise(copy, join(folder, 'upgraded'));
    for (const [stack, configuration] of Object.entries(today)) {
      report(stack, compareStacks(configuration, upgraded[stack] ?? {}, upgrade.attributes));
    }
    if (keep) print(`the copy is in ${copy}`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  } finally {
    if (!keep) rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns the modules of the project, except those of this folder, which names both sides */
function copyOf(copy: string): readonly string[] {
  const tracked = run(root, 'git', ['ls-files']).split('\n').filter(Boolean);
  for (const file of tracked) {
    const target = join(copy, file);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(root, file), target);
  }
  cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
  return tracked.filter((file) => file.endsWith('.ts') && !file.startsWith('stacks/upgrade/'));
}

/** @returns whether the file needed a change */
function move(file: string, upgrade: Upgrade): boolean {
  const source = readFileSync(file, 'utf8');
  const result = moved(source, upgrade);
  if (result !== source) writeFileSync(file, result);
  return result !== source;
}

/** @returns the folder with the packages of the upgrade */
function install(folder: string, { packages }: Upgrade): string {
  const own = join(folder, 'packages');
  mkdirSync(own);
  writeFileSync(join(own, 'package.json'), JSON.stringify({ private: true }));
  const versions = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  run(own, 'npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...versions]);
  return own;
}

/** Puts the packages of one folder into a project, in place of those with the same names. */
function link(from: string, names: readonly string[], project: string): void {
  for (const name of names) {
    const target = join(project, 'node_modules', name);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(join(from, 'node_modules', name), target);
  }
}

function namesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@')
        ? readdirSync(join(folder, name)).map((part) => `${name}/${part}`)
        : [name],
    );
}

type Stacks = Readonly<Record<string, Parameters<typeof compareStacks>[0]>>;

function synthesise(project: string, outdir: string): Stacks {
  run(project, process.execPath, ['--import', 'tsx', 'stacks/main.ts'], { CDKTF_OUTDIR: outdir });
  const stacks = join(outdir, 'stacks');
  return Object.fromEntries(
    readdirSync(stacks).map((stack) => [
      stack,
      JSON.parse(readFileSync(join(stacks, stack, 'cdk.tf.json'), 'utf8')),
    ]),
  );
}

function report(stack: string, { gone, added, changed }: ReturnType<typeof compareStacks>): void {
  const lines = [
    ...gone.map((address) => `  would be destroyed: ${address}`),
    ...added.map((address) => `  would be created: ${address}`),
    ...changed.map((change) => `  differs: ${change}`),
  ];
  print(lines.length === 0 ? `${stack}: the same Terraform` : [`${stack}:`, ...lines].join('\n'));
}

/** @throws with the program's output */
function run(
  folder: string,
  program: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): string {
  try {
    return execFileSync(program, args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, ...variables },
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  }
}
