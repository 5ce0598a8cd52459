"""Writes the NetCDF-4 twin of each file of a random layer, whatever the format of the layer's own file."""
import netCDF4
import numpy as np

from kinds import EPOCH, LEVELS, MONTHS, axes_of, places_of

STORAGE = {
    'contiguous': {'contiguous': True},
    'plain': {},
    'deflated': {'zlib': True, 'shuffle': False, 'complevel': 3},
    'shuffled': {'zlib': True, 'complevel': 3},
    'checksummed': {'zlib': True, 'fletcher32': True},
}


def write_twin(path, kind, index):
    """Writes the twin of file `index` of a layer, counted in the order of time."""
    rng = np.random.default_rng(kind['seed'] * 100 + index)
    root = netCDF4.Dataset(path, 'w')
    root.institution, root.level = 'I', np.int16(4)
    d = root.createGroup('G') if kind['group'] else root
    if kind['group']:
        d.source = 'S'
    twin = Twin(d, kind, index, rng)
    twin.times()
    twin.places()
    twin.data('v', kind['order'])
    for name in ('staggered', 'mask', 'text', 'strings', 'months', 'height', 'lines'):
        if kind[name]:
            getattr(twin, name)()
    if kind['flags'] != 'none':
        twin.flags()
    root.close()


