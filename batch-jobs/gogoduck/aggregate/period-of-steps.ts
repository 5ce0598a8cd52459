import { boundsName } from '../grid/find-coordinates.ts';
import { attributesOf } from '../grid/header.ts';
import { readCoordinate } from '../grid/read-coordinate.ts';
import { readInstants, timeUnitsOf } from '../grid/read-instants.ts';
import { piecesOf } from '../grid/select-cells.ts';
import { toInstant } from '../grid/time-units.ts';
import { textOf } from '../netcdf/attributes.ts';
import type { NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import { isNumeric } from '../netcdf/types.ts';
import { type Extent, margin } from './cell-extents.ts';
import type { OrderedSteps } from './order-steps.ts';
import type { Template } from './template.ts';

const day = 86_400_000;

/**
 * The period that the steps cover, in milliseconds since 1970 of their calendar: from the lower bound of the
 * first step to the upper bound of the last one. For climatologies, it covers the bounds of all steps. If
 * files have no bounds, the claims of their attributes count, provided that they are wider by at most one
 * step (one day for a single step).
 */
export async function periodOfSteps(
  { instants, runs }: OrderedSteps,
  template: Template,
  open: (file: number) => Promise<NetcdfFile>,
): Promise<Extent | undefined> {
  const { coordinates } = template;
  const [first, last] = [instants.at(0), instants.at(-1)];
  const [firstRun, lastRun] = [runs.at(0), runs.at(-1)];
  const { time } = coordinates;
  if (!time || first === undefined || last === undefined || !firstRun || !lastRun) return undefined;
  const spacing = instants.length > 1 ? leastGap(instants) : day;
  const around = async (file: number, steps: readonly number[]): Promise<Extent[]> => {
    const opened = await open(file);
    try {
      return steps.map((step) => extentOfStep(opened, time, step, template, spacing));
    } finally {
      opened.close();
    }
  };
  const ends = [
    { minimum: first, maximum: last },
    ...(await around(firstRun.file, [firstRun.start])),
    ...(await around(lastRun.file, [lastRun.start + lastRun.count - 1])),
    ...(await furtherPeriods(template, () => open(firstRun.file))),
  ];
  // Bounds of a climatology overlap, so those of any step may reach furthest (CF conventions 1.11, section
  // 7.4).
  if (attributesOf(template.header, time).has('climatology')) {
    for (const { file, start, count } of runs) {
      ends.push(
        ...(await around(
          file,
          Array.from({ length: count }, (_, at) => start + at),
        )),
      );
    }
  }
  return {
    minimum: Math.min(...ends.map(({ minimum }) => minimum)),
    maximum: Math.max(...ends.map(({ maximum }) => maximum)),
  };
}

/** Periods of the wanted steps of further time axes, which are the same in all files. */
async function furtherPeriods(
  template: Template,
  open: () => Promise<NetcdfFile>,
): Promise<Extent[]> {
  const { coordinates, header, cells } = template;
  const times = coordinates.others.times.filter(({ name }) => header.variables.has(name));
  // Stryker disable next-line ConditionalExpression: without this a file is opened in vain
  if (times.length === 0) return [];
  const file = await open();
  try {
    return times.flatMap((time) => {
      const [runs = []] = piecesOf(time, cells);
      const [first, last] = [runs[0], runs.at(-1)];
      const steps = first && last ? [first.start, last.start + last.count - 1] : [];
      return steps.map((step) => extentOfStep(file, time, step, template, 0));
    });
  } finally {
    file.close();
  }
}

function extentOfStep(
  file: NetcdfFile,
  time: Variable,
  step: number,
  { header }: Template,
  spacing: number,
): Extent {
  const own = { ...time, ...file.layout(time.name) };
  const attributes = file.encodingAttributes(own);
  const { instants, calendar } = readInstants(file, own, attributes);
  const instant = instants[step] ?? Number.NaN;
  const bounds = header.variables.get(boundsName(attributesOf(header, time)) ?? '');
  const layout = bounds && file.layout(bounds.name);
  const isOfSteps = bounds?.dimensions.length === 2 && bounds.dimensions[0] === time.dimensions[0];
  if (bounds && layout && isOfSteps && isNumeric(layout.type)) {
    const units = timeUnitsOf(file.name, own, attributes);
    const vertices = { start: 0, count: layout.shape[1] ?? 0 };
    const pieces = [[{ start: step, count: 1 }], [vertices]];
    const variable = { ...bounds, ...layout };
    const edges = readCoordinate(file, variable, file.encodingAttributes(variable), pieces);
    const [low, high] = [Math.min(...edges), Math.max(...edges)].map((at) => toInstant(at, units));
    const isAround = (low as number) <= instant && (high as number) >= instant;
    return isAround
      ? { minimum: low as number, maximum: high as number }
      : { minimum: instant, maximum: instant };
  }
  const claim = file.attributes();
  const claimed = (name: string) => everydayInstant(textOf(claim.get(name)) ?? '');
  const [first = Number.NaN, last = Number.NaN] = [Math.min(...instants), Math.max(...instants)];
  if (!calendar.isReal) return { minimum: instant, maximum: instant };
  return {
    minimum: instant - margin(first - claimed('time_coverage_start'), spacing),
    maximum: instant + margin(claimed('time_coverage_end') - last, spacing),
  };
}

function leastGap(instants: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let step = 1; step < instants.length; step++) {
    least = Math.min(least, (instants[step] as number) - (instants[step - 1] as number));
  }
  return least;
}

/**
 * Reads ISO 8601, with or without hyphens and colons; NaN for other texts. Without a time zone, it is UTC.
 */
function everydayInstant(text: string): number {
  const [, year, month, date, time = ''] =
    /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}:?\d{2}:?\d{2}(?:\.\d+)?)Z?)?$/i.exec(text.trim()) ??
    [];
  const [hours = '00', minutes = '00', seconds = '00'] =
    /^(\d{2}):?(\d{2}):?(.*)$/.exec(time)?.slice(1) ?? [];
  return Date.parse(`${year}-${month}-${date}T${hours}:${minutes}:${seconds}Z`);
}
