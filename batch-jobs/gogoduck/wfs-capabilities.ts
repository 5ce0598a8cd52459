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

/** Maximum length of the capabilities, in characters. */
const longest = 10_000_000;

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

const capabilities = z.object({
  WFS_Capabilities: z.object({
    FeatureTypeList: z.object({ FeatureType: z.optional(z.array(z.unknown())) }),
  }),
});

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
  let document = '';
  body.setEncoding('utf8');
  for await (const part of body) {
    document += part;
    if (document.length > longest) throw new Error('its capabilities are too long');
  }
  if (statusCode !== 200) throw new Error(`its capabilities have status ${statusCode}`);
  const read = capabilities.parse(parser.parse(document));
  const found = read.WFS_Capabilities.FeatureTypeList.FeatureType ?? [];
  // An invalid feature type does not hide the others.
  return found.flatMap((each) => {
    const { success, data } = featureType.safeParse(each);
    return success ? [typeOf(data)] : [];
  });
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
