import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Dockerfile, DockerfileParser, type Instruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import type { Plugin } from 'rolldown';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileObjectStore } from '../../batch-jobs/api/file-object-store.ts';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { buildFiles } from '../../lambda/build/build-files.ts';
import { sampleJob } from '../sample-job.ts';

const root = join(import.meta.dirname, '..', '..');
const images = readdirSync(join(root, 'batch-jobs')).filter(
  (folder) => folder !== 'runner' && existsSync(join(root, 'batch-jobs', folder, 'Dockerfile')),
);
const textOf = (folder: string, name = 'Dockerfile') =>
  readFileSync(join(root, 'batch-jobs', folder, name), 'utf8');
const runnerStage = () => finalStage(DockerfileParser.parse(textOf('runner')));

/** Instructions after the last FROM, which define the image. */
function finalStage(dockerfile: Dockerfile): Instruction[] {
  const all = dockerfile.getInstructions();
  const from = all.findLastIndex((instruction) => instruction.getKeyword() === 'FROM');
  return all.slice(from + 1);
}
const of = (instructions: Instruction[], keyword: string) =>
  instructions.filter((instruction) => instruction.getKeyword() === keyword);
const argumentsOf = (instruction: Instruction | undefined) =>
  instruction?.getArguments().map((argument) => argument.getValue()) ?? [];
/** The arguments of a command in exec form. */
const commandOf = (instruction: Instruction | undefined): string[] =>
  JSON.parse(/\[.*\]/s.exec(instruction?.getRawArgumentsContent() ?? '')?.[0] ?? '[]');

it('every process that runs jobs has an image', () => {
  expect(images).toEqual(
    expect.arrayContaining([...new Set(catalogue.map(({ job }) => job.image))]),
  );
});

describe.each([
  ['what all images stand on', textOf('runner')],
  ['what builds the sources', textOf('runner', 'build.Dockerfile')],
])('the Dockerfile of %s', (_, text) => {
  it('the linter finds nothing in a Dockerfile of the runner', () => {
    expect(validate(text).map(({ message }) => message)).toEqual([]);
  });

  it('Dockerfiles start from slim images of an exact version', () => {
    const names = DockerfileParser.parse(text)
      .getInstructions()
      .filter((instruction) => ['FROM', 'ARG'].includes(instruction.getKeyword()))
      .flatMap((instruction) => argumentsOf(instruction))
      .filter((argument) => argument.includes(':'));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(name).toMatch(/:\d+\.\d+\.\d+\S*-slim$|@sha256:[0-9a-f]{64}$/);
  });
});

it('building and running use the same Node.js version', () => {
  const versions = [textOf('runner'), textOf('runner', 'build.Dockerfile')].map(
    (text) => /^ARG NODE_IMAGE=(.+)$/m.exec(text)?.[1],
  );
  expect(new Set(versions).size).toBe(1);
});

it("the runner's image provides a user that is not root, a scratch folder, and the runner as entry point", () => {
  const stage = runnerStage();
  expect(argumentsOf(of(stage, 'USER').at(-1))[0]).toMatch(/^(?!root$|0$).+/);
  expect(textOf('runner')).toMatch(/WPS_SCRATCH_DIR=\/scratch/);
  expect(textOf('runner')).toMatch(/install --directory --owner=\w+ --group=\w+ \/scratch/);
  expect(of(stage, 'HEALTHCHECK').map((one) => one.getRawArgumentsContent())).toEqual(['NONE']);
  expect(commandOf(of(stage, 'ENTRYPOINT')[0])).toEqual(['node', 'batch-jobs/runner/main.js']);
});

