import { readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeStream } from '../../batch-jobs/api/write-stream.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-'));
  path = join(folder, 'file');
});
afterEach(() => rm(folder, { recursive: true }));

describe('a stream that is written to a file', () => {
  it('a stream is written to a file as the intermediate streams transform it', async () => {
    const upper = new Transform({
      transform: (chunk, _, done) => done(null, String(chunk).toUpperCase()),
    });
    await writeStream([Readable.from(['a', 'b']), upper], path);
    expect(await readFile(path, 'utf8')).toBe('AB');
  });

  it('a failed write to a file releases the file, which can then be removed', async () => {
    const open = () =>
      readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return readlinkSync(join('/proc/self/fd', fd)).startsWith(folder);
        } catch {
          return false;
        }
      });
    const failing = () =>
      new Transform({ transform: (_, __, done) => done(new Error('too large')) });
    for (let round = 0; round < 20; round++) {
      const stream = Readable.from([Buffer.from('a')]);
      await expect(writeStream([stream, failing()], path)).rejects.toThrow('too large');
      expect(open()).toEqual([]);
    }
  });

  it('writing a stream fails if the file cannot be created', async () => {
    const nowhere = join(folder, 'absent', 'file');
    await expect(writeStream([Readable.from(['a'])], nowhere)).rejects.toThrow('ENOENT');
  });
});
