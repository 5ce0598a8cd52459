import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSampleLayer } from '../../batch-jobs/gogoduck/sample-layer.ts';
import { distDir } from '../bundled.ts';
import { readNetcdf } from './read-netcdf.ts';
import { startWfs } from './wfs-server.ts';

const everywhere = 'LATITUDE,-90,90;LONGITUDE,-180,180';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Names of the files in the output folder. */
  readonly outputs: string[];
  readonly output: (name: string) => string;
}

/** The built command, started in the same way as the runner starts it. */
describe("GoGoDuck's command", () => {
  let folder: string;
  let layers: string;
  let runs = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'command-'));
    layers = join(folder, 'layers');
    await writeSampleLayer(join(layers, 'sample'), { files: 4, rows: 20, columns: 25 });
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function run(
    inputs: Record<string, string>,
    mimeType = 'application/x-netcdf',
    variables: Record<string, string> = { GOGODUCK_LAYERS_DIR: layers },
    shell = 'exec "$@"',
  ): Promise<Ended> {
    const own = join(folder, `run-${runs++}`);
    const [work, outputFolder] = [join(own, 'work'), join(own, 'outputs')];
    await Promise.all([work, outputFolder].map((path) => mkdir(path, { recursive: true })));
    const values = Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [name, [{ kind: 'literal', value }]]),
    );
    await writeFile(join(own, 'inputs.json'), JSON.stringify(values));
    const requested = [
      { identifier: 'result', mimeType },
      { identifier: 'provenance', mimeType: 'application/xml' },
    ];
    await writeFile(join(own, 'requested.json'), JSON.stringify(requested));
    const command = [process.execPath, join(distDir, 'batch-jobs', 'gogoduck', 'main.js')];
    const child = spawn('sh', ['-c', shell, 'sh', ...command], {
      cwd: work,
      env: {
        PATH: process.env['PATH'],
        WPS_JOB_ID: 'c0ffee00-0000-4000-8000-000000000000',
        WPS_INPUTS: join(own, 'inputs.json'),
        WPS_OUTPUT_DIR: outputFolder,
        WPS_OUTPUTS_REQUESTED: join(own, 'requested.json'),
        ...variables,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number]>,
    ]);
    return {
      code,
      stdout,
      stderr,
      outputs: (await readdir(outputFolder)).toSorted(),
      output: (name) => join(outputFolder, name),
    };
  }
  /** The message that the user reads: the last line that begins with `ERROR `. */
  const errorOf = ({ stderr }: Ended) =>
    stderr
      .split('\n')
      .findLast((line) => line.startsWith('ERROR '))
      ?.slice('ERROR '.length);

  it("GoGoDuck's command writes its outputs and the result's name, and reports progress", async () => {
    const ended = await run({ layer: 'sample', subset: everywhere, filename: 'my sst' });
    expect(ended).toMatchObject({ code: 0, outputs: ['provenance', 'result', 'result.filename'] });
    expect(await readFile(ended.output('result.filename'), 'utf8')).toBe('my sst');
    expect(await readFile(ended.output('provenance'), 'utf8')).toContain('<prov:document');
    const { dimensions } = await readNetcdf(ended.output('result'));
    expect(dimensions).toEqual({ time: -4, lat: 20, lon: 25 });
    expect(ended.stdout).toMatch(/^PROGRESS 0 looking up the files of the layer$/m);
    expect(
      ended.stdout
        .trim()
        .split('\n')
        .every((line) => /^PROGRESS \d+ /.test(line)),
    ).toBe(true);
  });

  it("GoGoDuck's command writes CSV, and a zip of either format", async () => {
    const csv = await run({ layer: 'sample', subset: everywhere, TestMode: 'true' }, 'text/csv');
    expect((await readFile(csv.output('result'), 'utf8')).split('\n')).toHaveLength(502);
    const zip = await run(
      { layer: 'sample', subset: everywhere, filename: '../a b' },
      'application/zip',
    );
    const bytes = await readFile(zip.output('result'), 'latin1');
    expect(bytes.startsWith('PK\x03\x04')).toBe(true);
    // The file name in the archive is safe, and the content is stored uncompressed.
    expect(bytes.slice(30, 36)).toBe('a b.nc');
    expect(bytes).toContain('\x89HDF\r\n');
  });

  it.each([
    [
      'a subset that cannot be parsed',
      { layer: 'sample', subset: 'all of it' },
      64,
      'Input "subset" has a part "all of it"',
    ],
    [
      'a layer that is not there',
      { layer: 'other', subset: everywhere },
      66,
      'Input "layer" is "other"; there is no such layer.',
    ],
    [
      'a layer that is a path',
      { layer: '../layers/sample', subset: everywhere },
      64,
      'Input "layer" is "../layers/sample"; allowed: a name',
    ],
    [
      'a subset without data',
      { layer: 'sample', subset: 'LATITUDE,10,20;LONGITUDE,10,20' },
      64,
      'No data: the layer has no cell centre',
    ],
  ])(
    "GoGoDuck's command fails for %s in words for the user, and leaves nothing behind",
    async (_, inputs, code, words) => {
      const ended = await run(inputs);
      expect(ended.code).toBe(code);
      expect(errorOf(ended)).toContain(words);
      expect(errorOf(ended)).not.toContain(folder);
      expect(ended.outputs).toEqual([]);
    },
  );

  it("GoGoDuck's command names a damaged file, wherever the damage is", async () => {
    const [name = ''] = await readdir(join(layers, 'sample'));
    const original = await readFile(join(layers, 'sample', name));
    const damages: Record<string, (path: string) => Promise<void>> = {
      'cut-early': (path) => truncate(path, 200),
      'cut-late': (path) => truncate(path, original.length - 100),
      zeroed: (path) => {
        const bytes = Buffer.from(original);
        bytes.fill(0, original.length >> 1);
        return writeFile(path, bytes);
      },
    };
    for (const [layer, damage] of Object.entries(damages)) {
      const path = join(layers, layer, 'damaged.nc');
      await mkdir(join(layers, layer));
      await copyFile(join(layers, 'sample', name), path);
      await damage(path);
      const ended = await run({ layer, subset: everywhere });
      expect([layer, ended.code]).toEqual([layer, 65]);
      expect(errorOf(ended)).toMatch(/^File "damaged\.nc" /);
    }
  });

  it("GoGoDuck's command fails and leaves nothing behind if there is no room for the result", async () => {
    const limited = 'ulimit -f 8; exec "$@"';
    const variables = { GOGODUCK_LAYERS_DIR: layers };
    const ended = await run({ layer: 'sample', subset: everywhere }, undefined, variables, limited);
    expect(ended).toMatchObject({ code: 1, outputs: [] });
    expect(ended.stderr).toContain('cannot be written');
    expect(errorOf(ended)).toBeUndefined();
  });

  it("GoGoDuck's command fetches the files of a layer from a WFS", async () => {
    const names = await readdir(join(layers, 'sample'));
    const files = await Promise.all(
      names.map(async (name, index) => ({
        name,
        time: `2024-01-15T0${index}:00:00Z`,
        content: '',
        bytes: await readFile(join(layers, 'sample', name)),
      })),
    );
    const server = await startWfs({ 'imos:sample': files }, ({ url }, to) => {
      const file = files.find(({ name }) => url === `/files/imos%3Asample/${name}`);
      to.setHeader('content-type', 'application/octet-stream');
      if (file) to.end(file.bytes);
      return file !== undefined;
    });
    const ended = await run(
      { layer: 'imos:sample', subset: `TIME,2024-01-15T01:00Z,2024-01-15T02:30Z;${everywhere}` },
      'application/x-netcdf',
      { GOGODUCK_WFS_URL: `${server.url}/wfs`, GOGODUCK_FILES_URL: `${server.url}/files/` },
    );
    await server.stop();
    expect(errorOf(ended)).toBeUndefined();
    expect(ended.code).toBe(0);
    expect((await readNetcdf(ended.output('result'))).dimensions['time']).toBe(-2);
    expect(await readFile(ended.output('provenance'), 'utf8')).toContain(
      `${server.url}/files/imos%3Asample/${names[1]}</prov:location>`,
    );
  });

  it("GoGoDuck's command logs which settings are missing, and does not tell the user", async () => {
    const ended = await run({ layer: 'sample', subset: everywhere }, 'text/csv', {});
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(
      'neither GOGODUCK_LAYERS_DIR, GOGODUCK_WFS_URL nor GOGODUCK_ZARR_URL is set',
    );
    expect(errorOf(ended)).toBeUndefined();
  });
});
