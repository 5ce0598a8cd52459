import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { distDir } from '../bundled.ts';
import { type Figure, median } from './figure.ts';
import { writeDay, writeMaps } from './gogoduck-layers.ts';
import { measuredEnvironment } from './started-service.ts';

const everywhere = 'LATITUDE,-90,90;LONGITUDE,-180,180';
const readCsv = `
import sys, xarray
maps = [xarray.open_dataset(path) for path in sys.argv[2:]]
xarray.concat(maps, 'time', data_vars='minimal').to_dataframe().to_csv(sys.argv[1])`;

/** A task that both GoGoDuck and one of its peers can do. */
interface Work {
  readonly name: string;
  readonly layer: string;
  readonly subset: string;
  readonly mimeType: string;
  /** The peer's command, for the path of its result and the layer's files. */
  readonly peer: (result: string, files: readonly string[]) => readonly [string, ...string[]];
  readonly aim: string;
  readonly rounds: number;
  /** Largest allowed size of the result, as a multiple of the source. */
  readonly mostOfSource?: number;
}

/** A real day of satellite data (`ghrsst_l3s_1day`), which is not part of this repository. */
const realDay = join(
  process.env['NETCDF_DIR'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'netcdf'),
  'ghrsst_l3s_1day',
);

const netcdf = { subset: everywhere, mimeType: 'application/x-netcdf', rounds: 3 } as const;
const ncrcat: Work['peer'] = (result, files) => ['ncrcat', '-O', '-h', ...files, result];
const ncks: Work['peer'] = (result, files) => ['ncks', '-O', '-h', ...files, result];

const works: readonly Work[] = [
  { ...netcdf, name: '48 files of 400 x 600', layer: 'few', peer: ncrcat, aim: '1.5x', rounds: 5 },
  { ...netcdf, name: '480 files of 400 x 600', layer: 'many', peer: ncrcat, aim: '1.1x' },
  { ...netcdf, name: '2,000 files of 20 x 30', layer: 'small', peer: ncrcat, aim: '2x' },
  {
    ...netcdf,
    name: 'a real GHRSST day, whole',
    layer: 'real',
    peer: ncks,
    aim: '1x',
    rounds: 1,
    mostOfSource: 1.5,
  },
  {
    ...netcdf,
    name: 'a file of 2 GB of cells, whole',
    layer: 'day',
    peer: ncks,
    aim: '1x',
    rounds: 1,
  },
  {
    ...netcdf,
    name: 'a file of 2 GB of cells, 5 % of the area',
    layer: 'day',
    subset: 'LATITUDE,-40,-20;LONGITUDE,110,137',
    peer: (result, files) => [
      'ncks',
      '-O',
      '-h',
      '-d',
      'lat,-40.,-20.',
      '-d',
      'lon,110.,137.',
      ...files,
      result,
    ],
    aim: '1.3x',
  },
  {
    ...netcdf,
    name: 'CSV of a million rows',
    layer: 'csv',
    mimeType: 'text/csv',
    peer: (result, files) => ['/usr/bin/python3', '-W', 'ignore', '-c', readCsv, result, ...files],
    aim: '1x',
    rounds: 1,
  },
];

/**
 * The built GoGoDuck compared with its peers, all as child processes: processor time of user and system in
 * seconds, the size of the result, and the peak memory of GoGoDuck.
 */
