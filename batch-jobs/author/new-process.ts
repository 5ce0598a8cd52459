/**
 * `npm run new-process -- <name>`: writes the folder of a process that runs: its description, a
 * program, a Dockerfile, and a test that runs it through the service. What is not given as an option
 * is asked for where there is a terminal to ask on.
 */

import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');

interface Language {
  readonly program: string;
  /** As a YAML list. */
  readonly command: string;
  /** Debian packages of the image beside Node.js, which the runner needs. */
  readonly packages: readonly string[];
}

const languages = {
  python: {
    program: 'main.py',
    command: '[python3, "{process}/main.py"]',
    packages: ['python3'],
  },
  node: { program: 'main.mjs', command: '[node, "{process}/main.mjs"]', packages: [] },
  // Images have a newer Node.js; see `canStripTypes` for this machine's.
  typescript: {
    program: 'main.ts',
    command: '[node, --experimental-strip-types, --no-warnings, "{process}/main.ts"]',
    packages: [],
  },
  r: {
    program: 'main.R',
    command: '[Rscript, "{process}/main.R"]',
    packages: ['r-base-core', 'r-cran-jsonlite'],
  },
  shell: { program: 'main.sh', command: '[sh, "{process}/main.sh"]', packages: [] },
} as const satisfies Record<string, Language>;
type LanguageName = keyof typeof languages;

interface Answers {
  readonly name: string;
  readonly language: LanguageName;
  readonly title: string;
  readonly abstract: string;
  /** Folder that gets the folder of the process. */
  readonly directory: string;
  /** Debian packages of the image, beside those of the language. */
  readonly packages: readonly string[];
}

const command = new Command('new-process')
  .description('Writes the folder of a process that runs.')
  .argument('<name>', 'name of its folder and its identifier, such as sea-level', nameOf)
  .addOption(
    new Option('-l, --language <language>', 'of its program').choices(Object.keys(languages)),
  )
  .option('-t, --title <words>', 'a few words for people')
  .option('-a, --abstract <words>', 'what it does, in a sentence')
  .option('-d, --directory <folder>', 'folder that gets the folder', join(root, 'batch-jobs'))
  .option('-p, --packages <names...>', 'Debian packages that the program needs', packageNames)
  .action(async (name: string, options: Partial<Omit<Answers, 'name'>>) => {
    const answers = await answersOf(name, options);
    const written = await writeProcess(answers);
    const folder = relative(process.cwd(), dirname(written[0] ?? '')) || '.';
    process.stdout.write(`Written:
${written.map((path) => `  ${relative(process.cwd(), path)}`).join('\n')}

${isTooOld(answers.language) ? `This Node.js, ${process.versions.node}, cannot run TypeScript without a build; install 22.6 or newer to try it here.\n` : ''}Try it: npm start -- --processes-dir ${relative(process.cwd(), dirname(resolve(folder))) || '.'}
Then change process.yaml and the program; the service takes changes up while it runs.
What a program finds and does: docs/batch-job-api.md. The whole way: docs/adding-a-process.md
`);
  });

function nameOf(text: string): string {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text)) return text;
  throw new InvalidArgumentError(
    'Use lower-case letters and digits with single hyphens between them, such as sea-level.',
  );
}

/** Names as Debian allows them (Debian Policy, 5.6.1): they become part of a command of the Dockerfile. */
function packageNames(text: string, before: readonly string[] = []): readonly string[] {
  if (/^[a-z0-9][a-z0-9+.-]+$/.test(text)) return [...before, text];
  throw new InvalidArgumentError('Give names of Debian packages, such as python3-netcdf4.');
}

/** Whether this Node.js reads no TypeScript: it leaves types out since 22.6. */
function isTooOld(language: LanguageName): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return language === 'typescript' && (major < 22 || (major === 22 && minor < 6));
}

async function answersOf(name: string, given: Partial<Omit<Answers, 'name'>>): Promise<Answers> {
  const words = name.replaceAll('-', ' ');
  const title = `${words[0]?.toUpperCase()}${words.slice(1)}`;
  const defaults = { language: 'python' as const, title, abstract: `${title}.` };
  const asked = process.stdin.isTTY ? await ask(given, defaults) : {};
  return {
    name,
    ...defaults,
    ...asked,
    packages: [],
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')),
    directory: resolve(given.directory ?? join(root, 'batch-jobs')),
  };
}

