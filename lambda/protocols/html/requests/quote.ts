/** Escapes texts for the languages in which requests are shown. */

/** For content and for attributes in double quotes. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Quotes any text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A Python string. JSON's escapes are also valid in Python. */
export function pythonString(text: string): string {
  return JSON.stringify(text);
}
