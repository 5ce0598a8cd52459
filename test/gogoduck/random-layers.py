"""Makes random layers, and compares what GoGoDuck makes of them with what netCDF4 and numpy make.

make FOLDER FIRST COUNT     writes layers and prints the requests, as JSON
compare FOLDER              reads requests with the paths of results from standard input, prints faults
"""
import json, os, random, sys, warnings

import netCDF4
import numpy as np

warnings.simplefilter('ignore')
EPOCHS = {'standard': '2001-01-01', 'noleap': '2001-01-01', '360_day': '2001-01-01', 'julian': '2001-01-01', 'all_leap': '2001-01-01'}


MONTHS = [0., 12., 30.]


def opened(path):
    d = netCDF4.Dataset(path)
    return d['G'] if 'G' in d.groups else d


def kind_of(seed):
    pick = random.Random(seed)
    one = lambda *choices: pick.choice(choices)
    kind = dict(
        seed=seed, calendar=one(*EPOCHS), files=one(1, 2, 3), steps=one(1, 2, 3), lat=one('up', 'down'), coordinate=one('f4', 'f8'),
        lon=one('region', 'west', 'east', 'both'), order=one('tzyx', 'tyx', 'ytx', 'xty', 'tyxz'), type=one('f4', 'f8', 'i2', 'u1', 'i4', 'i8', 'u8'),
        packing=one('none', 'same', 'differs'), fill=one('own', 'none', 'other type'), storage=one('contiguous', 'plain', 'deflated', 'shuffled', 'checksummed'),
        units=one('same', 'differ'), depth=one('down', 'up', 'index'), time=one('axis', 'axis', 'axis', 'scalar'), staggered=pick.random() < .3,
        bent=pick.random() < .25, mask=pick.random() < .4, text=pick.random() < .3, shuffled=pick.random() < .3,
        months=pick.random() < .3, flags=one('none', 'none', 'same', 'late', 'more'), group=pick.random() < .2)
    if kind['time'] == 'scalar': kind.update(steps=1, units='same', text=False, months=False, order=one('yx', 'zyx'))
    if kind['type'] in ('f4', 'f8', 'i8', 'u8', 'u1'): kind['packing'] = 'none'
    if kind['bent']: kind.update(lon='region', staggered=False, order=one('tyx', 'tzyx') if kind['time'] == 'axis' else 'yx')
    return kind, pick


def axes_of(kind):
    rows = np.round(-45 + np.arange(7) * 1.3, 1)
    columns = {'region': np.round(140 + np.arange(8) * .7, 1), 'west': -180 + np.arange(12) * 30., 'east': np.arange(12) * 30., 'both': np.arange(13) * 30.}[kind['lon']]
    return (rows if kind['lat'] == 'up' else rows[::-1]).astype(kind['coordinate']), columns.astype(kind['coordinate'])


def make(folder, seed):
    kind, pick = kind_of(seed)
    path = os.path.join(folder, f'layer{seed}')
    os.makedirs(path)
    lat, lon = axes_of(kind)
    levels = np.array([0, 10, 25, 50], 'f4')
    order = list(range(kind['files']))
    if kind['shuffled']: pick.shuffle(order)
    for place, index in enumerate(order):
        write(os.path.join(path, f'{place}.nc'), kind, index, lat, lon, levels, np.random.default_rng(seed * 100 + index))
    return request(kind, pick, lat, lon, levels)


