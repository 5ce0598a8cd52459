import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layDown } from '../../../lambda/build/lay-down.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lay-down-'));
});
afterEach(() => rm(folder, { recursive: true }));

const text = (content: string) => ({ content: Buffer.from(content) });
const filesThere = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

describe('files that are laid down in a folder', () => {
  it('a folder contains exactly the files that were laid down', async () => {
    await mkdir(join(folder, 'old'));
    await writeFile(join(folder, 'old', 'chunk.js'), 'old');
    await layDown(new Map([['a.js', text('a')]]), folder);
    await layDown(
      new Map([
        ['a.js', text('A')],
        ['b/c.js', text('c')],
      ]),
      folder,
    );
    expect(await filesThere()).toEqual(['a.js', 'b/c.js']);
    expect(await readFile(join(folder, 'a.js'), 'utf8')).toBe('A');
  });

  it('files that did not change stay untouched, for programs that run from there', async () => {
    const files = new Map([['a.js', text('a')]]);
    await layDown(files, folder);
    const before = await stat(join(folder, 'a.js'));
    await layDown(files, folder);
    const after = await stat(join(folder, 'a.js'));
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
  });

  it('changed files are replaced and not written over, so that a running reader keeps the old content', async () => {
    await layDown(new Map([['a.js', text('a')]]), folder);
    const { ino } = await stat(join(folder, 'a.js'));
    await layDown(new Map([['a.js', text('b')]]), folder);
    expect((await stat(join(folder, 'a.js'))).ino).not.toBe(ino);
  });

  it('files that are laid down may be executable', async () => {
    await layDown(new Map([['run.sh', { ...text('true'), mode: 0o755 }]]), folder);
    expect((await stat(join(folder, 'run.sh'))).mode & 0o777).toBe(0o755);
  });

  it('temporary files of another build are left alone', async () => {
    await writeFile(join(folder, 'a.js.123.new'), 'half');
    await layDown(new Map([['a.js', text('a')]]), folder);
    expect(await filesThere()).toEqual(['a.js', 'a.js.123.new']);
  });
});
