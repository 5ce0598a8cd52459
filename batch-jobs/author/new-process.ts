/**
 * `npm run new-process -- <name>`: creates the folder of a working process: its description, a program, a
 * Dockerfile, and a test that runs it through the service. On a terminal, it asks for options that were not
 * given.
 */

import { spawnSync } from 'node:child_process';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type Language, type LanguageName, languageNames, languages } from './languages.ts';
import { type Answers, ask, isName, nameRule, standardAnswers } from './questions.ts';
import { type WrittenProcess, writeProcess } from './write-process.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

interface Options {
  readonly language?: LanguageName;
  readonly title?: string;
  readonly abstract?: string;
  readonly directory: string;
  readonly packages?: readonly string[];
}

const command = new Command('new-process')
  .description('Writes the folder of a process that runs.')
  .argument('[name]', 'name of its folder and its identifier, such as sea-level', nameOf)
  .addOption(new Option('-l, --language <language>', 'of its program').choices(languageNames))
  .option('-t, --title <words>', 'a few words for people')
  .option('-a, --abstract <words>', 'what it does, in a sentence')
  .option('-d, --directory <folder>', 'folder that gets the folder', join(root, 'batch-jobs'))
  .option('-p, --packages <names...>', 'Debian packages that the program needs', packageNames)
  .action(async (name: string | undefined, options: Options) => {
    const { directory, packages = [], ...given } = options;
    const answers = await answersOf({ ...given, ...(name === undefined ? {} : { name }) });
    const parent = resolve(directory);
    const written = await writeProcess({ ...answers, directory: parent, packages });
    process.stdout.write(nextSteps(written, parent, answers.language));
  });

function nameOf(text: string): string {
  if (isName(text)) return text;
  throw new InvalidArgumentError(nameRule);
}

/**
 * Names that Debian allows (Debian Policy, 5.6.1), because they become part of a command in the Dockerfile.
 */
function packageNames(text: string, before: readonly string[] = []): readonly string[] {
  if (/^[a-z0-9][a-z0-9+.-]+$/.test(text)) return [...before, text];
  throw new InvalidArgumentError('Give names of Debian packages, such as python3-netcdf4.');
}

async function answersOf(given: Partial<Answers>): Promise<Answers> {
  if (process.stdin.isTTY) {
    return await ask(given, { input: process.stdin, output: process.stdout });
  }
  const { name } = given;
  if (name === undefined) {
    throw new Error(
      'there is no terminal to ask for a name on; give one: npm run new-process -- sea-level',
    );
  }
  const options = Object.entries(given).filter(([, value]) => value !== '');
  return { name, ...standardAnswers(name), ...Object.fromEntries(options) };
}

function nextSteps(
  { files, test }: WrittenProcess,
  directory: string,
  language: LanguageName,
): string {
  const fromHere = (path: string) => relative(process.cwd(), path) || '.';
  return `Written:
${files.map((path) => `  ${fromHere(path)}`).join('\n')}

${missing(languages[language])}Try it:  npm start -- --processes-dir ${fromHere(directory)}
${test === undefined ? '' : `Test it: npx vitest run --project unit ${fromHere(test)}\n`}Then change process.yaml and the program; the service takes changes up while it runs.
What a program finds and does: docs/batch-job-api.md. The whole way: docs/adding-a-process.md
`;
}

/** What this machine lacks to run the program, with the Debian packages that provide it. */
function missing({ program, probe, packages }: Language): string {
  if (probe === undefined) return '';
  const [interpreter, ...args] = probe;
  if (spawnSync(interpreter, args).status === 0) return '';
  return `This machine cannot run ${program} yet: sudo apt-get install ${packages.join(' ')}\n`;
}

try {
  await command.parseAsync();
} catch (error) {
  process.stderr.write(`new-process: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