describe.each(images)('the Dockerfile of %s', (image) => {
  const text = textOf(image);
  const dockerfile = DockerfileParser.parse(text);
  const stage = finalStage(dockerfile);

  it("the linter finds nothing in a process's Dockerfile", () => {
    expect(
      validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`),
    ).toEqual([]);
  });

  it("a process's Dockerfile starts from the runner's image and from no other", () => {
    const from = dockerfile.getInstructions().filter((one) => one.getKeyword() === 'FROM');
    expect(from.at(-1)?.getRawArgumentsContent()).toMatch(/^\$\{RUNNER_IMAGE\}$/);
    expect(of(stage, 'ENTRYPOINT')).toEqual([]);
  });

  it("a process's container runs as a user that is not root", () => {
    expect(argumentsOf(of(stage, 'USER').at(-1))[0]).toMatch(/^(?!root$|0$).+/);
    const selfTest = of(stage, 'RUN').at(-1) as Instruction;
    expect(stage.indexOf(selfTest)).toBeGreaterThan(
      stage.indexOf(of(stage, 'USER').at(-1) as Instruction),
    );
  });

  it("a process's Dockerfile installs only what it names, and leaves no package lists behind", () => {
    for (const run of of(stage, 'RUN').map(
      (instruction) => instruction.getRawArgumentsContent() ?? '',
    )) {
      if (!run.includes('apt-get install')) continue;
      expect(run).toContain('--no-install-recommends');
      expect(run).toContain('rm -rf /var/lib/apt/lists/*');
    }
    expect(of(stage, 'ADD')).toEqual([]);
  });

  it("a process's image tests itself during the build, with the program that runs its jobs", () => {
    const selfTest = ['node', 'batch-jobs/runner/main.js', '--self-test', image];
    expect(of(stage, 'RUN').map(commandOf)).toContainEqual(selfTest);
  });

  it("a process's image passes its self-test with its files laid out as the Dockerfile says", async () => {
    const laidOut = await layOut(image, stage);
    const selfTest = of(stage, 'RUN')
      .map(commandOf)
      .find((one) => one.includes('--self-test'));
    expect(laidOut.run(selfTest ?? [])).toMatchObject({
      status: 0,
      stdout: `self-test of ${image}: ready\n`,
    });
  });
});

it("the files of echo's image run a job", async () => {
  const text = readFileSync(join(root, 'batch-jobs', 'echo', 'Dockerfile'), 'utf8');
  const stage = finalStage(DockerfileParser.parse(text));
  const { run, folder } = await layOut('echo', stage);
  const job = sampleJob();
  await mkdir(join(folder, 'store'));
  // Locks of a store in a folder need a package that images lack, because their store is S3.
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const store = new JobStore(new FileObjectStore(join(folder, 'store')), {
    filename: 'status.xml',
    encode: ({ status }) => status,
  });
  const literal = (identifier: string, value: string) => ({
    identifier,
    given: true,
    value: { kind: 'literal' as const, value, dataType: 'string' },
  });
  await store.create(job, { body: '<Execute/>', contentType: 'application/xml' }, [
    literal('message', 'from an image'),
    literal('repeat', '1'),
    literal('delaySeconds', '0'),
  ]);
  const ended = run(commandOf(of(runnerStage(), 'ENTRYPOINT')[0]), {
    WPS_JOB_ID: job.id,
    WPS_JOB_STORE: pathToFileURL(join(folder, 'store')).href,
  });
  expect(ended.status).toBe(0);
  const output = join(folder, 'store', 'jobs', job.id, 'outputs', '1', 'result.txt');
  expect(await readFile(output, 'utf8')).toBe('from an image\n');
});

it('a change of a codec, an operation or a handler changes no file of an image', async () => {
  const before = await buildFiles();
  const after = await buildFiles([addToEach(/\/lambda\/(protocols|operations|jobs)\/.*\.tsx?$/)]);
  const copied = new Set(images.flatMap((image) => copiedOf(image)));
  expect([...copied]).toContain('batch-jobs/chunks');
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => !same(before.get(path)?.content, after.get(path)?.content),
  );
  // The functions contain the change, so the test would see one in an image.
  expect(changed).toContain('lambda/handler.js');
  const inImages = changed.filter((path) =>
    [...copied].some((folder) => path === folder || path.startsWith(`${folder}/`)),
  );
  expect(inImages).toEqual([]);
});

/** Adds a statement to each file with a matching path. */
function addToEach(id: RegExp): Plugin {
  return {
    name: 'add-to-each',
    transform: {
      filter: { id },
      handler: (code) => `${code}\nObject.freeze({ changed: 'by the test' });\n`,
    },
  };
}

/** Files and folders below `dist` that an image contains. */
function copiedOf(image: string): string[] {
  const text = readFileSync(join(root, 'batch-jobs', image, 'Dockerfile'), 'utf8');
  const stages = [...runnerStage(), ...finalStage(DockerfileParser.parse(text))];
  return of(stages, 'COPY').flatMap((copy) => {
    const [from = ''] = argumentsOf(copy);
    return from.startsWith('/source/dist/') ? [from.slice('/source/dist/'.length)] : [];
  });
}

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}

/** Lays out the files of an image in an empty folder, as the COPY lines of its last stage say. */
async function layOut(image: string, stage: Instruction[]) {
  const folder = await mkdtemp(join(tmpdir(), `image-${image}-`));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const copy of of([...runnerStage(), ...stage], 'COPY')) {
    const all = argumentsOf(copy);
    const to = all.at(-1) ?? '.';
    for (const from of all.slice(0, -1)) {
      const source = from.startsWith('/source/')
        ? join(root, from.slice('/source/'.length))
        : join(root, 'batch-jobs', image, from);
      const target = join(folder, 'app', to.endsWith('/') ? join(to, basename(source)) : to);
      await mkdir(dirname(target), { recursive: true });
      await cp(source, target, { recursive: true });
    }
  }
  return {
    folder,
    run: (command: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
      spawnSync(process.execPath, command.slice(1), {
        cwd: join(folder, 'app'),
        env: { PATH: process.env['PATH'], WPS_SCRATCH_DIR: join(folder, 'scratch'), ...variables },
        encoding: 'utf8',
      }),
  };
}
