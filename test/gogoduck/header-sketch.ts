import type { Header } from '../../batch-jobs/gogoduck/grid/header.ts';
import { textAttribute } from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import type { Variable } from '../../batch-jobs/gogoduck/netcdf/netcdf-file.ts';
import type { NetcdfType } from '../../batch-jobs/gogoduck/netcdf/types.ts';

export interface HeaderSketch {
  readonly dimensions?: string;
  readonly type?: NetcdfType;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A header whose dimensions have three cells each; `record` is unlimited. */
export function header(sketches: Readonly<Record<string, HeaderSketch>>): Header {
  const listOf = (text = '') => text.split(' ').filter(Boolean);
  const names = Object.values(sketches).flatMap(({ dimensions }) => listOf(dimensions));
  return {
    name: 'a.nc',
    members: new Set(Object.keys(sketches)),
    dimensions: new Map(
      names.map((name) => [name, { name, size: 3, unlimited: name === 'record' }]),
    ),
    variables: new Map(
      Object.entries(sketches).map(([name, { dimensions, type = 'double' }]) => {
        const own = listOf(dimensions);
        return [name, { name, type, dimensions: own, shape: own.map(() => 3) }];
      }),
    ),
    attributes: new Map(),
    unread: new Map(),
    variableAttributes: new Map(
      Object.entries(sketches).map(([name, { attributes = {} }]) => [
        name,
        new Map(Object.entries(attributes).map(([key, text]) => [key, textAttribute(text)])),
      ]),
    ),
  };
}
export const variableOf = (file: Header, name: string) => file.variables.get(name) as Variable;
