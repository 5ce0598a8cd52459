"""The expected subset, computed from the twins of a layer's files with netCDF4 and numpy."""
import os

import netCDF4
import numpy as np

from kinds import LEVELS, MONTHS, axes_of, places_of


class Expected:
    """A request for a layer, and the data that it selects."""

    def __init__(self, folder, asked):
        self.asked, self.kind = asked, asked['kind']
        twins = os.path.join(folder, 'twins', asked['layer'])
        # In the order of the listing.
        self.files = [opened(os.path.join(twins, name)) for name in sorted(os.listdir(twins))]
        self.stride = asked['stride']
        self.axis = self.kind['time'] == 'axis'
        ordered = sorted(self.files, key=lambda d: hours_of(d)[0])
        steps = [(d, step) for d in ordered for step in range(self.kind['steps'])]
        first, last = asked.get('steps', [0, len(steps) - 1])
        self.steps = steps[first:last + 1][::self.stride[0]]
        wanted = [number for number, d in enumerate(self.files) if any(first <= round(hour / 6) <= last for hour in hours_of(d))]
        self.used = [self.files[number] for number in wanted]
        self.template = self.used[0]
        formats = [self.kind['formats'][number] for number in wanted]
        self.format = formats[0]
        self.chosen = self.positions()

    def positions(self):
        """The selected positions by dimension. A dimension without an entry is selected completely."""
        asked, kind, chosen = self.asked, self.kind, {}
        lat, lon = axes_of(kind)
        _, row, column = self.stride
        if kind['bent'] == 'no':
            chosen['lat'] = inside(lat, *asked['lat'])[::row]
            chosen['lon'] = around(lon, *asked['lon'])[::column]
        else:
            rows, columns = np.nonzero(self.cells_inside())
            chosen['y'] = np.arange(rows.min(), rows.max() + 1)[::row]
            chosen['x'] = np.arange(columns.min(), columns.max() + 1)[::column]
        if kind['staggered']:
            chosen['lat_u'] = inside(self.template['lat_u'][:], *asked['lat'])[::row]
        if kind['months']:
            chosen['month'] = inside(np.array(MONTHS), *asked.get('hours', [-1, 10**9]))[::self.stride[0]]
        if 'depth' in asked:
            chosen['z'] = inside(LEVELS, *asked['depth'])
        return chosen

    def cells_inside(self):
        lat, lon = places_of(self.kind)
        asked = self.asked
        slack = 1e-5
        return ((lat >= asked['lat'][0] - slack) & (lat <= asked['lat'][1] + slack)
                & (lon >= asked['lon'][0] - slack) & (lon <= asked['lon'][1] + slack))

    def names(self):
        """The names of the result's variables."""
        names = [name for name in self.template.variables]
        for dimension, data in (('lat_u', 'u'), ('month', 'mean')):
            if dimension in self.chosen and len(self.chosen[dimension]) == 0:
                names = [name for name in names if name not in (dimension, data)]
        return names

    def is_stored(self, name):
        """Whether the result has the numbers as they are stored in the files."""
        return name != 'q' and not (name == 'v' and self.kind['packing'] == 'differs' and self.kind['files'] > 1)

    def values(self, name):
        source = self.template[name]
        scalar = self.kind['time'] == 'scalar' and name in ('v', 'u', 'mask', 'q')
        if 'time' not in source.dimensions and not scalar:
            return self.cut(self.template, name)
        at = 0 if scalar else source.dimensions.index('time')
        pieces = [self.cut(d, name, step) for d, step in self.steps]
        if scalar:
            pieces = [piece[None] for piece in pieces]
        if name == 'word':
            longest = 2 + max(int(d['word'].shape[1]) for d in self.used) - 2
            pieces = [np.pad(piece, ((0, 0), (0, longest - piece.shape[1])), constant_values=b'') for piece in pieces]
        return np.concatenate(pieces, at) if self.is_stored(name) else np.ma.concatenate(pieces, at)

    def cut(self, d, name, step=None):
        v = read_as(d[name], self.is_stored(name))
        values = v[...]
        for number, dimension in enumerate(v.dimensions):
            if dimension == 'time':
                values = values.take([step], number)
            elif dimension in self.chosen:
                values = values.take(self.chosen[dimension], number)
        return values

    def hours(self):
        """The hour of each step of the result."""
        return [hours_of(d)[step] for d, step in self.steps]

    def covered(self):
        """The first and the last hour that the result covers."""
        if self.kind['climatology']:
            ends = [d['climatology_bounds'][step] * (24 if d['time'].units.startswith('days') else 1) for d, step in self.steps]
        else:
            ends = [[hour] for hour in self.hours()]
        ends += [[MONTHS[at]] for at in self.chosen.get('month', [])]
        return [min(map(min, ends)), max(map(max, ends))]

    def flags(self):
        """The flags of all files with a step in the period, in the order of the listing."""
        return list({value: meaning for d in self.used for value, meaning in flags_of(d['q'])}.items())


def flags_of(v):
    return list(zip(np.atleast_1d(getattr(v, 'flag_values', [])).tolist(), getattr(v, 'flag_meanings', '').split()))


def opened(path):
    d = netCDF4.Dataset(path)
    return d['G'] if 'G' in d.groups else d


def read_as(v, stored):
    v.set_auto_chartostring(False)
    v.set_auto_mask(not stored)
    v.set_auto_scale(not stored)
    return v


def hours_of(d):
    if 'time' not in d.variables:
        return np.zeros(1)
    t = d['time']
    values = np.atleast_1d(np.asarray(t[...], 'f8'))
    return values * 24 if t.units.startswith('days') else values


def inside(values, least, most):
    slack = 1e-5 if np.asarray(values).dtype == np.float32 else 1e-9
    return np.flatnonzero((values >= least - slack) & (values <= most + slack))


def around(values, west, east):
    """Columns in order from west to east. Of a meridian that occurs twice, only one column."""
    slack = 1e-4
    falls = values[1] < values[0] and values[1] - values[0] > -180
    whole = [int(i) for i in range(len(values)) if (float(values[i]) - west + slack) % 360 <= east - west + 2 * slack]
    seen, kept = {}, []
    for i in sorted(whole, key=lambda i: not west - slack <= values[i] <= east + slack):
        key = round(float(values[i]) % 360, 3) % 360
        if key in seen and not west - slack <= values[i] <= east + slack:
            continue
        seen[key] = i
        kept.append(i)
    kept.sort()
    if falls or all(b == a + 1 for a, b in zip(kept, kept[1:])):
        return np.array(kept)
    return np.array(sorted(kept, key=lambda i: (float(values[i]) - west + slack) % 360))
