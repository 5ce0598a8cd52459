import { mkdir, mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { python } from './python.ts';
import { aggregated, csvLines, runGogoduck } from './run-gogoduck.ts';
import { describeWith, output, realFiles } from './tools.ts';

/** Layers made from the real files. */
const layerFiles = {
  radar: ['00', '01', '02', '03'].map(
    (hour) => `acorn_hourly_avg_rot/IMOS_ACORN_V_20150911T${hour}3000Z_ROT_FV01_1-hour-avg.nc`,
  ),
  temperature: ['srs_sst/srs-1.nc', 'srs_sst/srs-2.nc'],
  climatology: ['single/cars.nc'],
  dateline: ['single/cars-monthly.nc'],
  bathymetry: ['single/bathymetry.nc'],
  // Classic NetCDF in 2011, NetCDF-4 in 2024.
  sealevel: ['2011090', '2024010'].map(
    (day) => `gsla_nrt_mixed/IMOS_OceanCurrent_HV_${day}1T000000Z_GSLA_FV02_NRT.nc`,
  ),
  day: ['ghrsst_l3s_1day/satellite_ghrsst_l3s_1day_daytime_multi_sensor_australia.nc'],
  mosaic: ['austemp_sst_14day/satellite_austemp_sst_14day.nc'],
} as const;
type Layer = keyof typeof layerFiles;

/**
 * Compares a result with what netCDF4 reads from its sources: every variable, cut by the same bounds and
 * joined along time, number by number (or value by value where it was unpacked), and every attribute that was
 * kept, with its type. Prints the differences.
 */
const compare = `
import json, sys, netCDF4, numpy as np
result, bounds, *paths = sys.argv[1:]
bounds = json.loads(bounds)
sources = [netCDF4.Dataset(path) for path in paths]
result = netCDF4.Dataset(result)
first = sources[0]
time = bounds.get('time')
def cells(source, variable):
    axes = []
    for name in variable.dimensions:
        keep = np.ones(len(source.dimensions[name]), bool)
        if name in bounds['axes']:
            low, high = bounds['axes'][name]
            values = source[name][:]
            keep = (values >= low - 1e-6) & (values <= high + 1e-6)
        axes.append(np.flatnonzero(keep))
    return axes
def cut(source, variable):
    data = variable[...]
    for axis, keep in enumerate(cells(source, variable)):
        data = np.ma.take(data, keep, axis) if np.ma.isMA(data) else np.take(data, keep, axis)
    return data
faults = []
if set(result.variables) != set(first.variables): faults.append('variables')
unpacked = []
for name, variable in result.variables.items():
    same = variable.dtype == first[name].dtype and all(
        getattr(source[name], 'add_offset', 0) == getattr(first[name], 'add_offset', 0) for source in sources)
    if not same: unpacked.append(name)
    for dataset in [result, *sources]: dataset[name].set_auto_maskandscale(not same)
    parts = [cut(source, source[name]) for source in sources]
    varies = time in variable.dimensions
    expected = np.ma.concatenate(parts, variable.dimensions.index(time)) if varies else parts[0]
    found = variable[...]
    if found.shape != expected.shape: faults.append([name, found.shape, expected.shape])
    elif same and not np.array_equal(found, expected, equal_nan=found.dtype.kind == 'f'): faults.append([name, 'numbers'])
    elif not same and not (np.array_equal(np.ma.getmaskarray(found), np.ma.getmaskarray(expected))
                           and np.ma.allclose(found, expected, rtol=2e-7, atol=0)): faults.append([name, 'values'])
    for key in variable.ncattrs():
        if not same and key == '_FillValue': continue
        one, other = variable.getncattr(key), first[name].getncattr(key)
        if type(one) != type(other) or not np.array_equal(one, other): faults.append([name, key])
    if same and set(variable.ncattrs()) != set(first[name].ncattrs()): faults.append([name, 'attributes'])
kept = [key for key in first.ncattrs() if not key.startswith(('geospatial', 'time_coverage', '_NCP', 'date_', 'uuid', 'title')) and key not in bounds['changed']]
for key in kept:
    if key not in result.ncattrs() or not np.array_equal(result.getncattr(key), first.getncattr(key)): faults.append(key)
if bounds.get('numbersOnly'): faults = [fault for fault in faults if fault[1] == 'numbers' or len(fault) == 3]
print(json.dumps({'faults': faults, 'unpacked': sorted(unpacked)}, default=str))`;

/**
 * Compares some rows and columns of a result with those of its sources, value by value and step by step, so
 * that large files need not be read whole. Prints the names of variables that differ.
 */
const compareCut = `
import json, sys, netCDF4, numpy as np
result, bounds, *paths = sys.argv[1:]
bounds = json.loads(bounds)
result = netCDF4.Dataset(result)
faults = []
for step, path in enumerate(paths):
    source = netCDF4.Dataset(path)
    cut = {}
    for name, (low, high) in bounds.items():
        keep = np.flatnonzero((source[name][:] >= low - 1e-6) & (source[name][:] <= high + 1e-6))
        cut[name] = slice(int(keep[0]), int(keep[-1]) + 1)
    for name, variable in result.variables.items():
        if name not in source.variables or variable.ndim < 3: continue
        expected = source[name][tuple(cut.get(dimension, slice(None)) for dimension in source[name].dimensions)][0]
        found = variable[step]
        same = found.shape == expected.shape and np.array_equal(np.ma.getmaskarray(found), np.ma.getmaskarray(expected))
        if not same or not np.ma.allclose(found, expected, rtol=2e-7, atol=1e-9): faults.append([step, name])
print(json.dumps(faults))`;

describeWith(
  ['real files', 'netCDF4', 'xarray', 'ncdump', 'ncks'],
  'real files of IMOS and CSIRO',
  () => {
    let layers: string;
    beforeAll(async () => {
      layers = await mkdtemp(join(tmpdir(), 'real-'));
      for (const [layer, files] of Object.entries(layerFiles)) {
        await mkdir(join(layers, layer));
        for (const [index, file] of files.entries()) {
          await symlink(join(realFiles, file), join(layers, layer, `${index}.nc`));
        }
      }
    });
    afterAll(() => rm(layers, { recursive: true }));

    const paths = (layer: Layer) => layerFiles[layer].map((file) => join(realFiles, file));
    const compared = (path: string, bounds: object, files: string[]) =>
      python(
        'netCDF4',
        compare,
        path,
        JSON.stringify({ changed: ['history'], ...bounds }),
        ...files,
      );

    it('hourly radar files are joined number by number', async () => {
      const subset =
        'TIME,2015-09-11T01:00:00Z,2015-09-11T03:30:00Z;LATITUDE,-32.9,-31.2;LONGITUDE,114,115.2';
      const path = await runGogoduck(layers, subset, { layer: 'radar' });
      const axes = { LATITUDE: [-32.9, -31.2], LONGITUDE: [114, 115.2] };
      expect(compared(path, { time: 'TIME', axes }, paths('radar').slice(1))).toEqual({
        faults: [],
        unpacked: [],
      });
      expect(output('ncdump', ['-k', path]).trim()).toBe('netCDF-4');
      const opened = python(
        'xarray',
        `
import json, sys, numpy, xarray
data = xarray.open_dataset(sys.argv[1])
# The files count days in floating point, some microseconds short.
times = data.TIME.values + numpy.timedelta64(500, 'ms')
print(json.dumps([[str(at)[:16] for at in times], data.attrs['time_coverage_start'], data.attrs['time_coverage_end'],
  [bool(data.LATITUDE.min() == data.attrs['geospatial_lat_min']), bool(data.LONGITUDE.max() == data.attrs['geospatial_lon_max'])]]))`,
        path,
      );
      expect(opened).toEqual([
        ['2015-09-11T01:30', '2015-09-11T02:30', '2015-09-11T03:30'],
        '2015-09-11T01:30:00Z',
        '2015-09-11T03:30:00Z',
        [true, true],
      ]);
    });

    it('radar files are joined as NCO joins them', async () => {
      const path = await runGogoduck(layers, 'LATITUDE,-90,90;LONGITUDE,0,360', { layer: 'radar' });
      const reference = join(layers, 'reference.nc');
      output('ncrcat', ['-O', '-h', ...paths('radar'), reference]);
      // NCO itself changes attributes, so only the numbers are compared.
      const bounds = { time: 'TIME', axes: {}, numbersOnly: true };
      expect(compared(path, bounds, [reference])).toEqual({ faults: [], unpacked: [] });
    });

    it('satellite files, each packed in its own way, are joined value by value', async () => {
      const subset = 'LATITUDE,-30.65,-30.55;LONGITUDE,96,97.5';
      const path = await runGogoduck(layers, subset, { layer: 'temperature' });
      const axes = { lat: [-30.65, -30.55], lon: [96, 97.5] };
      const changed = [
        'history',
        'start_time',
        'stop_time',
        'northernmost_latitude',
        'southernmost_latitude',
        'easternmost_longitude',
        'westernmost_longitude',
      ];
      expect(compared(path, { time: 'time', axes, changed }, paths('temperature'))).toEqual({
        faults: [],
        unpacked: expect.arrayContaining(['sea_surface_temperature', 'sst_dtime', 'wind_speed']),
      });
    });

    it('climatology files are cut by depth as well, in a calendar that is not the real one', async () => {
      const subset =
        'TIME,2009-02-01,2009-03-01;LATITUDE,-36,-35.5;LONGITUDE,160,161;DEPTH,150,250';
      const path = await runGogoduck(layers, subset, { layer: 'climatology' });
      const axes = {
        DAY_OF_YEAR: [31, 59],
        LATITUDE: [-36, -35.5],
        LONGITUDE: [160, 161],
        DEPTH: [150, 250],
      };
      expect(compared(path, { axes }, paths('climatology'))).toEqual({ faults: [], unpacked: [] });
    });

    it('files on either side of the date line are found, whether counted from west or from east', async () => {
      const across = await runGogoduck(layers, 'LATITUDE,-90,90;LONGITUDE,179.4,180.6', {
        layer: 'dateline',
      });
      const axes = { LONGITUDE: [179.4, 180.6] };
      expect(compared(across, { axes }, paths('dateline'))).toEqual({ faults: [], unpacked: [] });
      const west = await aggregated(layers, 'LATITUDE,-90,90;LONGITUDE,-180,-179', {
        layer: 'dateline',
      });
      expect(west.variables['LONGITUDE']?.values).toEqual([180, 180.5, 181]);
    });

    it('files without time on a bent grid are cut, too, and give the nearest cell to a point', async () => {
      const whole = await runGogoduck(layers, 'LATITUDE,-48,-46;LONGITUDE,-127,-125', {
        layer: 'bathymetry',
      });
      expect(compared(whole, { axes: {} }, paths('bathymetry'))).toEqual({
        faults: [],
        unpacked: [],
      });
      const lines = await csvLines(
        layers,
        'LATITUDE,-47.081812,-47.081812;LONGITUDE,-125.862382,-125.862382',
        { layer: 'bathymetry' },
      );
      expect(lines).toEqual([
        'LATITUDE (degrees_north),LONGITUDE (degrees_east),I (1),J (1),DEPTH (m)',
        '-47.08180987033574,-125.86238262314492,3002,2001,-9.886',
      ]);
    });

    it('radar files give a time series at a point, with nothing where data is missing', async () => {
      const lines = await csvLines(layers, 'LATITUDE,-32,-32;LONGITUDE,114.7,114.7', {
        layer: 'radar',
      });
      const expected = python(
        'netCDF4',
        `
import json, sys, netCDF4, numpy as np
rows = []
for path in sys.argv[1:]:
    data = netCDF4.Dataset(path)
    y = np.abs(data['LATITUDE'][:] + 32).argmin(); x = np.abs(data['LONGITUDE'][:] - 114.7).argmin()
    rows.append([None if value is np.ma.masked else float(value) for value in [data[name][0, y, x] for name in ['UCUR', 'NOBS1', 'UCUR_quality_control']]])
print(json.dumps(rows))`,
        ...paths('radar'),
      ) as (number | null)[][];
      const [titles = '', ...rows] = lines;
      const columns = ['UCUR (m s-1)', 'NOBS1 (1)', 'UCUR_quality_control'].map((name) =>
        titles.replace('"TIME (ISO 8601, UTC)"', 'TIME').split(',').indexOf(name),
      );
      const found = rows.map((row) =>
        columns.map((column) => {
          const text = row.split(',')[column];
          return text === '' ? null : Math.fround(Number(text));
        }),
      );
      expect(found).toEqual(expected);
      expect(rows.map((row) => row.slice(0, 20))).toEqual(
        ['00', '01', '02', '03'].map((hour) => `2015-09-11T${hour}:30:00Z`),
      );
    });

    it('sea level files, classic and NetCDF-4, are one layer', async () => {
      const path = await runGogoduck(layers, 'LATITUDE,-45,-30;LONGITUDE,140,155', {
        layer: 'sealevel',
      });
      const bounds = JSON.stringify({ LATITUDE: [-45, -30], LONGITUDE: [140, 155] });
      expect(python('netCDF4', compareCut, path, bounds, ...paths('sealevel'))).toEqual([]);
    });

    it('a whole satellite day is no larger than its source, and equal', async () => {
      const path = await runGogoduck(layers, 'LATITUDE,-90,90;LONGITUDE,-180,360', {
        layer: 'day',
      });
      const [source = ''] = paths('day');
      expect((await stat(path)).size).toBeLessThan((await stat(source)).size * 1.5);
      const script = `
import json, sys, netCDF4, numpy as np
one, other = (netCDF4.Dataset(path) for path in sys.argv[1:])
cut = {'sea_surface_temperature': np.s_[0, 2000:2100, 4100:4900], 'quality_level': np.s_[0, 2300:2400, 3100:5900], 'lat': np.s_[:], 'lon': np.s_[:]}
print(json.dumps([name for name, part in cut.items() if not np.ma.allequal(one[name][part], other[name][part])
  or one[name][part].count() != other[name][part].count()] + list(set(one.variables) ^ set(other.variables))))`;
      expect(python('netCDF4', script, path, source)).toEqual([]);
    });

    it('a satellite day and a mosaic of days are cut value by value', async () => {
      const subset = 'LATITUDE,-34.2,-33.1;LONGITUDE,151,153';
      const bounds = JSON.stringify({ lat: [-34.2, -33.1], lon: [151, 153] });
      for (const layer of ['day', 'mosaic'] as const) {
        const path = await runGogoduck(layers, subset, { layer });
        expect(python('netCDF4', compareCut, path, bounds, ...paths(layer)), layer).toEqual([]);
      }
    });

    it('files of different grids are not a layer', async () => {
      const folder = join(layers, 'mixed');
      await mkdir(folder);
      await symlink(join(realFiles, layerFiles.radar[0] as string), join(folder, 'a.nc'));
      await symlink(join(realFiles, layerFiles.temperature[0]), join(folder, 'b.nc'));
      await expect(
        runGogoduck(layers, 'LATITUDE,-90,90;LONGITUDE,0,360', { layer: 'mixed' }),
      ).rejects.toThrow('File "b.nc" has no time axis TIME.');
    });

    it('results of real files have a history and a provenance', async () => {
      const path = await runGogoduck(layers, 'LATITUDE,-90,90;LONGITUDE,0,360', { layer: 'radar' });
      const xml = await readFile(path.replace(/result$/, 'provenance'), 'utf8');
      expect(xml.match(/<prov:label>\d\.nc<\/prov:label>/g)).toHaveLength(4);
      expect(xml).toContain('start=2015-09-11T00:30:00.000Z; end=2015-09-11T03:30:00.000Z');
    });
  },
);
