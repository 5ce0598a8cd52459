import type { InputValue } from '../../batch-jobs/api/job.ts';
import type {
  LiteralDataType,
  LiteralInput,
  ValueRange,
} from '../../batch-jobs/api/process-description.ts';
import { OwsException } from '../wps/ows-exception.ts';
import { quoted } from './quoted.ts';

/** Lexical spaces of XML Schema Part 2; white space around a value is not part of it. */
const lexical: Readonly<Record<LiteralDataType, RegExp>> = {
  string: /^[\s\S]*$/,
  integer: /^[+-]?\d+$/,
  double: /^([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|-?INF|NaN)$/,
  boolean: /^(true|false|1|0)$/,
  date: /^-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(Z|[+-]\d{2}:\d{2})?$/,
  dateTime:
    /^-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-4]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/,
  anyURI: /^\S*$/,
};

/**
 * A literal value in its declared type and unit, among the allowed values. The declared type is the
 * process description's: what a client calls the type differs from client to client.
 *
 * @returns the value without white space around it; a boolean as `true` or `false`; a string as is
 * @throws {OwsException} naming the input as locator
 */
export function checkLiteral(
  described: LiteralInput,
  data: { value: string; dataType?: string; uom?: string },
): InputValue {
  const value = literalValue(described, data.value);
  const uom = data.uom ?? described.uoms?.[0];
  if (data.uom !== undefined && !described.uoms?.includes(data.uom)) {
    throw new OwsException(
      'InvalidParameterValue',
      `Input "${described.identifier}" has unit "${data.uom}"; allowed: ${described.uoms ? quoted(described.uoms) : 'none'}.`,
      { locator: described.identifier },
    );
  }
  return {
    kind: 'literal',
    value,
    dataType: described.dataType,
    ...(uom === undefined ? {} : { uom }),
  };
}

function literalValue(described: LiteralInput, text: string): string {
  const { identifier, dataType, allowedValues } = described;
  const trimmed = dataType === 'string' ? text : text.trim();
  if (!lexical[dataType].test(trimmed) || !isRealDate(dataType, trimmed)) {
    throw new OwsException(
      'InvalidParameterValue',
      `Input "${identifier}" is "${trimmed}"; allowed: a value of type ${dataType}.`,
      { locator: identifier },
    );
  }
  const value = dataType === 'boolean' ? booleanOf(trimmed) : trimmed;
  if (allowedValues && !allowedValues.some((allowed) => admits(allowed, value, dataType))) {
    throw new OwsException(
      'InvalidParameterValue',
      `Input "${identifier}" is "${value}"; allowed: ${allowedValues.map(inWords).join(', ')}.`,
      { locator: identifier },
    );
  }
  return value;
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
  return text === '1' || text === 'true' ? 'true' : 'false';
}

function admits(allowed: string | ValueRange, value: string, dataType: LiteralDataType): boolean {
  const isNumber = dataType === 'integer' || dataType === 'double';
  if (typeof allowed === 'string') {
    return isNumber ? Number(allowed) === Number(value) : allowed === value;
  }
  // ISO 8601 texts in one form compare as they sort; numbers compare as numbers.
  const compare = (a: string, b: string) =>
    isNumber ? Number(a) - Number(b) : a < b ? -1 : +(a > b);
  return (
    (allowed.minimum === undefined || compare(value, allowed.minimum) >= 0) &&
    (allowed.maximum === undefined || compare(value, allowed.maximum) <= 0)
  );
}

function inWords(allowed: string | ValueRange): string {
  if (typeof allowed === 'string') return `"${allowed}"`;
  const { minimum, maximum } = allowed;
  if (minimum === undefined) return `up to ${maximum}`;
  return maximum === undefined ? `from ${minimum}` : `${minimum} to ${maximum}`;
}
