/** Half the size of a cell if its size is unknown, in degrees. */
const unknownHalf = 0.05;

/**
 * The edges of cells along an axis: half way between neighbours, and equally far beyond the first and last.
 *
 * @param half half the size of a cell without a neighbour; 0 if unknown
 */
export function edgesOf(centres: Float64Array, half: number): Float64Array {
  const count = centres.length;
  const edges = new Float64Array(count + 1);
  for (let at = 1; at < count; at++) {
    edges[at] = ((centres[at - 1] as number) + (centres[at] as number)) / 2;
  }
  const [first = 0, last = 0] = [centres[0], centres[count - 1]];
  if (count === 1) {
    edges[0] = first - (half || unknownHalf);
    edges[1] = first + (half || unknownHalf);
    return edges;
  }
  edges[0] = first - ((edges[1] as number) - first);
  edges[count] = last + (last - (edges[count - 1] as number));
  return edges;
}

/** The distance between the first two centres; 0 if there is only one. */
export function spacingOf(centres: Float64Array): number {
  return centres.length > 1 ? Math.abs((centres[1] as number) - (centres[0] as number)) : 0;
}

/** The cell that contains a position, for edges that rise or fall; -1 if no cell contains it. */
export function cellAt(edges: Float64Array, position: number): number {
  const last = edges.length - 1;
  const rises = (edges[last] as number) >= (edges[0] as number);
  const isPast = (edge: number) => (rises ? position >= edge : position <= edge);
  if (!isPast(edges[0] as number) || (isPast(edges[last] as number) && position !== edges[last])) {
    return -1;
  }
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isPast(edges[middle] as number)) low = middle;
    else high = middle;
  }
  return low;
}
