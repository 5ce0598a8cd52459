import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProcessFolder } from '../../batch-jobs/api/process-folders.ts';
import { languageNames } from '../../batch-jobs/author/languages.ts';
import { isName, standardAnswers } from '../../batch-jobs/author/questions.ts';
import { type NewProcess, writeProcess } from '../../batch-jobs/author/write-process.ts';

describe('the folder of a new process', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'new-process-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const write = (change: Partial<NewProcess> = {}) =>
    writeProcess({
      name: 'sea-level',
      language: 'shell',
      title: 'Sea level',
      abstract: 'It rises.',
      directory,
      packages: [],
      ...change,
    });
  const content = (file: string) => readFile(join(directory, 'sea-level', file), 'utf8');
  const found = async () =>
    (await readProcessFolder(join(directory, 'sea-level')))?.process?.process;

  it.each([
    ['python', 'main.py', ['python3', '{process}/main.py'], 'python3'],
    ['node', 'main.mjs', ['node', '{process}/main.mjs'], undefined],
    [
      'typescript',
      'main.mts',
      ['node', '--experimental-strip-types', '--no-warnings', '{process}/main.mts'],
      undefined,
    ],
    ['r', 'main.R', ['Rscript', '{process}/main.R'], 'r-base-core r-cran-jsonlite'],
    ['shell', 'main.sh', ['sh', '{process}/main.sh'], undefined],
  ] as const)(
    'a new process in %s is described, with its program and an image that can run it',
    async (language, program, command, packages) => {
      const helpers = language === 'python' ? ['wps_process.py'] : [];
      const files = ['process.yaml', program, ...helpers, 'Dockerfile', '.dockerignore'];
      expect(await write({ language })).toEqual({
        files: files.map((file) => join(directory, 'sea-level', file)),
      });
      expect((await readdir(join(directory, 'sea-level'))).sort()).toEqual(files.sort());
      expect(await found()).toMatchObject({
        identifier: 'sea-level',
        title: 'Sea level',
        abstract: 'It rises.',
        job: { image: 'sea-level', command },
      });
      const dockerfile = await content('Dockerfile');
      expect(dockerfile).toContain('COPY . ./batch-jobs/sea-level/');
      expect(/--no-install-recommends (.*?) \\/.exec(dockerfile)?.[1]).toBe(packages);
      for (const file of files) expect(await content(file)).not.toContain('{{');
    },
  );

  it('there is a template for each language of a new process', () => {
    expect(languageNames).toEqual(['python', 'node', 'typescript', 'r', 'shell']);
  });

  it('an editor finds the schema from the file of a new process', async () => {
    await write();
    const [, schema = ''] = /\$schema=(\S+)/.exec(await content('process.yaml')) ?? [];
    const path = resolve(directory, 'sea-level', schema);
    expect(path).toBe(join(import.meta.dirname, '..', '..', 'batch-jobs', 'process.schema.json'));
    expect((await stat(path)).isFile()).toBe(true);
  });

  it('the image of a new process has each package once, and the shell program may be started', async () => {
    await write({ language: 'python', packages: ['python3-netcdf4', 'python3', 'cdo'] });
    expect(await content('Dockerfile')).toContain(
      'USER root\nRUN apt-get update \\\n  && apt-get install --yes --no-install-recommends python3 python3-netcdf4 cdo \\\n  && rm -rf /var/lib/apt/lists/*\n',
    );
    await write({ name: 'other' });
    expect((await stat(join(directory, 'other', 'main.sh'))).mode & 0o777).toBe(0o755);
  });

  it('the words of an author neither end a comment nor change what follows', async () => {
    const title = 'It’s """quoted""" */ # \\ no\nend';
    await write({ language: 'node', title, abstract: '- a: b # c\n\ninputs: []' });
    expect(await found()).toMatchObject({ title, abstract: '- a: b # c inputs: []' });
    expect(await content('main.mjs')).toContain(
      "/** It’s '''quoted''' * / # ' no end. Its inputs and outputs",
    );
  });

  it('a new process replaces no folder that is there', async () => {
    await write();
    await writeFile(join(directory, 'sea-level', 'main.sh'), 'my own');
    await expect(write()).rejects.toThrow('sea-level is there already; choose another name');
    expect(await content('main.sh')).toBe('my own');
  });

  it('the folder of a new process is made with those around it, or the author reads why not', async () => {
    await write({ directory: join(directory, 'a', 'b') });
    expect(await readdir(join(directory, 'a', 'b'))).toEqual(['sea-level']);
    await writeFile(join(directory, 'file'), '');
    await expect(write({ directory: join(directory, 'file') })).rejects.toThrow(
      /file is no folder; name another folder with --directory$/,
    );
    expect((await readdir(directory)).sort()).toEqual(['a', 'file']);
  });

  it.each(['sea-level', 'a', 'with-2-hyphens-3d'])('a new process may be called %s', (name) => {
    expect(isName(name)).toBe(true);
  });

  it.each(['Not_Good', 'Capital', 'x-', 'a--b', '9lives', '../up', 'a/b', 'a b', '', 'a\nb'])(
    'a new process cannot be called %j',
    (name) => {
      expect(isName(name)).toBe(false);
    },
  );

  it('a new process is named in words where its author gives none', () => {
    expect(standardAnswers('sea-level-rise')).toEqual({
      language: 'python',
      title: 'Sea level rise',
      abstract: 'Sea level rise.',
    });
  });
});
