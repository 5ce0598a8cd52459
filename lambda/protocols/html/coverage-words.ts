import type { Coverage } from '../../../batch-jobs/api/process-advice.ts';
import { readableDuration, readableInstant } from '../../readable.ts';
import { words } from './words.ts';

/**
 * The coverage of a layer along its axes, with the spacing of its cells and steps: earth coordinates and
 * dates.
 */

export function areaWords({ bbox, spacing = {} }: Coverage): string | undefined {
  if (!bbox) return undefined;
  const [west, south, east, north] = bbox;
  const area = `${latitudeWords(south)} – ${latitudeWords(north)}, ${longitudeWords(west)} – ${longitudeWords(east)}`;
  const steps = [spacing.latitude, spacing.longitude].filter((each) => each !== undefined);
  const apart = [...new Set(steps.map((each) => words.coverage.degrees(rounded(each))))];
  return [area, ...(apart.length > 0 ? [words.coverage.cells(apart.join(' × '))] : [])].join(', ');
}

export function periodWords({ period, spacing }: Coverage): string | undefined {
  if (!period) return undefined;
  const times = `${readableInstant(period.start)} – ${readableInstant(period.end)}`;
  if (spacing?.time === undefined) return times;
  return `${times}, ${words.coverage.every(readableDuration(spacing.time * 1000))}`;
}

export function depthWords({ depth, spacing }: Coverage): string | undefined {
  if (!depth) return undefined;
  const depths = `${depth.shallowest} – ${depth.deepest} m`;
  if (spacing?.depth === undefined) return depths;
  return `${depths}, ${words.coverage.apart(metres(spacing.depth))}`;
}

/**
 * The step that results from using every `stride`th position along an axis.
 *
 * @param stride undefined for a text that is not a stride
 */
export function stepWords(
  coverage: Coverage | undefined,
  axis: 'time' | 'latitude' | 'longitude' | 'depth',
  stride: number | undefined,
): string | undefined {
  const spacing = coverage?.spacing?.[axis];
  if (spacing === undefined || stride === undefined) return undefined;
  const step = spacing * stride;
  if (axis === 'time') return words.stride.step(readableDuration(step * 1000));
  return words.stride.step(axis === 'depth' ? metres(step) : words.coverage.degrees(rounded(step)));
}

function metres(value: number): string {
  return `${Number(value.toPrecision(3))} m`;
}

export function latitudeWords(degrees: number): string {
  return `${rounded(Math.abs(degrees))}° ${degrees < 0 ? 'S' : 'N'}`;
}

export function longitudeWords(degrees: number): string {
  const within = degrees > 180 ? degrees - 360 : degrees;
  return `${rounded(Math.abs(within))}° ${within < 0 ? 'W' : 'E'}`;
}

function rounded(value: number): string {
  return String(Number(value.toFixed(4)));
}
