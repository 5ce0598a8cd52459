/** Before what JSON cannot hold: whole numbers that a double rounds, NaN and infinities. */
const mark = '\u0001';

/** Texts, with the colon behind a member's name; numbers; and what Python writes for those JSON lacks. */
const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|-?\bInfinity\b|\bNaN\b/g;
/** Numbers that JSON has, and that lose nothing. */
const plain = /^-?(\d{1,15}|\d+(?=\d*[.eE]).*)$/;

/**
 * Metadata of a store as `JSON.parse` reads it without loss. Python writes NaN and integers of 64 bits
 * into JSON; they become texts here: as zarrita reads them where they are fill values, and else such
 * that {@link exactNumber} knows them.
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

/** The number that a text of {@link readableJson} stands for; other values as they are. */
export function exactNumber(value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith(mark)) return value;
  const text = value.slice(mark.length);
  return /^-?\d+$/.test(text) ? BigInt(text) : Number(text);
}
