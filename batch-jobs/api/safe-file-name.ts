/**
 * A text as the name of a file: letters, digits, `.`, `_` and `-`, not beginning with a dot or an
 * underscore. Safe in paths, keys, URLs and headers; empty where nothing of the text is left.
 */
export function safeFileName(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9._-]+/g, '_').replace(/^[._]+/, '');
}
