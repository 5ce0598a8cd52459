import { attributesOf, readHeader } from './grid/header.ts';
import { textOf } from './netcdf/attributes.ts';
import { blocksOf } from './netcdf/blocks.ts';
import { loadHdf5 } from './netcdf/hdf5-file.ts';
import type { Dimension, NetcdfFile, Variable } from './netcdf/netcdf-file.ts';
import { openNetcdf } from './netcdf/open-netcdf.ts';
import { type Packing, packingOf, unpacker } from './netcdf/packing.ts';
import { type NetcdfType, numbersIn } from './netcdf/types.ts';

export interface NetcdfDescription {
  readonly dimensions: readonly Dimension[];
  readonly variables: readonly VariableDescription[];
}

export interface VariableDescription {
  readonly name: string;
  readonly type: NetcdfType;
  readonly dimensions: readonly string[];
  readonly units?: string;
  /** Smallest and largest value, unpacked, without missing values. */
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Number of cells per read. */
const blockCells = 1_000_000;

/**
 * Describes the content of a NetCDF file: its dimensions, and its variables with their ranges.
 *
 * @throws {JobError} if the file cannot be read
 */
export async function describeNetcdf(path: string): Promise<NetcdfDescription> {
  const file = await openNetcdf(await loadHdf5(), path);
  try {
    const header = readHeader(file);
    return {
      dimensions: [...header.dimensions.values()],
      variables: [...header.variables.values()].map((variable) => {
        const attributes = attributesOf(header, variable);
        const units = textOf(attributes.get('units'));
        const packing = packingOf(variable.type, attributes);
        return {
          name: variable.name,
          type: variable.type,
          dimensions: variable.dimensions,
          ...(units === undefined ? {} : { units }),
          ...(packing ? rangeOf(file, variable, packing) : {}),
        };
      }),
    };
  } finally {
    file.close();
  }
}

function rangeOf(
  file: NetcdfFile,
  variable: Variable,
  packing: Packing,
): Pick<VariableDescription, 'minimum' | 'maximum'> {
  const unpack = unpacker(packing);
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (const block of blocksOf(variable.shape, blockCells)) {
    for (const stored of numbersIn(packing.type, file.readBytes(variable, block))) {
      const value = unpack(stored);
      if (value < minimum) minimum = value;
      if (value > maximum) maximum = value;
    }
  }
  return minimum > maximum ? {} : { minimum, maximum };
}
