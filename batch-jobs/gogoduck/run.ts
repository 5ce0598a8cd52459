import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readableFileName } from '../api/safe-file-name.ts';
import { aggregate } from './aggregate/aggregate.ts';
import { defineOutput } from './aggregate/define-output.ts';
import type { AttributeRules } from './aggregate/discovery-attributes.ts';
import { type Plan, scanFiles, scanLatest } from './aggregate/scan-files.ts';
import { checkResult, checkSources } from './check-amount.ts';
import type { FileIndex, IndexedFile } from './file-index.ts';
import type { GoGoDuckRequest } from './gogoduck-request.ts';
import { formatInstant } from './grid/calendar.ts';
import { JobError } from './job-error.ts';
import type { NetcdfDefinition } from './netcdf/define-netcdf.ts';
import { type Hdf5, loadHdf5 } from './netcdf/hdf5-file.ts';
import type { NetcdfSink } from './netcdf/netcdf-sink.ts';
import { gogoduck } from './process.ts';
import { phaseProgress, type Tell } from './progress.ts';
import type { RunRecord } from './provenance.ts';
import { addToHistory, hasValidValue } from './valid-values.ts';

/** Where the files of layers come from. */
export interface FileSource {
  readonly index: FileIndex;
  /** Makes files available on this machine, and returns their paths in the order of the files. */
  readonly obtain: (
    files: readonly IndexedFile[],
    onFile: (index: number, of: number) => void,
  ) => Promise<string[]>;
}

export interface RunParts {
  readonly jobId: string;
  readonly files: FileSource;
  /** Creates a NetCDF file that is ready for its data. */
  readonly createNetcdf: (path: string, definition: NetcdfDefinition) => Promise<NetcdfSink>;
  /** For unfinished files, on the same disk as the outputs. */
  readonly scratchFolder: string;
  readonly outputFolder: string;
  /** Limit for the sources, and for the result before compression; default: unlimited. */
  readonly mostGigabytes?: number;
  /** Reports what the user should know about an available result. */
  readonly warn?: (text: string) => void;
  /** Rules that change the layer's attributes. */
  readonly attributeRules?: AttributeRules;
  readonly tell: Tell;
  readonly now: () => Date;
}

/** Obtains files that are already on this machine. */
export async function localFiles(files: readonly IndexedFile[]): Promise<string[]> {
  return files.map(({ name, location }) => {
    if ('path' in location) return location.path;
    throw new Error(`file ${name} is not on this machine`);
  });
}

/**
 * Carries out a request and writes its outputs to the output folder, completely or not at all.
 *
 * @throws {JobError} if that is not possible
 */
export async function run(request: GoGoDuckRequest, parts: RunParts): Promise<void> {
  const { tell, scratchFolder, outputFolder } = parts;
  const startedAt = parts.now();
  tell(0, 'looking up the files of the layer');
  const files = await listFiles(request, parts.files.index);
  const most = parts.mostGigabytes ?? Number.POSITIVE_INFINITY;
  checkSources(files, most);
  const fetching = { from: 0, to: 30, doing: 'fetching' };
  const paths = await parts.files.obtain(files, phaseProgress(tell, fetching));
  const hdf5 = await loadHdf5();
  const plan = await makePlan(hdf5, paths, request, tell);
  if (request.content === 'text/csv') {
    const { checkTable } = await import('./write-csv.ts');
    checkTable(plan.template.header, plan.template.coordinates);
  }

  const path = join(scratchFolder, 'aggregation.nc');
  const output = defineOutput(plan, {
    uuid: parts.jobId,
    layer: request.layer,
    madeAt: startedAt,
    history: historyLine(request, plan, startedAt),
    rules: parts.attributeRules ?? {},
  });
  checkResult(output, usedFiles(plan).length, most);
  const joining = { from: 40, to: 90, doing: 'joining' };
  const sink = await parts.createNetcdf(path, output.definition);
  await aggregate(hdf5, plan, output, sink, phaseProgress(tell, joining));

  const warnings = [...unreadWarnings(plan), ...(await warningsOf(hdf5, path, request))];
  for (const warning of warnings) {
    parts.warn?.(warning);
    await addToHistory(hdf5, path, warning);
  }

  const record = recordOf(request, plan, files, startedAt, parts);
  const { receiptJson } = await import('./receipt.ts');
  const receipt = receiptJson(record, output.definition.attributes, warnings);
  if (request.preview) {
    tell(90, 'drawing the preview');
    const { drawPreview } = await import('./picture/draw-preview.ts');
    const { layer, subset } = request;
    const wanted = subset.variables ? { variables: subset.variables } : {};
    await writeFile(
      join(outputFolder, 'preview'),
      await drawPreview(hdf5, path, { layer, ...wanted }),
    );
  }
  if (request.result) {
    tell(93, 'writing the result');
    const content = await inFormat(hdf5, path, request, scratchFolder, receipt);
    await rename(content, join(outputFolder, 'result'));
    await writeFile(join(outputFolder, 'result.filename'), request.filename);
  }
  if (request.provenance) {
    const { provenanceXml } = await import('./provenance.ts');
    await writeFile(join(outputFolder, 'provenance'), provenanceXml(record));
  }
  if (request.receipt) await writeFile(join(outputFolder, 'receipt'), receipt);
  tell(100, 'done');
}

