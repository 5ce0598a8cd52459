import { isXmlText } from './xml-characters.ts';

/**
 * Text from its percent-encoding (RFC 3986, clause 2.1). A `%` that begins no escape stays as it
 * is, for clients forget to encode it.
 *
 * @returns undefined when the escapes are not UTF-8, or stand for what no XML document can hold: a
 *   request means the same in either encoding
 */
export function percentDecoded(text: string): string | undefined {
  try {
    const decoded = text.replaceAll(/(?:%[0-9a-f]{2})+/gi, decodeURIComponent);
    return isXmlText(decoded) ? decoded : undefined;
  } catch {
    return undefined;
  }
}

/** As {@link percentDecoded}, for a part of a query string, where `+` stands for a space. */
export function queryDecoded(text: string): string | undefined {
  return percentDecoded(text.replaceAll('+', ' '));
}
