import type { AdviceFault, AdviceSurroundings, Estimate } from '../api/process-advice.ts';
import type { LiteralInputs } from '../api/process-description.ts';
import { untilAborted } from '../api/until-aborted.ts';
import type { Amount, FileIndex, IndexedFile } from './file-index.ts';
import { fileIndexOf, type GoGoDuckVariables } from './file-index-of.ts';
import { JobError } from './job-error.ts';
import { KeptAnswers } from './kept-answers.ts';
import type { Grid } from './layer-coverage.ts';
import { Layers } from './layers.ts';
import { parseStride, parseVariables, type Strides } from './selection.ts';
import { parseSubset, type Range, type Subset } from './subset.ts';

/** If a layer has more files, only a sample of them is read. */
const mostFilesRead = 24;

const gigabyte = 1e9;

/** Amounts of layers on other servers: a form asks again with every change of its other inputs. */
const amounts = new KeptAnswers<Amount>(5 * 60_000, 1_000);

/** The files of a request, or only their amount if they are on another server and may be many. */
type Found = { readonly files: readonly IndexedFile[] } | { readonly amount: Amount };

/** Estimates how much a run would read and produce, from headers only. */
export async function estimate(
  inputs: LiteralInputs,
  surroundings: AdviceSurroundings,
): Promise<Estimate> {
  const { variables, signal } = surroundings;
  const faults: AdviceFault[] = [];
  const read = <T>(input: string, parse: (text: string) => T) =>
    attempt(input, parse, faults, inputs);
  const subset = read('subset', parseSubset);
  const stride = read('stride', parseStride) ?? {};
  const wanted = read('variables', parseVariables);
  const layer = inputs['layer']?.[0]?.trim() ?? '';
  const index = await fileIndexOf(variables);
  if (layer === '' || !index) return { faults };
  let found: Found;
  try {
    found = await untilAborted(() => filesOf(index, layer, subset?.time, variables), signal);
  } catch (error) {
    // What is still being fetched is known the next time.
    if (signal.aborted) return { faults };
    if (!(error instanceof JobError)) throw error;
    return { faults: [...faults, { input: 'layer', text: error.message }] };
  }
  if (!subset || signal.aborted) return { faults };
  const testMode = inputs['TestMode']?.[0] === 'true';
  const files = 'files' in found ? found.files : [];
  const count = 'files' in found ? files.length : found.amount.files;
  const unknown = await unknownVariables(files, wanted ?? []);
  faults.push(...unknown);
  const size =
    'files' in found
      ? await sizeOf(files, { subset, stride, wanted, testMode })
      : sizeOfAmount(found.amount, testMode);
  const isAllRead = count <= mostFilesRead;
  if (subset.time && (count === 0 || (isAllRead && size.steps === 0))) {
    faults.push({ input: 'subset', text: await noDataText(layer, subset.time, surroundings) });
  }
  if (size.cells === 0) {
    faults.push({ input: 'subset', text: await noCellText(layer, subset, surroundings) });
  }
  const most = Number(variables['GOGODUCK_MAX_GIGABYTES'] ?? Number.NaN);
  if (!(most > 0)) return { ...size, faults };
  const limitBytes = most * gigabyte;
  if (size.bytes !== undefined && size.bytes > limitBytes) {
    faults.push({
      input: 'subset',
      text: `The subset needs ${(size.bytes / gigabyte).toPrecision(2)} GB in ${size.files} files; at most ${most} GB: ask for a shorter period.`,
    });
  }
  return { ...size, limitBytes, faults };
}

async function filesOf(
  index: FileIndex,
  layer: string,
  period: Range | undefined,
  variables: GoGoDuckVariables,
): Promise<Found> {
  const { amount } = index;
  if (!amount) return { files: await index.list(layer, period) };
  const key = JSON.stringify([variables, layer, period]);
  return { amount: await amounts.get(key, () => amount.call(index, layer, period)) };
}

/** The text of a fault for a period without data, reported before the job is sent. */
async function noDataText(
  layer: string,
  { minimum, maximum }: Range,
  surroundings: AdviceSurroundings,
): Promise<string> {
  const asked = [minimum, maximum].map((instant) => new Date(instant).toISOString()).join(' to ');
  const { period } = (await (await Layers.of(surroundings)).coverage(layer)) ?? {};
  const has = period ? `; the layer has ${period.start} to ${period.end}` : '';
  return `Input "subset" has TIME ${asked}, when layer "${layer}" has no data${has}.`;
}

/** Like {@link noDataText}, for an area. */
async function noCellText(
  layer: string,
  { latitude, longitude }: Subset,
  surroundings: AdviceSurroundings,
): Promise<string> {
  const { bbox } = (await (await Layers.of(surroundings)).coverage(layer)) ?? {};
  const has = bbox
    ? `; its cells are at latitude ${bbox[1]} to ${bbox[3]}, longitude ${bbox[0]} to ${bbox[2]}`
    : '';
  return `Input "subset" has LATITUDE ${latitude.minimum} to ${latitude.maximum} and LONGITUDE ${longitude.minimum} to ${longitude.maximum}, where layer "${layer}" has no cell centre${has}.`;
}

/** Collects the fault of an input that is given. A missing input is checked against the description. */
function attempt<T>(
  input: string,
  parse: (text: string) => T,
  faults: AdviceFault[],
  inputs: LiteralInputs,
): T | undefined {
  const text = inputs[input]?.[0];
  if (!text) return undefined;
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    faults.push({ input, text: error.message });
    return undefined;
  }
}

