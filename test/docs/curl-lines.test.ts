import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startedService } from '../processes-of-folders/started-service.ts';

const root = join(import.meta.dirname, '..', '..');

/** Lines of a document that call the service by `curl`. */
async function curlLines(document: string): Promise<readonly string[]> {
  const text = await readFile(join(root, document), 'utf8');
  return text.split('\n').filter((line) => line.startsWith('curl '));
}

it('the curl lines of the README and of deploy.md are answered by the service on one machine', async () => {
  const ofReadme = await curlLines('README.md');
  const ofDeploy = await curlLines('docs/deploy.md');
  expect(ofReadme).toHaveLength(2);
  expect(ofDeploy).toHaveLength(1);
  const { endpoint } = await startedService(join(root, 'docs', 'examples'));
  const answers: string[] = [];
  for (const line of [...ofReadme, ...ofDeploy]) {
    const { stdout } = await promisify(execFile)(
      'bash',
      ['-c', `set -e; ${line} --silent --fail`],
      {
        env: { ...process.env, ENDPOINT: endpoint, endpoint },
      },
    );
    answers.push(stdout);
  }
  const [overOgcApi, overWps, asynchronous] = answers;
  expect(overOgcApi).toBe('hello\n');
  expect(overWps).toBe('hello\n');
  expect(asynchronous).toContain('<wps:ProcessAccepted>');
});
