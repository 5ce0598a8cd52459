/**
 * What one JSON document may weigh, before it is parsed. The bounds were chosen so that the worst document of each shape
 * that a request has room for takes less than 0.5 s of a processor, with its parsing and all that is done to it.
 */
export const heaviestJson = {
  /** Arrays and objects within each other; no document of the standard has more than a few. */
  depth: 100,
  /** Arrays, objects, strings and names of members. Ten numbers, booleans or nulls count as one: data is full of them. */
  values: 300_000,
} as const;

/** What counts as one of {@link heaviestJson.values}, in numbers. */
const numbersPerValue = 10;

/**
 * Reads no more of a document than it takes to tell that it is too heavy. What is not JSON is for its parser to say.
 *
 * @returns which bound it passes
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

/** @returns where the quotation mark is that ends the string, or the end of the text */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === 0x5c) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}
