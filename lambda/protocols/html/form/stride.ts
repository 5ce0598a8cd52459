/** Axes of a stride, in the order in which its text names them. */
export const strideAxes = ['time', 'latitude', 'longitude', 'depth'] as const;
export type StrideAxis = (typeof strideAxes)[number];

/** The stride along each axis as a text of a form: 2 means every second position; empty if not given. */
export type Stride = Readonly<Record<StrideAxis, string>>;

/** Name of the control of an axis, before the identifier of its input. */
export const stridePart = {
  time: 'everyTime',
  latitude: 'everyLatitude',
  longitude: 'everyLongitude',
  depth: 'everyDepth',
} as const satisfies Readonly<Record<StrideAxis, string>>;

/**
 * The text of an input whose editor is `stride`, as in `TIME,2;LATITUDE,10`.
 *
 * @returns empty if nothing is given
 */
export function strideText(stride: Stride): string {
  return strideAxes
    .filter((axis) => stride[axis].trim() !== '')
    .map((axis) => `${axis.toUpperCase()},${stride[axis].trim()}`)
    .join(';');
}

/** @returns undefined for a text that the controls of a form cannot show */
export function strideOf(text: string): Stride | undefined {
  const found: Record<string, string> = {};
  for (const part of text.split(';').map((each) => each.trim())) {
    if (part === '') continue;
    const [name = '', value, ...more] = part.split(',').map((each) => each.trim());
    const axis = strideAxes.find((each) => each.toUpperCase() === name.toUpperCase());
    if (!axis || value === undefined || more.length > 0 || axis in found) return undefined;
    found[axis] = value;
  }
  const { time = '', latitude = '', longitude = '', depth = '' } = found;
  return { time, latitude, longitude, depth };
}

/** A valid stride: a whole number from 1. */
export function wholeStride(text: string): number | undefined {
  return /^[1-9]\d{0,5}$/.test(text.trim()) ? Number(text) : undefined;
}
