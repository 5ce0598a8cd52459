/** Bytes of data that are compressed as one, where a time step has fewer: small reads stay cheap. */
const blockBytes = 256 * 1024;
/** Bytes of one compressed piece of a time step that has more. */
const chunkBytes = 1024 * 1024;
/** Steps of a series that are compressed as one. */
const longestSeries = 4096;

/** Counts of a variable's cells in the output. */
export interface Extents {
  readonly counts: readonly number[];
  /** Which of its dimensions is time; -1 for none. */
  readonly timeAxis: number;
  /** Bytes of a cell. */
  readonly cellSize: number;
}

/**
 * How many time steps are gathered and written at once: as many as make a chunk worth compressing.
 * Steps can be gathered only where each is one run of bytes after the other.
 */
export function stepsPerBlock({ counts, timeAxis, cellSize }: Extents): number {
  const isLeading = counts.slice(0, timeAxis).every((count) => count === 1);
  if (timeAxis === -1 || !isLeading) return 1;
  const stepBytes = Math.max(bytesOfStep({ counts, timeAxis, cellSize }), 1);
  const steps = Math.min(Math.floor(blockBytes / stepBytes), longestSeries, counts[timeAxis] ?? 1);
  return Math.max(steps, 1);
}

/** Shape of the pieces that are compressed one by one. */
export function chunkOf(extents: Extents): number[] {
  const { counts, timeAxis, cellSize } = extents;
  const chunk = counts.map(() => 1);
  let room = Math.floor(chunkBytes / cellSize);
  if (timeAxis !== -1) {
    chunk[timeAxis] = stepsPerBlock(extents);
    room = Math.floor(room / chunk[timeAxis]);
  }
  // From the fastest dimension on, as much as there is room for.
  for (let axis = counts.length - 1; axis >= 0; axis--) {
    if (axis === timeAxis) continue;
    chunk[axis] = Math.max(Math.min(counts[axis] ?? 1, room), 1);
    room = Math.floor(room / (chunk[axis] as number));
  }
  return chunk;
}

export function bytesOfStep({ counts, timeAxis, cellSize }: Extents): number {
  return counts.reduce(
    (product, count, axis) => (axis === timeAxis ? product : product * count),
    cellSize,
  );
}
