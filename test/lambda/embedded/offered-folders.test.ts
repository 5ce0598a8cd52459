import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import type { FolderProcess } from '../../../batch-jobs/api/process-folders.ts';
import { OfferedFolders } from '../../../lambda/embedded/offered-folders.ts';

const description = (identifier: string, title = identifier) => `title: ${title}
identifier: ${identifier}
version: 1.0.0
outputs:
  - { kind: literal, identifier: result, title: Result, dataType: string }
job:
  command: ['true']
`;

describe('processes of folders, while their author works on them', () => {
  let directory: string;
  let told: string[];
  let stored: (readonly FolderProcess[])[];
  let folders: OfferedFolders;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'offered-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    told = [];
    stored = [];
    folders = new OfferedFolders({
      directory,
      builtIn: [],
      bounds: { requestBytes: 1 << 20, referenceBytes: 0, remedy: '' },
      store: async (processes) => {
        stored.push(processes);
      },
      tell: (fault) => told.push(fault.replace(directory, '')),
      log: jsonLog(() => undefined),
    });
  });

  async function write(folder: string, content: string): Promise<void> {
    await mkdir(join(directory, folder), { recursive: true });
    await writeFile(join(directory, folder, 'process.yaml'), content);
  }
  const titles = async () => (await folders.current()).map(({ title }) => title);

  it('a process keeps its last valid description while its file is half written', async () => {
    await write('tide', description('tide', 'Before'));
    expect(await titles()).toEqual(['Before']);
    const next = description('tide', 'After');
    for (const length of [0, 10, 40, 60, next.length - 8]) {
      await write('tide', next.slice(0, length));
      expect(await titles(), `${length} characters`).toEqual(['Before']);
    }
    expect(told.length).toBeGreaterThanOrEqual(5);
    expect(told.every((fault) => /^\/tide\/process\.yaml:\d+:\d+: ./.test(fault))).toBe(true);
    await write('tide', next);
    expect(await titles()).toEqual(['After']);
    // Runners read the descriptions in force.
    expect(stored.at(-1)?.map(({ process }) => process.title)).toEqual(['After']);
  });

  it('a process is offered again when its file is deleted and rewritten, or saved by a rename', async () => {
    await write('tide', description('tide', 'First'));
    expect(await titles()).toEqual(['First']);
    const file = join(directory, 'tide', 'process.yaml');
    await rm(file);
    expect(await titles()).toEqual([]);
    await write('tide', description('tide', 'Second'));
    expect(await titles()).toEqual(['Second']);
    await writeFile(`${file}~`, description('tide', 'Third.'));
    await rename(`${file}~`, file);
    expect(await titles()).toEqual(['Third.']);
    expect(told).toEqual([]);
  });

  it('a process keeps its identifier when its folder is renamed, and runs from the new one', async () => {
    await write('tide', description('tide'));
    await folders.current();
    await rename(join(directory, 'tide'), join(directory, 'ebb'));
    expect(await titles()).toEqual(['tide']);
    expect(stored.at(-1)?.map(({ folder }) => folder)).toEqual([join(directory, 'ebb')]);
  });

  it('of two processes with one identifier, the first is offered until it is gone', async () => {
    await write('zone', description('tide', 'In zone'));
    expect(await titles()).toEqual(['In zone']);
    await write('area', description('tide', 'In area'));
    expect(await titles()).toEqual(['In zone']);
    expect(await titles()).toEqual(['In zone']);
    expect(told).toEqual([
      '/area/process.yaml:2:1: identifier: "tide" is offered already; give this process another',
    ]);
    await rm(join(directory, 'zone'), { recursive: true });
    expect(await titles()).toEqual(['In area']);
  });

  it('two processes swap identifiers when their files do', async () => {
    await write('a', description('one'));
    await write('b', description('three'));
    expect(await titles()).toEqual(['one', 'three']);
    await write('a', description('three'));
    await write('b', description('one'));
    expect((await titles()).sort()).toEqual(['one', 'three']);
  });

  it('folders of processes may contain links to folders and files; a link to itself offers no process', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'elsewhere-'));
    onTestFinished(() => rm(elsewhere, { recursive: true, force: true }));
    await writeFile(join(elsewhere, 'process.yaml'), description('linked'));
    await symlink(elsewhere, join(directory, 'link'));
    await symlink(join(directory, 'loop'), join(directory, 'loop'));
    await mkdir(join(directory, 'dangling'));
    await symlink(join(elsewhere, 'nothing'), join(directory, 'dangling', 'process.yaml'));
    await mkdir(join(directory, 'folder', 'process.yaml'), { recursive: true });
    expect(await titles()).toEqual(['linked']);
    await writeFile(join(elsewhere, 'process.yaml'), description('linked', 'changed there'));
    expect(await titles()).toEqual(['changed there']);
  });

  it('concurrent requests read the folders of processes once, and each fault is reported once', async () => {
    for (let at = 0; at < 50; at++) await write(`p${at}`, description(`p${at}`));
    await write('wrong', description('wrong').replace('title', 'titel'));
    const seen = await Promise.all(Array.from({ length: 40 }, () => folders.current()));
    expect(new Set(seen).size).toBe(1);
    expect(seen[0]).toHaveLength(50);
    expect(stored).toHaveLength(1);
    const before = told.length;
    // A change in another folder does not report the fault again.
    await write('p7', description('p7', 'changed'));
    expect(await titles()).toContain('changed');
    expect(told).toHaveLength(before);
  });

  it('processes stay as they were if the new descriptions cannot be stored, and the next request tries again', async () => {
    let isFull = true;
    const own = new OfferedFolders({
      directory,
      builtIn: [],
      bounds: { requestBytes: 1 << 20, referenceBytes: 0, remedy: '' },
      store: async () => {
        if (isFull) throw new Error('no space left');
      },
      tell: () => undefined,
      log: jsonLog(() => undefined),
    });
    await write('tide', description('tide'));
    expect(await own.current()).toEqual([]);
    isFull = false;
    expect(await own.current()).toHaveLength(1);
  });
});
