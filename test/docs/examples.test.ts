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
    (entry) =>
      entry.isDirectory() &&
      !/^(\.git|\.cache|node_modules|dist|cdktf\.out|\.mutants)$/.test(entry.name),
  );
  const below = await Promise.all(
    folders.map(async ({ name }) =>
      (await readdir(join(root, name), { recursive: true })).map((path) => join(name, path)),
    ),
  );
  return [...top.map(({ name }) => name), ...below.flat()].filter((path) => path.endsWith('.md'));
}

/** A document without its blocks of code. */
function prose(markdown: string): string {
  return markdown.replaceAll(/^```[\s\S]*?^```/gm, '');
}

/** The anchors that GitHub gives to the headings of a document. */
function anchorsOf(markdown: string): string[] {
  const seen = new Map<string, number>();
  return [...prose(markdown).matchAll(/^#{1,6} +(.*?)\s*$/gm)].map(([, heading = '']) => {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
}

describe('the documents', () => {
  it('links in the documents lead to existing files and headings', async () => {
    const broken: string[] = [];
    for (const file of await markdownFiles()) {
      const text = await readFile(join(root, file), 'utf8');
      for (const [, target = ''] of prose(text).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const [path, anchor] = target.split('#') as [string, string?];
        const linked = path === '' ? join(root, file) : join(root, dirname(file), path);
        const found =
          existsSync(linked) &&
          (anchor === undefined || anchorsOf(await readFile(linked, 'utf8')).includes(anchor));
        if (!found) broken.push(`${file}: ${target}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it('anchors of headings in links are those that GitHub generates', () => {
    const text = '# `a-b`: C & d\n\n```sh\n# none\n```\n\n## [Twice](x.md)\n\n## Twice\n';
    expect(anchorsOf(text)).toEqual(['a-b-c--d', 'twice', 'twice-1']);
  });

  it('the documents show how to try a program without the service, and it works as shown', async () => {
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
