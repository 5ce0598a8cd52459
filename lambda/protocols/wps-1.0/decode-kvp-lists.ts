import type { ExecuteInput, InputData } from '../../operations/execute-command.ts';
import { OwsException } from '../ows/ows-exception.ts';
import { percentDecoded, queryDecoded } from '../ows/percent-encoding.ts';
import type { DocumentOutput } from './requests.ts';

/**
 * The attributes that an entry may have (OGC 05-007r7, clause 10.2.2.1), with their names in this code. Only
 * these end a value: a value may contain `@`, as mail addresses do.
 */
const attributeNames = {
  mimetype: 'mimeType',
  format: 'mimeType',
  encoding: 'encoding',
  schema: 'schema',
  datatype: 'dataType',
  uom: 'uom',
  href: 'href',
  'xlink:href': 'href',
  method: 'method',
  asreference: 'asReference',
} as const;
type AttributeName = (typeof attributeNames)[keyof typeof attributeNames];

const attributeStart = new RegExp(`@(${Object.keys(attributeNames).join('|')})=`, 'i');

interface Entry {
  readonly name: string;
  /** Undefined if the entry has no `=` after its name. */
  readonly value: string | undefined;
  readonly attributes: Readonly<Partial<Record<AttributeName, string>>>;
}

/** A list of entries, and how its names and values are encoded. */
interface EncodedList {
  readonly text: string;
  readonly decode: (text: string) => string;
}

/**
 * Inputs of a KVP Execute: `name=value@attribute=value;name=...` (OGC 05-007r7, clause 10.2.2.1).
 *
 * A part between semicolons that has no `=` belongs to the value before it, so that values that contain
 * semicolons survive proxies that decode the query.
 *
 * @param encoded the text in the query
 * @throws {OwsException} if it is not such a list
 */
export function decodeDataInputs(encoded: string): ExecuteInput[] {
  const { text, decode } = listOf(encoded, 'DataInputs');
  const parts: string[] = [];
  // A trailing semicolon separates nothing.
  for (const part of text.replace(/;\s*$/, '').split(';')) {
    const before = parts.at(-1);
    if (before === undefined || part.includes('=')) parts.push(part);
    else parts[parts.length - 1] = `${before};${part}`;
  }
  return parts.filter((part) => part.trim() !== '').map((part) => dataInput(entry(part, decode)));
}

/**
 * Outputs of `ResponseDocument` or `RawDataOutput`: `name@attribute=value;name`.
 *
 * @param encoded the text in the query
 * @throws {OwsException} if it is not such a list
 */
export function decodeOutputs(encoded: string, parameter: string): DocumentOutput[] {
  const { text, decode } = listOf(encoded, parameter);
  return text
    .split(';')
    .filter((part) => part.trim() !== '')
    .map((part) => documentOutput(entry(part, decode), parameter));
}

/**
 * By the standard, each value is encoded and the separators are plain, so that a separator inside a value
 * stays part of it. Other clients and proxies encode the whole list, perhaps its values twice. A plain `=`
 * shows that the list follows the standard.
 */
function listOf(encoded: string, parameter: string): EncodedList {
  const asText = (text: string) => {
    const decoded = queryDecoded(text);
    if (decoded !== undefined) return decoded;
    throw new OwsException(
      'InvalidParameterValue',
      `Parameter "${parameter}" holds a value that is no text; allowed: percent-encoded UTF-8 without control characters.`,
      { locator: parameter },
    );
  };
  return encoded.includes('=')
    ? { text: withoutBrackets(encoded), decode: asText }
    : {
        text: withoutBrackets(asText(encoded)),
        decode: (text) => percentDecoded(text) ?? text,
      };
}

/** The standard puts lists in brackets; most clients do not. */
function withoutBrackets(list: string): string {
  const trimmed = list.trim();
  return /^(?:\[|%5B)([\s\S]*)(?:\]|%5D)$/i.exec(trimmed)?.[1] ?? trimmed;
}

function documentOutput({ name, value, attributes }: Entry, parameter: string): DocumentOutput {
  // The standard also writes an output as `name=@attribute=value`.
  if (value || name === '') {
    throw new OwsException(
      'InvalidParameterValue',
      `Parameter "${parameter}" holds "${name}${value ? `=${value}` : ''}"; allowed: names of outputs with attributes, as in result@mimeType=text/csv.`,
      { locator: parameter },
    );
  }
  const { mimeType, encoding, schema, uom, asReference = 'false' } = attributes;
  if (!/^(true|false)$/i.test(asReference)) {
    throw new OwsException(
      'InvalidParameterValue',
      `Attribute "asReference" of output "${name}" is "${asReference}"; allowed: true, false.`,
      { locator: name },
    );
  }
  return {
    identifier: name,
    ...defined({ mimeType, encoding, schema, uom }),
    asReference: asReference.toLowerCase() === 'true',
  };
}

function dataInput({ name, value, attributes }: Entry): ExecuteInput {
  if (name === '' || (value === undefined && attributes.href === undefined)) {
    throw new OwsException(
      'InvalidParameterValue',
      `Parameter "DataInputs" holds "${name.slice(0, 100)}"; allowed: name=value, with attributes after it, as in depth=10@uom=m.`,
      { locator: 'DataInputs' },
    );
  }
  return { identifier: name, data: inputData(name, value, attributes) };
}

function inputData(
  name: string,
  value: string | undefined,
  attributes: Entry['attributes'],
): InputData {
  const { mimeType, encoding, schema, dataType, uom, asReference, method = 'GET' } = attributes;
  const href = attributes.href ?? (asReference?.toLowerCase() === 'true' ? value : undefined);
  if (href === undefined) {
    return {
      kind: 'untyped',
      value: value ?? '',
      ...defined({ mimeType, encoding, schema, dataType, uom }),
    };
  }
  if (method.toUpperCase() !== 'GET') {
    throw new OwsException(
      'InvalidParameterValue',
      `Attribute "method" of input "${name}" is "${method}"; allowed: GET.`,
      { locator: name },
    );
  }
  return {
    kind: 'reference',
    ...defined({ mimeType, encoding, schema }),
    href,
    method: 'GET',
    headers: [],
  };
}

function entry(part: string, decode: EncodedList['decode']): Entry {
  const [before = '', ...pairs] = part.split(attributeStart);
  const [name = '', ...rest] = before.split('=');
  const attributes: Partial<Record<AttributeName, string>> = {};
  // Splitting by a pattern with a group gives name, value, name, value.
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    const attribute = attributeNames[pairs[index]?.toLowerCase() as keyof typeof attributeNames];
    attributes[attribute] = decode(pairs[index + 1] ?? '');
  }
  return {
    name: decode(name).trim(),
    value: rest.length > 0 ? decode(rest.join('=')) : undefined,
    attributes,
  };
}

/** Leaves out undefined members. */
function defined<T extends Record<string, string | undefined>>(
  attributes: T,
): { [Name in keyof T]?: string } {
  const found: { [Name in keyof T]?: string } = {};
  for (const name of Object.keys(attributes) as (keyof T)[]) {
    const value = attributes[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}
