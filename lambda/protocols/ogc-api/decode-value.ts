import type { JsonValue } from '../../../batch-jobs/api/job.ts';
import type {
  BoundingBoxInput,
  ComplexInput,
  Format,
  InputDescription,
  LiteralDataType,
  LiteralInput,
} from '../../../batch-jobs/api/process-description.ts';
import type { FormatChoice, InputData } from '../../operations/execute-command.ts';
import { ServiceFault } from '../../service-fault.ts';
import { isSameCrs } from './crs-uri.ts';
import { inWords, isArray, isObject, type JsonObject, member, textMember } from './json-value.ts';
import { isJsonType, isTextFormat } from './media-types.ts';

/**
 * One value of an input in an execute request (OGC 18-062r2, clause 7.11.2.2): the value itself, a qualified
 * value (`{ "value": ... }`), or a reference (`{ "href": ... }`). Its JSON type is that of the input's
 * description; the operation checks whether it is an allowed value.
 *
 * @throws {ServiceFault} naming the input
 */
export function decodeValue(described: InputDescription, given: JsonValue): InputData {
  if (isObject(given) && member(given, 'value') === undefined) {
    if (typeof member(given, 'href') === 'string') return referenceOf(given);
  }
  const isQualified = isObject(given) && member(given, 'value') !== undefined;
  const value = isQualified ? (member(given, 'value') ?? null) : given;
  const qualifiers = isQualified ? given : {};
  switch (described.kind) {
    case 'literal':
      return literalOf(described, value, qualifiers);
    case 'complex':
      return complexOf(described, value, qualifiers);
    case 'bounding-box':
      return boxOf(described, value);
  }
}

function referenceOf(link: JsonObject): InputData {
  const { mimeType = textMember(link, 'type'), ...choice } = formatChoice(link);
  return {
    kind: 'reference',
    ...choice,
    ...(mimeType === undefined ? {} : { mimeType }),
    href: textMember(link, 'href') ?? '',
    method: 'GET',
    headers: [],
  };
}

