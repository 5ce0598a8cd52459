/**
 * Limits for one JSON document, applied before it is parsed. They were chosen so that the worst document of
 * each shape that fits a request takes less than 0.5 s of processor time, including parsing and everything
 * after it.
 */
export const heaviestJson = {
  /** Nesting of arrays and objects; no document of the standard has more than a few levels. */
  depth: 100,
  /**
   * Arrays, objects, strings and member names. Ten numbers, booleans or nulls count as one: data is full of
   * them.
   */
  values: 300_000,
} as const;

/** How many numbers count as one of {@link heaviestJson.values}. */
const numbersPerValue = 10;

/**
 * Whether a document is too heavy. Stops reading as soon as it knows; the parser reports what is not JSON.
 *
 * @returns the limit that the document exceeds
 */
export function tooHeavy(text: string): keyof typeof heaviestJson | undefined {
  const most = heaviestJson.values * numbersPerValue;
  let weight = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        at = endOfString(text, at);
        weight += numbersPerValue;
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > heaviestJson.depth) return 'depth';
        weight += numbersPerValue;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
        break;
      case 0x2c: // ,
        weight++;
        break;
      default:
        continue;
    }
    if (weight > most) return 'values';
  }
  return undefined;
}

/** @returns the index of the closing quotation mark of the string, or the end of the text */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === 0x5c) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}
