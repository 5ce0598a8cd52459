/**
 * Turns text into a file name of letters, digits, `.`, `_` and `-` that does not begin with a dot or an
 * underscore. The name is safe in paths, keys, URLs and headers; it is empty if no characters remain.
 */
export function safeFileName(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9._-]+/g, '_').replace(/^[._]+/, '');
}

/**
 * Control characters, lone surrogates, line and paragraph separators, direction marks and overrides, and
 * characters that file systems refuse.
 */
const refused =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd"*/:<>?\\|]+/gu;

/**
 * Longest name under which people save a file, in characters and in bytes of UTF-8. File systems accept 255.
 */
const longestName = { characters: 120, bytes: 200 };

/**
 * Turns text into a name under which people save a file, in any script. Characters that some file system
 * refuses, that separate folders, or that make a name look like another become `_`. Empty if no characters
 * remain.
 *
 * @param extension end of the name, with its dot
 */
export function readableFileName(text: string, extension: string): string {
  const readable = text
    .normalize('NFC')
    .replaceAll(refused, '_')
    .replace(/^[\s._]+/, '')
    .replace(/[\s.]+$/, '');
  if (`.${readable}`.toLowerCase() === extension.toLowerCase()) return '';
  const ending = readable.toLowerCase().endsWith(extension.toLowerCase()) ? extension.length : 0;
  const stem = shortened(ending === 0 ? readable : readable.slice(0, -ending));
  if (stem === '') return '';
  return `${stem}${ending === 0 ? extension : readable.slice(-ending)}`;
}

function shortened(text: string): string {
  const characters = [...text].slice(0, longestName.characters);
  while (Buffer.byteLength(characters.join('')) > longestName.bytes) characters.pop();
  return characters.join('').trimEnd();
}
