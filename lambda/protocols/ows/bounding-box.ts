import type { XmlElement } from './build-xml.ts';

/** An `ows:BoundingBoxType` (OGC 06-121r3, clause 10.2). */
export function boundingBox(
  { lower, upper }: { readonly lower: readonly number[]; readonly upper: readonly number[] },
  crs: string | undefined,
): XmlElement {
  return {
    '@crs': crs,
    '@dimensions': lower.length,
    'ows:LowerCorner': lower.join(' '),
    'ows:UpperCorner': upper.join(' '),
  };
}

/** Lower corner, then upper corner, in the notation of the batch job API: `114,-33,116,-31`. */
export function parseBox(text: string): { lower: number[]; upper: number[] } {
  const numbers = text.split(',').map(Number);
  const half = numbers.length / 2;
  return { lower: numbers.slice(0, half), upper: numbers.slice(half) };
}