def write(path, kind, index, lat, lon, levels, rng):
    root = netCDF4.Dataset(path, 'w')
    root.institution, root.level = 'I', np.int16(4)
    d = root.createGroup('G') if kind['group'] else root
    names = {'t': 'time', 'z': 'z', 'y': 'y' if kind['bent'] else 'lat', 'x': 'x' if kind['bent'] else 'lon'}
    axis = kind['time'] == 'axis'
    if axis: d.createDimension('time', None)
    d.createDimension(names['y'], len(lat)); d.createDimension(names['x'], len(lon))
    has_z = 'z' in kind['order']
    if has_z: d.createDimension('z', len(levels))
    first = index * kind['steps']
    hours = np.arange(first, first + kind['steps']) * 6.
    unit = ('hours', 'days')[index % 2] if kind['units'] == 'differ' else 'hours'
    t = d.createVariable('time', 'f8', ('time',) if axis else ())
    t.units, t.calendar, t.standard_name = f"{unit} since {EPOCHS[kind['calendar']]}", kind['calendar'], 'time'
    values = hours / 24 if unit == 'days' else hours
    t[...] = values if axis else values[0]
    if kind['bent']:
        for name, a, units in (('lat', np.repeat(lat[:, None], len(lon), 1), 'degrees_north'), ('lon', np.repeat(lon[None, :], len(lat), 0), 'degrees_east')):
            v = d.createVariable(name, kind['coordinate'], ('y', 'x')); v.units = units; v[:] = a
    else:
        for name, a, units in (('lat', lat, 'degrees_north'), ('lon', lon, 'degrees_east')):
            v = d.createVariable(name, kind['coordinate'], (name,)); v.units = units; v[:] = a
    if has_z:
        z = d.createVariable('z', 'f4', ('z',))
        if kind['depth'] == 'index':
            z.axis = 'Z'; z[:] = np.arange(1, 5)
            z = d.createVariable('depth', 'f4', ('z',))
        z.units, z.positive = 'm', 'up' if kind['depth'] == 'up' else 'down'
        z[:] = -levels if kind['depth'] == 'up' else levels
    sizes = {'t': kind['steps'], 'z': len(levels), 'y': len(lat), 'x': len(lon)}
    data(d, 'v', kind, index, [names[each] for each in kind['order']], [sizes[each] for each in kind['order']], rng)
    if kind['staggered']:
        d.createDimension('lat_u', len(lat) + 1)
        u = d.createVariable('lat_u', 'f8', ('lat_u',)); u.units, u.standard_name = 'degrees_north', 'latitude'
        step = float(lat[1]) - float(lat[0])
        u[:] = float(lat[0]) - step / 2 + np.arange(len(lat) + 1) * step
        v = d.createVariable('u', 'f4', (('time',) if axis else ()) + ('lat_u', 'lon'))
        v[:] = rng.integers(0, 99, v.shape if axis is False else (kind['steps'], len(lat) + 1, len(lon)))
    if kind['mask']:
        m = d.createVariable('mask', 'i1', (names['y'], names['x'])); m[:] = np.arange(len(lat) * len(lon)).reshape(len(lat), len(lon)) % 3
        if not axis: m[:] = 1
    if kind['text']:
        d.createDimension('length', 3 + index)
        w = d.createVariable('word', 'S1', ('time', 'length'))
        w[:] = np.array([list(f'{index}{step}x'.ljust(3 + index, '\0')) for step in range(kind['steps'])], 'S1')
    if kind['months']:
        d.createDimension('month', len(MONTHS))
        m = d.createVariable('month', 'f8', ('month',)); m.standard_name, m.calendar = 'time', kind['calendar']
        m.units = f"hours since {EPOCHS[kind['calendar']]}"; m[:] = MONTHS
        mean = d.createVariable('mean', 'f4', ('month', names['y'], names['x']))
        mean[:] = np.arange(mean.size).reshape(mean.shape)
    if kind['flags'] != 'none':
        q = d.createVariable('q', 'i1', [names[each] for each in kind['order'] if each != 'z'], fill_value=np.int8(-1 if kind['flags'] == 'same' else -1 - index))
        q.set_auto_maskandscale(False)
        count = {'same': 3, 'late': 3 if index else 0, 'more': 2 + index}[kind['flags']]
        if count: q.flag_values, q.flag_meanings = np.arange(count, dtype='i1'), ' '.join('abcde'[:count])
        a = rng.integers(0, max(count, 2), [sizes[each] for each in kind['order'] if each != 'z']).astype('i1')
        a[rng.random(a.shape) < .2] = q._FillValue
        q[:] = a
    root.close()


