import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { selfTest } from '../../batch-jobs/runner/self-test.ts';
import { echo } from '../echo.ts';

const batchJobs = join(import.meta.dirname, '..', '..', 'batch-jobs');

describe('the self-test of an image', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'self-test-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const parts = () => ({
    catalogue: [echo],
    processesFolder: batchJobs,
    scratchFolder: join(folder, 'scratch'),
    searchPath: process.env['PATH'] ?? '',
  });
  const withCommand = (...command: [string, ...string[]]) => [
    { ...echo, job: { ...echo.job, command } },
  ];

  it('the self-test of an image passes if program, files and scratch folder exist, and leaves nothing behind', async () => {
    expect(await selfTest('echo', parts())).toEqual([]);
    expect(await readdir(join(folder, 'scratch'))).toEqual([]);
  });

  it('the self-test of an image reports a missing interpreter, and where it looked', async () => {
    expect(await selfTest('echo', { ...parts(), searchPath: folder })).toEqual([
      `program "python3" is not there or cannot be run; looked in ${folder}`,
    ]);
  });

  it('the self-test of an image accepts no folder and no file that cannot be run as a program', async () => {
    await writeFile(join(folder, 'plain'), '');
    await mkdir(join(folder, 'a-folder'));
    for (const program of ['a-folder', 'plain']) {
      const catalogue = withCommand(program);
      expect(await selfTest('echo', { ...parts(), catalogue, searchPath: folder })).toHaveLength(1);
    }
  });

  it('the self-test of an image looks only for arguments that are files of the process', async () => {
    const catalogue = withCommand('python3', '-u', '{process}/echo.py', 'no-file');
    expect(await selfTest('echo', { ...parts(), catalogue })).toEqual([]);
    const absolute = { catalogue: withCommand(process.execPath), searchPath: folder };
    expect(await selfTest('echo', { ...parts(), ...absolute })).toEqual([]);
  });

  it('the self-test of an image reports a missing file of the command', async () => {
    const catalogue = withCommand('python3', '{process}/gone.py');
    expect((await selfTest('echo', { ...parts(), catalogue }))[0]).toMatch(
      /^file .*\/echo\/gone\.py of the command is not there$/,
    );
  });

  it('the self-test of an image reports a scratch folder that cannot be written', async () => {
    await writeFile(join(folder, 'scratch'), 'a file');
    expect((await selfTest('echo', parts()))[0]).toMatch(/^scratch folder .* cannot be written/);
  });

  it('the self-test of an unknown image lists the existing ones', async () => {
    const other = { ...echo, identifier: 'other', job: { ...echo.job, image: 'other' } };
    const again = { ...other, identifier: 'again' };
    const catalogue = [echo, other, again];
    expect(await selfTest('ehco', { ...parts(), catalogue })).toEqual([
      'no process has image "ehco"; allowed: echo, other',
    ]);
  });
});
