import { type Calendar, dateText, formatInstant, prolepticGregorian } from '../grid/calendar.ts';
import { chooseVariables } from '../grid/choose-variables.ts';
import { timeSign } from '../grid/coordinate-signs.ts';
import { findCoordinates } from '../grid/find-coordinates.ts';
import { type Header, readHeader } from '../grid/header.ts';
import { readInstants } from '../grid/read-instants.ts';
import { JobError } from '../job-error.ts';
import type { Hdf5 } from '../netcdf/hdf5-file.ts';
import type { NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import { openNetcdf } from '../netcdf/open-netcdf.ts';
import type { Strides } from '../selection.ts';
import { type Period, periodIn, type Range, type Subset } from '../subset.ts';
import type { Extent } from './cell-extents.ts';
import { compareFiles, type Differences } from './compare-files.ts';
import { eitherTreatment, type Treatment, treatmentOf } from './encodings.ts';
import { asItIs, FoundDifferences } from './found-differences.ts';
import { type Adaptation, JoinedFile, type Promotion } from './joined-file.ts';
import { JoinedFlags } from './joined-flags.ts';
import { everyNth, type OrderedSteps, orderSteps, type Step } from './order-steps.ts';
import { periodOfSteps } from './period-of-steps.ts';
import { promotionOf } from './promote-time.ts';
import { readTemplate, type Template } from './template.ts';

/** How to join a layer's files, based on their headers: no data has been read yet. */
export interface Plan {
  readonly template: Template;
  readonly templatePath: string;
  /** Paths of the files, in the order that steps refer to. */
  readonly paths: readonly string[];
  readonly steps: OrderedSteps;
  /** Along each axis, every n-th position is selected. */
  readonly strides: Strides;
  /** Calendar of the steps. */
  readonly calendar: Calendar;
  /**
   * The period that the steps cover, including their bounds; undefined if the data does not vary with time.
   */
  readonly period: Extent | undefined;
  /** How each variable that varies with time is converted in every file. */
  readonly treatments: ReadonlyMap<string, Treatment>;
  /** How files are made alike. */
  readonly adaptation: Adaptation;
  /** Anything that may surprise a reader, for the history. */
  readonly remarks: readonly string[];
}

/**
 * Reads the header of every file: which time steps are in the subset, and whether the file can be joined with
 * the others. Memory holds one header and the instants of the steps.
 *
 * @param paths files in the order of the list
 * @throws {JobError} if there is no data, or if joining the files would misrepresent it
 */
export async function scanFiles(
  hdf5: Hdf5,
  paths: readonly string[],
  subset: Subset,
  onFile: (index: number) => void,
): Promise<Plan> {
  // The first file determines which variable is the time, even if it has no data in the subset.
  let first: First | undefined;
  let template: Template | undefined;
  let templatePath = '';
  let calendar: Calendar = prolepticGregorian;
  const steps: Step[] = [];
  const treatments = new Map<string, Treatment>();
  const flags = new JoinedFlags();
  const differences = new FoundDifferences();
  const extent = new FoundTimes();
  for (const [index, path] of paths.entries()) {
    onFile(index);
    const opened = await openNetcdf(hdf5, path);
    try {
      first ??= lookAtFirst(opened, subset, paths.length);
      const { header, time, promotion } = first;
      const file = promotion ? new JoinedFile(opened, { ...asItIs, promotion }) : opened;
      const found = time ? stepsOf(file, time, index) : timeless;
      const period = subset.time && periodIn(subset.time, found.calendar);
      for (const { instant } of found.steps) extent.add(instant, found.calendar);
      const wanted = found.steps.filter(({ instant }) => isWithin(instant, period));
      if (wanted.length === 0) continue;
      steps.push(...wanted);
      if (template) {
        const compared = compareFiles(file, template);
        addTreatments(treatments, flags, file, compared, template);
        await differences.add(file, compared, template, () => openNetcdf(hdf5, templatePath));
      } else {
        template = readTemplate(file, index === 0 ? header : headerOf(file, subset), subset);
        templatePath = path;
        calendar = found.calendar;
      }
    } finally {
      opened.close();
    }
  }
  if (!template) throw noData(subset, extent);
  const ordered = everyNth(orderSteps(steps), subset.stride?.time ?? 1);
  const adaptation = differences.adaptation(template, first?.promotion);
  const open = (file: number) =>
    openAdapted(hdf5, paths[file] as string, adaptation, template?.timeDimension);
  return {
    template: flags.templateFor(differences.templateFor(template)),
    templatePath,
    paths,
    steps: ordered,
    strides: subset.stride ?? {},
    calendar,
    period: await periodOfSteps(ordered, template, open),
    treatments: new Map([...treatments, ...flags.treatments()]),
    adaptation,
    remarks: [...differences.remarks(template), ...flags.remarks(template)],
  };
}

/** Opens a file of a plan, adapted to the others. */
export function openJoined(
  hdf5: Hdf5,
  path: string,
  { adaptation, template }: Plan,
): Promise<NetcdfFile> {
  return openAdapted(hdf5, path, adaptation, template.timeDimension);
}

async function openAdapted(
  hdf5: Hdf5,
  path: string,
  adaptation: Adaptation,
  timeDimension: string | undefined,
): Promise<NetcdfFile> {
  const file = await openNetcdf(hdf5, path);
  const { promotion, filled, textLengths } = adaptation;
  const isAsItIs = !promotion && filled.size === 0 && textLengths.size === 0;
  return isAsItIs ? file : new JoinedFile(file, adaptation, timeDimension);
}

/** A file that does not vary with time has one step, without an instant. */
const timeless: FileSteps = {
  steps: [{ instant: 0, file: 0, index: 0 }],
  calendar: prolepticGregorian,
};

interface FileSteps {
  readonly steps: readonly Step[];
  readonly calendar: Calendar;
}

interface First {
  readonly header: Header;
  readonly time: Variable | undefined;
  readonly promotion: Promotion | undefined;
}

function lookAtFirst(opened: NetcdfFile, subset: Subset, files: number): First {
  const promotion = promotionOf(readHeader(opened));
  const file = promotion ? new JoinedFile(opened, { ...asItIs, promotion }) : opened;
  const header = headerOf(file, subset);
  const { time } = findCoordinates(header);
  if (!time) refuseWithoutTime(header, subset, files);
  return { header, time, promotion };
}

/** The header of the requested variables. */
function headerOf(file: NetcdfFile, { variables }: Subset): Header {
  const header = readHeader(file);
  return variables ? chooseVariables(header, variables) : header;
}

function refuseWithoutTime(header: Header, subset: Subset, files: number): void {
  const why = whyNoTimeAxis(header);
  if (subset.time) {
    throw new JobError(
      'badRequest',
      `Input "subset" has TIME, but the layer has no time axis (file "${header.name}"${why}); allowed: a subset without TIME.`,
    );
  }
  if (files > 1) {
    throw new JobError(
      'badData',
      `The layer has ${files} files but no time axis to join them along (file "${header.name}"${why}); allowed: one such file.`,
    );
  }
}

/** Names a time with several dimensions, such as the run and period of a forecast; empty if there is none. */
function whyNoTimeAxis(header: Header): string {
  const [time] = [...header.variables.values()].filter(
    (variable) => variable.dimensions.length > 1 && timeSign(header, variable) > 0,
  );
  return time ? ` has ${time.name} along ${time.dimensions.join(' and ')}` : '';
}

function stepsOf(file: NetcdfFile, time: Variable, index: number): FileSteps {
  const layout = file.layout(time.name);
  if (layout?.shape.length !== 1) {
    throw new JobError('badData', `File "${file.name}" has no time axis ${time.name}.`);
  }
  const own = { ...time, ...layout };
  const attributes = file.encodingAttributes(own);
  const { instants, calendar } = readInstants(file, own, attributes);
  const steps = instants.map((instant, step) => ({ instant, file: index, index: step }));
  return { steps, calendar };
}

function isWithin(instant: number, range: Range | undefined): boolean {
  return range === undefined || (instant >= range.minimum && instant <= range.maximum);
}

/** A variable converted for one file is converted for all, to a type wide enough for all. */
function addTreatments(
  treatments: Map<string, Treatment>,
  flags: JoinedFlags,
  file: NetcdfFile,
  { encodings }: Differences,
  template: Template,
): void {
  for (const [name, encoding] of encodings) {
    const first = template.encodings.get(name);
    if (!first) continue;
    const both = [
      { file: template.header.name, encoding: first },
      { file: file.name, encoding },
    ] as const;
    const treatment = treatmentOf(name, ...both);
    flags.add(name, ...both);
    const either = eitherTreatment(treatments.get(name), treatment);
    if (either.kind !== 'as-stored') treatments.set(name, either);
  }
}

class FoundTimes {
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  #calendar: Calendar = prolepticGregorian;

  add(instant: number, calendar: Calendar): void {
    this.#calendar = calendar;
    this.#first = Math.min(this.#first, instant);
    this.#last = Math.max(this.#last, instant);
  }

  toString(): string {
    return [this.#first, this.#last]
      .map((instant) => formatInstant(instant, this.#calendar))
      .join(' to ');
  }

  get isEmpty(): boolean {
    return this.#first > this.#last;
  }
}

/** The plan for the latest time step only. */
export async function scanLatest(hdf5: Hdf5, plan: Plan, subset: Subset): Promise<Plan> {
  const { steps, paths, template } = plan;
  const latest = steps.instants.at(-1);
  const [last] = steps.runs.slice(-1);
  if (!template.coordinates.time || latest === undefined || !last) return plan;
  const time = { minimum: latest, maximum: latest };
  return scanFiles(hdf5, paths.slice(last.file, last.file + 1), { ...subset, time }, () => {});
}

function noData({ time }: Subset, extent: FoundTimes): JobError {
  const asked = time ? ` from ${inWords(time, 'start')} to ${inWords(time, 'end')}` : '';
  const found = extent.isEmpty ? 'they hold none at all' : `those of its files are ${extent}`;
  return new JobError('badRequest', `No data: the layer has no time step${asked}; ${found}.`);
}

function inWords({ dates, minimum, maximum }: Period, end: 'start' | 'end'): string {
  const instant = end === 'start' ? minimum : maximum;
  const everyday = formatInstant(instant, prolepticGregorian);
  if (!dates) return everyday;
  const { year, month, day } = dates[end];
  const isReal = prolepticGregorian.dayOf({ year, month, day }) !== undefined;
  return isReal ? everyday : dateText(dates[end]);
}
