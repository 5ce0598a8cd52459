/** UDUNITS names of the lengths used for depths, and their size in metres. */
const lengths: readonly (readonly [RegExp, number])[] = [
  [/^(m|met(er|re)s?)$/i, 1],
  [/^(km|kilomet(er|re)s?)$/i, 1000],
  [/^(cm|centimet(er|re)s?)$/i, 0.01],
  [/^(mm|millimet(er|re)s?)$/i, 0.001],
];

/**
 * Metres per unit of length; undefined for other units. A number without units is not a length.
 *
 * Source: CF conventions 1.11, section 3.1 "Units".
 */
export function metresPer(units: string): number | undefined {
  return lengths.find(([names]) => names.test(units.trim()))?.[1];
}
