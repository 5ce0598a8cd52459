import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startedService } from '../processes-of-folders/started-service.ts';

const root = join(import.meta.dirname, '..', '..');

/** A separate test follows this document from beginning to end. */
const followed = join('docs', 'adding-a-process.md');

/** Lines of the README and of all documents that call the service with `curl`, each with its document. */
async function curlLines(): Promise<readonly (readonly [document: string, line: string])[]> {
  const names = (await readdir(join(root, 'docs'), { recursive: true })).sort();
  const documents = ['README.md', ...names.map((name) => join('docs', name))].filter(
    (name) => name.endsWith('.md') && name !== followed,
  );
  const lines = await Promise.all(
    documents.map(async (document) => {
      const text = await readFile(join(root, document), 'utf8');
      return text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line.startsWith('curl '))
        .map((line) => [document, line] as const);
    }),
  );
  return lines.flat();
}

it('the service on one machine answers the curl lines of the README and of the documents', async () => {
  const lines = await curlLines();
  expect(new Set(lines.map(([document]) => document))).toContain('README.md');
  const { endpoint } = await startedService(join(root, 'docs', 'examples'));
  const { origin } = new URL(endpoint);
  const answers: string[] = [];
  for (const [document, line] of lines) {
    // Documents use these addresses because they cannot know the address of the reader's service.
    const command = line.replaceAll(
      /https:\/\/wps\.example\.org|http:\/\/127\.0\.0\.1:8080/g,
      origin,
    );
    const { stdout } = await promisify(execFile)(
      'bash',
      ['-c', `set -e; ${command} --silent --fail`],
      { env: { ...process.env, ENDPOINT: endpoint, endpoint } },
    );
    expect(stdout, `${document}: ${line}`).not.toBe('');
    answers.push(stdout);
  }
  const [overOgcApi, overWps] = answers;
  expect(overOgcApi).toBe('hello\n');
  expect(overWps).toBe('hello\n');
  const at = lines.findIndex(([document]) => document === join('docs', 'deploy.md'));
  // The job may have started, or even ended, before the answer is written.
  expect(answers[at]).toMatch(/<wps:Process(Accepted|Started|Succeeded)\b/);
});
