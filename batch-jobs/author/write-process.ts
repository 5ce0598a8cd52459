import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { languages } from './languages.ts';
import type { Answers } from './questions.ts';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');

/** A process to write. */
export interface NewProcess extends Answers {
  /** Folder in which to create the folder of the process. */
  readonly directory: string;
  /** Debian packages of the image, beside those of the language. */
  readonly packages: readonly string[];
}

/** The files that were written. */
export interface WrittenProcess {
  /** All files, the description first. */
  readonly files: readonly string[];
  /** The test among them; a process outside the project has none. */
  readonly test?: string;
}

/**
 * Writes all files, or nothing.
 *
 * @throws with a text for the author, if a file already exists or cannot be written
 */
export async function writeProcess(process: NewProcess): Promise<WrittenProcess> {
  const { name, directory } = process;
  const folder = join(directory, name);
  const inProject = !relative(root, folder).startsWith('..');
  // Write a test only if the folder is part of the project.
  const test = inProject
    ? join(root, 'test', 'processes-of-folders', `${name}.test.ts`)
    : undefined;
  for (const path of [folder, ...(test === undefined ? [] : [test])]) {
    if (existsSync(path)) {
      throw new Error(`${path} is there already; choose another name or remove it`);
    }
  }
  await inWords(directory, makeFolders(folder));
  try {
    const files = await inWords(folder, writeFolder(folder, process));
    if (test === undefined) return { files };
    await inWords(test, writeTest(test, process));
    return { files: [...files, test], test };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function writeFolder(folder: string, process: NewProcess): Promise<string[]> {
  const { language } = process;
  const { program } = languages[language];
  const values = valuesOf(folder, process);
  const write = async (template: string, file: string) => {
    await writeFile(join(folder, file), filled(await templateText(template), values));
    return join(folder, file);
  };
  const files = [
    await write('process.yaml', 'process.yaml'),
    await write(join(language, program), program),
  ];
  if (language === 'shell') await chmod(join(folder, program), 0o755);
  if (language === 'python') {
    const helper = join(folder, 'wps_process.py');
    await copyFile(join(here, 'wps_process.py'), helper);
    files.push(helper);
  }
  files.push(await write('Dockerfile', 'Dockerfile'));
  files.push(await write('dockerignore', '.dockerignore'));
  return files;
}

async function writeTest(test: string, { name, directory }: NewProcess): Promise<void> {
  await mkdir(dirname(test), { recursive: true });
  const values = { name, identifier: name, folder: relative(root, directory) };
  await writeFile(test, filled(await templateText('process.test.ts.txt'), values), { flag: 'wx' });
}

function valuesOf(folder: string, process: NewProcess): Readonly<Record<string, string>> {
  const { name, language, title, abstract } = process;
  const packages = [...new Set([...languages[language].packages, ...process.packages])];
  return {
    identifier: name,
    name,
    // Appears in comments and strings of programs, and must not end them.
    title: title.replaceAll(/\s+/g, ' ').replaceAll('*/', '* /').replaceAll(/["\\]/g, "'"),
    quotedTitle: JSON.stringify(title),
    // A YAML block: a single line, so that it ends where it should.
    abstract: abstract.replaceAll(/\s+/g, ' ').trim(),
    command: languages[language].command,
    schema: relative(folder, join(root, 'batch-jobs', 'process.schema.json')),
    install:
      packages.length === 0
        ? ''
        : `USER root\nRUN apt-get update \\\n  && apt-get install --yes --no-install-recommends ${packages.join(' ')} \\\n  && rm -rf /var/lib/apt/lists/*\n`,
  };
}

/**
 * Creates folders one by one: with `recursive`, Node.js never finishes if the file system fails as if a
 * parent were missing.
 */
async function makeFolders(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  await makeFolders(dirname(folder));
  await mkdir(folder);
}

/** @throws with a text for the author, if a path cannot be written */
async function inWords<T>(path: string, writing: Promise<T>): Promise<T> {
  try {
    return await writing;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reasons: Readonly<Record<string, string>> = {
      ENOTDIR: 'is no folder',
      EEXIST: 'is there already',
      EACCES: 'may not be written to',
      EPERM: 'may not be written to',
      EROFS: 'may not be written to',
      ENOENT: 'cannot be made',
      ENOSPC: 'has no space left',
      EDQUOT: 'has no space left',
    };
    const reason = reasons[String(code)];
    if (reason === undefined) throw error;
    throw new Error(`${path} ${reason}; name another folder with --directory`);
  }
}

async function templateText(name: string): Promise<string> {
  return await readFile(join(here, 'templates', name), 'utf8');
}

/** Replaces `{{name}}` if the value is known. */
function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (found, name: string) => values[name] ?? found);
}
