import { encode } from 'fast-png';
import type { Corners } from './cell-corners.ts';
import { cellAt, edgesOf, spacingOf } from './cell-edges.ts';
import { type Colours, missingColour } from './colours.ts';
import type { MapFrame } from './map-frame.ts';
import type { Plane } from './read-field.ts';

/**
 * Paints the cells of a field as a PNG of the map's size, transparent where there are no cells.
 *
 * @param missing how to paint cells without a value: in their own colour, or not at all
 */
export function paintCells(
  plane: Plane,
  corners: Corners | undefined,
  frame: MapFrame,
  colours: Colours | undefined,
  missing: 'coloured' | 'clear' = 'coloured',
): Uint8Array {
  const { width, height } = frame;
  const palette = [noCell, withoutValue, ...(colours?.table ?? []).map((rgb) => [...rgb, 255])];
  const data = new Uint8Array(width * height);
  const paint = (x: number, y: number, cell: number) => {
    const value = plane.values[cell] as number;
    if (missing === 'clear' && Number.isNaN(value)) return;
    data[y * width + x] = Number.isNaN(value) || !colours ? 1 : 2 + colours.indexOf(value);
  };
  if (corners) paintBent(plane, corners, frame, paint);
  else paintStraight(plane, frame, paint);
  // Compress little, because the PNG is decoded again as soon as it is drawn.
  return encode({ width, height, data, channels: 1, palette }, { zlib: { level: 1 } });
}

/** Transparent: the transparent colour comes first in a palette. */
const noCell = [0, 0, 0, 0];
const withoutValue = [...missingColour, 255];

type Paint = (x: number, y: number, cell: number) => void;

/** Rows of cells are rows of pixels. */
function paintStraight(plane: Plane, { width, height, box }: MapFrame, paint: Paint): void {
  if (!box) return;
  const rows = edgesOf(plane.latitudes, spacingOf(plane.longitudes) / 2);
  const columns = edgesOf(plane.longitudes, spacingOf(plane.latitudes) / 2);
  const columnAt = Array.from({ length: width }, (_, x) =>
    cellAt(columns, box.west + ((x + 0.5) / width) * (box.east - box.west)),
  );
  for (let y = 0; y < height; y++) {
    const row = cellAt(rows, box.north - ((y + 0.5) / height) * (box.north - box.south));
    if (row === -1) continue;
    for (const [x, column] of columnAt.entries()) {
      if (column !== -1) paint(x, y, row * plane.columns + column);
    }
  }
}

/** Each cell is a quadrilateral. */
function paintBent(
  { rows, columns }: Plane,
  { longitudes, latitudes }: Corners,
  { width, height, projection }: MapFrame,
  paint: Paint,
): void {
  const points = Array.from(longitudes, (longitude, at) =>
    Number.isNaN(longitude) ? undefined : projection([longitude, latitudes[at] as number]),
  );
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * (columns + 1) + column;
      const quadrangle = [at, at + 1, at + columns + 2, at + columns + 1].flatMap((corner) => {
        const point = points[corner];
        return point ? [point] : [];
      });
      if (quadrangle.length < 4) continue;
      const xs = quadrangle.map(([x]) => x);
      const ys = quadrangle.map(([, y]) => y);
      const [left, right] = [Math.min(...xs), Math.max(...xs)];
      const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
      // The cell is on both sides of the map.
      if (right - left > width / 2 && columns > 2) continue;
      const cell = row * columns + column;
      for (let y = Math.max(0, Math.floor(top)); y <= Math.min(height - 1, bottom); y++) {
        for (let x = Math.max(0, Math.floor(left)); x <= Math.min(width - 1, right); x++) {
          const isSmall = right - left < 1.5 && bottom - top < 1.5;
          if (isSmall || isWithin(quadrangle, x + 0.5, y + 0.5)) paint(x, y, cell);
        }
      }
    }
  }
}

function isWithin(polygon: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let inside = false;
  for (const [at, [x1, y1]] of polygon.entries()) {
    const [x2, y2] = polygon[(at + 1) % polygon.length] as readonly [number, number];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}
