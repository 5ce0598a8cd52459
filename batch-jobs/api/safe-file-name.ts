/**
 * A text as the name of a file: letters, digits, `.`, `_` and `-`, not beginning with a dot or an
 * underscore. Safe in paths, keys, URLs and headers; empty where nothing of the text is left.
 */
export function safeFileName(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9._-]+/g, '_').replace(/^[._]+/, '');
}

/**
 * Control characters, halves of surrogates, ends of lines and paragraphs, marks and overrides of direction, and what
 * file systems refuse.
 */
const refused =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd"*/:<>?\\|]+/gu;

/** Most characters of a name that people save a file under, and most bytes of it in UTF-8: file systems take 255. */
const longestName = { characters: 120, bytes: 200 };

/**
 * A text as the name that people save a file under, in any script. What some file system refuses, separates
 * folders, or shows a name as another becomes `_`; empty where nothing is left.
 *
 * @param extension what the name ends with, with its dot
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
