import { isXmlText } from './xml-characters.ts';

/**
 * Decodes percent-encoded text (RFC 3986, clause 2.1). A `%` that begins no escape is kept, because clients
 * forget to encode it.
 *
 * @returns undefined if the escapes are not UTF-8, or encode characters that no XML document can contain: a
 *   request must mean the same in KVP and in XML
 */
export function percentDecoded(text: string): string | undefined {
  try {
    const decoded = text.replaceAll(/(?:%[0-9a-f]{2})+/gi, decodeURIComponent);
    if (isXmlText(decoded)) return decoded;
  } catch {
    // The escapes are not UTF-8.
  }
  return undefined;
}

/** Like {@link percentDecoded}, for a part of a query string, where `+` encodes a space. */
export function queryDecoded(text: string): string | undefined {
  return percentDecoded(text.replaceAll('+', ' '));
}
