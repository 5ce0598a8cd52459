import { JobError } from '../job-error.ts';
import { didYouMean, nearestNames } from '../nearest-names.ts';
import { textOf } from '../netcdf/attributes.ts';
import type { Variable } from '../netcdf/netcdf-file.ts';
import { latitudeSign, longitudeSign, timeSign, verticalSign } from './coordinate-signs.ts';
import { boundsOf } from './find-coordinates.ts';
import { attributesOf, type Header, withoutVariables } from './header.ts';

/** Attributes that name other variables, which a variable needs to be understood. */
const references = ['bounds', 'climatology', 'coordinates', 'grid_mapping', 'formula_terms'];

const signs = [timeSign, latitudeSign, longitudeSign, verticalSign];

/**
 * The header with only the requested variables and those that describe their time and place: coordinates
 * along their dimensions, and the variables that any of these reference.
 *
 * @param names names or standard names
 * @throws {JobError} for a name that the file does not have
 */
export function chooseVariables(header: Header, names: readonly string[]): Header {
  const kept = new Map(names.flatMap((name) => named(header, name)));
  checkData(header, names, [...kept.values()]);
  const dimensions = new Set([...kept.values()].flatMap((variable) => variable.dimensions));
  for (const variable of header.variables.values()) {
    const isAlong = variable.dimensions.every((dimension) => dimensions.has(dimension));
    if (isAlong && isCoordinate(header, variable)) kept.set(variable.name, variable);
  }
  for (const variable of kept.values()) {
    // Iterating a map also visits entries added during the iteration.
    for (const other of referred(header, variable)) kept.set(other.name, other);
  }
  const others = [...header.variables.keys()].filter((name) => !kept.has(name));
  return { ...withoutVariables(header, new Set(others)), unread: new Map() };
}

function named(header: Header, name: string): [string, Variable][] {
  const own = header.variables.get(name);
  if (own) return [[name, own]];
  const variables = [...header.variables.values()];
  const standardName = (variable: Variable) =>
    textOf(attributesOf(header, variable).get('standard_name'))?.trim();
  const found = variables.filter((variable) => standardName(variable) === name);
  if (found.length > 0) return found.map((variable) => [variable.name, variable]);
  const data = dataIn(header);
  const known = data.flatMap((variable) => [
    variable.name,
    standardName(variable) ?? variable.name,
  ]);
  throw new JobError(
    'badRequest',
    `Input "variables" has "${name}", which the layer does not have; its variables are ${data.map((variable) => variable.name).join(', ')}.${didYouMean(nearestNames(name, known))}`,
  );
}

function dataIn(header: Header): Variable[] {
  const bounds = boundsOf(header);
  return [...header.variables.values()].filter(
    (variable) => !isCoordinate(header, variable) && !bounds.has(variable.name),
  );
}

/** @throws {JobError} if only coordinates are requested, which come with the data along them */
function checkData(header: Header, names: readonly string[], found: readonly Variable[]): void {
  const data = dataIn(header);
  if (data.length === 0 || found.some((variable) => data.includes(variable))) return;
  throw new JobError(
    'badRequest',
    `Input "variables" is "${names.join(',')}", which are coordinates; allowed: at least one of ${data.map(({ name }) => name).join(', ')}, which come with their coordinates.`,
  );
}

function isCoordinate(header: Header, variable: Variable): boolean {
  const { name, dimensions } = variable;
  if (dimensions.length === 1 && dimensions[0] === name) return true;
  return signs.some((sign) => sign(header, variable) > 0);
}

function referred(header: Header, variable: Variable): Variable[] {
  return references.flatMap((reference) => {
    const text = textOf(attributesOf(header, variable).get(reference)) ?? '';
    return text
      .split(/[\s:]+/)
      .map((name) => header.variables.get(name))
      .filter((found) => found !== undefined);
  });
}
