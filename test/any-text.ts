import fc from 'fast-check';

/**
 * Text of any code points. fast-check's own of the unit `binary` first writes down all million of them, which takes it
 * a second each time that one is made.
 */
export function anyText(maxLength: number): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof(fc.nat(0x7f), fc.nat(0xffff), fc.nat(0x10ffff)), { maxLength })
    .map((points) => String.fromCodePoint(...points));
}