async function ask(
  given: Partial<Omit<Answers, 'name'>>,
  defaults: Pick<Answers, 'language' | 'title' | 'abstract'>,
): Promise<Partial<Answers>> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const names = Object.keys(languages) as LanguageName[];
    const answer = async (question: string, standard: string) =>
      (await terminal.question(`${question} (${standard}): `)).trim() || standard;
    const found = given.language ?? (await answer(`Language: ${names.join(', ')}`, 'python'));
    const language = names.find((each) => each === found);
    if (!language) throw new Error(`language is "${found}"; allowed: ${names.join(', ')}`);
    const title = given.title ?? (await answer('Title', defaults.title));
    const abstract = given.abstract ?? (await answer('What it does', `${title}.`));
    return { language, title, abstract };
  } finally {
    terminal.close();
  }
}

/** @returns paths of the files, the description first */
async function writeProcess(answers: Answers): Promise<string[]> {
  const { name, language, directory } = answers;
  const folder = join(directory, name);
  if (existsSync(folder)) {
    throw new Error(`${folder} is there already; choose another name or remove it`);
  }
  const { program, command: run } = languages[language];
  const packages = [...new Set([...languages[language].packages, ...answers.packages])];
  const inProject = relative(root, folder);
  const values = {
    identifier: name,
    name,
    // In comments and texts of programs, which it must not end.
    title: answers.title.replaceAll(/\s+/g, ' ').replaceAll('*/', '* /').replaceAll(/["\\]/g, "'"),
    quotedTitle: JSON.stringify(answers.title),
    // A block of YAML: one line, so that it ends where it should.
    abstract: answers.abstract.replaceAll(/\s+/g, ' ').trim(),
    command: run,
    folder: inProject,
    schema: relative(folder, join(root, 'batch-jobs', 'process.schema.json')),
    install:
      packages.length === 0
        ? ''
        : `USER root\nRUN apt-get update \\\n  && apt-get install --yes --no-install-recommends ${packages.join(' ')} \\\n  && rm -rf /var/lib/apt/lists/*\n`,
  };
  await makeFolder(folder);
  const write = async (template: string, path: string) => {
    const text = await readFile(join(here, 'templates', template), 'utf8');
    await writeFile(join(folder, path), filled(text, values));
    return join(folder, path);
  };
  const written = [
    await write('process.yaml', 'process.yaml'),
    await write(join(language, program), program),
  ];
  if (language === 'shell') await chmod(join(folder, program), 0o755);
  if (language === 'python') {
    await copyFile(join(here, 'wps_process.py'), join(folder, 'wps_process.py'));
    written.push(join(folder, 'wps_process.py'));
  }
  written.push(await write('Dockerfile', 'Dockerfile'));
  written.push(await write('dockerignore', '.dockerignore'));
  // A test belongs to the project, where the folder is one of the project's own.
  if (!inProject.startsWith('..')) {
    const test = join(root, 'test', 'processes-of-folders', `${name}.test.ts`);
    await mkdir(dirname(test), { recursive: true });
    const text = await readFile(join(here, 'templates', 'process.test.ts.txt'), 'utf8');
    await writeFile(test, filled(text, { ...values, folder: dirname(inProject) }));
    written.push(test);
  }
  return written;
}

/** @throws in words for its author, where no folder can be made there */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reasons: Readonly<Record<string, string>> = {
      ENOTDIR: 'is no folder',
      EEXIST: 'is no folder',
      EACCES: 'may not be written to',
      EPERM: 'may not be written to',
      EROFS: 'may not be written to',
      ENOSPC: 'has no space left',
    };
    const reason = reasons[String(code)];
    if (reason === undefined) throw error;
    throw new Error(`${dirname(folder)} ${reason}; name one with --directory`);
  }
}

/** `{{name}}` of what is known. */
function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (found, name: string) => values[name] ?? found);
}

try {
  await command.parseAsync();
} catch (error) {
  process.stderr.write(
    `${basename('new-process')}: ${error instanceof Error ? error.message : error}\n`,
  );
  process.exitCode = 1;
}
