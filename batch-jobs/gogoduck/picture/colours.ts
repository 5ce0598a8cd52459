import { scaleSequential } from 'd3-scale';
import { interpolateViridis } from 'd3-scale-chromatic';
import { extentOf } from './map-frame.ts';

/** Maps values to colours. */
export interface Colours {
  /** The values of the first and the last colour. */
  readonly from: number;
  readonly to: number;
  /** The smallest and the largest value. */
  readonly least: number;
  readonly most: number;
  /** Colours of the values, from the first to the last. */
  readonly table: readonly Rgb[];
  /** The position of a value's colour in the table. */
  readonly indexOf: (value: number) => number;
}

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** Colour of a cell without a value, which differs from all colours of values. */
export const missingColour = [203, 203, 203] as const;

/** Number of colours; two more fit into an image with one byte per pixel. */
const shades = 254;

/**
 * Share of the values at each end that count as outliers. They share the end colours if they are far from the
 * other values.
 */
const tail = 0.005;
/** A range is distorted by outliers if it is this many times wider than the range without them. */
const torn = 2;
/** Maximum number of values to sort in order to find the outliers. */
const mostSorted = 200_000;

/**
 * Viridis from the smallest to the largest value: readable for people with colour vision deficiency, and in
 * grey. A few outliers do not compress the colours of all other values.
 *
 * @returns undefined if there are no values
 */
export function coloursOf(values: Float64Array): Colours | undefined {
  const [least, most] = extentOf(values);
  if (least > most) return undefined;
  const stride = Math.ceil(values.length / mostSorted);
  const sorted = values
    .filter((value, index) => index % stride === 0 && Number.isFinite(value))
    .sort();
  const low = sorted[Math.floor(sorted.length * tail)] ?? least;
  const high = sorted[Math.ceil(sorted.length * (1 - tail)) - 1] ?? most;
  const isTorn = high > low && !(most - least <= torn * (high - low));
  const [from, to] = isTorn ? [low, high] : [least, most];
  const scale = scaleSequential(interpolateViridis).domain([0, shades - 1]);
  const table = Array.from({ length: shades }, (_, index) => rgbOf(scale(index)));
  return {
    from,
    to,
    least,
    most,
    table,
    indexOf: (value) => {
      const part = to > from ? (value - from) / (to - from) : 0.5;
      return Math.round(Math.min(Math.max(part, 0), 1) * (shades - 1));
    },
  };
}

function rgbOf(hex: string): Rgb {
  const number = Number.parseInt(hex.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}
