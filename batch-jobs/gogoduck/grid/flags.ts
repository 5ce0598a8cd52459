import { type Attributes, storedNumbersOf, textOf } from '../netcdf/attributes.ts';

/** What the numbers of a flag variable mean, by value, or by mask and value. */
export type FlagMeanings = ReadonlyMap<string, string>;

/** Attributes that say that a variable holds flags, and what each means. */
export const flagAttributes: ReadonlySet<string> = new Set([
  'flag_values',
  'flag_masks',
  'flag_meanings',
]);

/**
 * The meanings of a flag variable; undefined for other variables.
 *
 * Source: CF conventions 1.11, section 3.5 "Flags".
 */
export function flagMeaningsOf(attributes: Attributes): FlagMeanings | undefined {
  const values = storedNumbersOf(attributes.get('flag_values'));
  const masks = storedNumbersOf(attributes.get('flag_masks'));
  const meanings = textOf(attributes.get('flag_meanings'))?.trim().split(/\s+/);
  if (!meanings) return values.length + masks.length > 0 ? new Map() : undefined;
  return new Map(
    meanings.map((meaning, index) => [
      `${masks[index] ?? ''}/${values[index] ?? (masks.length > 0 ? '' : index)}`,
      meaning,
    ]),
  );
}

/** A flag that means two things; undefined where all that both know mean the same. */
export function contradiction(one: FlagMeanings, other: FlagMeanings): string | undefined {
  for (const [flag, meaning] of one) {
    const second = other.get(flag);
    if (second !== undefined && second.toLowerCase() !== meaning.toLowerCase()) {
      return `${flag.replace(/^\//, '').replace(/\/$/, '')} as "${meaning}" and as "${second}"`;
    }
  }
  return undefined;
}
