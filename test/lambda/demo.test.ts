import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { distDir } from '../bundled.ts';

const run = promisify(execFile);

describe('the demo', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const demoFile = join(distDir, 'lambda', 'demo', 'demo.js');
  const demo = (...args: string[]) => run(process.execPath, [demoFile, ...args], { cwd: folder });

  it('the demo makes a layer, gets a NetCDF file from it, and says what it is', async () => {
    const { stdout } = await demo();
    expect(stdout).toContain('100 %  succeeded');
    expect(stdout).toContain('dimensions: time 13, lat 100, lon 130');
    expect(stdout).toMatch(/sea_surface_temperature\(time, lat, lon\): [\d.]+ to [\d.]+ kelvin/);
    const [path] = /\S+\.nc$/m.exec(stdout) ?? [];
    const netcdf = await readFile(join(folder, path as string));
    expect(netcdf.subarray(1, 4).toString()).toBe('HDF');
    // `npm start` finds the layer there.
    expect(await readdir(join(folder, '.wps', 'layers', 'sample_sst'))).toHaveLength(24);
  });

  it("the demo names the job's page, which is served for as long as the demo is kept", async () => {
    const child = spawn(process.execPath, [demoFile, '--keep'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const lines = createInterface({ input: child.stdout });
    const exit = once(child, 'exit');
    let page = '';
    for await (const line of lines) {
      page = /^ +(http:\S+\/jobs\/\S+)$/.exec(line)?.[1] ?? page;
      if (line.includes('Ctrl-C ends the service')) break;
    }
    const answer = await fetch(page, { headers: { accept: 'text/html' } });
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await answer.text()).toContain('Finished');
    child.kill('SIGINT');
    expect(await exit).toEqual([0, null]);
  });

  it('the demo fails with a reason that a scientist understands if a file of the layer is corrupt', async () => {
    const layer = join(folder, 'layers', 'broken');
    await mkdir(layer, { recursive: true });
    await writeFile(join(layer, 'one.nc'), 'this is no NetCDF');
    await expect(demo('--layer-dir', layer)).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/the job failed: .*one\.nc/),
    });
  });

  it('the demo refuses a folder that does not exist', async () => {
    await expect(demo('--layer-dir', 'absent')).rejects.toMatchObject({
      code: 64,
      stderr: expect.stringContaining('allowed: a folder of NetCDF-4 files'),
    });
  });
});