/** `format.yaml`; the members are either next to the value or in a `format` object. */
export function formatChoice(object: JsonObject): FormatChoice {
  const nested = member(object, 'format');
  const source = isObject(nested) ? { ...object, ...nested } : object;
  const mimeType = textMember(source, 'mediaType');
  const encoding = textMember(source, 'encoding');
  const schema = textMember(source, 'schema');
  return {
    ...(mimeType === undefined ? {} : { mimeType }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(schema === undefined ? {} : { schema }),
  };
}

const jsonTypes: Readonly<Record<LiteralDataType, string>> = {
  string: 'a JSON string',
  integer: 'a JSON integer from -(2^53 - 1) to 2^53 - 1',
  double: 'a JSON number',
  boolean: 'true or false',
  date: 'a JSON string with a date, as in "2017-01-31"',
  dateTime: 'a JSON string with a date and time, as in "2017-01-31T12:00:00Z"',
  anyURI: 'a JSON string with a URI',
};

/** @param qualifiers may name the unit, as `measurement` and `uom` within the value do */
function literalOf(described: LiteralInput, value: JsonValue, qualifiers: JsonObject): InputData {
  if (isObject(value)) {
    const measurement = member(value, 'measurement');
    if (described.uoms && measurement !== undefined) {
      return literalOf(described, measurement, { uom: member(value, 'uom') ?? null });
    }
  }
  const text = literalText(value, described.dataType);
  if (text === undefined) throw wrongType(described, value, jsonTypes[described.dataType]);
  const uom = textMember(qualifiers, 'uom');
  return { kind: 'literal', value: text, ...(uom === undefined ? {} : { uom }) };
}

function literalText(value: JsonValue, dataType: LiteralDataType): string | undefined {
  switch (dataType) {
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 'integer':
      return Number.isSafeInteger(value) ? String(value) : undefined;
    case 'double':
      if (typeof value === 'number') return String(value);
      // JSON has no other way to write these numbers.
      return typeof value === 'string' && /^(-?INF|NaN)$/.test(value) ? value : undefined;
    default:
      return typeof value === 'string' ? value : undefined;
  }
}

function boxOf(described: BoundingBoxInput, value: JsonValue): InputData {
  const bbox = isObject(value) ? member(value, 'bbox') : undefined;
  const allowed = 'an object with "bbox", an array of 4 or 6 numbers, and "crs"';
  if (!isObject(value) || !isArray(bbox)) throw wrongType(described, value, allowed);
  const numbers = bbox.filter((coordinate) => typeof coordinate === 'number');
  if (numbers.length !== bbox.length || (bbox.length !== 4 && bbox.length !== 6)) {
    throw new ServiceFault(
      'invalid-value',
      `Input "${described.identifier}" has the box ${JSON.stringify(bbox).slice(0, 200)}; allowed: ${allowed}.`,
      { subject: described.identifier },
    );
  }
  const crs = textMember(value, 'crs');
  const half = numbers.length / 2;
  return {
    kind: 'bounding-box',
    ...(crs === undefined
      ? {}
      : { crs: described.crss.find((offered) => isSameCrs(offered, crs)) ?? crs }),
    lower: numbers.slice(0, half),
    upper: numbers.slice(half),
  };
}

function complexOf(described: ComplexInput, value: JsonValue, qualifiers: JsonObject): InputData {
  const choice = formatChoice(qualifiers);
  const named = choice.mimeType;
  const format =
    named === undefined
      ? defaultFormat(described, value, choice)
      : described.formats.find(({ mimeType }) => isSameType(mimeType, named));
  // The operation reports that the format is not offered.
  if (!format) {
    return { kind: 'complex', ...choice, content: { text: documentText(value) } };
  }
  // The media type of the description, so that the operation finds the format again.
  const chosen = { kind: 'complex' as const, ...choice, mimeType: format.mimeType };
  const isBase64 = choice.encoding?.toLowerCase() === 'base64' || !isTextFormat(format);
  if (typeof value === 'string') {
    if (isBase64) return { ...chosen, content: { base64: value } };
    const text = isJsonType(format.mimeType) ? documentText(value) : value;
    return { ...chosen, content: { text } };
  }
  if (value !== null && isJsonType(format.mimeType) && !isBase64) {
    return { ...chosen, content: { text: JSON.stringify(value) } };
  }
  const what = isBase64 ? 'a string with its content as base64' : 'a string with its content';
  throw wrongType(described, value, `${what}, for media type ${format.mimeType}`);
}

/**
 * The format of a value without a media type: for a string, the first format offered, or the first text
 * format if that one is JSON; for any other value, JSON.
 */
function defaultFormat(
  { formats }: ComplexInput,
  value: JsonValue,
  { encoding }: FormatChoice,
): Format {
  const [first] = formats;
  const isJson = ({ mimeType }: Format) => isJsonType(mimeType);
  if (typeof value !== 'string') return formats.find(isJson) ?? first;
  if (encoding?.toLowerCase() === 'base64') {
    return formats.find((format) => !isTextFormat(format)) ?? first;
  }
  if (!isJson(first)) return first;
  return (
    formats.find(({ mimeType }) => /^text\/plain\b/i.test(mimeType)) ??
    formats.find((format) => !isJson(format) && isTextFormat(format)) ??
    first
  );
}

/** A JSON document. Some clients can only send it as text inside a string. */
function documentText(value: JsonValue): string {
  return typeof value === 'string' && isDocument(value) ? value : JSON.stringify(value);
}

function isDocument(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Parameters count (`image/tiff; application=geotiff`), except the charset: JSON strings are Unicode. */
function isSameType(one: string, other: string): boolean {
  const normal = (mediaType: string) =>
    mediaType
      .toLowerCase()
      .replaceAll(/\s*;\s*charset\s*=\s*[^;]*/g, '')
      .replaceAll(/\s+/g, '');
  return normal(one) === normal(other);
}

function wrongType(
  { identifier }: InputDescription,
  found: JsonValue,
  allowed: string,
): ServiceFault {
  return new ServiceFault(
    'invalid-value',
    `Input "${identifier}" is ${inWords(found)}; allowed: ${allowed}.`,
    { subject: identifier },
  );
}
