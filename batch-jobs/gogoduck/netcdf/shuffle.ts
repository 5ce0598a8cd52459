/**
 * HDF5's shuffle filter: the first bytes of all cells, then all second bytes, and so on. Similar bytes are
 * then stored together, and compress better.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.2.l, filter 2.
 */
export function shuffle(bytes: Uint8Array, cellSize: number): Uint8Array {
  const shuffled = new Uint8Array(bytes.length);
  if (bytes.byteOffset % 2 === 0 && cellSize % 2 === 0) shufflePairs(bytes, cellSize, shuffled);
  else shuffleBytes(bytes, cellSize, shuffled);
  return shuffled;
}

function shuffleBytes(bytes: Uint8Array, cellSize: number, shuffled: Uint8Array): void {
  const cells = bytes.length / cellSize;
  for (let byte = 0, to = 0; byte < cellSize; byte++) {
    for (let cell = 0, from = byte; cell < cells; cell++, from += cellSize) {
      shuffled[to++] = bytes[from] as number;
    }
  }
}

/** Two bytes at a time, which takes a third of the time. */
function shufflePairs(bytes: Uint8Array, cellSize: number, shuffled: Uint8Array): void {
  const cells = bytes.length / cellSize;
  const pairs = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  const pairsPerCell = cellSize / 2;
  for (let pair = 0; pair < pairsPerCell; pair++) {
    let low = pair * 2 * cells;
    let high = low + cells;
    for (let cell = 0, from = pair; cell < cells; cell++, from += pairsPerCell) {
      const value = pairs[from] as number;
      shuffled[low++] = value;
      shuffled[high++] = value >> 8;
    }
  }
}

/**
 * Reassembles some cells of a shuffled chunk.
 *
 * @param shuffled the whole chunk
 * @param first index of the first wanted cell in the chunk
 * @param target of `count` cells
 */
export function unshuffleInto(
  target: Uint8Array,
  shuffled: Uint8Array,
  cellSize: number,
  first: number,
  count: number,
): void {
  const cells = shuffled.length / cellSize;
  if (target.byteOffset % 2 === 0 && cellSize % 2 === 0) {
    const pairs = new Uint16Array(target.buffer, target.byteOffset, (count * cellSize) / 2);
    const pairsPerCell = cellSize / 2;
    for (let pair = 0; pair < pairsPerCell; pair++) {
      let low = pair * 2 * cells + first;
      let high = low + cells;
      for (let cell = 0, to = pair; cell < count; cell++, to += pairsPerCell) {
        pairs[to] = (shuffled[low++] as number) | ((shuffled[high++] as number) << 8);
      }
    }
    return;
  }
  for (let byte = 0; byte < cellSize; byte++) {
    let from = byte * cells + first;
    for (let cell = 0, to = byte; cell < count; cell++, to += cellSize) {
      target[to] = shuffled[from++] as number;
    }
  }
}
