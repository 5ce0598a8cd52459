import { OwsException } from './ows-exception.ts';
import type { DocumentOutput, ExecuteInput, InputData } from './requests.ts';

/**
 * The attributes an entry may have (OGC 05-007r7, tables 43 and 44), as they are known here. Only
 * these end a value: a value may hold `@`, as mail addresses do.
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
  /** Undefined when the entry is a name alone. */
  readonly value: string | undefined;
  readonly attributes: Readonly<Partial<Record<AttributeName, string>>>;
}

/**
 * Inputs of a KVP Execute: `name=value@attribute=value;name=...` (OGC 05-007r7, table 43).
 *
 * A part between semicolons that has no `=` belongs to the value before it, so that values with
 * semicolons in them survive proxies that decode the query.
 */
export function decodeDataInputs(text: string): ExecuteInput[] {
  const parts: string[] = [];
  for (const part of partsOf(text)) {
    const before = parts.at(-1);
    if (before === undefined || part.includes('=')) parts.push(part);
    else parts[parts.length - 1] = `${before};${part}`;
  }
  return parts.filter((part) => part.trim() !== '').map(dataInput);
}

/** Outputs of `ResponseDocument` or `RawDataOutput`: `name@attribute=value;name` (table 44). */
export function decodeOutputs(text: string, parameter: string): DocumentOutput[] {
  return partsOf(text)
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const { name, value, attributes } = entry(part);
      if (value !== undefined || name === '') {
        throw new OwsException(
          'InvalidParameterValue',
          `Parameter "${parameter}" holds "${part}"; allowed: names of outputs with attributes, as in result@mimeType=text/csv.`,
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
    });
}

function dataInput(part: string): ExecuteInput {
  const { name, value, attributes } = entry(part);
  if (name === '' || (value === undefined && attributes.href === undefined)) {
    throw new OwsException(
      'InvalidParameterValue',
      `Parameter "DataInputs" holds "${part.trim().slice(0, 100)}"; allowed: name=value, with attributes after it, as in depth=10@uom=m.`,
      { locator: 'DataInputs' },
    );
  }
  return { identifier: name, data: inputData(name, value, attributes) };
}

function inputData(
  name: string,
  value: string | undefined,
  { mimeType, encoding, schema, dataType, uom, href, method = 'GET' }: Entry['attributes'],
): InputData {
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

/** The standard puts lists in brackets, most clients do not. */
function partsOf(text: string): string[] {
  const trimmed = text.trim();
  return (/^\[([\s\S]*)\]$/.exec(trimmed)?.[1] ?? trimmed).split(';');
}

function entry(part: string): Entry {
  const [before = '', ...pairs] = part.split(attributeStart);
  const equals = before.indexOf('=');
  const attributes: Partial<Record<AttributeName, string>> = {};
  // Splitting by a pattern with a group gives name, value, name, value.
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    const name = attributeNames[pairs[index]?.toLowerCase() as keyof typeof attributeNames];
    attributes[name] = decoded(pairs[index + 1] ?? '');
  }
  // `name=@xlink:href=...` gives a reference, and no value.
  const value = equals < 0 ? undefined : before.slice(equals + 1);
  return {
    name: decoded(equals < 0 ? before : before.slice(0, equals)).trim(),
    value: value === undefined || (value === '' && attributes.href) ? undefined : decoded(value),
    attributes,
  };
}

/** Values may be encoded once more than the query is; what is not encoded stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Without what is undefined. */
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
