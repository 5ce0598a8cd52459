import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const docs = join(import.meta.dirname, '..', '..', 'docs');

/** A command of a page, split into words as a shell does. */
export interface DocumentedCommand {
  /** Path below `docs/`. */
  readonly page: string;
  readonly line: string;
  readonly words: readonly string[];
}

/** Names of the runbooks, without `.md` and without the index. */
export function runbooks(): readonly string[] {
  return readdirSync(join(docs, 'runbooks'))
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => name.slice(0, -'.md'.length))
    .sort();
}

/** Text of a page below `docs/`. */
export function pageText(page: string): string {
  return readFileSync(join(docs, page), 'utf8');
}

/** Every line of the shell blocks of pages. */
export function documentedCommands(pages: readonly string[]): readonly DocumentedCommand[] {
  return pages.flatMap((page) =>
    [...pageText(page).matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].flatMap(([, block = '']) =>
      block
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => ({ page, line, words: wordsOf(line) })),
    ),
  );
}

/** Commands of all runbooks. */
export function runbookCommands(): readonly DocumentedCommand[] {
  return documentedCommands(runbooks().map((name) => `runbooks/${name}.md`));
}

/** Arguments of an operators' command. Undefined for any other command. */
export function operateArguments({ words }: DocumentedCommand): readonly string[] | undefined {
  const [npm, run, script, dashes, ...args] = words;
  const isOne = npm === 'npm' && run === 'run' && script === 'operate' && dashes === '--';
  return isOne ? args : undefined;
}

/** Words and quoted texts. A comment ends the line. Pages use no other syntax of the shell. */
function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  for (const [, double, single, bare] of line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)) {
    if (bare?.startsWith('#')) break;
    words.push(double ?? single ?? bare ?? '');
  }
  return words;
}
