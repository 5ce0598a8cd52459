/** Bytes of data compressed together if a time step has fewer, so that small reads stay cheap. */
const blockBytes = 256 * 1024;
/** Bytes of one compressed piece of a larger time step. */
const chunkBytes = 1024 * 1024;
/** Maximum number of steps of a series that are compressed together. */
const longestSeries = 4096;

/** Number of a variable's cells in the output, along each dimension. */
export interface Extents {
  readonly counts: readonly number[];
  /** Index of the time dimension; -1 if there is none. */
  readonly timeAxis: number;
  /** Bytes per cell. */
  readonly cellSize: number;
}

/**
 * How many time steps are collected and written together: as many as make a chunk worth compressing. Steps
 * can be collected only if each is one contiguous run of bytes.
 */
export function stepsPerBlock({ counts, timeAxis, cellSize }: Extents): number {
  const isLeading = counts.slice(0, timeAxis).every((count) => count === 1);
  if (timeAxis === -1 || !isLeading) return 1;
  const stepBytes = Math.max(bytesOfStep({ counts, timeAxis, cellSize }), 1);
  const steps = Math.min(Math.floor(blockBytes / stepBytes), longestSeries, counts[timeAxis] ?? 1);
  return Math.max(steps, 1);
}

/** Shape of the pieces that are compressed separately. */
export function chunkOf(extents: Extents): number[] {
  const { counts, timeAxis, cellSize } = extents;
  const chunk = counts.map(() => 1);
  let room = Math.floor(chunkBytes / cellSize);
  if (timeAxis !== -1) {
    chunk[timeAxis] = stepsPerBlock(extents);
    room = Math.floor(room / chunk[timeAxis]);
  }
  // From the fastest dimension on, take as much as fits.
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
