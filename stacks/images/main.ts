/**
 * `npm run images`: builds the container image of each process and pushes it to its registry, which SHARED
 * created, tagged by content. An image that is already in the registry is skipped.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { installationData } from '../../environments/index.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { requirePinnedBase } from '../base-image/base-image.ts';
import { sharedNames } from '../names.ts';
import { readOfferedCatalogue } from '../process-folders.ts';
import { type Builder, builders, findBuilder, runCommand } from './builder.ts';
import { contentTag } from './content-tag.ts';
import { imagePlan } from './image-plan.ts';
import { Registry, registryHost } from './registry.ts';

interface Options {
  readonly builder?: Builder;
  readonly only: readonly string[];
  readonly shared: string;
  readonly registry?: string;
  readonly platform: string;
  readonly nodeImage?: string;
  readonly push: boolean;
  readonly dryRun: boolean;
  readonly tags: boolean;
}

const root = join(import.meta.dirname, '..', '..');
const distFolder = join(root, 'dist');

const program = new Command('images')
  .description('Builds and pushes the container images of processes, tagged by content.')
  .addOption(new Option('-b, --builder <program>', 'default: the first found').choices(builders))
  .option('-o, --only <names...>', 'folders of processes; default: all', [])
  .option('-s, --shared <name>', 'the SHARED whose account has the registries', 'SHARED')
  .option('--registry <host>', 'push there instead, with the credentials that the builder has')
  .option('--platform <platform>', 'of the machines that jobs run on', 'linux/amd64')
  .option('--node-image <image>', 'stands in for the Node.js image of the Dockerfiles: a mirror’s')
  .option('--no-push', 'build only')
  .option('--dry-run', 'print the commands, run none, ask nothing of AWS', false)
  .option('--tags', 'print name and tag of each image, and do nothing', false)
  .action(images);

async function images(options: Options): Promise<void> {
  const { accounts } = parseInstallation(installationData);
  const account = accounts.find(({ shared }) => shared.name === options.shared)?.shared.account;
  if (!account) {
    const known = accounts.map(({ shared }) => shared.name).join(', ');
    throw new Error(`--shared is "${options.shared}"; allowed: ${known}`);
  }
  const offered = await readOfferedCatalogue(installationData, catalogue);
  const wanted = chosen(options.only, offered.all);
  const tagged = wanted.map((name) => {
    const folder = offered.folderOf(name);
    return { name, folder, tag: contentTag(folder, { root, distFolder }) };
  });
  if (options.tags) {
    for (const { name, tag } of tagged) process.stdout.write(`${name} ${tag}\n`);
    return;
  }
  if (options.nodeImage === undefined) {
    requirePinnedBase((file) => readFileSync(join(root, file), 'utf8'));
  }
  const registry = new Registry(account.region);
  const host =
    options.registry ??
    (options.dryRun || !options.push
      ? registryHost(account.id ?? '<account>', account.region)
      : await registry.host());
  const asks = options.push && !options.dryRun && options.registry === undefined;
  const missing = [];
  for (const { name, folder, tag } of tagged) {
    const repository = sharedNames(account.prefix).registry(name);
    const reference = `${host}/${repository}:${tag}`;
    if (asks && (await registry.has(repository, tag))) {
      process.stdout.write(`${reference} is in the registry already\n`);
    } else {
      missing.push({ name, folder, reference });
    }
  }
  const builder =
    options.builder ?? (options.dryRun || missing.length === 0 ? builders[0] : findBuilder());
  const plan = imagePlan({
    builder,
    root,
    images: missing,
    platform: options.platform,
    ...(options.nodeImage === undefined ? {} : { nodeImage: options.nodeImage }),
    push: options.push,
  });
  const login = [builder, 'login', '--username', 'AWS', '--password-stdin', host] as const;
  if (options.dryRun) {
    if (options.push && options.registry === undefined) print('log in to the registry', login);
    for (const { purpose, command } of plan) print(purpose, command);
    return;
  }
  if (asks && missing.length > 0) runCommand(login, await registry.password());
  for (const { purpose, command } of plan) {
    print(purpose, command);
    runCommand(command);
  }
  for (const { reference } of missing) {
    process.stdout.write(`${reference} ${options.push ? 'pushed' : 'built'}\n`);
  }
}

function print(purpose: string, command: readonly string[]): void {
  process.stdout.write(`# ${purpose}\n${command.map(quoted).join(' ')}\n`);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function chosen(
  only: readonly string[],
  offered: readonly ProcessDescription[],
): readonly string[] {
  const known = [...new Set(offered.map(({ job }) => job.image))];
  const unknown = only.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`--only names ${unknown.join(', ')}; allowed: ${known.join(', ')}`);
  }
  return only.length === 0 ? known : known.filter((name) => only.includes(name));
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`images: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
