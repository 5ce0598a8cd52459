import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { extentOf } from './map-frame.ts';

/** Up to this number, each point gets a dot. */
const mostDots = 60;

export interface SeriesPath {
  /** SVG path, with a gap at each step without a value. */
  readonly line: string;
  readonly dots: readonly (readonly [number, number])[];
  /** Values at the lower and the upper edge. */
  readonly least: number;
  readonly most: number;
}

/** @returns undefined if there are no values */
export function seriesPath(
  instants: readonly number[],
  values: readonly number[],
  width: number,
  height: number,
): SeriesPath | undefined {
  const [least, most] = extentOf(values);
  if (least > most) return undefined;
  const margin = (most - least) * 0.06 || Math.abs(most) * 0.05 || 1;
  const edges = [least - margin, most + margin] as const;
  const x = scaleLinear()
    .domain([instants[0] ?? 0, instants.at(-1) ?? 0])
    .range([0, width]);
  const y = scaleLinear().domain(edges).range([height, 0]);
  const points = values.map((value, step) => [x(instants[step] ?? 0), y(value)] as const);
  const hasValue = ([, at]: readonly [number, number]) => Number.isFinite(at);
  const path = line<readonly [number, number]>(
    ([at]) => at,
    ([, at]) => at,
  )
    .defined(hasValue)
    .digits(1);
  const isAlone = (_: unknown, step: number) =>
    !Number.isFinite(values[step - 1]) && !Number.isFinite(values[step + 1]);
  const shown = points.length <= mostDots ? points : points.filter(isAlone);
  return {
    line: path(points) ?? '',
    dots: shown.filter(hasValue),
    least: edges[0],
    most: edges[1],
  };
}
