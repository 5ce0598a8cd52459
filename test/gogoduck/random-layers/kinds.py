"""The properties of a random layer, and a request for it. The same seed gives the same ones."""
import random

import netCDF4
import numpy as np

EPOCH = '2001-01-01'
MONTHS = [0., 12., 30.]
LEVELS = np.array([0, 10, 25, 50], 'f4')
CLASSIC = ('cdf1', 'cdf2', 'cdf5')
ZARR = ('zarr2', 'zarr3')
#: Types that the first two versions of classic NetCDF support.
OLD_TYPES = ('f4', 'f8', 'i1', 'i2', 'i4')
TYPES = (*OLD_TYPES, 'f4', 'i2', 'u1', 'u2', 'u4', 'i8', 'u8')


def kind_of(seed):
    """Draws the properties of the layer of a seed. `pick` continues the same random sequence."""
    pick = random.Random(seed)
    one = lambda *choices: pick.choice(choices)
    often = lambda part: pick.random() < part
    kind = dict(
        seed=seed,
        calendar=one('standard', 'noleap', '360_day', 'julian', 'all_leap', 'proleptic_gregorian'),
        files=one(1, 2, 3),
        steps=one(1, 2, 3),
        lat=one('up', 'down'),
        coordinate=one('f4', 'f8'),
        lon=one('region', 'falling', 'west', 'east', 'both', 'seam'),
        order=one('tzyx', 'tyx', 'ytx', 'xty', 'tyxz'),
        type=one(*TYPES),
        packing=one('none', 'same', 'differs'),
        fill=one('own', 'none', 'other type', 'nan'),
        storage=one('contiguous', 'plain', 'deflated', 'shuffled', 'checksummed'),
        units=one('same', 'differ'),
        depth=one('down', 'up', 'index'),
        time=one('axis', 'axis', 'axis', 'axis', 'axis', 'axis', 'scalar', 'scalar', 'forecast'),
        bent=one('no', 'no', 'no', 'no', 'straight', 'turned'),
        formats=[one('netcdf4', 'netcdf4', *CLASSIC, *ZARR)] * 3,
        staggered=often(.3),
        mask=often(.4),
        text=often(.3),
        strings=often(.3),
        shuffled=often(.3),
        months=often(.3),
        flags=one('none', 'none', 'same', 'late', 'more'),
        group=often(.3),
        climatology=often(.2),
        height=often(.3),
        lines=False,
        consolidated=often(.5),
        chunk=one(1, 2, 5),
        other=one('none', 'csv', 'csv', 'zarr'),
    )
    if often(.3):
        kind['formats'] = [one('netcdf4', *CLASSIC, *ZARR) for _ in range(3)]
    agree(kind, one)
    if more_of(seed).random() < .4:
        kind['depth'] = {'up': 'altitude', 'down': 'kilometres'}.get(kind['depth'], kind['depth'])
    return kind, pick


def more_of(seed):
    """A second sequence for what was added later, so that the layers of known seeds stay as they are."""
    return random.Random(f'{seed} more')


def agree(kind, one):
    """Changes properties that exclude each other."""
    if kind['time'] == 'scalar':
        kind.update(steps=1, units='same', order=one('yx', 'zyx'))
    if kind['time'] == 'forecast':
        kind.update(files=1, steps=1, order='rlyx')
    if kind['time'] != 'axis':
        kind.update(text=False, months=False, climatology=False, units='same')
    if kind['time'] == 'forecast':
        kind.update(flags='none', shuffled=False, staggered=False)
    if kind['bent'] != 'no':
        kind.update(lon='region', staggered=False, lines=one(True, False) and kind['time'] == 'axis')
        if kind['time'] == 'axis':
            kind['order'] = one('tyx', 'tzyx')
    if kind['lon'] == 'seam':
        kind['staggered'] = False
    formats = kind['formats'][:kind['files']]
    if any(each in ('cdf1', 'cdf2') for each in formats):
        kind.update(type=kind['type'] if kind['type'] in OLD_TYPES else one(*OLD_TYPES))
    if 'zarr3' in formats:
        # Version 3 has no character type.
        kind['text'] = False
    if any(each in CLASSIC for each in formats):
        kind['strings'] = False
    if any(each != 'netcdf4' for each in formats):
        kind['group'] = False
    if kind['type'] not in ('i1', 'i2', 'i4', 'u2', 'u4'):
        kind['packing'] = 'none'
    if kind['months'] or kind['staggered']:
        kind['other'] = 'none' if kind['other'] == 'csv' else kind['other']
    kind['formats'] = formats


