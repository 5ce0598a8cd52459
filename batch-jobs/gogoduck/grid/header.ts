import type { Attributes } from '../netcdf/attributes.ts';
import type { Dimension, NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';

/** The metadata of a file: everything except its data. */
export interface Header {
  /** The file's name. */
  readonly name: string;
  /** Names of everything in the file, as HDF5 lists it. */
  readonly members: ReadonlySet<string>;
  readonly dimensions: ReadonlyMap<string, Dimension>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly attributes: Attributes;
  /** Variables with an unsupported type, and the name of that type. */
  readonly unread: ReadonlyMap<string, string>;
  /** Attributes of each variable. */
  readonly variableAttributes: ReadonlyMap<string, Attributes>;
}

export function readHeader(file: NetcdfFile): Header {
  return {
    name: file.name,
    members: file.members,
    dimensions: file.dimensions,
    variables: file.variables,
    unread: file.unread,
    attributes: file.attributes(),
    variableAttributes: new Map(
      [...file.variables.values()].map((variable) => [variable.name, file.attributes(variable)]),
    ),
  };
}

export function attributesOf(header: Header, { name }: Variable): Attributes {
  return header.variableAttributes.get(name) ?? new Map();
}

/** The header without some variables, and without the dimensions that only they use. */
export function withoutVariables(
  header: Header,
  leftOut: { has(name: string): boolean; readonly size: number },
): Header {
  if (leftOut.size === 0) return header;
  const isKept = ([name]: readonly [string, unknown]) => !leftOut.has(name);
  const variables = new Map([...header.variables].filter(isKept));
  const used = new Set([...variables.values()].flatMap(({ dimensions }) => dimensions));
  return {
    ...header,
    variables,
    variableAttributes: new Map([...header.variableAttributes].filter(isKept)),
    dimensions: new Map([...header.dimensions].filter(([name]) => used.has(name))),
  };
}
