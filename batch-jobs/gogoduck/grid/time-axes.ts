import type { Variable } from '../netcdf/netcdf-file.ts';
import type { Header } from './header.ts';

/**
 * The time axes of a file, one per dimension: first the one that files are joined along. That is the
 * one of the unlimited dimension, where data on the grid has it, and of several alike the one that is
 * known as time most surely. An axis without data on the grid does not count, unless it is the only one.
 *
 * @param ranked times, the surest first
 * @param isData whether a variable has a value per cell
 * @param places dimensions that say where a cell is: lines of a swath may have times, too
 */
export function timeAxes(
  { dimensions, variables }: Header,
  ranked: readonly Variable[],
  isData: (variable: Variable) => boolean,
  places: ReadonlySet<string>,
): Variable[] {
  const found = new Map<string, Variable>();
  for (const variable of ranked) {
    const [dimension, ...more] = variable.dimensions;
    if (dimension === undefined || more.length > 0 || found.has(dimension)) continue;
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
