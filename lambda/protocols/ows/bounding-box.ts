import type { XmlElement as ParsedElement } from 'libxml2-wasm';
import type { InputData } from '../../operations/execute-command.ts';
import type { XmlElement } from './build-xml.ts';
import { attribute, childrenOf } from './xml-tree.ts';

/**
 * A bounding box of a request.
 *
 * @param ows namespace of the version of OWS Common
 */
export function boundingBoxOf(
  element: ParsedElement,
  ows: string,
): Extract<InputData, { kind: 'bounding-box' }> {
  const crs = attribute(element, 'crs');
  const dimensions = attribute(element, 'dimensions');
  return {
    kind: 'bounding-box',
    ...(crs === undefined ? {} : { crs }),
    ...(dimensions === undefined ? {} : { dimensions: Number(dimensions) }),
    lower: position(element, ows, 'LowerCorner'),
    upper: position(element, ows, 'UpperCorner'),
  };
}

function position(element: ParsedElement, ows: string, corner: string): number[] {
  const text = childrenOf(element, ows, corner)[0]?.content ?? '';
  return text
    .split(/\s+/)
    .filter((part) => part !== '')
    .map(Number);
}

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

/** Lower corner, then upper corner, as the batch job API writes them: `114,-33,116,-31`. */
export function parseBox(text: string): { lower: number[]; upper: number[] } {
  const numbers = text.split(',').map(Number);
  const half = numbers.length / 2;
  return { lower: numbers.slice(0, half), upper: numbers.slice(half) };
}
