import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { pythonWith } from '../gogoduck/python.ts';

const root = join(import.meta.dirname, '..', '..');

/** A step of the page: a command for a shell, or a file to write. */
type Step =
  | { readonly kind: 'command'; readonly command: string }
  | { readonly kind: 'file'; readonly path: string; readonly content: string };

/** The steps that the page asks its reader to take, in order. */
export async function stepsOfPage(): Promise<readonly Step[]> {
  const page = await readFile(join(root, 'docs', 'adding-a-process.md'), 'utf8');
  const blocks = page.matchAll(
    /(?:Replace `([^`\n]+)` with:\n\n)?```(sh|yaml|python)\n([\s\S]*?)```/g,
  );
  return [...blocks].flatMap(([, path, , content = '']): Step[] => {
    if (path !== undefined) return [{ kind: 'file', path, content }];
    return content
      .split('\n')
      .filter(Boolean)
      .map((command) => ({ kind: 'command', command }));
  });
}

/** A folder where the commands of the page work as in a clone. It is deleted with the test. */
export async function makeClone(): Promise<string> {
  const clone = await mkdtemp(join(tmpdir(), 'walk-'));
  onTestFinished(() => rm(clone, { recursive: true, force: true, maxRetries: 5 }));
  for (const name of ['package.json', 'batch-jobs', 'node_modules']) {
    await symlink(join(root, name), join(clone, name));
  }
  return clone;
}

/** Carries out a step in a clone. */
export async function take(step: Step, clone: string): Promise<string> {
  if (step.kind === 'command') {
    const { stdout } = await promisify(execFile)('sh', ['-c', step.command], { cwd: clone });
    return stdout;
  }
  const path = join(clone, step.path);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, step.content);
  return '';
}

/** `PATH` with a `python3` that has the package that the page says to install. */
export function pathWithNetcdf(): string {
  const python = pythonWith('netCDF4');
  const path = process.env['PATH'] ?? '';
  return python?.startsWith('/') ? `${dirname(python)}${delimiter}${path}` : path;
}
