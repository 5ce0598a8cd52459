import { XMLParser } from 'fast-xml-parser';
import { type Dispatcher, request } from 'undici';
import * as z from 'zod/mini';
import type { Coverage } from '../api/process-advice.ts';

/** A feature type, as listed in the capabilities of a WFS. */
export interface FeatureType {
  readonly name: string;
  readonly title?: string;
  readonly abstract?: string;
  /** Degrees; left out if the service does not know it. */
  readonly bbox?: NonNullable<Coverage['bbox']>;
}

/**
 * Maximum length of the capabilities and of one feature type, in characters. A large service lists thousands of
 * feature types, with several kilobytes each.
 */
const longest = 100_000_000;
const longestType = 1_000_000;

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  isArray: (name) => name === 'FeatureType',
});

const text = z.string();

/** The parts of WFS 1.1.0, clause 8, that a list of layers needs. */
const featureType = z.object({
  Name: text,
  Title: z.optional(text),
  Abstract: z.optional(text),
  WGS84BoundingBox: z.optional(z.object({ LowerCorner: text, UpperCorner: text })),
});

const fragment = z.object({ FeatureType: z.array(z.unknown()) });

/** @param wfsUrl its own query, if any, is kept */
export function wfsRequest(wfsUrl: string, parameters: Readonly<Record<string, string>>): URL {
  const url = new URL(wfsUrl);
  const all = { service: 'WFS', version: '1.1.0', ...parameters };
  for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
  return url;
}

/** @throws if the service does not respond with its capabilities */
export async function featureTypes(wfsUrl: string, dispatcher: Dispatcher): Promise<FeatureType[]> {
  const url = wfsRequest(wfsUrl, { request: 'GetCapabilities' });
  const { statusCode, body } = await request(url, { dispatcher });
  if (statusCode !== 200) {
    await body.dump();
    throw new Error(`its capabilities have status ${statusCode}`);
  }
  body.setEncoding('utf8');
  const found: FeatureType[] = [];
  for await (const xml of typesIn(body)) {
    // An invalid feature type does not hide the others.
    for (const each of fragment.safeParse(parser.parse(xml)).data?.FeatureType ?? []) {
      const { success, data } = featureType.safeParse(each);
      if (success) found.push(typeOf(data));
    }
  }
  return found;
}

/** Start and end tag of an element, whatever its prefix. */
const tag = (name: string) => new RegExp(`<(/?)(?:[\\w.-]+:)?${name}(?=[\\s/>])[^>]*>`, 'g');
const typeTag = tag('FeatureType');
const rootTag = tag('WFS_Capabilities');

/**
 * The XML of each feature type. The capabilities are never held as a whole, and other requests are answered
 * while they arrive.
 */
async function* typesIn(parts: AsyncIterable<string>): AsyncIterable<string> {
  let [length, left, isOpened, isClosed] = [0, '', false, false];
  const noteRoot = (text: string) => {
    for (const { 1: slash } of text.matchAll(rootTag)) {
      if (slash === '') isOpened = true;
      else isClosed = true;
    }
  };
  for await (const part of parts) {
    length += part.length;
    if (length > longest) throw new Error('its capabilities are too long');
    left += part;
    let start: number | undefined;
    let end = 0;
    for (const { 0: found, 1: slash, index } of left.matchAll(typeTag)) {
      if (found.endsWith('/>')) continue;
      if (slash === '') start = index;
      else if (start !== undefined) {
        end = index + found.length;
        yield left.slice(start, end);
        start = undefined;
      }
    }
    // The last tag may continue in the next part.
    const kept = start ?? Math.max(end, left.lastIndexOf('<'));
    noteRoot(left.slice(0, kept));
    left = left.slice(kept);
    if (left.length > longestType)
      throw new Error('a feature type of its capabilities is too long');
  }
  noteRoot(left);
  if (!isOpened || !isClosed) throw new Error('its answer is not a whole capabilities document');
}

function typeOf(found: z.infer<typeof featureType>): FeatureType {
  const { Name, Title, Abstract, WGS84BoundingBox: box } = found;
  const bbox = box && bboxOf(box.LowerCorner, box.UpperCorner);
  return {
    name: Name.trim(),
    ...(Title?.trim() ? { title: Title.trim() } : {}),
    ...(Abstract?.trim() ? { abstract: Abstract.trim() } : {}),
    ...(bbox ? { bbox } : {}),
  };
}

/** @param lower longitude and latitude, as defined in OGC 06-121r3, clause 10.2.2 */
function bboxOf(lower: string, upper: string): FeatureType['bbox'] | undefined {
  const [west, south] = lower.trim().split(/\s+/).map(Number);
  const [east, north] = upper.trim().split(/\s+/).map(Number);
  if (west === undefined || south === undefined || east === undefined || north === undefined) {
    return undefined;
  }
  const isBox = Math.abs(south) <= 90 && Math.abs(north) <= 90 && west <= east && south <= north;
  // GeoServer's box of a feature type without features.
  const isEmpty = west === -1 && south === -1 && east === 0 && north === 0;
  return isBox && !isEmpty ? [west, south, east, north] : undefined;
}
