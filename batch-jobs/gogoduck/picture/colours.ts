import { scaleSequential } from 'd3-scale';
import { interpolateViridis } from 'd3-scale-chromatic';
import { extentOf } from './map-frame.ts';

/** Which colours values have. */
export interface Colours {
  /** The values that the first and the last colour stand for. */
  readonly from: number;
  readonly to: number;
  /** The least and the greatest value. */
  readonly least: number;
  readonly most: number;
  /** Those of values, from the first to the last. */
  readonly table: readonly Rgb[];
  /** The position of a value's colour in the table. */
  readonly indexOf: (value: number) => number;
}

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** Colour of a cell without a value, which differs from all colours of values. */
export const missingColour = [203, 203, 203] as const;

/** So many that there is room for two more in an image whose pixels are bytes. */
const shades = 254;

/** Of the values, the part at each end whose colours others share where it is far away from them. */
const tail = 0.005;
/** How much wider than without its ends a range is, to be called torn by them. */
const torn = 2;
/** Values that are sorted to find the ends. */
const mostSorted = 200_000;

/**
 * Viridis from the least to the greatest value: readable for those who see colours differently, and in
 * grey. A few values far away from all others do not take its range from them.
 *
 * @returns undefined where there is no value
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
