/** A figure of a benchmark: a measurement and what it is compared with. */
export interface Figure {
  /** What is measured, in a few words. */
  readonly name: string;
  readonly value: number;
  /** For example `ms`, `1/s` or `MiB`. */
  readonly unit: string;
  /** Quotient of the value and the floor, which is measured in the same run. */
  readonly ratio?: number;
  /** What the floor is, such as `node -e 0`. */
  readonly floor?: string;
  /** The aim, in words. */
  readonly aim?: string;
}

/** The median, which a noisy machine disturbs least. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The value that a share of all values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Makes figures of one quarter of a long run, each compared with the same figure of the first quarter. */
export function besideFirstQuarter(quarter: string) {
  return (name: string, value: number, unit: string, first: number): Figure => ({
    name: `${name}, ${quarter}`,
    value,
    unit,
    ratio: value / first,
    floor: 'the first quarter',
  });
}
