/** Marks values that JSON cannot represent: whole numbers that a double rounds, NaN and infinities. */
const mark = '\u0001';

/**
 * Texts, with the colon after a member's name; numbers; and what Python writes for values that JSON lacks.
 */
const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|-?\bInfinity\b|\bNaN\b/g;
/** Numbers that JSON can represent without loss. */
const plain = /^-?(\d{1,15}|\d+(?=\d*[.eE]).*)$/;

/**
 * Converts a store's metadata so that `JSON.parse` reads it without loss. Python writes NaN and 64-bit
 * integers into JSON. Here they become texts: in the form that zarrita expects for fill values, and otherwise
 * in the form that {@link exactNumber} recognizes.
 */
export function readableJson(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString();
  let member = '';
  const readable = text.replaceAll(tokens, (token: string, colon: string | undefined) => {
    if (token.startsWith('"')) {
      if (colon !== undefined) member = token.slice(0, -colon.length);
      return token;
    }
    if (plain.test(token)) return token;
    return JSON.stringify(member === '"fill_value"' ? token : mark + token);
  });
  return readable === text ? bytes : Buffer.from(readable);
}

/** The number in a text of {@link readableJson}; other values are returned unchanged. */
export function exactNumber(value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith(mark)) return value;
  const text = value.slice(mark.length);
  return /^-?\d+$/.test(text) ? BigInt(text) : Number(text);
}
