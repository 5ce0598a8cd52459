import { type Calendar, formatInstant } from '../grid/calendar.ts';
import { attributesOf } from '../grid/header.ts';
import { type Attribute, type Attributes, textAttribute, textOf } from '../netcdf/attributes.ts';
import type { Variable } from '../netcdf/netcdf-file.ts';
import { type NetcdfType, numbersOf } from '../netcdf/types.ts';
import type { Extent } from './cell-extents.ts';
import type { Plan } from './scan-files.ts';

/**
 * Attributes that state the area and period of a file's data: the discovery attributes of ACDD and, if a file
 * has them, those of GHRSST.
 *
 * Sources: Attribute Convention for Data Discovery 1.3; GHRSST Data Specification 2.0, section 8.2.
 */
const names = {
  start: ['time_coverage_start', 'start_time'],
  end: ['time_coverage_end', 'stop_time'],
  south: ['geospatial_lat_min', 'southernmost_latitude'],
  north: ['geospatial_lat_max', 'northernmost_latitude'],
  west: ['geospatial_lon_min', 'westernmost_longitude'],
  east: ['geospatial_lon_max', 'easternmost_longitude'],
  lowest: ['geospatial_vertical_min'],
  highest: ['geospatial_vertical_max'],
} as const;

/** Attributes that described one file and would be wrong for a part of several files. */
const untrue = [
  'geospatial_bounds',
  'geospatial_bounds_crs',
  'geospatial_bounds_vertical_crs',
  'time_coverage_duration',
];

/** Attributes that state the distance between cells or steps, which a stride increases. */
const spacings = {
  time: ['time_coverage_resolution'],
  latitude: ['geospatial_lat_resolution', 'spatial_resolution'],
  longitude: ['geospatial_lon_resolution', 'spatial_resolution'],
  depth: ['geospatial_vertical_resolution'],
} as const;

/** The file's attributes, with the extent of the data corrected. */
export function coverageAttributes({ template, period, calendar, strides }: Plan): Attributes {
  const { header, coordinates } = template;
  const attributes = new Map(header.attributes);
  for (const name of untrue) attributes.delete(name);
  for (const axis of ['time', 'latitude', 'longitude', 'depth'] as const) {
    if ((strides[axis] ?? 1) === 1) continue;
    for (const name of spacings[axis]) attributes.delete(name);
  }
  setInstant(attributes, names.start, period?.minimum, calendar);
  setInstant(attributes, names.end, period?.maximum, calendar);
  const { latitude, longitude, vertical, others } = coordinates;
  const bent = others.curvilinear;
  const rows = [latitude, ...others.latitudes, ...bent.map((places) => places.latitude)];
  const columns = [longitude, ...others.longitudes, ...bent.map((places) => places.longitude)];
  setExtent(attributes, names.south, names.north, latitude, extentOf(rows));
  setExtent(attributes, names.west, names.east, longitude, extentOf(columns));
  if (vertical && hasUnits(vertical)) {
    setExtent(attributes, names.lowest, names.highest, vertical, extentOf([vertical]));
  }
  return attributes;

  function extentOf(variables: readonly Variable[]): Extent {
    const extents = variables.flatMap(({ name }) => template.extents.get(name) ?? []);
    return {
      minimum: Math.min(...extents.map(({ minimum }) => minimum)),
      maximum: Math.max(...extents.map(({ maximum }) => maximum)),
    };
  }

  /** The index of a level is not a position. */
  function hasUnits(variable: Variable): boolean {
    const units = textOf(attributesOf(header, variable).get('units'))?.trim();
    return units !== undefined && units !== '' && units !== '1';
  }
}

type Names = readonly [first: string, ...others: string[]];

/** The first name is always set, the others only if the file has them. */
function present(attributes: Attributes, [first, ...others]: Names): string[] {
  return [first, ...others.filter((name) => attributes.has(name))];
}

function setInstant(
  attributes: Map<string, Attribute>,
  aliases: Names,
  instant: number | undefined,
  calendar: Calendar,
): void {
  if (instant === undefined) return;
  const extended = formatInstant(instant, calendar);
  const basic = extended.replaceAll(/[-:]/g, '').replace(/\.\d+Z$/, 'Z');
  for (const name of present(attributes, aliases)) {
    const isBasic = /^\d{8}T\d{6}Z$/.test(textOf(attributes.get(name)) ?? '');
    attributes.set(name, textAttribute(isBasic ? basic : extended));
  }
}

function setExtent(
  attributes: Map<string, Attribute>,
  minimumAliases: Names,
  maximumAliases: Names,
  { type }: Variable,
  { minimum, maximum }: Extent,
): void {
  if (minimum > maximum) return;
  for (const name of present(attributes, minimumAliases))
    setNumber(attributes, name, minimum, type);
  for (const name of present(attributes, maximumAliases))
    setNumber(attributes, name, maximum, type);
}

/** Uses the attribute's type in the file (some files store it as text), or else the coordinate's type. */
function setNumber(
  attributes: Map<string, Attribute>,
  name: string,
  value: number,
  coordinateType: NetcdfType,
): void {
  const was = attributes.get(name);
  if (was && was.kind !== 'numbers') {
    attributes.set(name, textAttribute(String(Number(value.toPrecision(9)))));
    return;
  }
  const type = (was?.type ?? coordinateType) === 'float' ? 'float' : 'double';
  attributes.set(name, { kind: 'numbers', type, values: numbersOf(type, [value]) });
}