def data(d, name, kind, index, dimensions, shape, rng):
    type = np.dtype(kind['type'])
    fill = {'f4': np.float32(-999), 'f8': np.float64(-999), 'i2': np.int16(-999), 'u1': np.uint8(255), 'i4': np.int32(-999),
            'i8': np.int64(2**63 - 1), 'u8': np.uint64(2**64 - 1)}[kind['type']]
    how = dict(contiguous={'contiguous': True}, plain={}, deflated={'zlib': True, 'shuffle': False, 'complevel': 3}, shuffled={'zlib': True, 'complevel': 3}, checksummed={'zlib': True, 'fletcher32': True})[kind['storage']]
    if how.get('contiguous') and 'time' in dimensions: how = {}
    v = d.createVariable(name, type, dimensions, fill_value=fill if kind['fill'] == 'own' else None, **how)
    v.set_auto_maskandscale(False)
    if kind['packing'] != 'none':
        v.scale_factor, v.add_offset = np.float64(.01 * (1 + index if kind['packing'] == 'differs' else 1)), np.float64(3.5)
    if kind['fill'] == 'other type': v.missing_value = np.float64(1e20) if type.kind in 'iu' else np.int32(-999)
    v.units = 'K'
    a = rng.integers(0, 200, shape).astype(type)
    if type.itemsize == 8 and type.kind in 'iu': a += type.type(2**60)
    if kind['fill'] == 'own' or (kind['fill'] == 'other type' and type.kind == 'f'): a[rng.random(shape) < .2] = fill
    v[:] = a


def request(kind, pick, lat, lon, levels):
    def bounds(values, circle=False):
        a, b = sorted(pick.sample(range(len(values)), 2))
        ends = sorted([float(str(values[a])), float(str(values[b]))])
        if not circle or kind['lon'] == 'region': return ends
        west, east = ends
        ways = [(west, east), (east - 360, west), (east, west + 360)]
        return list(pick.choice([way for way in ways if way[0] >= -180 and way[1] <= 360 and way[0] < way[1]]))

    asked = {'lat': bounds(lat), 'lon': bounds(lon, True)}
    parts = [f"LATITUDE,{asked['lat'][0]},{asked['lat'][1]}", f"LONGITUDE,{asked['lon'][0]},{asked['lon'][1]}"]
    if 'z' in kind['order'] and pick.random() < .7:
        asked['depth'] = sorted(float(each) for each in pick.sample(list(levels), 2))
        parts.append(f"DEPTH,{asked['depth'][0]},{asked['depth'][1]}")
    total = kind['files'] * kind['steps']
    if pick.random() < .7:
        first, last = sorted(pick.choices(range(total), k=2))
        ends = [netcdf_date(step * 6, kind) for step in (first, last)]
        asked['steps'] = [first, last]
        parts.append('TIME,' + ','.join(ends))
    asked['stride'] = [pick.choice([1, 1, 2, 3]) for _ in range(3)]
    return {**asked, 'kind': kind, 'layer': f"layer{kind['seed']}", 'subset': ';'.join(parts),
            'strideText': 'TIME,{};LATITUDE,{};LONGITUDE,{}'.format(*asked['stride'])}


def netcdf_date(hours, kind):
    at = netCDF4.num2date(hours, f"hours since {EPOCHS[kind['calendar']]}", kind['calendar'])
    return f'{at.year:04}-{at.month:02}-{at.day:02}T{at.hour:02}:{at.minute:02}:00Z'


