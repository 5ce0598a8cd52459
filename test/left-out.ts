import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';

/**
 * Variable with the path of a file. Each process of a test run adds a line to it for each check that it
 * leaves out.
 */
const variable = 'CHECKS_LEFT_OUT';

/** Something that checks need and a machine may not have. */
export interface Need {
  /** Its name, as the summary prints it. */
  readonly name: string;
  readonly isMet: () => boolean;
  /** How to get it. */
  readonly from: string;
}

/**
 * Records that a check is left out. No check may be left out where `CI` is set.
 *
 * @throws with what is missing and how to get it, where `CI` is set
 */
export function leaveOut({ name, from }: Need): void {
  if (process.env['CI']) throw new Error(`The tests need ${name}: ${from}.`);
  const file = process.env[variable];
  if (file) appendFileSync(file, `${name}: ${from}\n`);
}

/** A suite that is left out when something it needs is missing. */
export function describeWhere(needs: readonly Need[], name: string, suite: () => void): void {
  const missing = needs.find((need) => !need.isMet());
  if (!missing) {
    describe(name, suite);
    return;
  }
  leaveOut(missing);
  describe.skip(name, suite);
}

/** Counts the checks that a test run leaves out, and prints one line per missing thing at its end. */
export function setup(): () => void {
  // The projects of one run share the count. The first one to set up prints it.
  if (process.env[variable]) return () => undefined;
  const folder = mkdtempSync(join(tmpdir(), 'left-out-'));
  const file = join(folder, 'checks');
  process.env[variable] = file;
  return () => {
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
    rmSync(folder, { recursive: true });
    for (const line of summaryOf(lines)) process.stdout.write(`${line}\n`);
  };
}

/** One line per missing thing, with the number of checks left out and how to get the thing. */
export function summaryOf(lines: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].map(
    ([line, count]) =>
      `LEFT OUT: ${count} ${count === 1 ? 'check that needs' : 'checks that need'} ${line}.`,
  );
}
