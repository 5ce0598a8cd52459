import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPlainFile } from '../../batch-jobs/api/plain-file.ts';

describe('a path that may be something other than a file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plain-'));
    await writeFile(join(folder, 'file'), 'content');
    await symlink(join(folder, 'file'), join(folder, 'link'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const contentOf = async (name: string, links: 'followed' | 'refused') => {
    const file = await openPlainFile(join(folder, name), { links });
    const content = await file?.readFile('utf8');
    await file?.close();
    return content;
  };

  it.each([
    ['file', 'refused', 'content'],
    ['link', 'followed', 'content'],
    ['link', 'refused', undefined],
  ] as const)('a %s, links are %s, has the content %s', async (name, links, content) => {
    expect(await contentOf(name, links)).toBe(content);
  });

  it('a folder, a FIFO and a socket are no files, and opening them does not wait', async () => {
    await mkdir(join(folder, 'folder'));
    expect(spawnSync('mkfifo', [join(folder, 'fifo')]).status).toBe(0);
    const server = createServer().listen(join(folder, 'socket'));
    await once(server, 'listening');
    for (const name of ['folder', 'fifo', 'socket']) {
      expect(await contentOf(name, 'refused'), name).toBeUndefined();
    }
    server.close();
    await once(server, 'close');
  });

  it('a path that does not exist fails with ENOENT', async () => {
    await expect(contentOf('absent', 'refused')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
