import {
  boundsOf,
  type Coordinates,
  type Places,
  placingVariables,
} from '../grid/find-coordinates.ts';
import { flagMeaningsOf } from '../grid/flags.ts';
import { attributesOf, type Header } from '../grid/header.ts';
import { textOf } from '../netcdf/attributes.ts';
import type { Variable } from '../netcdf/netcdf-file.ts';
import { packingOf } from '../netcdf/packing.ts';

/** The variable that a picture shows, and its grid. */
export interface Field {
  readonly variable: Variable;
  readonly places: Places;
  /** Whether it contains codes, whose mean is meaningless. */
  readonly isFlag: boolean;
}

/**
 * The variable to show: the first one requested, or else the first that varies with time. Flags are shown
 * only if there is no other data.
 *
 * @param wanted names or standard names
 * @returns undefined if no variable has one number per cell
 */
export function chooseField(
  header: Header,
  coordinates: Coordinates,
  wanted: readonly string[] = [],
): Field | undefined {
  const bounds = boundsOf(header);
  const [time] = coordinates.time?.dimensions ?? [];
  const placing = new Set(placingVariables(coordinates).map(({ name }) => name));
  const fields = [...header.variables.values()].flatMap((variable): Field[] => {
    const { name, type, dimensions } = variable;
    const attributes = attributesOf(header, variable);
    const isPlace = placing.has(name) || bounds.has(name) || name === coordinates.time?.name;
    if (isPlace || !packingOf(type, attributes)) return [];
    // Data of a single place without dimensions is recognized by its time dimension.
    if (dimensions.length === 0 || variable.shape.includes(0)) return [];
    const places = placesOf(coordinates, variable);
    return places ? [{ variable, places, isFlag: flagMeaningsOf(attributes) !== undefined }] : [];
  });
  const rank = ({ variable, isFlag }: Field) => {
    const standardName = textOf(attributesOf(header, variable).get('standard_name'))?.trim();
    const asked = wanted.findIndex((each) => each === variable.name || each === standardName);
    const varies = time === undefined || variable.dimensions.includes(time);
    return (asked === -1 ? wanted.length : asked) * 4 + (isFlag ? 2 : 0) + (varies ? 0 : 1);
  };
  return fields.toSorted((one, other) => rank(one) - rank(other))[0];
}

function placesOf(
  { latitude, longitude, others }: Coordinates,
  { dimensions }: Variable,
): Places | undefined {
  const has = (variable: Variable) =>
    variable.dimensions.every((each) => dimensions.includes(each));
  const latitudes = [latitude, ...others.latitudes].filter((each) => each.dimensions.length <= 1);
  const longitudes = [longitude, ...others.longitudes].filter(
    (each) => each.dimensions.length <= 1,
  );
  const bent = [{ latitude, longitude }, ...others.curvilinear].find(
    (places) => places.latitude.dimensions.length === 2 && has(places.latitude),
  );
  const [row, column] = [latitudes.find(has), longitudes.find(has)];
  return bent ?? (row && column ? { latitude: row, longitude: column } : undefined);
}
