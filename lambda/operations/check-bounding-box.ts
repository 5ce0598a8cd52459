import type { InputValue } from '../../batch-jobs/api/job.ts';
import type { BoundingBoxInput } from '../../batch-jobs/api/process-description.ts';
import { quoted, ServiceFault } from '../service-fault.ts';

interface Box {
  readonly crs?: string;
  readonly dimensions?: number;
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/**
 * Parses the KVP form of a bounding box: lower corner, upper corner, then optionally the CRS and its number
 * of dimensions (OGC 05-007r7, clause 10.2.2.1; OGC 06-121r3, clause 10.2.3).
 */
export function parseBoundingBox(described: BoundingBoxInput, text: string): Box {
  const parts = text.split(',').map((part) => part.trim());
  const isNumber = (part: string) => part !== '' && Number.isFinite(Number(part));
  const count = parts.findIndex((part) => !isNumber(part));
  const numbers = (count < 0 ? parts : parts.slice(0, count)).map(Number);
  // The URI of a compound CRS may contain commas.
  const [, crs, dimensions] =
    /^(.+?)(?:,([1-9]\d*))?$/.exec(count < 0 ? '' : parts.slice(count).join(',')) ?? [];
  if (numbers.length === 0 || numbers.length % 2 > 0) {
    throw new ServiceFault(
      'invalid-value',
      `Input "${described.identifier}" is "${text.slice(0, 100)}"; allowed: lower corner, upper corner and CRS, as in 114,-33,116,-31,${described.crss[0]}.`,
      { subject: described.identifier },
    );
  }
  const half = numbers.length / 2;
  return {
    ...(crs === undefined ? {} : { crs }),
    ...(dimensions === undefined ? {} : { dimensions: Number(dimensions) }),
    lower: numbers.slice(0, half),
    upper: numbers.slice(half),
  };
}

/**
 * Checks that a bounding box is in one of the offered coordinate reference systems. The lower corner may
 * exceed the upper corner, as it does in a box that crosses the antimeridian.
 *
 * @throws {ServiceFault} naming the input as subject
 */
export function checkBoundingBox({ identifier, crss }: BoundingBoxInput, box: Box): InputValue {
  const { lower, upper, dimensions = lower.length, crs = crss[0] } = box;
  if (!crss.includes(crs)) {
    throw new ServiceFault(
      'invalid-value',
      `Input "${identifier}" has CRS "${crs}"; allowed: ${quoted(crss)}.`,
      { subject: identifier },
    );
  }
  const corners = [...lower, ...upper];
  if (
    dimensions < 1 ||
    lower.length !== dimensions ||
    upper.length !== dimensions ||
    !corners.every((coordinate) => Number.isFinite(coordinate))
  ) {
    throw new ServiceFault(
      'invalid-value',
      `Input "${identifier}" has corners "${lower.join(' ')}" and "${upper.join(' ')}"; allowed: ${Math.max(dimensions, 1)} finite numbers each.`,
      { subject: identifier },
    );
  }
  return { kind: 'bounding-box', crs, lower, upper };
}