def compare(folder, asked):
    kind, faults = asked['kind'], []
    sources = sorted((opened(os.path.join(folder, asked['layer'], name)) for name in sorted(os.listdir(os.path.join(folder, asked['layer'])))),
                     key=lambda d: hours_of(d)[0])
    template = opened(template_of(folder, asked))
    result = netCDF4.Dataset(asked['path'])
    axis = kind['time'] == 'axis'
    steps = [(d, step) for d in sources for step in range(kind['steps'])]
    first, last = asked.get('steps', [0, len(steps) - 1])
    steps = steps[first:last + 1][::asked['stride'][0]]
    chosen = {}
    lat, lon = axes_of(kind)
    names = ('y', 'x') if kind['bent'] else ('lat', 'lon')
    chosen[names[0]] = inside(lat, *asked['lat'])[::asked['stride'][1]]
    chosen[names[1]] = around(lon, *asked['lon'])[::asked['stride'][2]]
    if kind['staggered']: chosen['lat_u'] = inside(template['lat_u'][:], *asked['lat'])[::asked['stride'][1]]
    if kind['months']:
        ends = [asked['steps'][0] * 6, asked['steps'][1] * 6] if 'steps' in asked else [-1, 10**9]
        chosen['month'] = np.flatnonzero((np.array(MONTHS) >= ends[0]) & (np.array(MONTHS) <= ends[1]))[::asked['stride'][0]]
    if 'depth' in asked: chosen['z'] = inside(np.array([0, 10, 25, 50.]), *asked['depth'])
    def cut(d, name, step=None):
        v = d[name]; v.set_auto_maskandscale(same(name)); v.set_auto_chartostring(False)
        v.set_auto_mask(not same(name)); v.set_auto_scale(not same(name))
        a = v[...]
        for number, dimension in enumerate(v.dimensions):
            if dimension == 'time': a = a.take([step], number)
            elif dimension in chosen: a = a.take(chosen[dimension], number)
        return a
    def same(name): return name != 'q' and not (name == 'v' and kind['packing'] == 'differs' and kind['files'] > 1)
    got = hours_of(result)
    expected = [hours_of(d)[step] for d, step in steps]
    if not np.allclose(got, expected, rtol=0, atol=1e-6): faults.append(['time', list(map(float, got)), list(map(float, expected))])
    covered = sorted([*expected, *(MONTHS[at] for at in chosen.get('month', []))])
    if [result.time_coverage_start, result.time_coverage_end] != [netcdf_date(round(each * 60) / 60, kind) for each in (covered[0], covered[-1])]: faults.append('time_coverage')
    data_names = [name for name in template.variables if name not in ('time',)]
    if kind['staggered'] and len(chosen['lat_u']) == 0: data_names = [name for name in data_names if name not in ('u', 'lat_u')]
    if kind['months'] and len(chosen['month']) == 0: data_names = [name for name in data_names if name not in ('month', 'mean')]
    if set(result.variables) != {'time', *data_names}: return faults + [['variables', list(result.variables), data_names]]
    for name in data_names:
        v = result[name]; v.set_auto_chartostring(False); v.set_auto_mask(not same(name)); v.set_auto_scale(not same(name))
        source = template[name]
        varies = 'time' in source.dimensions or (not axis and name in ('v', 'u', 'mask', 'q'))
        if varies:
            at = source.dimensions.index('time') if axis else 0
            pieces = [cut(d, name, step) if axis else cut(d, name)[None] for d, step in steps]
            if name == 'word': pieces = [np.pad(p, ((0, 0), (0, v.shape[1] - p.shape[1])), constant_values=b'') for p in pieces]
            right = np.ma.concatenate(pieces, at) if not same(name) else np.concatenate(pieces, at)
        else: right = cut(template, name)
        found = v[...]
        if name == 'lon' and not kind['bent'] and not np.array_equal(found, right):
            if not np.allclose((found - right) % 360, 0) or not np.all(np.diff(found) > 0): faults.append(['lon', found.tolist(), right.tolist()])
            continue
        if found.shape != right.shape: faults.append([name, found.shape, right.shape]); continue
        if same(name):
            if found.dtype != right.dtype or not np.array_equal(found, right): faults.append([name, 'numbers'])
            for key in source.ncattrs():
                if key not in v.ncattrs() or not np.array_equal(v.getncattr(key), source.getncattr(key)) or type(v.getncattr(key)) != type(source.getncattr(key)): faults.append([name, key])
            if set(v.ncattrs()) - set(source.ncattrs()): faults.append([name, 'more attributes'])
        elif not np.array_equal(np.ma.getmaskarray(found), np.ma.getmaskarray(right)) or not np.ma.allclose(found, right, rtol=2e-7, atol=0): faults.append([name, 'values'])
    if kind['flags'] != 'none':
        flags = flags_of(folder, asked)
        found = list(zip(np.atleast_1d(getattr(result['q'], 'flag_values', [])).tolist(), getattr(result['q'], 'flag_meanings', '').split()))
        if result['q'].dtype != 'i1' or found != flags: faults.append(['q', str(result['q'].dtype), found, flags])
    if result.institution != 'I' or result.level != 4: faults.append('global attributes')
    return faults