def axes_of(kind):
    """Latitudes and longitudes. For a bent grid, those of its rows and columns before it is turned."""
    rows = np.round(-45 + np.arange(7) * 1.3, 1)
    region = np.round(140 + np.arange(8) * .7, 1)
    columns = {
        'region': region,
        'falling': region[::-1],
        'west': -180 + np.arange(12) * 30.,
        'east': np.arange(12) * 30.,
        'both': np.arange(13) * 30.,
        'seam': np.array([150, 160, 170, 180, -170, -160, -150.]),
    }[kind['lon']]
    order = 1 if kind['lat'] == 'up' else -1
    return rows[::order].astype(kind['coordinate']), columns.astype(kind['coordinate'])


def places_of(kind):
    """Two-dimensional latitudes and longitudes of a bent grid."""
    lat, lon = axes_of(kind)
    if kind['bent'] == 'straight':
        return np.repeat(lat[:, None], len(lon), 1), np.repeat(lon[None, :], len(lat), 0)
    along, across = np.meshgrid(np.arange(len(lon)), np.arange(len(lat)))
    first, step = float(lat[0]), float(lat[1]) - float(lat[0])
    return ((first + step * across + .31 * along).astype(kind['coordinate']),
            (140 + .7 * along - .23 * across).astype(kind['coordinate']))


def request(kind, pick):
    """A request for the layer, as GoGoDuck's inputs and as numbers."""
    lat, lon = axes_of(kind)
    more = more_of(-kind['seed'])
    two = lambda values: sorted(float(str(each)) for each in pick.sample(list(values), 2))
    asked = {'lat': two(lat), 'lon': longitudes_asked(kind, pick, lon)}
    words = dict(asked)
    if kind['bent'] == 'no' and kind['lon'] != 'both' and not kind['staggered'] and more.random() < .25:
        # A point in a cell, off its centre.
        for name, values, part in (('lat', lat, .2), ('lon', lon, .3)):
            centre, cell = float(str(more.choice(list(values)))), abs(float(values[1]) - float(values[0]))
            asked[name] = [centre, centre]
            words[name] = [round(centre % 360 if kind['lon'] == 'seam' and name == 'lon' else centre, 6) + part * cell] * 2
    if kind['bent'] == 'turned':
        asked = {'lat': [-45.05, pick.choice([-42.33, -38.77])], 'lon': [139.11, pick.choice([141.77, 145.5])]}
        words = asked
    parts = ['LATITUDE,{},{}'.format(*words['lat']), 'LONGITUDE,{},{}'.format(*words['lon'])]
    if 'z' in kind['order'] and pick.random() < .7:
        asked['depth'] = two(LEVELS)
        parts.append('DEPTH,{},{}'.format(*asked['depth']))
    if kind['time'] != 'forecast' and pick.random() < .7:
        count = kind['files'] * kind['steps']
        first, last = sorted(pick.choices(range(count), k=2))
        dates = [date_of(step * 6, kind) for step in (first, last)]
        asked['hours'] = [first * 6, last * 6]
        if more.random() < .3:
            # Dates alone are whole days, of four steps.
            dates = [date[:10] for date in dates]
            first, last = first // 4 * 4, min(last // 4 * 4 + 3, count - 1)
            asked['hours'] = [first * 6, first * 6 + (last // 4 - first // 4 + 1) * 24 - .001]
        asked['steps'] = [first, last]
        parts.append('TIME,' + ','.join(dates))
    asked['stride'] = [pick.choice([1, 1, 2, 3]) for _ in range(3)]
    return {**asked, 'kind': kind, 'layer': f"layer{kind['seed']}", 'subset': ';'.join(parts),
            'strideText': 'TIME,{};LATITUDE,{};LONGITUDE,{}'.format(*asked['stride'])}


def longitudes_asked(kind, pick, lon):
    if kind['lon'] == 'seam':
        return sorted(float(each) for each in pick.sample(list(np.asarray(lon, 'f8') % 360), 2))
    ends = sorted(float(str(each)) for each in pick.sample(list(lon), 2))
    if kind['lon'] in ('region', 'falling'):
        return ends
    west, east = ends
    ways = [(west, east), (east - 360, west), (east, west + 360)]
    return list(pick.choice([way for way in ways if way[0] >= -180 and way[1] <= 360 and way[0] < way[1]]))


def date_of(hours, kind):
    at = netCDF4.num2date(hours, f'hours since {EPOCH}', kind['calendar'])
    return f'{at.year:04}-{at.month:02}-{at.day:02}T{at.hour:02}:{at.minute:02}:00Z'
