import { type HeaderMessage, messageTypes, type ObjectHeader } from './object-header.ts';

/** Type and shape of a dataset or an attribute, in the HDF5 library's terms. */
export interface Form {
  /** Class of its type (`H5T_class_t`). */
  readonly type: number;
  /** Bytes of an element. */
  readonly size: number;
  readonly signed: boolean;
  readonly vlen: boolean;
  readonly cset?: number;
  readonly littleEndian: boolean;
  /** Null if there are no elements by definition. */
  readonly shape: number[] | null;
  readonly maxshape: number[] | null;
}

/** A filter by its number in HDF5's registry, with its parameters. */
export interface Hdf5Filter {
  readonly id: number;
  readonly name: string;
  readonly values: readonly number[];
}

/** @returns undefined if only the HDF5 library can read it */
export function formOf(header: Pick<ObjectHeader, 'messages'>): Form | undefined {
  const [type, space] = [messageTypes.datatype, messageTypes.dataspace].map((wanted) =>
    own(header.messages.filter((message) => message.type === wanted)),
  );
  return type && space && formIn(type, space);
}

/** A message that is in the header itself, and the only one of its type. */
function own([first, ...more]: readonly HeaderMessage[]): Buffer | undefined {
  return first && !first.shared && more.length === 0 ? first.body : undefined;
}

/** @returns undefined if only the HDF5 library can read it */
export function formIn(datatype: Buffer, dataspace: Buffer): Form | undefined {
  const type = typeIn(datatype);
  const space = spaceIn(dataspace);
  return type && space && { ...type, ...space, vlen: false };
}

const [integer, float, string] = [0, 1, 3];
/** Layout of IEEE floats: bit position and length of the exponent and of the mantissa, and the bias. */
const ieee: Readonly<Record<number, readonly number[]>> = {
  4: [23, 8, 0, 23, 127],
  8: [52, 11, 0, 52, 1023],
};

/** Source: HDF5 File Format Specification 3.0, IV.A.2.d "The Datatype Message". */
function typeIn(
  body: Buffer,
): Pick<Form, 'type' | 'size' | 'signed' | 'cset' | 'littleEndian'> | undefined {
  const type = body.readUInt8(0) & 0x0f;
  const bits = body.readUInt8(1);
  const size = body.readUInt32LE(4);
  if (type === string) {
    return { type, size, signed: false, cset: bits >> 4, littleEndian: true };
  }
  if (type !== integer && type !== float) return undefined;
  const isWhole = body.readUInt16LE(8) === 0 && body.readUInt16LE(10) === size * 8;
  if (!isWhole) return undefined;
  if (type === float) {
    const found = [12, 13, 14, 15].map((at) => body.readUInt8(at));
    const isIeee = ieee[size]?.join() === [...found, body.readUInt32LE(16)].join();
    if (!isIeee || bits & 0x40) return undefined;
  }
  const signed = type === integer && (bits & 0x08) !== 0;
  return { type, size, signed, littleEndian: (bits & 1) === 0 };
}

/** Source: HDF5 File Format Specification 3.0, IV.A.2.b "The Dataspace Message". */
function spaceIn(body: Buffer): Pick<Form, 'shape' | 'maxshape'> | undefined {
  const [version, rank, flags] = [body.readUInt8(0), body.readUInt8(1), body.readUInt8(2)];
  if (version !== 1 && version !== 2) return undefined;
  const isNull = version === 2 && body.readUInt8(3) === 2;
  if (isNull) return { shape: null, maxshape: null };
  const start = version === 1 ? 8 : 4;
  const lengths = (from: number) =>
    Array.from({ length: rank }, (_, axis) => Number(body.readBigUInt64LE(from + 8 * axis)));
  const shape = lengths(start);
  return { shape, maxshape: flags & 1 ? lengths(start + 8 * rank) : shape };
}

/**
 * Source: HDF5 File Format Specification 3.0, IV.A.2.l "The Filter Pipeline Message".
 *
 * @returns undefined if only the HDF5 library can read them
 */
export function filtersOf(header: Pick<ObjectHeader, 'messages'>): Hdf5Filter[] | undefined {
  const messages = header.messages.filter(({ type }) => type === messageTypes.filterPipeline);
  if (messages.length === 0) return [];
  const body = own(messages);
  const version = body?.readUInt8(0);
  if (!body || (version !== 1 && version !== 2)) return undefined;
  const filters: Hdf5Filter[] = [];
  let at = version === 1 ? 8 : 2;
  for (let count = body.readUInt8(1); count > 0; count--) {
    const id = body.readUInt16LE(at);
    at += 2;
    const hasName = version === 1 || id >= 256;
    const nameLength = hasName ? body.readUInt16LE(at) : 0;
    if (hasName) at += 2;
    const values = body.readUInt16LE(at + 2);
    at += 4;
    const name = body.toString('latin1', at, at + nameLength).replace(/\0.*$/s, '');
    at += nameLength;
    filters.push({
      id,
      name,
      values: Array.from({ length: values }, (_, index) => body.readUInt32LE(at + 4 * index)),
    });
    at += 4 * (version === 1 ? values + (values % 2) : values);
  }
  return filters;
}
