import type { InlineValue, Job, RequestedOutput } from '../../../batch-jobs/api/job.ts';
import { crsUri } from './crs-uri.ts';
import { type Link, paths } from './links.ts';
import { isJsonType, isTextType } from './media-types.ts';
import { outputType, type ResultOutput, resultOutputs } from './results-type.ts';
import { isLiteralType, literalJson } from './value-schemas.ts';

/**
 * Largest document, in bytes as a JSON string, which is its form in Lambda's response. That response may have
 * 6 MB including headers. If the outputs would make the document larger, it links to all of them.
 *
 * Source: AWS Lambda Developer Guide, "Lambda quotas", invocation payload.
 */
const maximumBytes = 5_000_000;

/**
 * `results.yaml` (OGC 18-062r2, clause 7.11.4.4): a map of the outputs by identifier, for synchronous and
 * asynchronous jobs. An output is included by value if the request asked for that and it is small enough to
 * be stored with the record; otherwise there is a link to it.
 *
 * JSON outputs are included exactly as the process wrote them.
 */
export function encodeResults(job: Job): string {
  const document = encode(job, resultOutputs(job));
  if (Buffer.byteLength(JSON.stringify(document)) <= maximumBytes) return document;
  return encode(
    job,
    resultOutputs(job).map(({ requested, published: { inline: _, ...published } }) => ({
      requested,
      published,
    })),
  );
}

function encode(job: Job, outputs: readonly ResultOutput[]): string {
  const members = outputs.map(
    (output) => `${JSON.stringify(output.requested.identifier)}: ${outputValue(job, output)}`,
  );
  return `{${members.join(',\n')}}`;
}

/** A link to one output, used if its value is not included. */
export function outputLink(job: Job, output: ResultOutput): Link {
  const { identifier, title } = output.requested;
  return {
    href: `${job.baseUrl}${paths.result(job.id, identifier)}`,
    rel: identifier,
    type: outputType(output),
    title,
  };
}

/** A box as JSON, from the notation of the batch job API: `114,-33,116,-31`. */
export function boxOf(text: string, crs: string | undefined) {
  return {
    bbox: text.split(',').map(Number),
    ...(crs === undefined ? {} : { crs: crsUri(crs) }),
  };
}

/** The member as JSON text. */
function outputValue(job: Job, output: ResultOutput): string {
  const { requested, published } = output;
  if (!published.inline || requested.transmission === 'reference') {
    const { href, type, title } = outputLink(job, output);
    return JSON.stringify({ href, type, ...(title === undefined ? {} : { title }) });
  }
  switch (requested.kind) {
    case 'literal':
      return literalValue(requested, textOf(published.inline));
    case 'bounding-box':
      return boxValue(requested, textOf(published.inline));
    case 'complex':
      return complexValue(published.contentType, published.inline, requested);
  }
}

function literalValue({ dataType, uom }: RequestedOutput, text: string): string {
  const value = literalJson(text, isLiteralType(dataType) ? dataType : 'string');
  // Objects must be qualified values (OGC 18-062r2, requirement 19).
  return JSON.stringify(uom === undefined ? value : { value: { measurement: value, uom } });
}

/** `bbox.yaml` has two systems; a box in any other system becomes a qualified value. */
function boxValue({ crs }: RequestedOutput, text: string): string {
  const box = boxOf(text, crs);
  const isPlain = box.crs === undefined || /\/OGC\/(1\.3\/CRS84|0\/CRS84h)$/.test(box.crs);
  return JSON.stringify(isPlain ? box : { value: box });
}

function complexValue(
  mediaType: string,
  inline: InlineValue,
  { encoding, schema }: RequestedOutput,
): string {
  const qualifiers = { mediaType, schema };
  const isText = isTextType(mediaType) && encoding?.toLowerCase() !== 'base64';
  const text = isText ? utf8Of(inline) : undefined;
  if (text !== undefined) return textValue(text, qualifiers);
  const value = 'base64' in inline ? inline.base64 : Buffer.from(inline.text).toString('base64');
  return JSON.stringify({ value, ...qualifiers, encoding: 'base64' });
}

interface Qualifiers {
  readonly mediaType: string;
  /** If undefined, JSON leaves it out. */
  readonly schema: string | undefined;
}

function textValue(text: string, qualifiers: Qualifiers): string {
  if (isJsonType(qualifiers.mediaType)) {
    const json = jsonText(text);
    if (json === undefined) return JSON.stringify({ value: text, ...qualifiers });
    return json.startsWith('{')
      ? `{"value": ${json}, ${JSON.stringify(qualifiers).slice(1)}`
      : json;
  }
  return /^text\/plain\b/i.test(qualifiers.mediaType)
    ? JSON.stringify(text)
    : JSON.stringify({ value: text, ...qualifiers });
}

/** Undefined for bytes that are not text, whatever their media type says. */
function utf8Of(inline: InlineValue): string | undefined {
  if ('text' in inline) return inline.text;
  try {
    const bytes = Buffer.from(inline.base64, 'base64');
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The text without a byte order mark if it is JSON; undefined if only its media type says so. */
function jsonText(text: string): string | undefined {
  const json = text.replace(/^\ufeff/, '');
  try {
    JSON.parse(json);
  } catch {
    return undefined;
  }
  return json.trim();
}

function textOf(inline: InlineValue): string {
  return 'text' in inline ? inline.text : Buffer.from(inline.base64, 'base64').toString();
}
