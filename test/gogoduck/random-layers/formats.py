"""Writes the twin of a file in another format."""
import base64
import gzip
import json
import os
import shutil
import struct

import netCDF4
import numcodecs
import numpy as np
import zarr

CLASSIC = {'cdf1': 'NETCDF3_CLASSIC', 'cdf2': 'NETCDF3_64BIT_OFFSET', 'cdf5': 'NETCDF3_64BIT_DATA'}


def convert(twin, path, format, kind):
    """Writes the twin in another format. Adds the extension of that format to the path."""
    if format == 'netcdf4':
        shutil.copy(twin, path + '.nc')
        return
    source = netCDF4.Dataset(twin)
    source.set_auto_maskandscale(False)
    source.set_auto_chartostring(False)
    if format in CLASSIC:
        to_classic(source, path + '.nc', CLASSIC[format])
    elif format == 'zarr2':
        to_zarr_two(source, path + '.zarr', kind)
    else:
        to_zarr_three(source, path + '.zarr', kind)
    source.close()


def attributes_of(v):
    return {name: v.getncattr(name) for name in v.ncattrs()}


def to_classic(source, path, format):
    d = netCDF4.Dataset(path, 'w', format=format)
    d.setncatts(attributes_of(source))
    # A record dimension comes first in classic files.
    grows = all(v.dimensions.index('time') == 0 for v in source.variables.values() if 'time' in v.dimensions)
    for name, dimension in source.dimensions.items():
        d.createDimension(name, None if grows and dimension.isunlimited() else len(dimension))
    for name, v in source.variables.items():
        attributes = attributes_of(v)
        copy = d.createVariable(name, v.dtype, v.dimensions, fill_value=attributes.pop('_FillValue', None))
        copy.set_auto_maskandscale(False)
        copy.setncatts(attributes)
        copy[...] = v[...]
    d.close()


def plain(value):
    """A value of an attribute as a type that JSON supports."""
    if isinstance(value, np.ndarray):
        return [plain(each) for each in value]
    return value.item() if isinstance(value, np.generic) else value


def json_attributes(v):
    # May include NaN, as Python writes it into JSON.
    return {name: plain(value) for name, value in attributes_of(v).items()}


def to_zarr_two(source, path, kind):
    group = zarr.open_group(path, 'w')
    group.attrs.update(json_attributes(source))
    compressors = [numcodecs.Zlib(3), numcodecs.Zstd(1), numcodecs.Blosc('lz4'), None]
    for number, (name, v) in enumerate(source.variables.items()):
        attributes = json_attributes(v)
        fill = attributes.pop('_FillValue', None)
        text = v.dtype is str
        filters = [numcodecs.VLenUTF8()] if text else ([numcodecs.Shuffle(v.dtype.itemsize)] if number % 2 else None)
        big = v.dtype.newbyteorder('>') if not text and number % 3 == 2 else v.dtype
        array = group.create_dataset(
            name, shape=v.shape, dtype=object if text else big, chunks=tuple(min(size, kind['chunk']) for size in v.shape),
            fill_value=fill, compressor=compressors[number % 4], filters=filters, order='F' if number % 5 == 4 and not text else 'C')
        array[...] = v[...]
        array.attrs.update({**attributes, '_ARRAY_DIMENSIONS': list(v.dimensions)})
    if kind['consolidated']:
        zarr.consolidate_metadata(path)


TYPES = {'i1': 'int8', 'u1': 'uint8', 'i2': 'int16', 'u2': 'uint16', 'i4': 'int32', 'u4': 'uint32', 'i8': 'int64', 'u8': 'uint64', 'f4': 'float32', 'f8': 'float64'}


def to_zarr_three(source, path, kind):
    """Writes a store by the specification of version 3, because the installed library writes an earlier version."""
    consolidated = {}
    for number, (name, v) in enumerate(source.variables.items()):
        metadata = array_of_three(v, kind, packed=number % 2 == 0)
        consolidated[name] = metadata
        write_json(os.path.join(path, name), metadata)
        write_chunks(os.path.join(path, name), v, metadata)
    root = {'zarr_format': 3, 'node_type': 'group', 'attributes': json_attributes(source)}
    if kind['consolidated']:
        root['consolidated_metadata'] = {'kind': 'inline', 'must_understand': False, 'metadata': consolidated}
    write_json(path, root)


def write_json(folder, value):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'zarr.json'), 'w') as file:
        json.dump(value, file)


def array_of_three(v, kind, packed):
    attributes = json_attributes(v)
    text = v.dtype is str or v.dtype.kind == 'S'
    fill = '' if text else attributes.get('_FillValue', 0)
    if '_FillValue' in attributes and v.dtype.kind == 'f':
        # xarray writes it in this form.
        attributes['_FillValue'] = base64.b64encode(struct.pack('<d', attributes['_FillValue'])).decode()
    codec = {'name': 'vlen-utf8'} if text else {'name': 'bytes', 'configuration': {'endian': 'little'}}
    return {
        'zarr_format': 3, 'node_type': 'array', 'shape': list(v.shape), 'data_type': 'string' if text else TYPES[v.dtype.str[1:]],
        'chunk_grid': {'name': 'regular', 'configuration': {'chunk_shape': [max(1, min(size, kind['chunk'])) for size in v.shape]}},
        'chunk_key_encoding': {'name': 'default', 'configuration': {'separator': '/'}}, 'fill_value': fill,
        'codecs': [codec, *([{'name': 'gzip', 'configuration': {'level': 3}}] if packed else [])],
        'attributes': attributes, 'dimension_names': list(v.dimensions)}


def write_chunks(folder, v, metadata):
    chunk = metadata['chunk_grid']['configuration']['chunk_shape']
    text = metadata['data_type'] == 'string'
    values = np.asarray(v[...])
    counts = [-(-size // length) for size, length in zip(v.shape, chunk)]
    for position in np.ndindex(*counts):
        part = values[tuple(slice(at * length, (at + 1) * length) for at, length in zip(position, chunk))]
        fill = '' if text else metadata['fill_value']
        whole = np.full(chunk, fill, object if text else v.dtype)
        whole[tuple(slice(0, size) for size in part.shape)] = part
        data = texts(whole) if text else whole.astype(whole.dtype.newbyteorder('<')).tobytes()
        if len(metadata['codecs']) > 1:
            data = gzip.compress(data)
        path = os.path.join(folder, 'c', *map(str, position))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as file:
            file.write(data)


def texts(values):
    """The codec vlen-utf8: the number of texts, then the length and the bytes of each."""
    encoded = [(each.decode() if isinstance(each, bytes) else each).encode() for each in values.ravel()]
    return struct.pack('<I', len(encoded)) + b''.join(struct.pack('<I', len(each)) + each for each in encoded)
