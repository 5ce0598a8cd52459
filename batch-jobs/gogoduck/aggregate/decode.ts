import { parseTimeUnits } from '../grid/time-units.ts';
import { JobError } from '../job-error.ts';
import { type Packing, unpacker, unpackInto } from '../netcdf/packing.ts';
import { product } from '../netcdf/product.ts';
import {
  bytesOf,
  defaultFillValues,
  numbersIn,
  numbersOf,
  type StoredNumber,
} from '../netcdf/types.ts';
import type { OutputVariable } from './define-output.ts';
import type { Encoding } from './encodings.ts';

/**
 * Converts the bytes of a file to those of the output, cell by cell. Both arrays are aligned like the memory
 * of numbers.
 */
export type Decode = (stored: Uint8Array, target: Uint8Array) => void;

/**
 * How to convert a variable's bytes in one file to those of the output; undefined if they stay unchanged.
 *
 * @param encoding in that file
 * @param first encoding in the template, in whose units the output counts instants
 */
export function decoderOf(
  { treatment, definition, extents }: OutputVariable,
  encoding: Encoding,
  first: Encoding,
): Decode | undefined {
  const { packing } = encoding;
  if (treatment.kind === 'as-stored') return undefined;
  if (!packing) throw new Error(`${definition.name} holds no numbers`);
  switch (treatment.kind) {
    case 'unpack': {
      const { type } = treatment;
      return (stored, target) =>
        unpackInto(floatsIn(type, target), numbersIn(packing.type, stored), packing, fillOf(type));
    }
    case 'shift': {
      const { type, degrees } = treatment;
      // Bounds have several numbers per column.
      const perColumn = product(extents.counts) / degrees.length;
      return (stored, target) => {
        const values = floatsIn(type, target);
        unpackInto(values, numbersIn(packing.type, stored), packing, Number.NaN);
        values.forEach((value, index) => {
          values[index] = value + (degrees[Math.floor(index / perColumn)] ?? 0);
        });
      };
    }
    case 'recode':
      return recoder(definition.name, treatment, packing);
    case 'instants':
      return instantsDecoder(packing, encoding, first);
  }
}

/** @throws {JobError} if a number that is data here means missing data in the output */
function recoder(
  name: string,
  { type, fill }: Extract<OutputVariable['treatment'], { kind: 'recode' }>,
  packing: Packing,
): Decode {
  const missing = new Set(packing.missing);
  return (stored, target) => {
    const numbers = numbersIn(packing.type, stored);
    const recoded = numbersOf(
      type,
      Array.from(numbers as Iterable<StoredNumber>, (number) => {
        if (missing.has(number)) return fill;
        if (BigInt(number) !== BigInt(fill)) return number;
        throw new JobError(
          'badData',
          `The layer's files have ${name} with different fill values, and ${fill} is data in one and no data in others; they cannot be joined. A shorter period may hold files of one kind only.`,
        );
      }),
    );
    target.set(bytesOf(recoded));
  };
}

function instantsDecoder(packing: Packing, encoding: Encoding, first: Encoding): Decode {
  const from = parseTimeUnits(encoding.units ?? '', encoding.calendar);
  const to = parseTimeUnits(first.units ?? '', first.calendar);
  if (typeof from === 'string' || typeof to === 'string') throw new Error('no units of time');
  const factor = from.unit / to.unit;
  const offset = (from.reference - to.reference) / to.unit;
  const unpack = unpacker(packing);
  const fill = fillOf('double');
  return (stored, target) => {
    const numbers = numbersIn(packing.type, stored);
    const values = floatsIn('double', target);
    for (let index = 0; index < numbers.length; index++) {
      const value = unpack(numbers[index] as StoredNumber) * factor + offset;
      values[index] = Number.isNaN(value) ? fill : value;
    }
  };
}

function floatsIn(type: 'float' | 'double', bytes: Uint8Array): Float32Array | Float64Array {
  const Floats = type === 'float' ? Float32Array : Float64Array;
  return new Floats(
    bytes.buffer as ArrayBuffer,
    bytes.byteOffset,
    bytes.byteLength / Floats.BYTES_PER_ELEMENT,
  );
}

function fillOf(type: 'float' | 'double'): number {
  return defaultFillValues[type] as number;
}