export async function gogoduck(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-gogoduck-'));
  try {
    const at = (layer: string) => join(folder, 'layers', layer);
    const files: Readonly<Record<string, readonly string[]>> = {
      few: await writeMaps(at('few'), 48, 400, 600),
      many: await writeMaps(at('many'), 480, 400, 600),
      small: await writeMaps(at('small'), 2_000, 20, 30),
      csv: await writeMaps(at('csv'), 5, 400, 500),
      day: [await writeDay(at('day'))],
      real: await copiesOf(realDay, at('real')),
    };
    const figures: Figure[] = [];
    for (const work of works)
      figures.push(...(await measured(folder, work, files[work.layer] ?? [])));
    figures.push(...(await preview(folder, '48 files of 400 x 600', 'few')));
    figures.push(...(await preview(folder, 'a file of 2 GB of cells', 'day')));
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns paths of the copies of a folder's files in another folder; empty if the folder does not exist */
async function copiesOf(from: string, to: string): Promise<string[]> {
  const names = await readdir(from).catch(() => []);
  await mkdir(to, { recursive: true });
  const files = names.filter((name) => name.endsWith('.nc')).map((name) => join(to, name));
  for (const file of files) await copyFile(join(from, basename(file)), file);
  return files;
}

/** The cost of a picture beyond that of the aggregation that it shows. */
async function preview(folder: string, name: string, layer: string): Promise<Figure[]> {
  const work = { layer, subset: everywhere };
  const [plain, drawn]: [Used[], Used[]] = [[], []];
  for (let round = 0; round < 3; round++) {
    plain.push(await runGogoduck(folder, { ...work, mimeType: 'application/x-netcdf' }));
    drawn.push(await runGogoduck(folder, { ...work, mimeType: 'image/png' }, 'preview'));
  }
  const seconds = (used: readonly Used[]) => median(used.map((one) => one.seconds));
  return [
    {
      name: `${name}, preview: processor time of the picture alone`,
      value: seconds(drawn) - seconds(plain),
      unit: 's',
      aim: 'about 1 s',
    },
    memoryOf(`${name}, preview`, drawn),
  ];
}

function memoryOf(name: string, used: readonly Used[]): Figure {
  return {
    name: `${name}: most memory`,
    value: Math.max(...used.map(({ kibibytes }) => kibibytes)) / 1024,
    unit: 'MiB',
    aim: 'under 250 MiB',
  };
}

async function measured(folder: string, work: Work, files: readonly string[]): Promise<Figure[]> {
  if (files.length === 0) {
    console.error(`${work.name}: not measured, ${realDay} is not there; set NETCDF_DIR`);
    return [];
  }
  const reference = join(folder, 'reference');
  const [program, ...args] = work.peer(reference, files);
  const hasPeer = await ended('which', [program]).then(
    () => true,
    () => false,
  );
  if (!hasPeer) console.error(`${program} is not installed: no ratio`);
  const own: Used[] = [];
  const other: Used[] = [];
  // Measured in turn in each round, so that a disturbance affects both.
  for (let round = 0; round < work.rounds; round++) {
    own.push(await runGogoduck(folder, work));
    if (hasPeer) other.push(await used(program, args));
  }
  const seconds = median(own.map((one) => one.seconds));
  const size = (await stat(join(folder, 'outputs', 'result'))).size;
  const memory = memoryOf(work.name, own);
  const figure: Figure = { name: `${work.name}: processor time`, value: seconds, unit: 's' };
  const sourceSizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const sourceSize = sourceSizes.reduce((sum, each) => sum + each, 0);
  const result: Figure =
    work.mostOfSource === undefined
      ? { name: `${work.name}: result`, value: size / 2 ** 20, unit: 'MiB' }
      : {
          name: `${work.name}: result`,
          value: size / 2 ** 20,
          unit: 'MiB',
          ratio: size / sourceSize,
          floor: 'source',
          aim: `${work.mostOfSource}x`,
        };
  if (!hasPeer) return [figure, result, memory];
  const peerSeconds = median(other.map((one) => one.seconds));
  const peerSize = (await stat(reference)).size;
  const floor = program.slice(program.lastIndexOf('/') + 1);
  return [
    { ...figure, ratio: seconds / peerSeconds, floor, aim: work.aim },
    { name: `${work.name}: processor time of ${floor}`, value: peerSeconds, unit: 's' },
    result.ratio === undefined ? { ...result, ratio: size / peerSize, floor } : result,
    memory,
  ];
}

async function runGogoduck(
  folder: string,
  { layer, subset, mimeType }: Pick<Work, 'layer' | 'subset' | 'mimeType'>,
  identifier = 'result',
): Promise<Used> {
  const [inputs, requested] = [join(folder, 'inputs.json'), join(folder, 'requested.json')];
  const [work, outputs] = [join(folder, 'work'), join(folder, 'outputs')];
  await Promise.all([work, outputs].map((path) => mkdir(path, { recursive: true })));
  const literal = (value: string) => [{ kind: 'literal', value }];
  await writeFile(inputs, JSON.stringify({ layer: literal(layer), subset: literal(subset) }));
  await writeFile(requested, JSON.stringify([{ identifier, mimeType }]));
  const main = join(distDir, 'batch-jobs', 'gogoduck', 'main.js');
  return await used(process.execPath, [main], {
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

/** Resources that a process used. */
interface Used {
  /** Processor time, of user and system together. */
  readonly seconds: number;
  /** Peak memory. */
  readonly kibibytes: number;
}

/** Runs a program below GNU time, which reports the resources used. */
async function used(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Used> {
  const said = await ended('/usr/bin/time', ['-f', '%U %S %M', program, ...args], options);
  const [user, system, kibibytes] = (said.trimEnd().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number);
  return {
    seconds: (user ?? Number.NaN) + (system ?? Number.NaN),
    kibibytes: kibibytes ?? Number.NaN,
  };
}

/** @returns its standard error output */
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