def template_of(folder, asked):
    """The first file in the order of listing that has a step in the period."""
    first, last = asked.get('steps', [0, 10**9])
    for name in sorted(os.listdir(os.path.join(folder, asked['layer']))):
        path = os.path.join(folder, asked['layer'], name)
        hours = hours_of(opened(path))
        if any(first <= round(hour / 6) <= last for hour in hours): return path


def flags_of(folder, asked):
    """The flags of all files with a step in the period, in the order of listing."""
    first, last = asked.get('steps', [0, 10**9])
    flags = {}
    for name in sorted(os.listdir(os.path.join(folder, asked['layer']))):
        d = opened(os.path.join(folder, asked['layer'], name))
        if not any(first <= round(hour / 6) <= last for hour in hours_of(d)): continue
        for value, meaning in zip(np.atleast_1d(getattr(d['q'], 'flag_values', [])).tolist(), getattr(d['q'], 'flag_meanings', '').split()): flags[value] = meaning
    return list(flags.items())


def hours_of(d):
    t = d['time']
    values = np.atleast_1d(np.asarray(t[...], 'f8'))
    return values * 24 if t.units.startswith('days') else values


def inside(values, least, most):
    slack = 1e-5 if np.asarray(values).dtype == np.float32 else 1e-9
    return np.flatnonzero((values >= least - slack) & (values <= most + slack))


def around(values, west, east):
    """Columns in the order in which they are met going east; of a meridian that is there twice, one."""
    slack = 1e-4
    whole = [int(i) for i in range(len(values)) if (float(values[i]) - west + slack) % 360 <= east - west + 2 * slack]
    seen, kept = {}, []
    for i in sorted(whole, key=lambda i: not west - slack <= values[i] <= east + slack):
        key = round(float(values[i]) % 360, 3) % 360
        if key in seen and not west - slack <= values[i] <= east + slack: continue
        seen[key] = i; kept.append(i)
    kept.sort()
    runs = [i for i in range(1, len(kept)) if kept[i] != kept[i - 1] + 1]
    if not runs: return np.array(kept)
    return np.array(sorted(kept, key=lambda i: (float(values[i]) - west + slack) % 360))


if __name__ == '__main__':
    if sys.argv[1] == 'make':
        print(json.dumps([make(sys.argv[2], seed) for seed in range(int(sys.argv[3]), int(sys.argv[3]) + int(sys.argv[4]))]))
    else:
        out = []
        for asked in json.load(sys.stdin):
            try: faults = compare(sys.argv[2], asked)
            except Exception as error: faults = [repr(error)]
            if faults: out.append({'subset': asked['subset'], 'stride': asked['strideText'], 'kind': asked['kind'], 'faults': faults})
        print(json.dumps(out, default=str))
