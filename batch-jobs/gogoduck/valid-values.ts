import { boundsOf, findCoordinates, isOnGrid, placingVariables } from './grid/find-coordinates.ts';
import { flagMeaningsOf } from './grid/flags.ts';
import { attributesOf, readHeader } from './grid/header.ts';
import { textAttribute, textOf, writeAttribute } from './netcdf/attributes.ts';
import { blocksOf } from './netcdf/blocks.ts';
import { type Hdf5, Hdf5File } from './netcdf/hdf5-file.ts';
import type { Box, NetcdfFile, Variable } from './netcdf/netcdf-file.ts';
import { openNetcdf } from './netcdf/open-netcdf.ts';
import { packingOf, unpacker } from './netcdf/packing.ts';
import { positionsIn } from './netcdf/positions.ts';
import { numbersIn, type StoredNumber } from './netcdf/types.ts';

/** Number of cells per read. */
const blockCells = 500_000;
/**
 * Maximum size in bytes of a stored chunk that is remembered as empty, and the number of chunks to remember.
 */
const mostStored = 64 * 1024;
const mostKnown = 100;

/**
 * Whether any cell of a result contains a value. Only data on the grid counts: coordinates always have
 * values, and flags only describe other values. The search stops at the first value.
 */
export async function hasValidValue(hdf5: Hdf5, path: string): Promise<boolean> {
  const file = await openNetcdf(hdf5, path);
  try {
    const header = readHeader(file);
    const coordinates = findCoordinates(header);
    const { time } = coordinates;
    const placing = new Set([...placingVariables(coordinates), ...(time ? [time] : [])]);
    const names = new Set([...placing].map(({ name }) => name));
    const bounds = boundsOf(header);
    const data = [...header.variables.values()].filter((variable) => {
      const { name, type, dimensions } = variable;
      const attributes = attributesOf(header, variable);
      const hasCells = dimensions.length > 0 && isOnGrid(coordinates, variable);
      const isData = !names.has(name) && !bounds.has(name) && !flagMeaningsOf(attributes);
      return hasCells && isData && packingOf(type, attributes) !== undefined;
    });
    // Texts and flags contain no values that could be missing.
    if (data.length === 0) return true;
    // Data that does not vary with time, such as a land mask, says nothing about data that does.
    const varying = data.filter(({ dimensions }) => dimensions.includes(time?.dimensions[0] ?? ''));
    return (varying.length > 0 ? varying : data).some((variable) => hasValue(file, variable));
  } finally {
    file.close();
  }
}

function hasValue(file: NetcdfFile, variable: Variable): boolean {
  const packing = packingOf(variable.type, file.attributes(variable));
  if (!packing) return false;
  const unpack = unpacker(packing);
  const hasValueIn = (block: Box) =>
    hasNumber(numbersIn(packing.type, file.readBytes(variable, block)), unpack);
  const chunks = file.chunks(variable);
  if (!chunks) {
    for (const block of blocksOf(variable.shape, blockCells)) if (hasValueIn(block)) return true;
    return false;
  }
  // Chunks without a value are mostly stored with the same bytes, so checking one of them is enough.
  const empty = new Set<string>();
  const { chunk, counts } = chunks.grid;
  for (const position of positionsIn(
    counts.map(() => 0),
    counts,
  )) {
    const start = position.map((index, axis) => index * (chunk[axis] ?? 1));
    const count = start.map((at, axis) =>
      Math.min(chunk[axis] ?? 1, (variable.shape[axis] ?? 0) - at),
    );
    const stored = chunks.stored(position);
    const known =
      stored && stored.length <= mostStored
        ? `${count} ${Buffer.from(stored).toString('latin1')}`
        : undefined;
    if (known !== undefined && empty.has(known)) continue;
    for (const block of blocksOf(count, blockCells)) {
      const from = block.start.map((at, axis) => at + (start[axis] ?? 0));
      if (hasValueIn({ start: from, count: block.count })) return true;
    }
    if (known !== undefined && empty.size < mostKnown) empty.add(known);
  }
  return false;
}

function hasNumber(
  numbers: ArrayLike<StoredNumber>,
  unpack: (stored: StoredNumber) => number,
): boolean {
  for (let index = 0; index < numbers.length; index++) {
    if (!Number.isNaN(unpack(numbers[index] as StoredNumber))) return true;
  }
  return false;
}

/** Appends text to the last line of a complete file's history. */
export async function addToHistory(hdf5: Hdf5, path: string, text: string): Promise<void> {
  const read = await openNetcdf(hdf5, path);
  const history = textOf(read.attributes().get('history')) ?? '';
  read.close();
  const file = Hdf5File.change(hdf5, path);
  try {
    file.deleteAttribute('', 'history');
    writeAttribute(file, '', 'history', textAttribute(`${history}; ${text}`));
  } finally {
    file.close();
  }
}
