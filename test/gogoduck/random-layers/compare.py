"""Compares the result of GoGoDuck on a random layer with the expected one."""
import csv

import netCDF4
import numpy as np
import zarr

from expected import Expected, flags_of, hours_of, read_as
from kinds import CLASSIC, ZARR, date_of

BOUNDS = ('climatology_bounds',)


def compare(folder, asked):
    """The faults, each in words or as a list; empty if there are none."""
    expected = Expected(folder, asked)
    result = netCDF4.Dataset(asked['path'])
    faults = times(expected, result)
    if result.institution != 'I' or result.level != 4:
        faults.append('global attributes')
    names = expected.names()
    if set(result.variables) != set(names):
        return faults + [['variables', list(result.variables), names]]
    for name in names:
        if name not in ('time', *BOUNDS):
            faults += variable(expected, result[name], name)
    if asked['kind']['flags'] != 'none':
        found = flags_of(result['q'])
        if result['q'].dtype != 'i1' or found != expected.flags():
            faults.append(['q', str(result['q'].dtype), found, expected.flags()])
    if 'csv' in asked:
        faults += table(expected, result, asked['csv'])
    if 'zarr' in asked:
        faults += store(result, asked['zarr'])
    return faults


def times(expected, result):
    kind, faults = expected.kind, []
    if kind['time'] == 'forecast':
        return []
    got, right = hours_of(result), expected.hours()
    if not (len(got) == len(right) and np.allclose(got, right, rtol=0, atol=1e-6)):
        faults.append(['time', list(map(float, got)), list(map(float, right))])
    if kind['climatology']:
        found = np.asarray(result['climatology_bounds'][...]) * (24 if result['time'].units.startswith('days') else 1)
        if not np.allclose(found[:, 0], right, rtol=0, atol=1e-6):
            faults.append(['climatology_bounds', found.tolist(), right])
    claimed = [result.time_coverage_start, result.time_coverage_end]
    right = [date_of(round(each * 60) / 60, kind) for each in expected.covered()]
    if claimed != right:
        faults.append(['time_coverage', claimed, right])
    return faults


def variable(expected, v, name):
    stored, kind = expected.is_stored(name), expected.kind
    source = expected.template[name]
    found, right = read_as(v, stored)[...], expected.values(name)
    if name == 'lon' and kind['bent'] == 'no' and not np.array_equal(found, right):
        rises = np.all(np.diff(found) > 0) or (kind['lon'] == 'falling' and np.all(np.diff(found) < 0))
        alike = found.shape == right.shape and np.allclose((found - right + 180) % 360, 180, atol=1e-4)
        return [] if alike and rises else [['lon', found.tolist(), right.tolist()]]
    if found.shape != right.shape:
        return [[name, found.shape, right.shape]]
    if not stored:
        alike = np.array_equal(np.ma.getmaskarray(found), np.ma.getmaskarray(right))
        return [] if alike and np.ma.allclose(found, right, rtol=2e-7, atol=0) else [[name, 'values']]
    number = found.dtype.kind == 'f'
    faults = [] if found.dtype == right.dtype and np.array_equal(found, right, equal_nan=number) else [[name, 'numbers', str(found.dtype)]]
    return faults + attributes(expected, v, source, name)


def attributes(expected, v, source, name):
    # JSON does not preserve types.
    lenient = expected.format in ZARR
    faults = []
    for key in source.ncattrs():
        right = source.getncattr(key)
        found = v.getncattr(key) if key in v.ncattrs() else None
        alike = found is not None and (np.array_equal(found, right) or (not is_text(right) and right != right and found != found))
        if not alike or not (lenient or type(found) is type(right)):
            faults.append([name, key, repr(found), repr(right)])
    more = set(v.ncattrs()) - set(source.ncattrs())
    return faults + ([[name, 'more attributes', sorted(more)]] if more else [])


def is_text(value):
    return isinstance(value, str)


def table(expected, result, path):
    """The faults in CSV, which has one row per cell of the NetCDF result, in order."""
    kind, axes = expected.kind, expected.kind['order']
    names = ['time', 'z', 'run', 'lead', *(['lat', 'lon'] if kind['bent'] == 'no' else ['y', 'x'])]
    used = set(result['v'].dimensions)
    dimensions = [name for name in names if name in used]
    with open(path, newline='', encoding='utf-8') as file:
        head, *rows = csv.reader(file)
    titles = [title.split(' (')[0] for title in head]
    data = {name: read_as(result[name], False) for name in titles if name in result.variables}
    for v in data.values():
        v.set_always_mask(False)
    values = {name: (v[...], [dimensions.index(each) for each in v.dimensions if each in dimensions]) for name, v in data.items()}
    left_out = [name for name, v in result.variables.items() if name not in titles and name not in BOUNDS and v.dimensions
                and set(v.dimensions) - {'length'} <= set(dimensions)]
    if left_out:
        return [['csv lacks', left_out]]
    per_unit = 24 if 'time' in result.variables and result['time'].units.startswith('days') else 1
    places = list(np.ndindex(*[len(result.dimensions[name]) for name in dimensions]))
    if kind['bent'] != 'no':
        cells = expected.cells_inside()[np.ix_(expected.chosen['y'], expected.chosen['x'])]
        places = [place for place in places if cells[place[-2:]]]
    if len(rows) != len(places):
        return [['csv rows', len(rows), len(places)]]
    for place, row in zip(places, rows):
        for title, field in zip(titles, row):
            if title not in values:
                right = str(place[dimensions.index(title)])
            else:
                cells, along = values[title]
                right = cells[tuple(place[each] for each in along)]
            if not is_field(field, right, title, kind, per_unit):
                return [['csv', title, field, str(right)]]
    return []


def is_field(field, right, title, kind, per_unit):
    if title == 'time':
        return field == date_of(round(float(right) * per_unit * 60) / 60, kind)
    if right is np.ma.masked or (isinstance(right, (float, np.floating)) and np.isnan(right)):
        return field == ''
    if isinstance(right, np.ndarray):
        return field == b''.join(each or b'' for each in right.tolist()).decode().rstrip('\0')
    if isinstance(right, str):
        return field == right
    if isinstance(right, np.integer):
        return field == str(right)
    return field != '' and np.isclose(float(field), float(right), rtol=3e-7 if right.dtype == np.float32 or kind['packing'] != 'none' else 1e-14, atol=0)


def store(result, path):
    """The faults in a store, which has the same numbers as the NetCDF result."""
    group = zarr.open_group(zarr.ZipStore(path, mode='r'), 'r')
    faults = []
    for name, v in result.variables.items():
        right = read_as(v, True)[...]
        found = group[name][...]
        if list(group[name].attrs['_ARRAY_DIMENSIONS']) != list(v.dimensions):
            faults.append(['zarr', name, 'dimensions'])
        if found.dtype != right.dtype or not np.array_equal(found, right, equal_nan=right.dtype.kind == 'f'):
            faults.append(['zarr', name, str(found.dtype), str(right.dtype)])
    return faults
