import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { runtimeNode } from '../bench/runtime-node.ts';
import { leaveOut } from '../left-out.ts';
import { startedService } from './started-service.ts';

const rscript = {
  name: 'R with jsonlite',
  from: 'apt-get install r-base-core r-cran-jsonlite',
  isMet: () => spawnSync('Rscript', ['-e', 'library(jsonlite)']).status === 0,
};
const node22 = {
  name: 'Node.js 22, which reads TypeScript',
  from: 'npm install node@22',
  isMet: () => runtimeNode() !== undefined,
};

const root = join(import.meta.dirname, '..', '..');
let directory: string;

async function newProcess(...options: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      ...['--import', 'tsx', join(root, 'batch-jobs', 'author', 'new-process.ts')],
      ...['--directory', directory, ...options],
    ],
    { cwd: root },
  );
  return stdout;
}

/** A synchronous Execute of WPS 1.0.0 whose answer is the output itself. */
async function run(endpoint: string, identifier: string, inputs: string, output = 'greeting') {
  const query = new URLSearchParams({
    ...{ service: 'WPS', version: '1.0.0', request: 'Execute', identifier },
    ...{ DataInputs: inputs, RawDataOutput: output },
  });
  return await (await fetch(`${endpoint}?${query}`)).text();
}

/**
 * Writes a new file beside the old one and renames it, as editors do, so that a reader never finds half of
 * the file.
 */