function unreadWarnings({ template }: Plan): string[] {
  return [...template.header.unread].map(
    ([name, type]) =>
      `Variable ${name} is left out: its type (${type}) is not read. Allowed: numbers, enumerations, characters and strings.`,
  );
}

async function warningsOf(
  hdf5: Hdf5,
  path: string,
  { subsetText }: GoGoDuckRequest,
): Promise<string[]> {
  if (await hasValidValue(hdf5, path)) return [];
  return [`No cell of the result holds a value: all data of subset "${subsetText}" is missing.`];
}

function recordOf(
  request: GoGoDuckRequest,
  plan: Plan,
  files: readonly IndexedFile[],
  startedAt: Date,
  { jobId, now }: RunParts,
): RunRecord {
  const { instants } = plan.steps;
  const [start, end] = [instants.at(0), instants.at(-1)].map((instant) =>
    instant === undefined ? undefined : formatInstant(instant, plan.calendar),
  );
  const varies = plan.template.timeDimension !== undefined;
  return {
    jobId,
    request,
    process: gogoduck,
    sources: usedFiles(plan).map((index) => files[index] as IndexedFile),
    ...(varies && start !== undefined && end !== undefined ? { coverage: { start, end } } : {}),
    startedAt,
    endedAt: now(),
  };
}

async function listFiles(
  { layer, subset, testMode }: GoGoDuckRequest,
  fileIndex: FileIndex,
): Promise<readonly IndexedFile[]> {
  const files = await fileIndex.list(layer, subset.time);
  if (files.length === 0) {
    throw new JobError('badRequest', `No data: layer "${layer}" lists no files for the subset.`);
  }
  // The latest time step is in the latest file, if the index knows which file that is.
  const isOrdered = files.every(({ time }) => time !== undefined);
  return testMode && isOrdered ? files.slice(-1) : files;
}

async function makePlan(
  hdf5: Hdf5,
  paths: readonly string[],
  { subset, testMode }: GoGoDuckRequest,
  tell: Tell,
): Promise<Plan> {
  const onFile = phaseProgress(tell, { from: 30, to: 40, doing: 'looking into' });
  const plan = await scanFiles(hdf5, paths, subset, (index) => onFile(index, paths.length));
  return testMode ? await scanLatest(hdf5, plan, subset) : plan;
}

/** @returns path of the result */
async function inFormat(
  hdf5: Hdf5,
  netcdf: string,
  { result, content, subset, filename }: GoGoDuckRequest,
  scratchFolder: string,
  receipt: string,
): Promise<string> {
  if (content === 'application/zarr+zip') {
    const { writeZarr } = await import('./write-zarr.ts');
    const store = join(scratchFolder, 'aggregation.zarr.zip');
    await writeZarr(hdf5, netcdf, store);
    return store;
  }
  const isCsv = content === 'text/csv';
  const made = isCsv ? join(scratchFolder, 'aggregation.csv') : netcdf;
  if (isCsv) {
    const { writeCsv } = await import('./write-csv.ts');
    await writeCsv(hdf5, netcdf, made, subset);
  }
  if (result !== 'application/zip') return made;
  const { writeZip } = await import('./write-zip.ts');
  const zip = join(scratchFolder, 'aggregation.zip');
  const extension = isCsv ? '.csv' : '.nc';
  const nameInside = readableFileName(filename, extension) || `aggregation${extension}`;
  await writeZip({ path: made, nameInside, compress: isCsv }, receipt, zip);
  return zip;
}

/** Indices of the files that have steps in the result, in order of time. */
function usedFiles({ steps }: Plan): number[] {
  return [...new Set(steps.runs.map(({ file }) => file))];
}

function historyLine(request: GoGoDuckRequest, plan: Plan, at: Date): string {
  const { steps, treatments } = plan;
  const count = usedFiles(plan).length;
  const unpacked = [...treatments]
    .filter(([, { kind }]) => kind === 'unpack')
    .map(([name]) => name);
  return [
    `${at.toISOString()} ${gogoduck.title} ${gogoduck.version}: subset "${request.subsetText}" of ${count} ${count === 1 ? 'file' : 'files'} of layer "${request.layer}"`,
    ...plan.remarks,
    ...(steps.repeated > 0 ? [`${steps.repeated} repeated time steps left out`] : []),
    ...(unpacked.length > 0
      ? [`unpacked, as their packing differs between files: ${unpacked.join(', ')}`]
      : []),
  ].join('; ');
}
