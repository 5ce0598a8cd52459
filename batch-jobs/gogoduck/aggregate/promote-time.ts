import {
  boundsName,
  boundsOf,
  findCoordinates,
  isOnGrid,
  placingVariables,
  scalarTime,
} from '../grid/find-coordinates.ts';
import { attributesOf, type Header } from '../grid/header.ts';
import { isTimeUnit } from '../grid/time-units.ts';
import { textOf } from '../netcdf/attributes.ts';
import type { Variable } from '../netcdf/netcdf-file.ts';
import type { Promotion } from './joined-file.ts';

/**
 * How to give a file's single time a dimension, so that files can be joined along it. The time itself, its
 * bounds, other times, and the data on the grid get the dimension.
 *
 * @returns undefined if there is no such time, or if a dimension already has its name
 */
export function promotionOf(header: Header): Promotion | undefined {
  const time = scalarTime(header);
  const coordinates = findCoordinates(header);
  if (!time || coordinates.time || header.dimensions.has(time.name)) return undefined;
  const placing = new Set(placingVariables(coordinates).map(({ name }) => name));
  const bounds = boundsOf(header);
  const text = (variable: Variable, name: string) =>
    textOf(attributesOf(header, variable).get(name)) ?? '';
  const isOfTime = (variable: Variable) => {
    if (variable.name === time.name) return true;
    if (variable.name === boundsName(attributesOf(header, time))) return true;
    if (variable.dimensions.length === 0) return isTimeUnit(text(variable, 'units'));
    return text(variable, 'coordinates').split(/\s+/).includes(time.name) || isData(variable);
  };
  const isData = (variable: Variable) =>
    variable.dimensions.length > 1 &&
    isOnGrid(coordinates, variable) &&
    !placing.has(variable.name) &&
    !bounds.has(variable.name);
  const variables = [...header.variables.values()].filter(isOfTime).map(({ name }) => name);
  return { time: time.name, variables: new Set(variables) };
}
