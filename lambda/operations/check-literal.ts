import type { InputValue } from '../../batch-jobs/api/job.ts';
import type {
  LiteralDataType,
  LiteralInput,
  ValueRange,
} from '../../batch-jobs/api/process-description.ts';
import { quoted, ServiceFault } from '../service-fault.ts';

const day = String.raw`-?(?!0000)\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])`;
const time = String.raw`(([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?|24:00:00(\.0+)?)`;
const zone = String.raw`(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)`;

/** Lexical spaces of XML Schema Part 2; white space around a value is not part of it. */
const lexical: Readonly<Record<LiteralDataType, RegExp>> = {
  string: /^[\s\S]*$/,
  integer: /^[+-]?\d+$/,
  double: /^([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|-?INF|NaN)$/,
  // Python clients send True and False.
  boolean: /^(true|false|1|0)$/i,
  date: new RegExp(`^${day}${zone}?$`),
  dateTime: new RegExp(`^${day}T${time}${zone}?$`),
  anyURI: /^\S*$/,
};

/** Longest value of any type except string, in characters: the length of a URL that web servers accept. */
const maximumLength = 8192;

/**
 * Checks a literal value against its declared type and unit and the allowed values. The process description
 * declares the type: clients name types differently.
 *
 * @returns the value without white space around it; a boolean as `true` or `false`; a string unchanged
 * @throws {ServiceFault} naming the input as subject
 */
export function checkLiteral(
  described: LiteralInput,
  data: { value: string; dataType?: string; uom?: string },
): InputValue {
  const value = literalValue(described, data.value);
  const defaultUom = described.uoms?.[0];
  const uom = data.uom ?? defaultUom;
  if (data.uom !== undefined && !described.uoms?.includes(data.uom)) {
    throw new ServiceFault(
      'invalid-value',
      `Input "${described.identifier}" has unit "${data.uom}"; allowed: ${described.uoms ? quoted(described.uoms) : 'none'}.`,
      { subject: described.identifier },
    );
  }
  // Allowed values are in the default unit (OGC 05-007r7, clause 9.3.1); the process handles other units.
  if (uom === defaultUom) checkAllowed(described, value);
  return {
    kind: 'literal',
    value,
    dataType: described.dataType,
    ...(uom === undefined ? {} : { uom }),
  };
}

function literalValue({ identifier, dataType }: LiteralInput, text: string): string {
  const trimmed = dataType === 'string' ? text : text.trim();
  if (dataType !== 'string' && trimmed.length > maximumLength) {
    throw new ServiceFault(
      'invalid-value',
      `Input "${identifier}" is ${trimmed.length} characters long; allowed: a value of type ${dataType}, up to ${maximumLength} characters.`,
      { subject: identifier },
    );
  }
  if (!lexical[dataType].test(trimmed) || !isRealDate(dataType, trimmed)) {
    throw new ServiceFault(
      'invalid-value',
      `Input "${identifier}" is "${trimmed}"; allowed: a value of type ${dataType}.`,
      { subject: identifier },
    );
  }
  return dataType === 'boolean' ? booleanOf(trimmed) : trimmed;
}

/** Whether the description of the input allows a value of its type. */
export function isAllowed({ dataType, allowedValues }: LiteralInput, value: string): boolean {
  return allowedValues?.some((allowed) => admits(allowed, value, dataType)) ?? true;
}

function checkAllowed(described: LiteralInput, value: string): void {
  const { identifier, allowedValues = [] } = described;
  if (isAllowed(described, value)) return;
  throw new ServiceFault(
    'invalid-value',
    `Input "${identifier}" is "${value}"; allowed: ${allowedValues.map(inWords).join(', ')}.`,
    { subject: identifier },
  );
}

function isRealDate(dataType: LiteralDataType, text: string): boolean {
  if (dataType !== 'date' && dataType !== 'dateTime') return true;
  const [year, month, day] = text
    .replace(/T.*/, '')
    .replace(/(Z|[+-]\d{2}:\d{2})$/, '')
    .split(/(?<!^)-/)
    .map(Number);
  const last = new Date(Date.UTC(year ?? 0, month ?? 1, 0)).getUTCDate();
  return (day ?? 0) <= last;
}

function booleanOf(text: string): string {
  return ['1', 'true'].includes(text.toLowerCase()) ? 'true' : 'false';
}

function admits(allowed: string | ValueRange, value: string, dataType: LiteralDataType): boolean {
  const place = placeOf(value, dataType);
  if (typeof allowed === 'string') {
    return allowed === value || placeOf(allowed, dataType) === place;
  }
  const { minimum, maximum } = allowed;
  return (
    (minimum === undefined || place >= placeOf(minimum, dataType)) &&
    (maximum === undefined || place <= placeOf(maximum, dataType))
  );
}

/** The place of a value in the order of its type. A time without a zone counts as UTC. */
function placeOf(value: string, dataType: LiteralDataType): number | string {
  switch (dataType) {
    case 'integer':
    case 'double':
      return Number(value.replace('INF', 'Infinity'));
    case 'date':
    case 'dateTime': {
      const [, dayAndTime = '', zoned] = new RegExp(`^(.*?)(${zone})?$`).exec(value) ?? [];
      const midnight = dataType === 'date' ? 'T00:00:00' : '';
      return Date.parse(`${dayAndTime}${midnight}${zoned ?? 'Z'}`);
    }
    default:
      return value;
  }
}

function inWords(allowed: string | ValueRange): string {
  if (typeof allowed === 'string') return `"${allowed}"`;
  const { minimum, maximum } = allowed;
  if (minimum === undefined) return `up to ${maximum}`;
  return maximum === undefined ? `from ${minimum}` : `${minimum} to ${maximum}`;
}
