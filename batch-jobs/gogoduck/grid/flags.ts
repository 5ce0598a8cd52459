import {
  type Attribute,
  type Attributes,
  storedNumbersOf,
  textAttribute,
  textOf,
} from '../netcdf/attributes.ts';
import { type NumericType, numbersOf, type StoredNumber } from '../netcdf/types.ts';

/**
 * What the numbers of a flag variable mean. The keys are `/<value>`, `<mask>/`, `<mask>/<value>`, or
 * `#<index>` if a file lists meanings without numbers.
 */
export type FlagMeanings = ReadonlyMap<string, string>;

/** Attributes that mark a variable as flags, and define each flag. */
export const flagAttributes: ReadonlySet<string> = new Set([
  'flag_values',
  'flag_masks',
  'flag_meanings',
]);

/**
 * The meanings of a flag variable; empty if only its standard name marks it as one; undefined for other
 * variables.
 *
 * Source: CF conventions 1.11, section 3.5 "Flags", and 3.3 "Standard Name", modifier `status_flag`.
 */
export function flagMeaningsOf(attributes: Attributes): FlagMeanings | undefined {
  const values = storedNumbersOf(attributes.get('flag_values'));
  const masks = storedNumbersOf(attributes.get('flag_masks'));
  const meanings = textOf(attributes.get('flag_meanings'))?.trim().split(/\s+/);
  const standardName = textOf(attributes.get('standard_name'))?.trim() ?? '';
  if (!meanings) {
    const isFlag = /(^|[ _])(status|quality)_flag$/.test(standardName);
    return values.length + masks.length > 0 || isFlag ? new Map() : undefined;
  }
  const isNumbered = values.length + masks.length > 0;
  return new Map(
    meanings.map((meaning, index) => [
      isNumbered ? `${masks[index] ?? ''}/${values[index] ?? ''}` : `#${index}`,
      meaning,
    ]),
  );
}

/** A flag with two meanings; undefined if all flags that both define mean the same. */
export function contradiction(
  one: FlagMeanings,
  other: FlagMeanings,
): { readonly flag: string; readonly inWords: string } | undefined {
  for (const [flag, meaning] of one) {
    const second = other.get(flag);
    if (second !== undefined && second.toLowerCase() !== meaning.toLowerCase()) {
      const inWords = `${flag.replace(/^[/#]/, '').replace(/\/$/, '')} as "${meaning}" and as "${second}"`;
      return { flag, inWords };
    }
  }
  return undefined;
}

/** Whether flags are values, bits of masks, or values of masks; undefined if they have no numbers. */
export function flagKind(meanings: FlagMeanings): string | undefined {
  const [flag = '#'] = [...meanings.keys()];
  if (flag.startsWith('#')) return undefined;
  if (flag.startsWith('/')) return 'values';
  return flag.endsWith('/') ? 'masks' : 'values of masks';
}

/** The values and masks of flags. */
export function flagNumbers(meanings: FlagMeanings): ReadonlySet<string> {
  return new Set([...meanings.keys()].flatMap((flag) => flag.split('/')));
}

/** Attributes that define the flags of a variable of this type; empty if they have no numbers. */
export function flagAttributesOf(meanings: FlagMeanings, type: NumericType): Attributes {
  if (flagKind(meanings) === undefined) return new Map();
  const parts = [...meanings.keys()].map((flag) => flag.split('/'));
  const numbers = (name: string, part: 0 | 1): [string, Attribute][] => {
    const texts = parts.map((each) => each[part] ?? '');
    if (texts.includes('')) return [];
    const values = numbersOf(type, texts.map(storedNumber));
    return [[name, { kind: 'numbers', type, values }]];
  };
  return new Map<string, Attribute>([
    ...numbers('flag_masks', 0),
    ...numbers('flag_values', 1),
    ['flag_meanings', textAttribute([...meanings.values()].join(' '))],
  ]);
}

function storedNumber(text: string): StoredNumber {
  return /^-?\d+$/.test(text) ? BigInt(text) : Number(text);
}