class Twin:
    def __init__(self, d, kind, index, rng):
        lat, lon = axes_of(kind)
        self.d, self.kind, self.index, self.rng = d, kind, index, rng
        self.lat, self.lon = lat, lon
        straight = kind['bent'] == 'no'
        self.names = {'t': 'time', 'z': 'z', 'y': 'lat' if straight else 'y', 'x': 'lon' if straight else 'x', 'r': 'run', 'l': 'lead'}
        self.sizes = {'t': kind['steps'], 'z': len(LEVELS), 'y': len(lat), 'x': len(lon), 'r': 2, 'l': 3}
        for axis in {*kind['order'], 'y', 'x'} - {'t'}:
            d.createDimension(self.names[axis], self.sizes[axis])

    def shape(self, axes):
        return [self.sizes[axis] for axis in axes]

    def variable(self, name, type, dimensions, values, fill_value=None, how={}, **attributes):
        v = self.d.createVariable(name, type, dimensions, fill_value=fill_value, **how)
        v.set_auto_maskandscale(False)
        v.setncatts(attributes)
        v[...] = values
        return v

    def times(self):
        kind, steps = self.kind, self.kind['steps']
        unit = ('hours', 'days')[self.index % 2] if kind['units'] == 'differ' else 'hours'
        attributes = dict(units=f'{unit} since {EPOCH}', calendar=kind['calendar'], standard_name='time')
        hours = (self.index * steps + np.arange(steps)) * 6.
        values = hours / 24 if unit == 'days' else hours
        if kind['time'] == 'scalar':
            self.variable('time', 'f8', (), values[0], **attributes)
        elif kind['time'] == 'forecast':
            runs = {**attributes, 'standard_name': 'forecast_reference_time'}
            self.variable('run', 'f8', ('run',), [0., 24.], **runs)
            self.variable('lead', 'f8', ('lead',), [0., 6., 12.], units='hours', standard_name='forecast_period')
            self.variable('valid', 'f8', ('run', 'lead'), np.add.outer([0., 24.], [0., 6., 12.]), **attributes)
        else:
            self.d.createDimension('time', None)
            if kind['climatology']:
                attributes['climatology'] = 'climatology_bounds'
                self.d.createDimension('nv', 2)
            self.variable('time', 'f8', ('time',), values, **attributes)
            if kind['climatology']:
                self.variable('climatology_bounds', 'f8', ('time', 'nv'), np.stack([values, values + 1], 1))

    def places(self):
        kind = self.kind
        north, east = dict(units='degrees_north'), dict(units='degrees_east')
        if kind['bent'] == 'no':
            self.variable('lat', kind['coordinate'], ('lat',), self.lat, **north)
            self.variable('lon', kind['coordinate'], ('lon',), self.lon, **east)
        else:
            lat, lon = places_of(kind)
            self.variable('lat', kind['coordinate'], ('y', 'x'), lat, **north)
            self.variable('lon', kind['coordinate'], ('y', 'x'), lon, **east)
        if 'z' not in kind['order']:
            return
        up = kind['depth'] in ('up', 'altitude')
        name = 'z'
        if kind['depth'] == 'index':
            self.variable('z', 'f4', ('z',), np.arange(1, 5), axis='Z')
            name = 'depth'
        direction = {} if kind['depth'] in ('altitude', 'kilometres') else {'positive': 'up' if up else 'down'}
        standard = {'altitude': {'standard_name': 'altitude'}, 'kilometres': {'standard_name': 'depth'}}.get(kind['depth'], {})
        unit, factor = ('km', .001) if kind['depth'] == 'kilometres' else ('m', 1)
        self.variable(name, 'f4', ('z',), (-LEVELS if up else LEVELS) * factor, units=unit, **direction, **standard)

    def data(self, name, axes):
        kind, shape = self.kind, self.shape(axes)
        type = np.dtype(kind['type'])
        fill = type.type(-999 if type.kind == 'f' else np.iinfo(type).max)
        dimensions = [self.names[axis] for axis in axes]
        how = STORAGE[kind['storage']]
        attributes = dict(units='K')
        if kind['packing'] != 'none':
            factor = 1 + self.index if kind['packing'] == 'differs' else 1
            attributes.update(scale_factor=np.float64(.01 * factor), add_offset=np.float64(3.5))
        if kind['fill'] == 'other type':
            attributes['missing_value'] = np.float64(1e20) if type.kind in 'iu' else np.int32(-999)
        if kind['fill'] == 'nan':
            attributes['missing_value'] = np.float64('nan')
        if kind['height']:
            attributes['coordinates'] = 'height'
        values = self.rng.integers(0, 100, shape).astype(type)
        if type.itemsize == 8 and type.kind in 'iu':
            values += type.type(2**60)
        if kind['fill'] == 'own' or (kind['fill'] == 'other type' and type.kind == 'f'):
            values[self.rng.random(shape) < .2] = fill
        if kind['fill'] == 'nan' and type.kind == 'f':
            values[self.rng.random(shape) < .2] = np.nan
        self.variable(name, type, dimensions, values, fill_value=fill if kind['fill'] == 'own' else None,
                      how={} if 'contiguous' in how and 't' in axes else how, **attributes)

    def staggered(self):
        axis = self.kind['time'] == 'axis'
        step = float(self.lat[1]) - float(self.lat[0])
        count = len(self.lat) + 1
        self.d.createDimension('lat_u', count)
        self.variable('lat_u', 'f8', ('lat_u',), float(self.lat[0]) - step / 2 + np.arange(count) * step,
                      units='degrees_north', standard_name='latitude')
        shape = ([self.kind['steps']] if axis else []) + [count, len(self.lon)]
        self.variable('u', 'f4', (('time',) if axis else ()) + ('lat_u', 'lon'), self.rng.integers(0, 99, shape))

    def mask(self):
        shape = self.shape('yx')
        values = np.arange(np.prod(shape)).reshape(shape) % 3
        self.variable('mask', 'i1', [self.names['y'], self.names['x']], 1 if self.kind['time'] == 'scalar' else values)

    def text(self):
        self.d.createDimension('length', 3 + self.index)
        words = [list(f'{self.index}{step}x'.ljust(3 + self.index, '\0')) for step in range(self.kind['steps'])]
        self.variable('word', 'S1', ('time', 'length'), np.array(words, 'S1'))

    def strings(self):
        if self.kind['time'] == 'axis':
            names = [f'{self.index}.{step}' for step in range(self.kind['steps'])]
            self.variable('name', str, ('time',), np.array(names, object))
        if self.kind['bent'] == 'no':
            self.variable('row', str, ('lat',), np.array([f'row, "{each}" ü' for each in range(len(self.lat))], object))

    def height(self):
        self.variable('height', 'f8', (), 2., units='m', standard_name='height', positive='up')

    def lines(self):
        # The lines of a swath have their own times.
        self.variable('line_time', 'f8', ('y',), np.arange(len(self.lat)) * .5, units=f'hours since {EPOCH}', calendar=self.kind['calendar'])

    def months(self):
        self.d.createDimension('month', len(MONTHS))
        self.variable('month', 'f8', ('month',), MONTHS, standard_name='time', calendar=self.kind['calendar'], units=f'hours since {EPOCH}')
        shape = [len(MONTHS), *self.shape('yx')]
        self.variable('mean', 'f4', ('month', self.names['y'], self.names['x']), np.arange(np.prod(shape)).reshape(shape))

    def flags(self):
        kind = self.kind
        axes = kind['order'].replace('z', '')
        fill = np.int8(-1 if kind['flags'] == 'same' else -1 - self.index)
        count = {'same': 3, 'late': 3 if self.index else 0, 'more': 2 + self.index}[kind['flags']]
        values = self.rng.integers(0, max(count, 2), self.shape(axes)).astype('i1')
        values[self.rng.random(values.shape) < .2] = fill
        attributes = dict(flag_values=np.arange(count, dtype='i1'), flag_meanings=' '.join('abcde'[:count])) if count else {}
        self.variable('q', 'i1', [self.names[axis] for axis in axes], values, fill_value=fill, **attributes)
