import { describe, expect, it } from 'vitest';
import { attributeIn } from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import {
  type HeaderMessage,
  messageTypes,
} from '../../batch-jobs/gogoduck/netcdf/hdf5-format/object-header.ts';
import { storedAttributes } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/read-attributes.ts';
import {
  type Form,
  filtersOf,
  formIn,
  formOf,
} from '../../batch-jobs/gogoduck/netcdf/hdf5-format/read-form.ts';
import { storedElsewhere } from '../../batch-jobs/gogoduck/netcdf/hdf5-guard.ts';
import { bytesOf, headerOf, inFile, message, noAddress } from './hdf5-bytes.ts';

describe('the form of HDF5 data', () => {
  const scalar = bytesOf([2, 1], [0, 1], [0, 1], [0, 1]);
  const type = (kind: number, bits: number, size: number, ...rest: Buffer[]) =>
    bytesOf([0x10 | kind, 1], [bits, 1], [0, 2], [size, 4], ...rest);
  const whole = (size: number, bits: number, precision = size * 8, offset = 0) =>
    type(0, bits, size, bytesOf([offset, 2], [precision, 2]));
  const real = (size: number, bits = 0x20, changed: readonly number[] = []) => {
    const usual = size === 4 ? [23, 8, 0, 23, 127] : [52, 11, 0, 52, 1023];
    const [a = 0, b = 0, c = 0, d = 0, bias = 0] = usual.map((each, at) => changed[at] ?? each);
    return type(
      1,
      bits,
      size,
      bytesOf([0, 2], [size * 8, 2], [a, 1], [b, 1], [c, 1], [d, 1], [bias, 4]),
    );
  };
  const of = (datatype: Buffer) => {
    const form = formIn(datatype, scalar);
    return form && [form.type, form.size, form.signed, form.littleEndian, form.cset];
  };

  it.each<[string, Buffer, unknown]>([
    ['signed', whole(2, 0x08), [0, 2, true, true, undefined]],
    ['unsigned', whole(4, 0), [0, 4, false, true, undefined]],
    ['big-endian', whole(4, 0x09), [0, 4, true, false, undefined]],
    ['shorter than their bytes', whole(4, 0x08, 24), undefined],
    ['not at the first bit', whole(4, 0x08, 32, 1), undefined],
    ['of single precision', real(4), [1, 4, false, true, undefined]],
    ['of double precision', real(8), [1, 8, false, true, undefined]],
    ['big-endian and real', real(8, 0x21), [1, 8, false, false, undefined]],
    ['real in the order of a VAX', real(8, 0x41), undefined],
    ['of another exponent', real(4, 0x20, [22]), undefined],
    ['of a longer exponent', real(4, 0x20, [23, 9]), undefined],
    ['of another mantissa', real(4, 0x20, [23, 8, 1]), undefined],
    ['of a longer mantissa', real(4, 0x20, [23, 8, 0, 24]), undefined],
    ['of another bias', real(4, 0x20, [23, 8, 0, 23, 128]), undefined],
    ['texts', type(3, 0x00, 7), [3, 7, false, true, 0]],
    ['texts of UTF-8', type(3, 0x10, 7), [3, 7, false, true, 1]],
    ['compounds', type(6, 0, 8, Buffer.alloc(20)), undefined],
    ['texts of any length', type(9, 0, 16, Buffer.alloc(20)), undefined],
  ])('data that is %s is of its form, or left to the library', (_, datatype, expected) => {
    expect(of(datatype)).toEqual(expected);
  });

  it.each<[string, Buffer, unknown]>([
    ['a scalar', scalar, [[], []]],
    [
      'version 1',
      bytesOf([1, 1], [2, 1], [0, 1], [0, 5], [5, 8], [6, 8]),
      [
        [5, 6],
        [5, 6],
      ],
    ],
    [
      'version 1 that may grow',
      bytesOf([1, 1], [2, 1], [1, 1], [0, 5], [5, 8], [6, 8], [noAddress, 8], [7, 8]),
      [
        [5, 6],
        [2 ** 64, 7],
      ],
    ],
    ['version 2', bytesOf([2, 1], [1, 1], [0, 1], [1, 1], [5, 8]), [[5], [5]]],
    [
      'version 2 that may grow',
      bytesOf([2, 1], [1, 1], [1, 1], [1, 1], [5, 8], [9, 8]),
      [[5], [9]],
    ],
    ['nothing', bytesOf([2, 1], [0, 1], [0, 1], [2, 1]), [null, null]],
    ['version 3', bytesOf([3, 1], [0, 1], [0, 1], [0, 1]), undefined],
    ['version 0', bytesOf([0, 1], [0, 7]), undefined],
  ])('a shape of %s is read, or left to the library', (_, dataspace, expected) => {
    const form = formIn(whole(2, 0x08), dataspace);
    expect(form && [form.shape, form.maxshape]).toEqual(expected);
  });

  it('a form is that of one message of each kind, in the header itself', () => {
    const datatype = message(messageTypes.datatype, whole(2, 0x08));
    const dataspace = message(messageTypes.dataspace, scalar);
    expect(formOf(headerOf(datatype, dataspace))?.size).toBe(2);
    expect(formOf(headerOf(datatype))).toBeUndefined();
    expect(formOf(headerOf(dataspace))).toBeUndefined();
    expect(formOf(headerOf(datatype, datatype, dataspace))).toBeUndefined();
    expect(formOf(headerOf({ ...datatype, shared: true }, dataspace))).toBeUndefined();
  });

  it.each<[string, Buffer, unknown]>([
    [
      'version 1, whose names and numbers are padded',
      bytesOf(
        [1, 1],
        [2, 1],
        [0, 6],
        [2, 2],
        [8, 2],
        [0, 2],
        [1, 2],
        'shuffle\0',
        [4, 4],
        [0, 4],
        [1, 2],
        [8, 2],
        [0, 2],
        [2, 2],
        'deflate\0',
        [6, 4],
        [7, 4],
      ),
      [
        { id: 2, name: 'shuffle', values: [4] },
        { id: 1, name: 'deflate', values: [6, 7] },
      ],
    ],
    [
      'version 2, whose own filters have no names',
      bytesOf(
        [2, 1],
        [3, 1],
        [255, 2],
        [1, 2],
        [1, 2],
        [4, 4],
        [256, 2],
        [3, 2],
        [0, 2],
        [0, 2],
        'own',
        [1, 2],
        [0, 2],
        [1, 2],
        [9, 4],
      ),
      [
        { id: 255, name: '', values: [4] },
        { id: 256, name: 'own', values: [] },
        { id: 1, name: '', values: [9] },
      ],
    ],
    ['version 3', bytesOf([3, 1], [0, 20]), undefined],
    ['version 0', bytesOf([0, 1], [0, 20]), undefined],
  ])('filters of %s are read, or left to the library', (_, body, expected) => {
    const filters = message(messageTypes.filterPipeline, body);
    expect(filtersOf(headerOf(filters))).toEqual(expected);
    expect(filtersOf(headerOf({ ...filters, shared: true }))).toBeUndefined();
    expect(filtersOf(headerOf(filters, filters))).toBeUndefined();
    expect(filtersOf(headerOf())).toEqual([]);
  });

  it('data that is stored in other files is not read', () => {
    const layout = (version: number, kind: number) =>
      headerOf(message(messageTypes.dataLayout, bytesOf([version, 1], [kind, 1])));
    expect(storedElsewhere(headerOf(message(messageTypes.externalFiles, Buffer.alloc(8))))).toBe(
      'data that is stored in other files (external raw storage)',
    );
    for (const version of [4, 5]) {
      expect(storedElsewhere(layout(version, 3))).toContain('a virtual dataset');
      expect(storedElsewhere(layout(version, 2))).toBeUndefined();
    }
    expect(storedElsewhere(layout(3, 3))).toBeUndefined();
    expect(storedElsewhere(headerOf())).toBeUndefined();
  });

  it.each([1, 2, 3])('an attribute of version %d is read', (version) => {
    const padded = (bytes: Buffer) =>
      version === 1 ? bytesOf(bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)) : bytes;
    const [name, datatype] = [bytesOf('units\0'), whole(2, 0x08)];
    const attribute = (flags: number, own = version) =>
      bytesOf(
        [own, 1],
        [flags, 1],
        [name.length, 2],
        [datatype.length, 2],
        [scalar.length, 2],
        ...(version === 3 ? [[0, 1] as const] : []),
        padded(name),
        padded(datatype),
        padded(scalar),
        [7, 2],
      );
    const of = (...messages: HeaderMessage[]) =>
      inFile(Buffer.alloc(1), (file) => storedAttributes(file, headerOf(...messages)));
    const plain = message(messageTypes.attribute, attribute(0));
    expect(of(message(messageTypes.link, Buffer.alloc(4)), plain)).toMatchObject([
      { name: 'units', form: { type: 0, size: 2, shape: [] } },
    ]);
    const [found] = of(plain);
    expect(found && attributeIn(found)).toMatchObject({ kind: 'numbers', type: 'short' });
    expect([...(found?.data.subarray(0, 2) ?? [])]).toEqual([7, 0]);
    // Its type is stored elsewhere; version 1 has no such flag.
    const shared = of(message(messageTypes.attribute, attribute(1)));
    expect(shared.map(({ form }) => form === undefined)).toEqual([version > 1]);
    expect(() => of({ ...plain, shared: true })).toThrow('an attribute is shared');
    for (const other of [0, 4]) {
      expect(() => of(message(messageTypes.attribute, attribute(0, other)))).toThrow(
        `an attribute of version ${other}`,
      );
    }
  });

  it('the value of an attribute is that of its form, or left to the library', () => {
    const form = {
      type: 0,
      size: 2,
      signed: true,
      vlen: false,
      littleEndian: true,
      shape: [2],
      maxshape: [2],
    };
    const value = (changed: Partial<Form>, data: Buffer) =>
      attributeIn({ name: 'a', form: { ...form, ...changed }, data });
    expect(value({}, bytesOf([1, 2], [2, 2], [3, 2]))).toEqual({
      kind: 'numbers',
      type: 'short',
      values: Int16Array.of(1, 2),
    });
    expect(() => value({}, bytesOf([1, 2], [2, 1]))).toThrow('ends before its value');
    expect(value({ littleEndian: false }, bytesOf([1, 4]))).toBeUndefined();
    expect(value({ size: 1, littleEndian: false }, bytesOf([1, 2]))).toMatchObject({
      type: 'byte',
    });
    expect(value({ size: 3 }, bytesOf([1, 8]))).toBeUndefined();
    expect(attributeIn({ name: 'a', form: undefined, data: Buffer.alloc(8) })).toBeUndefined();
    const text = { type: 3, size: 4, cset: 1 };
    expect(value({ ...text, shape: [] }, bytesOf('abc\0'))).toEqual({
      kind: 'text',
      bytes: Uint8Array.from(Buffer.from('abc\0')),
      utf8: true,
    });
    expect(value({ ...text, shape: [2] }, bytesOf('abc\0de\0f'))).toEqual({
      kind: 'strings',
      values: ['abc', 'de'],
    });
    expect(value({ ...text, cset: 0, shape: null }, bytesOf(''))).toEqual({
      kind: 'text',
      bytes: new Uint8Array(),
      utf8: false,
    });
  });
});
