import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { JobStore } from '../../batch-jobs/api/job-store.ts';
import type { Installation } from '../../environments/installation.ts';
import { environmentNames } from '../../environments/release-settings.ts';
import type { JobDesk } from './jobs/job-desk.ts';
import { type Target, type TargetOptions, targetOf } from './target.ts';
import { OperatorFault, type Terminal } from './terminal.ts';

/** How to call the commands, for messages that name one. */
export const callOf = 'npm run operate --';

export interface Output {
  readonly json: boolean;
}

/** The dependencies of the commands. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly installation: () => Installation;
}

/** Prints the result of a command: as JSON if requested, otherwise as text. */
export function give(
  { terminal }: CommandContext,
  value: unknown,
  text: () => string,
  { json }: Output,
): void {
  terminal.print(json ? JSON.stringify(value, null, 2) : text());
}

/** Adds the options that select the target of a command. */
export function onTarget(command: Command): Command {
  return command
    .addOption(named(new Option('-e, --env <name>', 'an environment')))
    .option('--endpoint <url>', 'a service by its address, such as http://127.0.0.1:8080')
    .option('--data-dir <folder>', 'a service on this machine by its data folder')
    .option('-H, --header <name: value>', 'sent with every request to an endpoint', header, [])
    .option('--json', 'prints JSON', false);
}

/** @param usage `<environment>`, or `[environment]` for one that `--env` may name instead */
export function environmentArgument(usage: string, description: string): Argument {
  return named(new Argument(usage, description));
}

/** Shells complete the names of environments, and any case is accepted. */
function named<T extends Option | Argument>(word: T): T {
  word.choices(environmentNames);
  word.argParser((text: string) => text);
  return word;
}

/** Adds examples to the help of a command, and returns the command. */
export function examples(command: Command, ...lines: readonly string[]): void {
  command.addHelpText(
    'after',
    `\nExamples:\n${lines.map((line) => `  ${callOf} ${line}`).join('\n')}`,
  );
}

/** @param name of an environment, given as an argument instead of an option */
export async function target(
  { installation }: CommandContext,
  options: TargetOptions,
  name?: string,
): Promise<Target> {
  return await targetOf(name === undefined ? options : { ...options, env: name }, installation);
}

/** The jobs of a target. */
export async function jobsOf(found: Target, terminal: Terminal): Promise<JobDesk> {
  if (found.kind === 'service') return (await import('./jobs/http-jobs.ts')).httpJobs(found);
  const [{ openAccount }, { environmentService }, { environmentJobs }] = await Promise.all([
    import('./aws-account.ts'),
    import('./jobs/environment-service.ts'),
    import('./jobs/environment-jobs.ts'),
  ]);
  const account = await openAccount(found);
  return environmentJobs(account, await environmentService(account, terminal.tell));
}

/**
 * What a target stores of its jobs.
 *
 * @throws {OperatorFault} for a service of which only the address is known
 */
export async function storeOf(found: Target, terminal: Terminal): Promise<JobStore> {
  if (found.kind === 'service') {
    if (found.dataDir === undefined) {
      throw new OperatorFault(
        'What a service stores is reached by --data-dir FOLDER or --env NAME, and not by --endpoint.',
      );
    }
    const [{ FileObjectStore }, { JobStore }] = await Promise.all([
      import('../../batch-jobs/api/file-object-store.ts'),
      import('../../batch-jobs/api/job-store.ts'),
    ]);
    return new JobStore(new FileObjectStore(found.dataDir));
  }
  const [{ openAccount }, { environmentService }] = await Promise.all([
    import('./aws-account.ts'),
    import('./jobs/environment-service.ts'),
  ]);
  const service = await environmentService(await openAccount(found), terminal.tell);
  return await service.store();
}

export function positive(text: string): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number > 0) return number;
  throw new InvalidArgumentError('Give a whole number above 0.');
}

function header(text: string, before: readonly (readonly [string, string])[]) {
  const [, name, value] = /^([\w-]+):\s*(.+)$/.exec(text) ?? [];
  if (!name || !value) throw new InvalidArgumentError('Give a name and a value: "x-api-key: ...".');
  return [...before, [name, value] as const];
}
