import { type FileHandle, link, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileObjectStore } from '../../batch-jobs/api/file-object-store.ts';

vi.mock('node:fs/promises', { spy: true });

describe('objects as files, when the power fails', () => {
  let folder: string;
  let store: FileObjectStore;
  let done: string[];
  const text = { contentType: 'text/plain' };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flushed-'));
    store = new FileObjectStore(folder);
    done = [];
    const {
      open: reallyOpen,
      rename: reallyRename,
      link: reallyLink,
    } = await vi.importActual<typeof import('node:fs/promises')>('node:fs/promises');
    /** Notes when a call has been answered. */
    const noting = (file: FileHandle, name: 'sync' | 'datasync') => {
      const flush = file[name].bind(file);
      file[name] = async () => {
        await flush();
        done.push('flushed');
      };
    };
    vi.mocked(open).mockImplementation(async (...how) => {
      const file = await reallyOpen(...how);
      noting(file, 'sync');
      noting(file, 'datasync');
      return file;
    });
    vi.mocked(rename).mockImplementation(async (...how) => {
      done.push('named');
      await reallyRename(...how);
    });
    vi.mocked(link).mockImplementation(async (...how) => {
      done.push('named');
      await reallyLink(...how);
    });
  });
  afterEach(async () => {
    for (const mocked of [open, rename, link]) vi.mocked(mocked).mockReset();
    await rm(folder, { recursive: true });
  });

  it('an object has its name only once its content is on the disk, and a created one survives', async () => {
    const { etag } = await store.put('a', 'one', text);
    expect(done.splice(0)).toEqual(['flushed', 'named']);
    await store.put('a', 'two', { ...text, condition: { etag } });
    expect(done.splice(0)).toEqual(['flushed', 'named']);
    await store.upload('b', Readable.from(['three']));
    expect(done.splice(0)).toEqual(['flushed', 'named']);
    // Whether the name exists decides who was first, so it is on the disk as well.
    await store.put('c', 'four', { ...text, condition: 'absent' });
    expect(done).toEqual(['flushed', 'named', 'flushed']);
  });
});
