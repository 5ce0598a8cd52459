import type { AdviceSurroundings, Coverage } from '../api/process-advice.ts';
import { coverageOfLayer } from './layers.ts';

interface Kept {
  readonly until: number;
  readonly coverage: Coverage | undefined;
}

/** What was found of layers lately, by folder and name. */
const kept = new Map<string, Kept>();
const mostKept = 1_000;
const keptMilliseconds = 60_000;

/** A form waits no longer for layers that are not known yet; the next question goes on from there. */
const patienceMilliseconds = 1_000;

/**
 * What layers cover, of those that were looked into lately or can be in about a second. Those whose files cannot be
 * read, and those for which there was no time, are left out: nothing is known of them.
 */
export async function coveragesAtHand(
  names: readonly string[],
  { variables, signal }: AdviceSurroundings,
): Promise<ReadonlyMap<string, Coverage>> {
  const began = performance.now();
  const found = new Map<string, Coverage>();
  for (const name of names) {
    const key = `${variables['GOGODUCK_LAYERS_DIR']} ${name}`;
    const now = performance.now();
    let known = kept.get(key);
    if (!known || known.until <= now) {
      if (signal.aborted || now - began > patienceMilliseconds) continue;
      known = { until: now + keptMilliseconds, coverage: await coverageOfLayer(name, variables) };
      keep(key, known);
    }
    if (known.coverage) found.set(name, known.coverage);
  }
  return found;
}

function keep(key: string, known: Kept): void {
  kept.delete(key);
  kept.set(key, known);
  const [oldest] = kept.keys();
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
}

/** The names by which a layer's variables may be asked for; undefined where they are not known. */
export function variableNames(coverage: Coverage | undefined): ReadonlySet<string> | undefined {
  if (!coverage?.variables) return undefined;
  return new Set(
    coverage.variables.flatMap(({ name, standardName = name }) => [name, standardName]),
  );
}
