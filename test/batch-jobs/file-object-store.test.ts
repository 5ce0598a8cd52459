import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  type FileHandle,
  mkdir,
  mkdtemp,
  open,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { tryFileLock } from '../../batch-jobs/api/file-lock.ts';
import { FileObjectStore } from '../../batch-jobs/api/file-object-store.ts';
import { sha256 } from '../../batch-jobs/api/sha256.ts';

const text = { contentType: 'text/plain' };

/** A closed handle of a new file. */
async function firstHandle(path: string): Promise<FileHandle> {
  const handle = await open(path, 'w');
  await handle.close();
  return handle;
}

describe('objects as files', () => {
  let folder: string;
  let store: FileObjectStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'file-objects-'));
    store = new FileObjectStore(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const modeOf = async (path: string) => (await stat(join(folder, path))).mode & 0o777;

  it('stored objects and their folders are readable by their owner only', async () => {
    await store.put('jobs/1/request.xml', 'secret', text);
    await store.upload('jobs/1/outputs/a.nc', Readable.from(['data']));
    await store.put('jobs/1/job.json', '{}', { ...text, condition: 'absent' });
    for (const file of ['request.xml', 'outputs/a.nc', 'job.json']) {
      expect(await modeOf(`jobs/1/${file}`)).toBe(0o600);
    }
    for (const path of ['jobs', 'jobs/1', 'jobs/1/outputs', '.tmp']) {
      expect(await modeOf(path)).toBe(0o700);
    }
  });

  it('no write leaves an unfinished file behind, whether it succeeds or is refused', async () => {
    await store.put('a', 'one', text);
    await store.put('a', 'two', { ...text, condition: 'absent' }).catch(() => undefined);
    await store.put('a', 'two', { ...text, condition: { etag: 'x' } }).catch(() => undefined);
    expect(await readdir(join(folder, '.tmp'))).toEqual([]);
  });

  it('unfinished files of killed processes are removed, and no others', async () => {
    const killed = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(killed, 'exit');
    await mkdir(join(folder, '.tmp'));
    const own = `${process.pid}-b`;
    const names = [`${killed.pid}-a`, own, 'of-an-earlier-version', `x${own}`, `${process.pid}`];
    for (const name of names) await writeFile(join(folder, '.tmp', name), 'half');
    await store.removeUnfinished((pid) => pid === process.pid);
    expect(await readdir(join(folder, '.tmp'))).toEqual([own]);
  });

  it('unfinished files are removed by several services at once, and whatever they are', async () => {
    await store.removeUnfinished(() => false);
    await mkdir(join(folder, '.tmp', '1-folder'), { recursive: true });
    for (const name of ['1-folder/part', '2-a', '3-b']) {
      await writeFile(join(folder, '.tmp', name), 'half');
    }
    await Promise.all([1, 2].map(() => store.removeUnfinished(() => false)));
    expect(await readdir(join(folder, '.tmp'))).toEqual([]);
  });

  it('an object has its name only once it is on the disk, and a created one stays there', async () => {
    const at = (...path: string[]) => join(folder, ...path);
    const prototype = Object.getPrototypeOf(await firstHandle(at('any')));
    /** What each flush wrote, and which objects had their names then. */
    const flushed: { what: string; named: string[] }[] = [];
    const handles: FileHandle[] = [];
    for (const flush of ['sync', 'datasync'] as const) {
      const original = prototype[flush];
      const spy = vi.spyOn(prototype, flush).mockImplementation(async function (this: FileHandle) {
        await original.call(this);
        handles.push(this);
        const found = await this.stat();
        const named = await readdir(at('jobs')).catch(() => []);
        const what = found.isDirectory() ? 'the folder' : `${found.size} bytes`;
        flushed.push({ what, named });
      });
      onTestFinished(() => spy.mockRestore());
    }
    const { etag } = await store.put('jobs/a', '1', { ...text, condition: 'absent' });
    expect(flushed.splice(0)).toEqual([
      { what: '1 bytes', named: [] },
      { what: 'the folder', named: ['a'] },
    ]);
    await store.put('jobs/a', '22', { ...text, condition: { etag } });
    await store.put('jobs/b', '333', text);
    await store.upload('jobs/c', Readable.from(['4444']));
    expect(flushed).toEqual([
      { what: '2 bytes', named: ['a'] },
      { what: '3 bytes', named: ['a'] },
      { what: '4 bytes', named: ['a', 'b'] },
    ]);
    // Each file is closed again.
    expect(new Set(handles.map(({ fd }) => fd))).toEqual(new Set([-1]));
  });

  it.each(['', '/a', 'a/', 'a//b', '.', 'a/./b', '..', '../a', 'a/../../b', 'a\0b'])(
    'an object cannot have the key %j, which could lead out of the folder',
    async (key) => {
      for (const call of [
        () => store.get(key),
        () => store.put(key, 'one', text),
        () => store.upload(key, Readable.from(['one'])),
        () => store.open(key),
        () => store.delete(key),
        () => store.removeFolder(key),
      ]) {
        await expect(call()).rejects.toThrow('must be relative, without . or ..');
      }
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('an object that is something other than a file is damaged, not absent, and its content is not read', async () => {
    await writeFile(join(folder, 'secret'), 'secret');
    await symlink(join(folder, 'secret'), join(folder, 'link'));
    await mkdir(join(folder, 'folder'));
    for (const key of ['link', 'folder']) {
      expect(await store.get(key)).toEqual({ body: new Uint8Array(), etag: sha256('') });
      expect(await store.open(key)).toBeUndefined();
    }
    // A file where the key needs a folder.
    expect(await store.get('secret/a')).toBeUndefined();
    expect(await store.open('secret/a')).toBeUndefined();
  });

  it('an object that another process holds locked is waited for, half a minute at most', async () => {
    const { etag } = await store.put('a', 'one', text);
    const offset = Number.parseInt(sha256('a').slice(0, 8), 16);
    const lock = await tryFileLock(join(folder, '.objects.lock'), offset);
    const clock = vi.spyOn(performance, 'now');
    onTestFinished(() => clock.mockRestore());
    const put = () => store.put('a', 'two', { ...text, condition: { etag } });
    let calls = 0;
    // The clock stands at the limit for some tries, then passes it.
    clock.mockImplementation(() => (calls++ === 0 ? 0 : calls < 4 ? 30_000 : 30_001));
    await expect(put()).rejects.toThrow('object a is locked by another process');
    expect(calls).toBe(4);
    clock.mockRestore();
    const replaced = put();
    await lock?.release();
    await replaced;
    expect(Buffer.from((await store.get('a'))?.body ?? []).toString()).toBe('two');
  });

  it('the folders of a store are listed with the time of their last change, without files', async () => {
    await store.put('jobs/1/a', 'one', text);
    await store.put('jobs/b', 'two', text);
    const changedAt = new Date('2026-01-01T00:00:00Z');
    await utimes(join(folder, 'jobs', '1'), changedAt, changedAt);
    const folders = async (parent: string) => {
      const found = [];
      for await (const each of store.folders(parent)) found.push(each);
      return found;
    };
    expect(await folders('jobs')).toEqual([{ name: '1', changedAt }]);
    expect(await folders('absent')).toEqual([]);
    await store.removeFolder('jobs/1');
    expect(await folders('jobs')).toEqual([]);
  });

  it('a folder that is removed while the folders of a store are listed is left out', async () => {
    for (const name of ['a', 'b']) await store.put(`jobs/${name}/x`, 'one', text);
    const found: string[] = [];
    for await (const { name } of store.folders('jobs')) {
      found.push(name);
      await rm(join(folder, 'jobs'), { recursive: true });
    }
    expect(found).toHaveLength(1);
  });

  it("listing objects leaves out the store's own files", async () => {
    await store.put('a', 'one', text);
    const { etag } = await store.put('a', 'two', text);
    await store.put('a', 'three', { ...text, condition: { etag } });
    await writeFile(join(folder, '.service.lock'), '');
    const keys: string[] = [];
    for await (const key of store.list('')) keys.push(key);
    expect(keys).toEqual(['a']);
  });

  it('a store whose folder is made late is ready from then on', async () => {
    const late = new FileObjectStore(join(folder, 'late'));
    await expect(late.put('a', 'one', text)).rejects.toThrow('ENOENT');
    await mkdir(join(folder, 'late'));
    await late.put('a', 'one', text);
    expect(Buffer.from((await late.get('a'))?.body ?? []).toString()).toBe('one');
  });

  it('an object whose size cannot be read is closed again', async () => {
    await store.put('a', 'one', text);
    const prototype = Object.getPrototypeOf(await firstHandle(join(folder, 'any')));
    const original = prototype.stat;
    for (const failing of [1, 2]) {
      const opened: FileHandle[] = [];
      const stats = vi.spyOn(prototype, 'stat').mockImplementation(async function (
        this: FileHandle,
      ) {
        if (opened.push(this) === failing) throw new Error('the disk is gone');
        return await original.call(this);
      });
      onTestFinished(() => stats.mockRestore());
      await expect(store.open('a')).rejects.toThrow('the disk is gone');
      stats.mockRestore();
      expect(opened.map(({ fd }) => fd)).toEqual(Array(failing).fill(-1));
    }
  });

  it('writing an object does not bring back a deleted folder', async () => {
    await store.put('a', 'one', text);
    await rename(folder, `${folder}-moved`);
    await expect(store.put('a', 'two', text)).rejects.toThrow('ENOENT');
    await expect(stat(folder)).rejects.toThrow('ENOENT');
    await rename(`${folder}-moved`, folder);
  });

  it("an object is not written to a folder that replaced the store's own", async () => {
    await store.put('a', 'one', text);
    await rename(folder, `${folder}-moved`);
    await mkdir(folder);
    await expect(store.put('a', 'two', text)).rejects.toThrow('ENOENT');
    expect(await readdir(folder)).toEqual([]);
    await rm(`${folder}-moved`, { recursive: true });
  });

  it('objects can be replaced even if a lock file has a time in the future', async () => {
    const { etag } = await store.put('a', 'one', text);
    const second = await store.put('a', 'two', { ...text, condition: { etag } });
    const future = new Date(Date.now() + 86_400_000);
    await utimes(join(folder, '.objects.lock'), future, future);
    await store.put('a', 'three', { ...text, condition: { etag: second.etag } });
    expect(Buffer.from((await store.get('a'))?.body ?? []).toString()).toBe('three');
  });
});

describe('a lock on a file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'file-lock-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('a file lock has one holder until it is released, within one process, too', async () => {
    const path = join(folder, 'lock');
    const first = await tryFileLock(path);
    expect(first).toBeDefined();
    expect(await tryFileLock(path)).toBeUndefined();
    await first?.release();
    const second = await tryFileLock(path);
    expect(second).toBeDefined();
    await second?.release();
  });

  it('a file lock ends when its process is killed', async () => {
    const path = join(folder, 'lock');
    const lockModule = join(import.meta.dirname, '..', '..', 'batch-jobs', 'api', 'file-lock.ts');
    const script = `import { tryFileLock } from ${JSON.stringify(lockModule)};
      if (await tryFileLock(process.argv.at(-1))) console.log('locked');
      setInterval(() => undefined, 1000);`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', script, path];
    const holder = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    expect(await tryFileLock(path)).toBeUndefined();
    const exit = once(holder, 'exit');
    holder.kill('SIGKILL');
    await exit;
    const lock = await tryFileLock(path);
    expect(lock).toBeDefined();
    await lock?.release();
  });
});
