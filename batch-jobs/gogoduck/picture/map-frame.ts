import { type GeoProjection, geoAzimuthalEqualArea, geoProjection } from 'd3-geo';
import type { Corners } from './cell-corners.ts';
import { edgesOf, spacingOf } from './cell-edges.ts';
import type { Plane } from './read-field.ts';

/** Size of a map in pixels, and its projection. */
export interface MapFrame {
  readonly width: number;
  readonly height: number;
  readonly projection: GeoProjection;
  /** Degrees of its edges; undefined if they are not meridians and parallels. */
  readonly box: Box | undefined;
  /** Extent of the shown area in degrees, regardless of the projection. */
  readonly span: number;
}

interface Box {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

const mostWidth = 760;
const mostHeight = 520;
/** Largest and smallest aspect ratio of a readable map. Narrower strips are shown with their surroundings. */
const mostAspect = 4;
const leastAspect = 0.5;
/**
 * Minimum extent in degrees of a map of one place, or one row of places, whose cells alone would be a dot or
 * a line.
 */
const leastDegrees = 2;
const radians = Math.PI / 180;

/** @param corners of the cells, for a curvilinear grid */
export function frameOf(plane: Plane, corners: Corners | undefined): MapFrame {
  if (!corners) {
    const rows = edgesOf(plane.latitudes, spacingOf(plane.longitudes) / 2);
    const columns = edgesOf(plane.longitudes, spacingOf(plane.latitudes) / 2);
    const [south, north] = extentOf(rows);
    const [west, east] = extentOf(columns);
    const isPlace = plane.rows === 1 || plane.columns === 1;
    return flatFrame({ west, east, south, north }, isPlace ? leastDegrees : 0);
  }
  const { longitudes, latitudes, middle } = corners;
  const [south, north] = extentOf(latitudes);
  const isPolar = south > 20 || north < -20;
  const turned = longitudes.map((degrees) => middle[0] + turn(degrees - middle[0]));
  const [west, east] = extentOf(turned);
  if (isPolar && Math.max(Math.abs(south), Math.abs(north)) > 75) {
    return polarFrame(corners, north - south);
  }
  return flatFrame({ west, east, south, north }, 0);
}

function flatFrame(data: Box, least: number): MapFrame {
  const whole = {
    west: data.west,
    east: Math.min(data.east, data.west + 360),
    south: Math.max(data.south, -90),
    north: Math.min(data.north, 90),
  };
  const box = readable(whole, least);
  const narrowing = narrowingOf(box);
  const aspect = ((box.east - box.west) * narrowing) / (box.north - box.south);
  const width = Math.round(Math.min(mostWidth, mostHeight * aspect));
  const height = Math.round(width / aspect);
  const scale = height / ((box.north - box.south) * radians);
  const centre = (box.south + box.north) / 2;
  const projection = geoProjection((x, y) => [x * narrowing, y])
    .rotate([-(box.west + box.east) / 2, 0])
    .scale(scale)
    .translate([width / 2, height / 2 + scale * centre * radians])
    .clipExtent([
      [0, 0],
      [width, height],
    ]);
  const span = Math.max((box.east - box.west) * narrowing, box.north - box.south);
  return { width, height, projection, box, span };
}

/** Width of a degree of longitude relative to a degree of latitude, in the middle of the map. */
function narrowingOf({ south, north }: Box): number {
  return Math.max(Math.cos(((south + north) / 2) * radians), 0.25);
}

/** Adds surroundings if the data alone would be a dot or a strip. */
function readable(data: Box, least: number): Box {
  const narrowing = narrowingOf(data);
  const tall = Math.max(data.north - data.south, least);
  const wide = Math.max((data.east - data.west) * narrowing, least);
  const height = Math.max(tall, wide / mostAspect);
  const width = Math.min(Math.max(wide, height * leastAspect) / narrowing, 360);
  const middle = (data.west + data.east) / 2;
  const centre = clamp((data.south + data.north) / 2, height / 2 - 90, 90 - height / 2);
  return {
    west: middle - width / 2,
    east: middle + width / 2,
    south: Math.max(centre - height / 2, -90),
    north: Math.min(centre + height / 2, 90),
  };
}

/** Around a pole, the edges are not meridians. */
function polarFrame({ longitudes, latitudes, middle }: Corners, span: number): MapFrame {
  const projection = geoAzimuthalEqualArea()
    .rotate([-middle[0], -middle[1]])
    .scale(1)
    .translate([0, 0])
    .clipAngle(170);
  const points = Array.from(longitudes, (longitude, at) =>
    projection([longitude, latitudes[at] as number]),
  );
  const [left, right] = extentOf(points.map((point) => point?.[0] ?? Number.NaN));
  const [top, bottom] = extentOf(points.map((point) => point?.[1] ?? Number.NaN));
  const aspect = clamp((right - left) / (bottom - top), leastAspect, mostAspect);
  const width = Math.round(Math.min(mostWidth, mostHeight * aspect));
  const height = Math.round(width / aspect);
  const scale = Math.min(width / (right - left), height / (bottom - top));
  projection
    .scale(scale)
    .translate([
      width / 2 - (scale * (left + right)) / 2,
      height / 2 - (scale * (top + bottom)) / 2,
    ])
    .clipExtent([
      [0, 0],
      [width, height],
    ]);
  return { width, height, projection, box: undefined, span };
}

export function extentOf(values: ArrayLike<number>): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/** The same direction, from -180 to 180. */
function turn(degrees: number): number {
  return degrees - 360 * Math.round(degrees / 360);
}
