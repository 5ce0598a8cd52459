import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const readme = readFileSync(
  join(import.meta.dirname, '..', '..', 'batch-jobs', 'gogoduck', 'README.md'),
  'utf8',
);

/**
 * The rows of a table in GoGoDuck's README, without its header.
 *
 * @param head the text of the table's first cell
 */
export function readmeTable(head: string): string[][] {
  const [, rows] = readme.split(`\n| ${head} |`);
  if (rows === undefined) throw new Error(`the README has no table that begins with "${head}"`);
  return rows
    .slice(0, rows.search(/\n\n/))
    .split('\n')
    .slice(2)
    .map((row) => row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()));
}

/** The text of a cell that is formatted as code. */
export function code(cell: string | undefined): string {
  const [, text] = /^`(.*)`$/.exec(cell ?? '') ?? [];
  if (text === undefined) throw new Error(`not set as code: ${cell}`);
  return text;
}

/** Inputs and output formats that a row names: `TestMode=true`, `result=text/csv`. */
export function assignments(cell: string | undefined): Record<string, string> {
  return Object.fromEntries(
    [...(cell ?? '').matchAll(/`([A-Za-z]+)=([^`]*)`/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
}
