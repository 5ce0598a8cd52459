/**
 * `npm run demo [-- --layer-dir FOLDER] [--keep] [--open]`: starts the service on a free port, sends a WPS
 * Execute for a part of a layer, shows the job's progress, downloads the outputs, describes them, and prints
 * the address of the job's page.
 */

import { mkdirSync, openSync, writeSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import {
  describeNetcdf,
  type VariableDescription,
} from '../../batch-jobs/gogoduck/describe-netcdf.ts';
import {
  isTimeUnit,
  parseTimeUnits,
  toInstant,
} from '../../batch-jobs/gogoduck/grid/time-units.ts';
import { gogoduck } from '../../batch-jobs/gogoduck/process.ts';
import { writeSampleLayer } from '../../batch-jobs/gogoduck/sample-layer.ts';
import { startEmbeddedService } from '../embedded/embedded-service.ts';
import { execute, executeDocument, fetchOutput, follow, type JobView } from './demo-client.ts';
import { DemoProgress } from './demo-progress.ts';

const usage = `usage: npm run demo -- [--layer-dir FOLDER] [--keep] [--open]

  --layer-dir FOLDER  NetCDF-4 files to work on (default: a sample layer is made)
  --keep              the service stays up, to look at the job's page, until Ctrl-C
  --open              as --keep, and opens the job's page in a browser
`;

const dataDir = resolve('.wps', 'demo');
/** The layers folder of `npm start`, so that the layer made here works there too. */
const layersDir = resolve('.wps', 'layers');

interface Layer {
  readonly folder: string;
  readonly subset: string;
  readonly madeOf: string;
}

function parseOptions() {
  try {
    return parseArgs({
      options: {
        'layer-dir': { type: 'string' },
        keep: { type: 'boolean', default: false },
        open: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(64);
  }
}

async function namedLayer(folder: string): Promise<Layer> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) {
    process.stderr.write(
      `option --layer-dir is "${folder}"; allowed: a folder of NetCDF-4 files\n`,
    );
    process.exit(64);
  }
  // Everything: the coverage of the files is unknown until they are read.
  return { folder, subset: 'LATITUDE,-90,90;LONGITUDE,-180,180', madeOf: 'the files there' };
}

async function sampleLayer(): Promise<Layer> {
  const folder = join(layersDir, 'sample_sst');
  const files = await writeSampleLayer(folder, { files: 24, rows: 160, columns: 200 });
  return {
    folder,
    subset:
      'TIME,2024-01-15T06:00:00Z,2024-01-15T18:00:00Z;LATITUDE,-44.5,-39.5;LONGITUDE,143,149.5',
    madeOf: `${files.length} hourly maps of sea surface temperature`,
  };
}

/** Each output in its default format. */
const everyOutput = Object.fromEntries(
  gogoduck.outputs.flatMap((output) =>
    output.kind === 'complex' ? [[output.identifier, output.formats[0].mimeType]] : [],
  ),
);

async function run(endpoint: string, layer: Layer): Promise<JobView> {
  const job = await execute(
    endpoint,
    executeDocument(
      'gs:GoGoDuck',
      { layer: basename(layer.folder), subset: layer.subset },
      everyOutput,
    ),
  );
  console.log(`   status at ${job.statusLocation}`);
  const progress = new DemoProgress(process.stdout);
  let last = job;
  for await (const view of follow(job)) {
    progress.show(view);
    last = view;
  }
  progress.end();
  return last;
}

async function show(job: JobView): Promise<void> {
  const folder = join(dataDir, 'fetched');
  mkdirSync(folder, { recursive: true });
  for (const { identifier, href, mimeType } of job.outputs) {
    const path = await fetchOutput(href, (filename) => join(folder, filename));
    const { size } = await stat(path);
    console.log(`   ${identifier} (${mimeType}, ${size.toLocaleString('en')} bytes)`);
    console.log(`     ${relative('.', path)}`);
    if (mimeType === 'application/x-netcdf') await showNetcdf(path);
  }
}

async function showNetcdf(path: string): Promise<void> {
  const { dimensions, variables } = await describeNetcdf(path);
  console.log(
    `     dimensions: ${dimensions.map(({ name, size }) => `${name} ${size}`).join(', ')}`,
  );
  for (const variable of variables) console.log(`     ${inWords(variable)}`);
}

/**
 * Prints the page where a person sees the same result, and keeps the service running if the user asked for
 * that.
 */
async function showPages({ statusLocation, outputs }: JobView): Promise<void> {
  const { origin, searchParams } = new URL(statusLocation);
  const page = `${origin}/jobs/${searchParams.get('jobId')}`;
  const picture = outputs.find(({ mimeType }) => mimeType === 'image/png');
  console.log(`5. The job's page\n   ${page}`);
  if (picture) console.log(`   its picture: ${picture.href}`);
  if (!keep && !open) {
    console.log('   It is gone with the demo; npm run demo -- --open opens it, --keep keeps it.');
    console.log('   npm start offers the same layer at http://127.0.0.1:8080/');
    return;
  }
  if (open) await openInBrowser(page);
  console.log('   Ctrl-C ends the service.');
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
}

/** There may be no browser; the address is printed in any case. */
async function openInBrowser(page: string): Promise<void> {
  const { default: openPage } = await import('open');
  const browser = await openPage(page).catch(() => undefined);
  browser?.on('error', () => console.log('   No browser could be opened.'));
}

function inWords({ name, dimensions, units = '', minimum, maximum }: VariableDescription): string {
  const variable = `${name}(${dimensions.join(', ')})`;
  if (minimum === undefined || maximum === undefined) return variable;
  const time = isTimeUnit(units) ? parseTimeUnits(units) : undefined;
  if (typeof time !== 'object') {
    return `${variable}: ${rounded(minimum)} to ${rounded(maximum)} ${units}`.trimEnd();
  }
  const instant = (value: number) => new Date(toInstant(value, time)).toISOString();
  return `${variable}: ${instant(minimum)} to ${instant(maximum)}`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(7)));
}

const { 'layer-dir': layerDir, keep, open, help } = parseOptions();
if (help) {
  process.stdout.write(usage);
  process.exit(0);
}
mkdirSync(dataDir, { recursive: true });
const logPath = join(dataDir, 'service.log');
const logFile = openSync(logPath, 'a');
console.log('1. A layer');
const layer = layerDir === undefined ? await sampleLayer() : await namedLayer(resolve(layerDir));
console.log(`   ${relative('.', layer.folder) || '.'}: ${layer.madeOf}`);

const service = await startEmbeddedService({
  port: 0,
  dataDir,
  layersDir: dirname(layer.folder),
  batchJobsDir: join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'batch-jobs'),
  environment: process.env,
  log: jsonLog((line) => writeSync(logFile, line)),
  jobOutput: logFile,
});
console.log(`2. The service\n   ${service.endpoint} (its log: ${relative('.', logPath)})`);
try {
  console.log(`3. Execute gs:GoGoDuck\n   ${layer.subset}`);
  const job = await run(service.endpoint, layer);
  if (job.state === 'succeeded') {
    console.log('4. The outputs');
    await show(job);
    await showPages(job);
  } else {
    console.log(`   the job failed: ${job.message}`);
    process.exitCode = 1;
  }
} finally {
  await service.close();
}
