import { createInterface } from 'node:readline/promises';
import { SingleBar } from 'cli-progress';

/** A problem that the operator must know about or solve; printed without a stack trace, exit code 1. */
export class OperatorFault extends Error {
  override readonly name = 'OperatorFault';
}

/** How a command communicates with the person or pipeline that called it. */
export interface Terminal {
  /** Prints a result: text, or JSON with `--json`. */
  print(text: string): void;
  /** Prints everything else: warnings, progress, questions. */
  tell(text: string): void;
  /** Whether a person can answer. */
  readonly isInteractive: boolean;
  /** Asks a yes-or-no question. */
  ask(question: string): Promise<boolean>;
  /** The exit code of the command, if it is not 0. */
  end(code: number): void;
  /** Shows the progress of long work, on a terminal only. */
  progress(total: number): Progress;
}

export interface Progress {
  /** @param done of the total */
  update(done: number, doing: string): void;
  end(): void;
}

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  return {
    print: (text) => stdout.write(`${text}\n`),
    tell: (text) => stderr.write(`${text}\n`),
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    ask: async (question) => {
      const asking = createInterface({ input: stdin, output: stderr });
      try {
        return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
      } finally {
        asking.close();
      }
    },
    end: (code) => {
      process.exitCode = code;
    },
    progress: (total) => {
      if (!stderr.isTTY) return { update: () => undefined, end: () => undefined };
      const bar = new SingleBar({
        format: '[{bar}] {value}/{total} {doing}',
        stream: stderr,
        barsize: 20,
        hideCursor: true,
        clearOnComplete: true,
      });
      bar.start(total, 0, { doing: '' });
      return {
        update: (done, doing) => bar.update(done, { doing }),
        end: () => bar.stop(),
      };
    },
  };
}

/**
 * Continues only if the operator agrees.
 *
 * @param yes whether the operator agreed beforehand, with `--yes`
 * @throws {OperatorFault} if the answer is no, or there is no terminal to ask on
 */
export async function confirm(terminal: Terminal, question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!terminal.isInteractive) {
    throw new OperatorFault(`${question} There is no terminal to ask on; add --yes to go ahead.`);
  }
  if (!(await terminal.ask(question))) throw new OperatorFault('Nothing was changed.');
}

/** Columns side by side, each as wide as its widest cell; the last column is not padded. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => (row[at] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
