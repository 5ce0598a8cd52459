import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

async function markdownFiles(): Promise<string[]> {
  const top = await readdir(root, { withFileTypes: true });
  const folders = top.filter(
    (entry) => entry.isDirectory() && !/^(\.git|node_modules|dist|cdktf\.out)$/.test(entry.name),
  );
  const below = await Promise.all(
    folders.map(async ({ name }) =>
      (await readdir(join(root, name), { recursive: true })).map((path) => join(name, path)),
    ),
  );
  return [...top.map(({ name }) => name), ...below.flat()].filter((path) => path.endsWith('.md'));
}

describe('the documents', () => {
  it('link to files that are there', async () => {
    const broken: string[] = [];
    for (const file of await markdownFiles()) {
      const text = await readFile(join(root, file), 'utf8');
      for (const [, target] of text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)) {
        if (target === undefined || /^[a-z]+:/.test(target)) continue;
        if (!existsSync(join(root, dirname(file), target))) broken.push(`${file}: ${target}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it('show how to try a program without the service, and it works as shown', async () => {
    const text = await readFile(join(root, 'docs', 'batch-job-api.md'), 'utf8');
    const script = /```sh\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
    const folder = await mkdtemp(join(tmpdir(), 'docs-'));
    try {
      const printed = execFileSync('sh', ['-e', '-c', script.replaceAll('/tmp/try', folder)], {
        cwd: root,
        encoding: 'utf8',
      });
      expect(printed).toContain('hello\nhello\n');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