async function change(path: string, edit: (text: string) => string): Promise<void> {
  await writeFile(`${path}.new`, edit(await readFile(path, 'utf8')));
  await rename(`${path}.new`, path);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'own-processes-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('a process of one’s own', () => {
  it('a process written by new-process in each language runs without a build', async () => {
    const languages = ['python', 'node', 'typescript', 'shell'];
    if (rscript.isMet()) languages.push('r');
    else leaveOut(rscript);
    for (const language of languages) {
      const written = await newProcess(`in-${language}`, '--language', language);
      expect(written).toContain('process.yaml');
      expect(written).not.toContain('This machine cannot run');
    }
    const { endpoint } = await startedService(directory);
    for (const language of languages) {
      const answer = await run(endpoint, `in-${language}`, 'name=Ada;times=2');
      expect(answer, language).toBe('Hello, Ada!\nHello, Ada!\n');
    }
  });

  it('a process in TypeScript is run by the Node.js of images without a loader', async () => {
    const newNode = runtimeNode();
    if (newNode === undefined) return leaveOut(node22);
    await newProcess('stripped', '--language', 'typescript');
    const PATH = [dirname(newNode), process.env['PATH']].join(delimiter);
    const { endpoint } = await startedService(directory, { PATH }, newNode);
    expect(await run(endpoint, 'stripped', 'name=Ada')).toBe('Hello, Ada!\n');
  });

  it('a new process runs in a kept runner, once there are as many runners as jobs that may run at once', async () => {
    await newProcess('parent', '--language', 'shell');
    await change(join(directory, 'parent', 'main.sh'), () =>
      ['#!/bin/sh', 'printf %s "$PPID" > "$WPS_OUTPUT_DIR/greeting"', ''].join('\n'),
    );
    const { endpoint } = await startedService(directory);
    const runners = new Set<string>();
    for (let job = 0; job < 5; job++) runners.add(await run(endpoint, 'parent', 'name=Ada'));
    expect([...runners].join(' ')).toMatch(/^\d+( \d+)?$/);
  });

  it("the running service picks up changes of a process's program and description", async () => {
    await newProcess('changing', '--title', 'Before: a "title"');
    const { endpoint, told } = await startedService(directory);
    const describe = async () =>
      await (
        await fetch(
          `${endpoint}?service=WPS&version=1.0.0&request=DescribeProcess&identifier=changing`,
        )
      ).text();
    expect(await describe()).toContain('Before: a &quot;title&quot;');
    await change(join(directory, 'changing', 'main.py'), (text) => text.replace('Hello', 'Servus'));
    expect(await run(endpoint, 'changing', 'name=Ada')).toBe('Servus, Ada!\n');
    const file = join(directory, 'changing', 'process.yaml');
    await change(file, (text) => text.replace(/^title: .*$/m, 'title: After'));
    expect(await describe()).toContain('<ows:Title>After</ows:Title>');

    await change(file, (text) => text.replace('title: After', 'titel: After'));
    expect(await describe()).toContain('<ows:Title>After</ows:Title>');
    // Jobs also run by the description in force.
    expect(await run(endpoint, 'changing', 'name=Ada')).toBe('Servus, Ada!\n');
    expect(told()).toContain(`${file}:4:1: titel: is not known here`);
    expect(await run(endpoint, 'echo', 'message=hello', 'result')).toBe('hello\n');
  });

  it('a process that promises to accept more than a request may have is not offered, and the author reads why', async () => {
    const own = await mkdtemp(join(tmpdir(), 'promising-'));
    onTestFinished(() => rm(own, { recursive: true, force: true }));
    await mkdir(join(own, 'promising'));
    await writeFile(
      join(own, 'promising', 'process.yaml'),
      `identifier: promising
title: Promising
version: 1.0.0
inputs:
  - kind: complex
    identifier: grid
    title: Grid
    formats: [{ mimeType: application/x-netcdf, extension: .nc }]
    maximumMegabytes: 500
outputs:
  - { kind: literal, identifier: size, title: Size, dataType: integer }
job:
  command: ['true']
`,
    );
    const { told } = await startedService(own);
    await expect
      .poll(told)
      .toContain(
        'promising/process.yaml:9:5: inputs[0].maximumMegabytes: is 500, which no value can reach: a request may have 4 MiB, and references are refused; write at most 4, or allow larger requests (--max-request-mib) or references (--reference-host)',
      );
  });

  it('new-process overwrites no existing process and no existing test', async () => {
    await newProcess('once');
    await expect(newProcess('once')).rejects.toThrow(/once is there already/);
    const own = join(root, 'batch-jobs');
    const refused = newProcess('processes-dir', '--directory', own);
    await expect(refused).rejects.toThrow(/processes-dir\.test\.ts is there already/);
    expect(existsSync(join(own, 'processes-dir'))).toBe(false);
  });

  it('new-process needs a name where there is no terminal to ask for one', async () => {
    await expect(newProcess()).rejects.toThrow(
      'there is no terminal to ask for a name on; give one: npm run new-process -- sea-level',
    );
  });

  it('new-process accepts only names that a folder and an identifier can have', async () => {
    for (const name of ['Not_Good', 'Capital', 'x-', 'a--b', '9lives', '../up', 'a/b', 'a b', '']) {
      await expect(newProcess(name), name).rejects.toThrow(/Use lower-case letters and digits/);
    }
    // The words that a person types stay words, whatever the language of the program.
    const title = 'It’s """quoted""" */ {{name}} # \\ no\nend';
    const words = ['--title', title, '--abstract', '- a: b # c'];
    await newProcess('with-2-hyphens-3d', ...words);
    await newProcess('in-words', ...words, '--language', 'node');
    const { endpoint } = await startedService(directory);
    for (const name of ['with-2-hyphens-3d', 'in-words']) {
      expect(await run(endpoint, name, 'name=Ada')).toBe('Hello, Ada!\n');
    }
  });

  it('new-process on a read-only folder writes nothing and says why', async () => {
    const file = join(directory, 'a-file');
    await writeFile(file, '');
    await expect(newProcess('below-a-file', '--directory', file)).rejects.toThrow(
      /new-process: .*a-file.* is no folder; name another folder with --directory/,
    );
  });

  it('a new process tells the user what is wrong with an input in its own words', async () => {
    const { endpoint } = await startedService(join(root, 'docs', 'examples'));
    const table = 'depth,temperature\n1,20\n2,\n3,10\n';
    const inputs = (column: string) =>
      `table=${encodeURIComponent(table)}@mimeType=text/csv;column=${column}`;
    expect(await run(endpoint, 'statistics', inputs('temperature'), 'mean')).toBe('15.0');
    const refused = await run(endpoint, 'statistics', inputs('salinity'), 'mean');
    expect(refused).toContain('locator="column"');
    expect(refused).toContain('allowed: the columns of the table, depth, temperature.');
  });
});
