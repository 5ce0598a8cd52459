/** A run of indices along a dimension. */
export interface IndexRange {
  readonly start: number;
  readonly count: number;
}

/** The smallest run that contains all indices for which `isWanted` is true; undefined if there are none. */
export function hullOf(size: number, isWanted: (index: number) => boolean): IndexRange | undefined {
  let first = -1;
  let last = -1;
  for (let index = 0; index < size; index++) {
    if (!isWanted(index)) continue;
    if (first === -1) first = index;
    last = index;
  }
  return first === -1 ? undefined : { start: first, count: last - first + 1 };
}

/** The runs of neighbouring indices for which `isWanted` is true, in order. */
export function runsOf(size: number, isWanted: (index: number) => boolean): IndexRange[] {
  const runs: IndexRange[] = [];
  for (let index = 0; index < size; index++) {
    if (!isWanted(index)) continue;
    const run = runs.at(-1);
    if (run && run.start + run.count === index) {
      runs[runs.length - 1] = { start: run.start, count: run.count + 1 };
    } else runs.push({ start: index, count: 1 });
  }
  return runs;
}

export function totalCount(ranges: readonly IndexRange[]): number {
  return ranges.reduce((sum, { count }) => sum + count, 0);
}
