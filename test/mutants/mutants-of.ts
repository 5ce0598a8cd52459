import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant, StrykerOptions } from '@stryker-mutator/api/core';
import type { Logger } from '@stryker-mutator/api/logging';
import { type BaseContext, commonTokens, type Injector } from '@stryker-mutator/api/plugin';
import { createInstrumenter } from '@stryker-mutator/instrumenter';
import { createInjector } from 'typed-inject';
import { logWords } from './log-words.mjs';

/** Every mutant that StrykerJS finds in these files, except in text that is only logged. */
export async function mutantsOf(
  root: string,
  files: readonly string[],
): Promise<readonly Mutant[]> {
  const injector: Injector<BaseContext> = createInjector()
    .provideValue(commonTokens.getLogger, () => silent)
    .provideValue(commonTokens.logger, silent)
    .provideValue(commonTokens.options, {} as StrykerOptions);
  const { mutants } = await injector.injectFunction(createInstrumenter).instrument(
    files.map((name) => ({
      name,
      mutate: true,
      content: readFileSync(join(root, name), 'utf8'),
    })),
    { excludedMutations: [], ignorers: [logWords], plugins: null },
  );
  return mutants.filter(({ status }) => status !== 'Ignored');
}

/** Mutants that contain more than this many others are whole functions or tables. Their parts say more. */
const mostWithin = 2;

/**
 * A sample of the mutants. The same seed and the same code give the same sample.
 *
 * @returns all mutants when there are at most `most`
 */
export function sampleOf(
  mutants: readonly Mutant[],
  { most, seed }: { readonly most: number; readonly seed: string },
): readonly Mutant[] {
  if (mutants.length <= most) return mutants;
  const rank = (mutant: Mutant) =>
    createHash('sha256')
      .update(`${seed} ${nameOf(mutant)}`)
      .digest('hex');
  const byFile = new Map<string, Mutant[]>();
  for (const mutant of mutants) {
    byFile.set(mutant.fileName, [...(byFile.get(mutant.fileName) ?? []), mutant]);
  }
  return [...byFile.values()]
    .flatMap((own) =>
      own.filter((mutant) => own.filter((other) => isWithin(other, mutant)).length <= mostWithin),
    )
    .map((mutant) => ({ mutant, rank: rank(mutant) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, most)
    .map(({ mutant }) => mutant);
}

/**
 * For example `stacks/names.ts:27:38-27:53`, the format of ranges in StrykerJS: lines from 1, columns from 0.
 */
export function rangeOf({ fileName, location: { start, end } }: Mutant): string {
  return `${fileName}:${start.line + 1}:${start.column}-${end.line + 1}:${end.column}`;
}

function nameOf(mutant: Mutant): string {
  return `${rangeOf(mutant)} ${mutant.mutatorName} ${mutant.replacement}`;
}

function isWithin(inner: Mutant, outer: Mutant): boolean {
  if (inner === outer) return false;
  const from = (mutant: Mutant) =>
    mutant.location.start.line * 10_000 + mutant.location.start.column;
  const to = (mutant: Mutant) => mutant.location.end.line * 10_000 + mutant.location.end.column;
  return from(inner) >= from(outer) && to(inner) <= to(outer);
}

const nothing = () => undefined;
const no = () => false;
const silent: Logger = {
  isTraceEnabled: no,
  isDebugEnabled: no,
  isInfoEnabled: no,
  isWarnEnabled: no,
  isErrorEnabled: no,
  isFatalEnabled: no,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
};
