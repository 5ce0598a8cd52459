import { geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { MapFrame } from './map-frame.ts';
import { readPackageFile } from './package-file.ts';

/** Width of a map in degrees up to which land is drawn at the fine or the medium scale. */
const fineSpan = 8;
const mediumSpan = 150;

/** The land on a map (Natural Earth, 1:10 to 1:110 million) as an SVG path. */
export async function coastline({ projection, span, box }: MapFrame): Promise<string> {
  const name = span <= fineSpan ? 'fineLand' : span <= mediumSpan ? 'land' : 'coarseLand';
  const topology: Topology<{ land: GeometryCollection }> = JSON.parse(
    (await readPackageFile(name)).toString(),
  );
  const polygons = feature(topology, topology.objects.land).features.flatMap(({ geometry }) => {
    if (geometry.type === 'MultiPolygon') return geometry.coordinates;
    return geometry.type === 'Polygon' ? [geometry.coordinates] : [];
  });
  const path = geoPath(projection.precision(0.5)).digits(1);
  const near = polygons.filter((polygon) => !box || isNear(polygon[0] ?? [], box));
  return near.map((coordinates) => path({ type: 'Polygon', coordinates }) ?? '').join('');
}

/**
 * Whether the bounding box of a ring of positions meets a box, in whatever turn its longitudes are counted.
 */
function isNear(
  ring: readonly (readonly number[])[],
  { west, east, south, north }: NonNullable<MapFrame['box']>,
): boolean {
  let [left, right, bottom, top] = [180, -180, 90, -90];
  for (const [longitude = 0, latitude = 0] of ring) {
    left = Math.min(left, longitude);
    right = Math.max(right, longitude);
    bottom = Math.min(bottom, latitude);
    top = Math.max(top, latitude);
  }
  if (top < south || bottom > north) return false;
  return [-360, 0, 360].some((turn) => left + turn <= east && right + turn >= west);
}
