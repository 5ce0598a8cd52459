import { scaleLinear, scaleUtc } from 'd3-scale';
import { type Calendar, formatInstant } from '../grid/calendar.ts';
import type { MapFrame } from './map-frame.ts';

/** A label along an axis, and its position in pixels. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Labels of meridians and parallels at the edges of a map. */
export function degreeTicks({ width, height, box }: MapFrame): { x: Tick[]; y: Tick[] } {
  if (!box) return { x: [], y: [] };
  const { west, east, south, north } = box;
  return {
    x: degreesAlong(west, east, Math.max(2, width / 110)).map((degrees) => ({
      at: ((degrees - west) / (east - west)) * width,
      label: eastOf(degrees),
    })),
    y: degreesAlong(south, north, Math.max(2, height / 70)).map((degrees) => ({
      at: ((north - degrees) / (north - south)) * height,
      label: inDegrees(Math.abs(degrees), degrees === 0 ? '' : degrees < 0 ? 'S' : 'N'),
    })),
  };
}

/** Steps in degrees that divide a circle, or a degree. */
const degreeSteps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 45, 60, 90];

function degreesAlong(from: number, to: number, count: number): number[] {
  const step = degreeSteps.find((each) => (to - from) / each <= count) ?? 90;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, at) =>
    Number(((first + at) * step).toFixed(4)),
  );
}

function eastOf(longitude: number): string {
  const degrees = longitude - 360 * Math.round(longitude / 360);
  if (Math.abs(degrees) === 180) return inDegrees(180, '');
  return inDegrees(Math.abs(degrees), degrees === 0 ? '' : degrees < 0 ? 'W' : 'E');
}

function inDegrees(degrees: number, side: string): string {
  return `${Number(degrees.toFixed(4))}°${side}`;
}

/** @param count approximate number of ticks */
export function valueTicks(from: number, to: number, height: number, count: number): Tick[] {
  const scale = scaleLinear().domain([from, to]).range([height, 0]);
  if (!(to > from)) return [{ at: height / 2, label: shortNumber(from) }];
  const most = Math.max(Math.abs(from), Math.abs(to));
  const isPlain = most < 1e6 && most >= 1e-4;
  const format = isPlain ? scale.tickFormat(count) : shortNumber;
  return scale
    .ticks(count)
    .map((value) => ({ at: scale(value), label: format(value).replace('\u2212', '-') }));
}

export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** Dates along a series, in the calendar of the data. */
export function timeTicks(from: number, to: number, width: number, calendar: Calendar): Tick[] {
  const scale = scaleUtc().domain([from, to]).range([0, width]);
  const ticks = scale.ticks(5);
  const day = 86_400_000;
  const isDays = to - from >= 3 * day && ticks.every((tick) => tick.getTime() % day === 0);
  return ticks.map((tick) => {
    const [date = '', time = ''] = formatInstant(tick.getTime(), calendar).split('T');
    return { at: scale(tick), label: isDays ? date : `${date} ${time.slice(0, 5)}` };
  });
}
