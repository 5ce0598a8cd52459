import { SaxesParser } from 'saxes';
import { type Dispatcher, request } from 'undici';
import type { Coverage } from '../api/process-advice.ts';

/** A feature type, as listed in the capabilities of a WFS. */
export interface FeatureType {
  readonly name: string;
  readonly title?: string;
  readonly abstract?: string;
  /** Degrees; left out if the service does not know it. */
  readonly bbox?: Box;
}

type Box = NonNullable<Coverage['bbox']>;

/**
 * Maximum length of the capabilities, and of what stands between two tags, in characters. A large service lists
 * thousands of feature types, with several kilobytes each.
 */
const longest = 100_000_000;
const longestText = 1_000_000;

const lowerCorner = 'WGS84BoundingBox/LowerCorner';
const upperCorner = 'WGS84BoundingBox/UpperCorner';
/** The parts of a feature type that a list of layers needs (WFS 1.1.0, clause 8). */
const parts = ['Name', 'Title', 'Abstract', lowerCorner, upperCorner];

/** The texts of each part of a feature type. */
type Texts = Map<string, { text: string }[]>;

/** @param wfsUrl its own query, if any, is kept */
export function wfsRequest(wfsUrl: string, parameters: Readonly<Record<string, string>>): URL {
  const url = new URL(wfsUrl);
  const all = { service: 'WFS', version: '1.1.0', ...parameters };
  for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
  return url;
}

/** @throws if the service does not respond with its capabilities */
export async function featureTypes(
  wfsUrl: string,
  dispatcher: Dispatcher,
): Promise<readonly FeatureType[]> {
  const url = wfsRequest(wfsUrl, { request: 'GetCapabilities' });
  const { statusCode, body } = await request(url, { dispatcher });
  if (statusCode !== 200) {
    await body.dump();
    throw new Error(`its capabilities have status ${statusCode}`);
  }
  body.setEncoding('utf8');
  return await readTypes(body);
}

/** Reads the capabilities as they arrive; they are never held as a whole. */
async function readTypes(received: AsyncIterable<string>): Promise<readonly FeatureType[]> {
  const reader = new TypeReader();
  let length = 0;
  for await (const part of received) {
    length += part.length;
    if (length > longest) throw new Error('its capabilities are too long');
    reader.write(part);
  }
  if (!reader.isWhole) throw new Error('its answer is not a whole capabilities document');
  return reader.types;
}

/** Reads feature types, whatever the prefixes of their elements. */
class TypeReader {
  readonly types: FeatureType[] = [];
  /** Whether the document element has ended. */
  isWhole = false;
  readonly #parser = new SaxesParser();
  /** Local names of the open elements. */
  readonly #path: string[] = [];
  /** Of the open feature type. */
  #texts: Texts | undefined;
  /** The text of the open element, if it is wanted. */
  #open: { text: string } | undefined;
  #lastTag = 0;

  constructor() {
    this.#parser.on('error', (cause) => {
      throw new Error(`its capabilities are not well-formed XML: ${cause.message}`, { cause });
    });
    this.#parser.on('opentag', ({ name }) => this.#start(localName(name)));
    this.#parser.on('closetag', ({ name }) => this.#end(localName(name)));
    for (const kind of ['text', 'cdata'] as const) {
      this.#parser.on(kind, (text) => {
        if (this.#open) this.#open.text += text;
      });
    }
  }

  write(part: string): void {
    this.#parser.write(part);
    if (this.#parser.position - this.#lastTag > longestText)
      throw new Error('a text of its capabilities is too long');
  }

  #start(name: string): void {
    this.#lastTag = this.#parser.position;
    this.#path.push(name);
    this.#open = undefined;
    if (name === 'FeatureType') this.#texts = new Map();
    if (!this.#texts) return;
    const part = this.#path.slice(this.#path.lastIndexOf('FeatureType') + 1).join('/');
    if (!parts.includes(part)) return;
    this.#open = { text: '' };
    this.#texts.set(part, [...(this.#texts.get(part) ?? []), this.#open]);
  }

  #end(name: string): void {
    this.#lastTag = this.#parser.position;
    this.#path.pop();
    this.#open = undefined;
    if (name === 'FeatureType' && this.#texts) {
      this.types.push(...typeOf(this.#texts));
      this.#texts = undefined;
    }
    if (name === 'WFS_Capabilities' && this.#path.length === 0) this.isWhole = true;
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** A feature type without a name cannot be asked for. */
function typeOf(texts: Texts): FeatureType[] {
  const [name, title, abstract] = ['Name', 'Title', 'Abstract'].map((part) =>
    texts.get(part)?.[0]?.text.trim(),
  );
  if (!name) return [];
  const uppers = texts.get(upperCorner) ?? [];
  let bbox: Box | undefined;
  for (const [index, lower] of (texts.get(lowerCorner) ?? []).entries()) {
    const box = bboxOf(lower.text, uppers[index]?.text ?? '');
    bbox = bbox && box ? around(bbox, box) : (box ?? bbox);
  }
  return [
    {
      name,
      ...(title ? { title } : {}),
      ...(abstract ? { abstract } : {}),
      ...(bbox ? { bbox } : {}),
    },
  ];
}

/** A feature type may have several boxes; its features are in any of them. */
function around(box: Box, other: Box): Box {
  return [
    Math.min(box[0], other[0]),
    Math.min(box[1], other[1]),
    Math.max(box[2], other[2]),
    Math.max(box[3], other[3]),
  ];
}

/** @param lower longitude and latitude, as defined in OGC 06-121r3, clause 10.2.2 */
function bboxOf(lower: string, upper: string): Box | undefined {
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
