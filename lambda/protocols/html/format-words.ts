import { words } from './words.ts';

const uses: Readonly<Record<string, string>> = words.formats;

/** A format described by its use, if that is known: `CSV, for spreadsheets (text/csv)`. */
export function formatWords(mimeType: string): string {
  const use = Object.hasOwn(uses, mimeType) ? uses[mimeType] : undefined;
  return use === undefined ? mimeType : `${use} (${mimeType})`;
}
