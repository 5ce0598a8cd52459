/** A box in degrees. If it crosses the date line, its east is beyond 180. */
export interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

export function isBox(
  candidate: Readonly<Record<keyof Box, number | undefined>>,
): candidate is Box {
  return Object.values(candidate).every((value) => value !== undefined && Number.isFinite(value));
}

/** @returns undefined unless every side is a number */
export function readBox(textOf: (side: keyof Box) => string): Box | undefined {
  const read = (side: keyof Box) => {
    // The same notation as the service reads.
    const text = textOf(side)
      .trim()
      .replace(/^([+-]?\d{1,3}),(\d+)$/, '$1.$2');
    return text === '' ? undefined : Number(text);
  };
  const box = {
    west: read('west'),
    south: read('south'),
    east: read('east'),
    north: read('north'),
  };
  return isBox(box) ? box : undefined;
}

/** Whether a box can be drawn: its latitudes are on the earth, and its south is not north of its north. */
export function isOnEarth({ south, north }: Box): boolean {
  return south >= -90 && south <= north && north <= 90;
}

/** The same box with its west from -180 to 180 and its latitudes on the earth. */
export function within({ west, south, east, north }: Box): Box {
  const turn = -360 * Math.floor((west + 180) / 360);
  const onEarth = (latitude: number) => Math.max(-90, Math.min(90, latitude));
  return {
    west: west + turn,
    east: Math.min(east, west + 360) + turn,
    south: onEarth(south),
    north: onEarth(north),
  };
}

export function rounded(box: Box, digits: number): Box {
  const round = (value: number) => Number(value.toFixed(digits));
  return {
    west: round(box.west),
    south: round(box.south),
    east: round(box.east),
    north: round(box.north),
  };
}

/** The visible part of the map: its centre, and its width in degrees. */
interface View {
  readonly longitude: number;
  readonly latitude: number;
  readonly span: number;
}

const directions: Readonly<Record<string, readonly [east: number, north: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/**
 * The box after a key press: arrows move it; with Shift, they move its north-east corner. If there is no box,
 * the first key draws one in the middle of the visible part.
 *
 * @returns undefined for keys without a meaning here
 */
export function boxAfterKey(
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  box: Box | undefined,
  { longitude, latitude, span }: View,
): Box | undefined {
  const direction = directions[key];
  if (!direction) return undefined;
  if (!box) {
    return {
      west: longitude - span / 8,
      east: longitude + span / 8,
      south: Math.max(-90, latitude - span / 16),
      north: Math.min(90, latitude + span / 16),
    };
  }
  const step = span / 40;
  const [east, north] = [direction[0] * step, direction[1] * step];
  if (shiftKey) {
    return {
      ...box,
      east: Math.max(box.west, box.east + east),
      north: Math.max(box.south, box.north + north),
    };
  }
  // A box that reaches a pole keeps its height.
  const up = Math.max(-90 - box.south, Math.min(90 - box.north, north));
  return {
    west: box.west + east,
    east: box.east + east,
    south: box.south + up,
    north: box.north + up,
  };
}
