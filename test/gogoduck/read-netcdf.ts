import {
  type Attributes,
  numbersOfAttribute,
  textOf,
} from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import { loadHdf5 } from '../../batch-jobs/gogoduck/netcdf/hdf5-file.ts';
import { openNetcdf } from '../../batch-jobs/gogoduck/netcdf/open-netcdf.ts';
import { isNumeric, mapNumbers, numbersIn } from '../../batch-jobs/gogoduck/netcdf/types.ts';

export interface ReadVariable {
  readonly type: string;
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
  /** As stored: numbers, characters or strings, row by row. */
  readonly values: readonly (number | string)[];
  readonly attributes: Readonly<Record<string, string | number | number[]>>;
}

export interface ReadNetcdf {
  readonly dimensions: Readonly<Record<string, number>>;
  readonly variables: Readonly<Record<string, ReadVariable>>;
  readonly attributes: Readonly<Record<string, string | number | number[]>>;
}

/** The whole content of a small NetCDF file. */
export async function readNetcdf(path: string): Promise<ReadNetcdf> {
  const file = await openNetcdf(await loadHdf5(), path);
  try {
    const variables: Record<string, ReadVariable> = {};
    for (const variable of file.variables.values()) {
      const { name, type, shape } = variable;
      const box = { start: shape.map(() => 0), count: shape };
      variables[name] = {
        type,
        dimensions: variable.dimensions,
        shape,
        attributes: plain(file.attributes(variable)),
        values: isNumeric(type)
          ? mapNumbers(numbersIn(type, file.readBytes(variable, box)), Number)
          : type === 'char'
            ? [...Buffer.from(file.readBytes(variable, box)).toString()]
            : file.readStrings(variable, box),
      };
    }
    const dimensions = Object.fromEntries(
      [...file.dimensions.values()].map(({ name, size, unlimited }) => [
        name,
        unlimited ? -size : size,
      ]),
    );
    return { dimensions, variables, attributes: plain(file.attributes()) };
  } finally {
    file.close();
  }
}

function plain(attributes: Attributes) {
  return Object.fromEntries(
    [...attributes].map(([name, attribute]) => {
      const numbers = numbersOfAttribute(attribute);
      const [first] = numbers;
      return [name, textOf(attribute) ?? (numbers.length === 1 ? (first as number) : numbers)];
    }),
  );
}