/** Variables that a run would refuse, according to the first file. */
async function unknownVariables(
  [first]: readonly IndexedFile[],
  wanted: readonly string[],
): Promise<AdviceFault[]> {
  if (wanted.length === 0 || !first || !('path' in first.location)) return [];
  const { gridOf } = await import('./layer-coverage.ts');
  const { names, coverage } = await gridOf(first.location.path);
  const known = coverage.variables?.map(({ name }) => name).join(', ');
  return wanted
    .filter((name) => !names.has(name))
    .map((name) => ({
      input: 'variables',
      text: `Input "variables" has "${name}", which the layer does not have; its variables are ${known}.`,
    }));
}

interface Asked {
  readonly subset: Subset;
  readonly stride: Strides;
  /** Names or standard names of variables; undefined for all. */
  readonly wanted: readonly string[] | undefined;
  readonly testMode: boolean;
}

async function sizeOf(
  files: readonly IndexedFile[],
  { subset, stride, wanted, testMode }: Asked,
): Promise<Omit<Estimate, 'faults'>> {
  const first = files[0];
  if (!first) return { files: 0, bytes: 0 };
  if (!('path' in first.location)) return counted(testMode ? files.slice(-1) : files);
  const { gridOf } = await import('./layer-coverage.ts');
  const grids = new Map<IndexedFile, Grid>();
  for (const file of sampled(files)) {
    if ('path' in file.location) grids.set(file, await gridOf(file.location.path));
  }
  const grid = grids.get(first);
  if (!grid) return counted(files);
  const read = [...grids].filter(([, { instants }]) => stepsWithin(instants, subset.time) > 0);
  const share = files.length / grids.size;
  const found = Math.round(
    share * read.reduce((sum, [, { instants }]) => sum + stepsWithin(instants, subset.time), 0),
  );
  const steps = testMode ? 1 : Math.ceil(found / (stride.time ?? 1));
  const used = testMode ? read.slice(-1) : read;
  const cells = cellsWithin(grid, subset, stride);
  const bytes = used.reduce((sum, [{ size = 0 }]) => sum + size, 0);
  return {
    files: testMode ? used.length : Math.round(used.length * share),
    bytes: testMode ? bytes : Math.round(bytes * share),
    steps,
    ...(cells === undefined
      ? {}
      : {
          cells,
          outputBytes: Math.round(cells * steps * bytesOf(grid, wanted) * packedShare(grids)),
        }),
  };
}

function sizeOfAmount(
  { files, bytes, latestBytes }: Amount,
  testMode: boolean,
): Omit<Estimate, 'faults'> {
  const used = testMode ? latestBytes : bytes;
  return {
    files: testMode ? Math.min(1, files) : files,
    ...(used === undefined ? {} : { bytes: used }),
  };
}

function counted(files: readonly IndexedFile[]): Omit<Estimate, 'faults'> {
  const sizes = files.map(({ size }) => size);
  return {
    files: files.length,
    ...(sizes.every((size) => size !== undefined)
      ? { bytes: sizes.reduce((sum, size) => sum + size, 0) }
      : {}),
  };
}

/** All files, or an evenly spread sample. */
function sampled(files: readonly IndexedFile[]): readonly IndexedFile[] {
  if (files.length <= mostFilesRead) return files;
  const step = (files.length - 1) / (mostFilesRead - 1);
  return Array.from(
    { length: mostFilesRead },
    (_, index) => files[Math.round(index * step)] as IndexedFile,
  );
}

function stepsWithin(instants: readonly number[], period: Range | undefined): number {
  if (!period || instants.length === 0) return Math.max(1, instants.length);
  return instants.filter((at) => at >= period.minimum && at <= period.maximum).length;
}

/** Undefined if the grid does not consist of rows and columns. */
function cellsWithin(
  grid: Grid,
  { latitude, longitude }: Subset,
  stride: Strides,
): number | undefined {
  if (grid.latitudes.length === 0 || grid.longitudes.length === 0) return undefined;
  const rows = countWithin(grid.latitudes, latitude, (value) => [value]);
  const columns = countWithin(grid.longitudes, longitude, (value) => [
    value - 360,
    value,
    value + 360,
  ]);
  return Math.ceil(rows / (stride.latitude ?? 1)) * Math.ceil(columns / (stride.longitude ?? 1));
}

/** @param places where a position may be on the axis of the range: a longitude occurs once per turn */
function countWithin(
  positions: Float64Array,
  range: Range,
  places: (position: number) => readonly number[],
): number {
  // For a range without width, the nearest position is selected.
  if (range.minimum === range.maximum) return 1;
  return positions.filter((value) => places(value).some((place) => isWithin(place, range))).length;
}

function isWithin(value: number, { minimum, maximum }: Range): boolean {
  // A bound that is a position counts, even if single precision changed its digits.
  const slack = Math.max(1, Math.abs(value)) * 2 ** -22;
  return value >= minimum - slack && value <= maximum + slack;
}

/** Bytes per cell and time step of the wanted variables. */
function bytesOf({ cellBytes, coverage }: Grid, wanted: readonly string[] | undefined): number {
  const standardNames = new Map(
    coverage.variables?.map(({ name, standardName }) => [name, standardName]),
  );
  return [...cellBytes]
    .filter(
      ([name]) =>
        !wanted || wanted.includes(name) || wanted.includes(standardNames.get(name) ?? name),
    )
    .reduce((sum, [, bytes]) => sum + bytes, 0);
}

/** Ratio of the size of the files to the size of their data: compression, which the output has too. */
function packedShare(grids: ReadonlyMap<IndexedFile, Grid>): number {
  let [stored, held] = [0, 0];
  for (const [{ size = 0 }, grid] of grids) {
    stored += size;
    const cells = grid.latitudes.length * grid.longitudes.length;
    held += cells * Math.max(1, grid.instants.length) * bytesOf(grid, undefined);
  }
  return held > 0 ? Math.min(1, stored / held) : 1;
}
