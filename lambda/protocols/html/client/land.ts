import { feature } from 'topojson-client';
import topology from 'world-atlas/land-50m.json';

const perDegree = 2;
let path: string | undefined;

/** The land of the earth (Natural Earth, 1:50 million) as an SVG path, two units per degree. */
export function land(): string {
  path ??= pathOf();
  return path;
}

function pathOf(): string {
  const { features } = feature(topology, topology.objects.land);
  const geometries = features.map(({ geometry }) => geometry);
  return geometries
    .flatMap((geometry) => {
      if (geometry.type === 'MultiPolygon') return geometry.coordinates.flat();
      return geometry.type === 'Polygon' ? geometry.coordinates : [];
    })
    .map(pathOfRing)
    .join('');
}

/**
 * A ring that jumps from 180 to -180 continues past 180 instead, and a ring around a pole is closed along the
 * pole: the plane has an edge where the earth has none.
 */
function pathOfRing(ring: readonly (readonly number[])[]): string {
  let turn = 0;
  let before = ring[0]?.[0] ?? 0;
  const first = before;
  const points = ring.map(([longitude = 0, latitude = 0]) => {
    if (longitude - before > 180) turn -= 360;
    else if (before - longitude > 180) turn += 360;
    before = longitude;
    return [longitude + turn, latitude] as const;
  });
  const [last = first, lastLatitude = 0] = points.at(-1) ?? [];
  if (Math.abs(last - first) > 180) {
    const pole = lastLatitude < 0 ? -90 : 90;
    points.push([last, pole], [first, pole]);
  }
  return `M${points.map(([x, y]) => point(x, y)).join('L')}Z`;
}

function point(longitude: number, latitude: number): string {
  return `${((longitude + 180) * perDegree).toFixed(2)},${((90 - latitude) * perDegree).toFixed(2)}`;
}
