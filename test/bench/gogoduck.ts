import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Hdf5File, loadHdf5 } from '../../batch-jobs/gogoduck/netcdf/hdf5-file.ts';
import { bytesOf } from '../../batch-jobs/gogoduck/netcdf/types.ts';
import { writeSampleLayer } from '../../batch-jobs/gogoduck/sample-layer.ts';
import { distDir } from '../bundled.ts';
import { type Figure, median } from './figure.ts';
import { measuredEnvironment } from './started-service.ts';

const rounds = 7;
const few = 48;
const many = 480;

/**
 * Tells the most memory a process held, in KiB, when it ends (Linux). What the operating system has
 * as its resource usage begins with that of the process which started it.
 */
const tellMemory = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync } from 'node:fs';
  process.on('exit', () => console.error('\\n' + readFileSync('/proc/self/status')));
`)}`;

interface Layer {
  readonly name: string;
  readonly paths: readonly string[];
}

/**
 * The built GoGoDuck beside NCO's `ncrcat`, both as child processes that join the same hourly files
 * of 400 x 600 cells; and the most memory GoGoDuck holds for few and for many files.
 */
export async function gogoduck(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-gogoduck-'));
  try {
    const hasNcrcat = await isInstalled('ncrcat');
    const small = await smallLayer(folder, hasNcrcat);
    const large = await largeLayer(folder, small);
    if (!hasNcrcat) console.error('ncrcat is not installed (apt-get install nco): no ratios');
    const figures: Figure[] = [];
    for (const layer of [small, large]) {
      figures.push(...(await compare(folder, layer, hasNcrcat)));
      figures.push({
        name: `GoGoDuck, ${layer.paths.length} files: most memory`,
        value: (await memoryOf(folder, layer)) / 1024,
        unit: 'MiB',
        aim: 'under 200 MiB',
      });
    }
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(folder: string, layer: Layer, hasNcrcat: boolean): Promise<Figure[]> {
  const own: number[] = [];
  const other: number[] = [];
  const reference = join(folder, 'reference.nc');
  // One after the other in each round, so that what disturbs one disturbs the other.
  for (let round = 0; round < (layer.paths.length > few ? 3 : rounds); round++) {
    own.push(await timed(() => runGogoduck(folder, layer)));
    if (hasNcrcat)
      other.push(await timed(() => ended('ncrcat', ['-O', '-h', ...layer.paths, reference])));
  }
  const name = `${layer.paths.length} files of 400 x 600 cells`;
  const figure: Figure = { name: `GoGoDuck, ${name}`, value: median(own), unit: 'ms' };
  if (!hasNcrcat) return [figure];
  const sizes = await Promise.all(
    [join(folder, 'outputs', 'result'), reference].map((path) => stat(path)),
  );
  const [size, referenceSize] = sizes.map(({ size }) => size) as [number, number];
  return [
    { name: `ncrcat, ${name}`, value: median(other), unit: 'ms' },
    { ...figure, ratio: median(own) / median(other), floor: 'ncrcat', aim: '1x' },
    {
      name: `GoGoDuck, ${layer.paths.length} files: result`,
      value: size / 2 ** 20,
      unit: 'MiB',
      ratio: size / referenceSize,
      floor: 'ncrcat',
    },
  ];
}

/** Hourly maps, stored as most producers store theirs: shuffled and deflated, which NCO does here. */
async function smallLayer(folder: string, hasNco: boolean): Promise<Layer> {
  const size = { files: few, rows: 400, columns: 600 };
  const paths = await writeSampleLayer(join(folder, 'layers', 'small'), size);
  if (hasNco) for (const path of paths) await ended('ncks', ['-O', '-h', '-L', '4', path, path]);
  return { name: 'small', paths };
}

/** The same maps again and again, each time at later hours. */
async function largeLayer(folder: string, { paths }: Layer): Promise<Layer> {
  const hdf5 = await loadHdf5();
  const target = join(folder, 'layers', 'large');
  await mkdir(target);
  const made: string[] = [];
  for (let index = 0; index < many; index++) {
    const path = join(target, `${String(index).padStart(4, '0')}.nc`);
    await copyFile(paths[index % few] as string, path);
    const file = Hdf5File.change(hdf5, path);
    file.write('time', [0], [1], bytesOf(Int32Array.of(1e9 + index * 3600)));
    file.close();
    made.push(path);
  }
  return { name: 'large', paths: made };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function memoryOf(folder: string, layer: Layer): Promise<number> {
  const said = await runGogoduck(folder, layer, ['--import', tellMemory]);
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(said)?.[1]);
}

/** @returns what it said on standard error */
async function runGogoduck(
  folder: string,
  { name }: Layer,
  options: readonly string[] = [],
): Promise<string> {
  const [inputs, requested] = [join(folder, 'inputs.json'), join(folder, 'requested.json')];
  const [work, outputs] = [join(folder, 'work'), join(folder, 'outputs')];
  await Promise.all([work, outputs].map((path) => mkdir(path, { recursive: true })));
  const literal = (value: string) => [{ kind: 'literal', value }];
  const subset = literal('LATITUDE,-90,90;LONGITUDE,-180,180');
  await writeFile(inputs, JSON.stringify({ layer: literal(name), subset }));
  await writeFile(
    requested,
    JSON.stringify([{ identifier: 'result', mimeType: 'application/x-netcdf' }]),
  );
  const main = join(distDir, 'batch-jobs', 'gogoduck', 'main.js');
  return await ended(process.execPath, [...options, main], {
    cwd: work,
    env: {
      ...measuredEnvironment,
      WPS_JOB_ID: 'c0ffee00-0000-4000-8000-000000000000',
      WPS_INPUTS: inputs,
      WPS_OUTPUT_DIR: outputs,
      WPS_OUTPUTS_REQUESTED: requested,
      GOGODUCK_LAYERS_DIR: join(folder, 'layers'),
    },
  });
}

async function ended(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${said}`);
  return said;
}

async function isInstalled(program: string): Promise<boolean> {
  return await ended('which', [program]).then(
    () => true,
    () => false,
  );
}
