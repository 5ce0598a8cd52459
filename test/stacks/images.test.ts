import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { buildFiles } from '../../lambda/build/build-files.ts';
import { layDown } from '../../lambda/build/lay-down.ts';
import { packFunctions } from '../../stacks/function-package.ts';
import { contentTag } from '../../stacks/images/content-tag.ts';
import { distDir } from '../bundled.ts';

const root = join(import.meta.dirname, '..', '..');
const images = ['echo', 'echo-inputs', 'gogoduck'];

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'delivery-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

it('the same sources in another folder build the same functions and the same images', async () => {
  const folder = await temporaryFolder();
  for (const name of ['batch-jobs', 'environments', 'lambda', 'package.json', 'tsconfig.json']) {
    await cp(join(root, name), join(folder, name), { recursive: true });
  }
  await promisify(execFile)('cp', [
    '-al',
    join(root, 'node_modules'),
    join(folder, 'node_modules'),
  ]);
  const elsewhere = join(folder, 'another', 'dist');
  await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', join(folder, 'lambda', 'build', 'bundle.ts')],
    { cwd: folder },
  );
  await mkdir(join(folder, 'another'));
  await cp(join(folder, 'dist'), elsewhere, { recursive: true });
  expect(packFunctions(elsewhere).sha256).toBe(packFunctions(distDir).sha256);
  for (const image of images) {
    expect(
      contentTag(join(folder, 'batch-jobs', image), { root: folder, distFolder: elsewhere }),
    ).toBe(contentTag(join(root, 'batch-jobs', image), { root, distFolder: distDir }));
  }
});

it('a change of a program changes the tag of its own image, and of no other', async () => {
  const folder = await temporaryFolder();
  await layDown(await buildFiles(), join(folder, 'dist'));
  await cp(join(root, 'batch-jobs'), join(folder, 'batch-jobs'), { recursive: true });
  const sources = { root: folder, distFolder: join(folder, 'dist') };
  const tags = () => images.map((image) => contentTag(join(folder, 'batch-jobs', image), sources));
  const [echo, ...others] = tags();
  expect(echo).toMatch(/^content-[0-9a-f]{20}$/);
  await writeFile(join(folder, 'batch-jobs', 'echo', 'echo.py'), 'print("changed")\n');
  const [changed, ...same] = tags();
  expect(changed).not.toBe(echo);
  expect(same).toEqual(others);
  await writeFile(join(folder, 'dist', 'batch-jobs', 'runner', 'main.js'), '// changed');
  const afterRunner = tags();
  for (const [position, tag] of [changed, ...same].entries()) {
    expect(afterRunner[position]).not.toBe(tag);
  }
});

it('npm run images --dry-run prints its commands, and refuses unknown processes', async () => {
  const images = (...args: string[]) =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', 'stacks/images/main.ts', ...args], {
      cwd: root,
    });
  const { stdout } = await images('--dry-run', '--only', 'echo', '--builder', 'podman');
  const lines = stdout.trim().split('\n');
  expect(lines.filter((line) => line.startsWith('#'))).toEqual([
    '# log in to the registry',
    '# build the sources',
    '# build what all images stand on',
    '# build the image of echo',
    '# push the image of echo',
  ]);
  const tag = contentTag(join(root, 'batch-jobs', 'echo'), { root, distFolder: distDir });
  expect(lines.at(-1)).toBe(
    `podman push '<account>.dkr.ecr.ap-southeast-2.amazonaws.com/wps/echo:${tag}'`,
  );
  await expect(images('--only', 'ehco', '--dry-run')).rejects.toThrow(
    'images: --only names ehco; allowed: gogoduck, echo, echo-inputs',
  );
});
