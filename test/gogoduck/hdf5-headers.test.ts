import { closeSync, openSync } from 'node:fs';
import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attributeIn, readAttribute } from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import { type Hdf5, Hdf5File, loadHdf5 } from '../../batch-jobs/gogoduck/netcdf/hdf5-file.ts';
import { FileBytes } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/file-bytes.ts';
import { ObjectHeader } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/object-header.ts';
import { storedAttributes } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/read-attributes.ts';
import { filtersOf, formOf } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/read-form.ts';
import { readLinks } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/read-links.ts';
import { python } from './python.ts';
import { describeWith } from './tools.ts';

let folder: string;
let hdf5: Hdf5;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headers-'));
  hdf5 = await loadHdf5();
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes a file with h5py. In the script, `file` is open and `np` is numpy. @returns its path */
function made(name: string, script: string, options = 'track_order=True'): string {
  const path = join(folder, name);
  const whole = `
import sys, h5py, numpy as np
file = h5py.File(sys.argv[1], 'w', ${options})
${script}
file.close()
print('null')`;
  python('h5py', whole, path);
  return path;
}

function withBytes<T>(path: string, read: (bytes: FileBytes) => T): T {
  const descriptor = openSync(path, 'r');
  try {
    return read(new FileBytes(descriptor));
  } finally {
    closeSync(descriptor);
  }
}

/** What is read of a file without the library. An attribute is undefined where it is left to the library. */
function readDirectly(path: string) {
  return withBytes(path, (bytes) =>
    [...readLinks(bytes)].map(([name, address]) => {
      const header = new ObjectHeader(bytes, address);
      const { type, size, signed, shape, maxshape, littleEndian } = formOf(header) ?? {};
      return {
        name,
        form: { type, size, signed, shape, maxshape, littleEndian: type === 3 || littleEndian },
        filters: filtersOf(header)?.map(({ id, values }) => ({ id, values })),
        attributes: new Map(
          storedAttributes(bytes, header).map((each) => [each.name, attributeIn(each)]),
        ),
      };
    }),
  );
}

/** The same, read with the library. */
function readByLibrary(path: string): ReturnType<typeof readDirectly> {
  const file = Hdf5File.open(hdf5, path);
  try {
    return file.names().map((name) => {
      const { type, size, signed, shape, maxshape, littleEndian } = file.metadata(name);
      return {
        name,
        // Text has no byte order.
        form: { type, size, signed, shape, maxshape, littleEndian: type === 3 || littleEndian },
        filters: file.filters(name).map(({ id, values }) => ({ id, values })),
        attributes: new Map(
          file.attributeNames(name).map((each) => [each, readAttribute(file, name, each)]),
        ),
      };
    });
  } finally {
    file.close();
  }
}

describeWith(['h5py'], 'headers that are read without the HDF5 library', () => {
  it.each([
    ['of few members and attributes', 3, 5, `track_order=True, libver=('earliest', 'v110')`],
    ['of members in no order', 8, 3, `libver=('v108', 'v110')`],
    ['of many members and attributes', 12, 20, `track_order=True, libver=('earliest', 'v110')`],
    [
      'of so many that they are in trees of two levels',
      150,
      150,
      `track_order=True, libver=('earliest', 'v110')`,
    ],
    ['in the form of an old library', 12, 20, `track_order=True, libver=('earliest', 'v108')`],
    ['in the form of a new library', 12, 20, `track_order=True, libver=('v110', 'v110')`],
  ])('headers %s are read as the library reads them', (name, members, attributes, options) => {
    const path = made(
      `${name.replaceAll(' ', '-')}.nc`,
      `
types = ['i1', 'u1', '<i2', '<u2', '<i4', '<u4', '<i8', '<u8', '<f4', '<f8', 'S7']
for index in range(${members}):
    kind = types[index % len(types)]
    options = [{}, {'chunks': (4, 3), 'compression': 4, 'shuffle': True, 'maxshape': (None, 7)},
      {'chunks': (4, 3), 'fletcher32': True}, {'chunks': (10, 7), 'compression': 9}][index % 4]
    made = file.create_dataset(f'variable {(index * 7) % ${members}}', (10, 7), kind, track_order=index % 2 == 0, **options)
    for at in range(${attributes} if index < 3 else 2):
        kind = types[at % len(types)]
        value = [np.arange(at % 4 + 1) + at, at][at % 2]
        made.attrs.create(f'attribute {at}', np.array(value).astype(kind))
    made.attrs.create('text', np.bytes_('degrees' * (index + 1)))
    made.attrs.create('nothing', h5py.Empty('S1'))
`,
      options,
    );
    expect(readDirectly(path)).toEqual(readByLibrary(path));
  });

  it('types and texts that are stored elsewhere are left to the library', () => {
    const path = made(
      'left.nc',
      `
made = file.create_dataset('v', (3,), '>f4')
made.attrs['swapped'] = np.array([1], '>i2')
made.attrs['any length'] = 'text'
made.attrs['units'] = np.bytes_('m')
file.create_dataset('texts', (3,), h5py.string_dtype())`,
      `track_order=True, libver=('earliest', 'v110')`,
    );
    const [variable, texts] = readDirectly(path);
    expect(variable?.form.littleEndian).toBe(false);
    expect(variable?.attributes.get('swapped')).toBeUndefined();
    expect(variable?.attributes.get('any length')).toBeUndefined();
    expect(variable?.attributes.get('units')).toMatchObject({ kind: 'text' });
    expect(texts?.form.type).toBeUndefined();
  });

  it.each([
    ['links that lead elsewhere', `file['x'] = h5py.SoftLink('/y')`, 'track_order=True'],
    ['groups of the old kind', `file['x'] = np.arange(3)`, `libver=('earliest', 'v108')`],
  ])('headers with %s are left to the library', (name, script, options) => {
    const path = made(`${name.replaceAll(' ', '-')}.nc`, script, options);
    expect(() => readDirectly(path)).toThrow();
  });

  it('a file that is cut short is left to the library', async () => {
    const path = made('short.nc', `file['x'] = np.arange(300)`);
    expect(readDirectly(path)).toHaveLength(1);
    await truncate(path, 2_000);
    expect(() => readDirectly(path)).toThrow('ends before it should');
  });
});
