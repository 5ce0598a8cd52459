import { findCoordinates } from '../grid/find-coordinates.ts';
import { type Header, readHeader } from '../grid/header.ts';
import { readInstants } from '../grid/read-instants.ts';
import { JobError } from '../job-error.ts';
import type { Hdf5 } from '../netcdf/hdf5-file.ts';
import type { NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import { openNetcdf } from '../netcdf/open-netcdf.ts';
import type { Range, Subset } from '../subset.ts';
import { compareFiles } from './compare-files.ts';
import { type Treatment, treatmentOf } from './encodings.ts';
import { type OrderedSteps, orderSteps, type Step } from './order-steps.ts';
import { readTemplate, type Template } from './template.ts';

/** What joining a layer's files takes, as their headers tell: no data was read yet. */
export interface Plan {
  readonly template: Template;
  readonly templatePath: string;
  /** Paths of the files, as steps count them. */
  readonly paths: readonly string[];
  readonly steps: OrderedSteps;
  /** How each variable that varies with time is treated in every file. */
  readonly treatments: ReadonlyMap<string, Treatment>;
}

/**
 * Looks into every file: which time steps it has in the subset, and whether it can be joined with
 * the others. Memory holds one header and the instants of the steps.
 *
 * @param paths files in the order of listing
 * @throws {JobError} when there is no data, or when files cannot be joined truthfully
 */
export async function scanFiles(
  hdf5: Hdf5,
  paths: readonly string[],
  subset: Subset,
  onFile: (index: number) => void,
): Promise<Plan> {
  // Which variable is time is asked of the first file, whether it has data or not.
  let first: { readonly header: Header; readonly time: Variable | undefined } | undefined;
  let template: Template | undefined;
  let templatePath = '';
  const steps: Step[] = [];
  const treatments = new Map<string, Treatment>();
  const extent = new Extent();
  for (const [index, path] of paths.entries()) {
    onFile(index);
    const file = await openNetcdf(hdf5, path);
    try {
      first ??= lookAtFirst(file, subset, paths.length);
      const found = first.time ? stepsOf(file, first.time, index) : timeless;
      for (const { instant } of found) extent.add(instant);
      const wanted = found.filter(({ instant }) => isWithin(instant, subset.time));
      if (wanted.length === 0) continue;
      steps.push(...wanted);
      if (template) addTreatments(treatments, file, template);
      else {
        template = readTemplate(file, index === 0 ? first.header : readHeader(file), subset);
        templatePath = path;
      }
    } finally {
      file.close();
    }
  }
  if (!template) throw noData(subset, extent);
  return { template, templatePath, paths, steps: orderSteps(steps), treatments };
}

/** A file that does not vary with time has one step, at no instant. */
const timeless: readonly Step[] = [{ instant: 0, file: 0, index: 0 }];

function lookAtFirst(file: NetcdfFile, subset: Subset, files: number) {
  const header = readHeader(file);
  const { time } = findCoordinates(header);
  if (!time) refuseWithoutTime(file, subset, files);
  return { header, time };
}

function refuseWithoutTime(file: NetcdfFile, subset: Subset, files: number): void {
  if (subset.time) {
    throw new JobError(
      'badRequest',
      `Input "subset" has TIME, but the layer has no time axis (file "${file.name}"); allowed: a subset without TIME.`,
    );
  }
  if (files > 1) {
    throw new JobError(
      'badData',
      `The layer has ${files} files but no time axis to join them along (file "${file.name}"); allowed: one such file.`,
    );
  }
}

function stepsOf(file: NetcdfFile, time: Variable, index: number): Step[] {
  const layout = file.layout(time.name);
  if (layout?.shape.length !== 1) {
    throw new JobError('badData', `File "${file.name}" has no time axis ${time.name}.`);
  }
  const own = { ...time, ...layout };
  const attributes = file.encodingAttributes(own);
  return readInstants(file, own, attributes).map((instant, step) => ({
    instant,
    file: index,
    index: step,
  }));
}

function isWithin(instant: number, range: Range | undefined): boolean {
  return range === undefined || (instant >= range.minimum && instant <= range.maximum);
}

/** A variable that needs treatment in one file gets it in all, wide enough for all. */
function addTreatments(
  treatments: Map<string, Treatment>,
  file: NetcdfFile,
  template: Template,
): void {
  for (const [name, encoding] of compareFiles(file, template)) {
    const first = template.encodings.get(name);
    if (!first) continue;
    const treatment = treatmentOf(
      name,
      { file: template.header.name, encoding: first },
      { file: file.name, encoding },
    );
    const so = treatments.get(name);
    const isWider = so?.kind === 'unpack' && so.type === 'double';
    if (treatment.kind !== 'as-stored' && !isWider) treatments.set(name, treatment);
  }
}

class Extent {
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  add(instant: number): void {
    this.#first = Math.min(this.#first, instant);
    this.#last = Math.max(this.#last, instant);
  }

  toString(): string {
    return `${iso(this.#first)} to ${iso(this.#last)}`;
  }

  get isEmpty(): boolean {
    return this.#first > this.#last;
  }
}

/** The plan for the latest time step alone. */
export async function scanLatest(hdf5: Hdf5, plan: Plan, subset: Subset): Promise<Plan> {
  const { steps, paths, template } = plan;
  const latest = steps.instants.at(-1);
  const [last] = steps.runs.slice(-1);
  if (!template.coordinates.time || latest === undefined || !last) return plan;
  const time = { minimum: latest, maximum: latest };
  return scanFiles(hdf5, paths.slice(last.file, last.file + 1), { ...subset, time }, () => {});
}

function noData({ time }: Subset, extent: Extent): JobError {
  const asked = time ? ` from ${iso(time.minimum)} to ${iso(time.maximum)}` : '';
  const found = extent.isEmpty ? 'they hold none at all' : `those of its files are ${extent}`;
  return new JobError('badRequest', `No data: the layer has no time step${asked}; ${found}.`);
}

function iso(instant: number): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}
