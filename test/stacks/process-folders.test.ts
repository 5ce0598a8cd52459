import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { dev } from '../../environments/dev.ts';
import { installationData } from '../../environments/index.ts';
import { systest } from '../../environments/systest.ts';
import { writeDescribedProcesses } from '../../lambda/build/described-processes.ts';
import { readOfferedCatalogue } from '../../stacks/process-folders.ts';
import { resource, resources, samplePlatform } from './sample-platform.ts';

const description = (identifier: string) => `identifier: ${identifier}
title: Tides
version: 1.0.0
inputs: []
outputs:
  - { kind: literal, identifier: height, title: Height, dataType: double }
job:
  command: [sh, '{process}/main.sh']
  queue: timeseries
  memoryMiB: 1024
  variables: [TIDES_URL]
`;

/** A folder with folders of processes, by name. */
async function foldersOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'folders-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

const offering = (folders: readonly string[], change: object = {}) => ({
  ...installationData,
  environments: [
    { ...dev, processes: { ...dev.processes, folders, ...change } },
    { ...systest, release: { take: 'newest' } },
  ],
});

it('processes of a named folder are offered like built-in ones, in the environments that name it', async () => {
  const folder = await foldersOf({
    'tides/process.yaml': description('tides'),
    'tides/main.sh': 'echo 1 > "$WPS_OUTPUTS"\n',
    'tides/Dockerfile': 'FROM wps-runner\nCOPY . ./batch-jobs/tides/\n',
  });
  const data = offering([folder], {
    own: { tides: { variables: { TIDES_URL: 'https://tides.example.org/' } } },
  });
  const offered = await readOfferedCatalogue(data, catalogue);
  expect(offered.folderOf('tides')).toBe(join(folder, 'tides'));
  const { stacks } = await samplePlatform(data, { catalogue: offered });
  expect(resource(stacks['SHARED'], 'aws_ecr_repository', 'name', 'wps/tides')).toBeDefined();
  const definition = resource(stacks['DEV'], 'aws_batch_job_definition', 'name', 'wps-dev-tides');
  const container = JSON.parse(String(definition['container_properties']));
  expect(container).toMatchObject({
    image: expect.stringMatching(/process-tides_registry_\w+\.repository_url\}@.*image-tides_/),
    environment: expect.arrayContaining([
      { name: 'TIDES_URL', value: 'https://tides.example.org/' },
    ]),
  });
  const configured = resources(stacks['DEV'], 'aws_s3_object').map(({ content }) =>
    String(content),
  );
  expect(configured.join('\n')).toContain('JOB_DEFINITION_TIDES=');
  const elsewhere = resources(stacks['SYSTEST'], 'aws_batch_job_definition');
  expect(elsewhere.map(({ name }) => name)).not.toContain('wps-systest-tides');
});

it("the functions' catalogue contains processes of folders after a build", async () => {
  const folder = await foldersOf({ 'tides/process.yaml': description('tides') });
  const module = join(folder, 'described-processes.ts');
  const root = join(import.meta.dirname, '..', '..');
  const named = await writeDescribedProcesses(root, [folder], module);
  expect(named.map((each) => each.folder)).toEqual([join(folder, 'tides')]);
  const { describedProcesses } = await import(module);
  expect(describedProcesses.map(({ identifier }: { identifier: string }) => identifier)).toEqual([
    'echo',
    'tides',
  ]);
});

it('faults in named folders are reported at synthesis, all at once, with line and column', async () => {
  const folder = await foldersOf({
    'tides/process.yaml': description('tides').replace('title:', 'titel:'),
    'tides/Dockerfile': 'FROM wps-runner\n',
    'waves/process.yaml': description('waves'),
    'echo/process.yaml': description('another'),
    'echo/Dockerfile': 'FROM wps-runner\n',
    'winds/process.json': '{',
    'Big Waves/process.yaml': description('big-waves'),
    'Big Waves/Dockerfile': 'FROM wps-runner\n',
  });
  const empty = await foldersOf({});
  const data = offering([folder, empty, join(folder, 'missing')]);
  const said = await readOfferedCatalogue(data, catalogue).then(
    () => '',
    (error: Error) => error.message,
  );
  expect(said).toContain(`processes.folders: ${folder}/tides/process.yaml:2:1: titel: `);
  expect(said).toContain(`${folder}/winds/process.json:1:`);
  expect(said).toContain(`${folder}/waves has no Dockerfile`);
  expect(said).toContain(`${folder}/echo:1:1: a process in another folder of that name, echo,`);
  expect(said).toContain(
    `${folder}/Big Waves cannot name an image; allowed: lower-case letters and digits`,
  );
  expect(said).toContain(`${empty}:1:1: no folder in it has one of process.yaml`);
  expect(said).toContain(`${folder}/missing:1:1: the folder cannot be read`);
});
