import { existsSync } from 'node:fs';
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
  it('lies there as the streams between made it', async () => {
    const upper = new Transform({
      transform: (chunk, _, done) => done(null, String(chunk).toUpperCase()),
    });
    await writeStream([Readable.from(['a', 'b']), upper], path);
    expect(await readFile(path, 'utf8')).toBe('AB');
  });

  it('does not come back once it was removed, however soon the stream failed', async () => {
    // A stream that fails at once does so before the file is open.
    for (let round = 0; round < 200; round++) {
      const broken = new Readable({ read: () => broken.destroy(new Error('broken')) });
      await expect(writeStream([broken], path)).rejects.toThrow('broken');
      await rm(path, { force: true });
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(existsSync(path)).toBe(false);
  });

  it('ends with the signal, and when the file cannot be made', async () => {
    const endless = new Readable({ read: () => undefined });
    const options = { signal: AbortSignal.abort() };
    await expect(writeStream([endless], path, options)).rejects.toThrow('aborted');
    const nowhere = join(folder, 'absent', 'file');
    await expect(writeStream([Readable.from(['a'])], nowhere)).rejects.toThrow('ENOENT');
  });
});
