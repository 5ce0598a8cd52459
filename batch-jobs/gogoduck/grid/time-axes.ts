import type { Variable } from '../netcdf/netcdf-file.ts';
import type { Header } from './header.ts';

/**
 * The time axes of a file, one per dimension. The first is the one along which files are joined: the axis of
 * the unlimited dimension if data on the grid has it, otherwise the most likely time. Axes without data on
 * the grid do not count.
 *
 * @param ranked times along one dimension or none, the most likely first
 * @param isData whether a variable has one value per cell
 * @param places dimensions that locate a cell; lines of a swath may have times, too
 */
export function timeAxes(
  { dimensions, variables }: Header,
  ranked: readonly Variable[],
  isData: (variable: Variable) => boolean,
  places: ReadonlySet<string>,
): Variable[] {
  const found = new Map<string, Variable>();
  for (const variable of ranked) {
    const [dimension] = variable.dimensions;
    if (dimension === undefined || found.has(dimension)) continue;
    found.set(dimension, variable);
  }
  const ofData = new Set(
    [...variables.values()]
      .filter((variable) => isData(variable) && !ranked.includes(variable))
      .flatMap((variable) => variable.dimensions),
  );
  const isRecord = (name: string) => dimensions.get(name)?.unlimited === true;
  return [...found]
    .filter(([name]) => ofData.has(name) && !places.has(name))
    .sort(([one], [other]) => Number(isRecord(other)) - Number(isRecord(one)))
    .map(([, variable]) => variable);
}
