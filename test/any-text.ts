import fc from 'fast-check';

/**
 * Text of any code points. fast-check's own generator with the unit `binary` first lists all million of them,
 * which takes a second each time a generator is made.
 */
export function anyText(maxLength: number): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof(fc.nat(0x7f), fc.nat(0xffff), fc.nat(0x10ffff)), { maxLength })
    .map((points) => String.fromCodePoint(...points));
}
