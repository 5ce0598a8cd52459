import { type Attribute, type Attributes, textAttribute } from './attributes.ts';
import { type ElementType, netcdfType } from './hdf5-types.ts';
import { isNumeric, numbersOf } from './types.ts';

/**
 * An enumeration is read as its numbers. Their meanings become flag attributes of the CF conventions.
 *
 * Source: CF conventions 1.11, section 3.5 "Flags".
 */
export function withFlags(attributes: Attributes, metadata: ElementType): Attributes {
  const members = Object.entries(metadata.enum_type?.members ?? {});
  const type = netcdfType(metadata);
  if (members.length === 0 || attributes.has('flag_values')) return attributes;
  if (type === undefined || !isNumeric(type)) return attributes;
  const values = numbersOf(
    type,
    members.map(([, value]) => value),
  );
  const meanings = members.map(([name]) => name.replaceAll(/\s+/g, '_')).join(' ');
  return new Map<string, Attribute>([
    ...attributes,
    ['flag_values', { kind: 'numbers', type, values }],
    ['flag_meanings', textAttribute(meanings)],
  ]);
}
