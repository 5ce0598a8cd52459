/** A part of a layer as texts of a form; a part that is not given is empty. */
export interface Extent {
  readonly west: string;
  readonly south: string;
  readonly east: string;
  readonly north: string;
  /** UTC, in the notation of an HTML date and time control: `2024-01-15T06:00`. */
  readonly start: string;
  readonly end: string;
  /** Metres below the surface. */
  readonly shallowest: string;
  readonly deepest: string;
}

export const extentParts = [
  'west',
  'south',
  'east',
  'north',
  'start',
  'end',
  'shallowest',
  'deepest',
] as const satisfies readonly (keyof Extent)[];

/**
 * The text of an input whose editor is `extent`. An incomplete extent stays incomplete: the process reports
 * what is missing.
 *
 * @returns empty if nothing is given
 */
export function extentText(extent: Extent): string {
  const { west, south, east, north, start, end, shallowest, deepest } = extent;
  const parts: [string, string, string][] = [
    ['TIME', instantOf(start), instantOf(end)],
    ['LATITUDE', degreesOf(south), degreesOf(north)],
    ['LONGITUDE', degreesOf(west), degreesOf(east)],
    ['DEPTH', shallowest, deepest],
  ];
  return parts
    .filter(([, from, to]) => from.trim() !== '' || to.trim() !== '')
    .map(([name, from, to]) => `${name},${from.trim()},${to.trim()}`)
    .join(';');
}

/**
 * Accepts degrees with a decimal comma: `143,5`. With at most three digits before it, the comma cannot
 * separate thousands.
 */
export function degreesOf(text: string): string {
  return /^\s*[+-]?\d{1,3},\d+\s*$/.test(text) ? text.replace(',', '.') : text;
}

/** @returns undefined for a text that the controls of a form cannot show */
export function extentOf(text: string): Extent | undefined {
  const found: Record<string, readonly [string, string]> = {};
  for (const part of text.split(';')) {
    if (part.trim() === '') continue;
    const [name = '', from, to, ...more] = part.split(',').map((value) => value.trim());
    if (from === undefined || to === undefined || more.length > 0) return undefined;
    found[name.toUpperCase()] = [from, to];
  }
  const { TIME, LATITUDE, LONGITUDE, DEPTH, ...others } = found;
  if (Object.keys(others).length > 0) return undefined;
  const start = controlInstant(TIME?.[0] ?? '', 'first');
  const end = controlInstant(TIME?.[1] ?? '', 'last');
  if (start === undefined || end === undefined) return undefined;
  return {
    west: LONGITUDE?.[0] ?? '',
    south: LATITUDE?.[0] ?? '',
    east: LONGITUDE?.[1] ?? '',
    north: LATITUDE?.[1] ?? '',
    start,
    end,
    shallowest: DEPTH?.[0] ?? '',
    deepest: DEPTH?.[1] ?? '',
  };
}

/** The value of a date and time control as ISO 8601 in UTC. */
export function instantOf(control: string): string {
  const text = control.trim();
  const [, minutes, seconds] =
    /^(\d{4,}-\d{2}-\d{2}T\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?$/.exec(text) ?? [];
  return minutes === undefined ? text : `${minutes}${seconds ?? ':00'}Z`;
}

/**
 * The value of a date and time control for an instant.
 *
 * @param ofDay the instant of its day that a date alone means
 */
export function controlInstant(text: string, ofDay: 'first' | 'last'): string | undefined {
  if (text === '') return '';
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    return `${text}T${ofDay === 'first' ? '00:00:00' : '23:59:59'}`;
  }
  const withZone = /T.*(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`;
  const instant = new Date(withZone);
  if (Number.isNaN(instant.getTime())) return undefined;
  return instant.toISOString().replace(/(:00)?(\.000)?Z$/, '');
}

/** Whether the text of an extent lacks a part that the user may be about to enter. */
export function isUnfinished(text: string): boolean {
  const extent = extentOf(text);
  if (!extent) return false;
  const { west, south, east, north, start, end, shallowest, deepest } = extent;
  const isHalf = (from: string, to: string) => (from === '') !== (to === '');
  return (
    [west, south, east, north].includes('') || isHalf(start, end) || isHalf(shallowest, deepest)
  );
}
