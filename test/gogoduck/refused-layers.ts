import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { GoGoDuckRequest } from '../../batch-jobs/gogoduck/gogoduck-request.ts';
import type { RunParts } from '../../batch-jobs/gogoduck/run.ts';
import { parseSubset } from '../../batch-jobs/gogoduck/subset.ts';
import { type GridSketch, gridSketch } from './grid-sketch.ts';
import { everywhere, type LayerFolder } from './layer-folder.ts';
import { numbers, type VariableSketch } from './make-netcdf.ts';

/** A request for a layer, where it is not for the whole layer. */
export interface Asked {
  readonly subset?: string;
  readonly change?: Partial<GoGoDuckRequest>;
  readonly parts?: Partial<RunParts>;
}

const grid = (...dimensions: string[]) => ({ type: 'float' as const, dimensions });
const temperature = (attributes: VariableSketch['attributes'] = {}): VariableSketch => ({
  ...grid('time', 'lat', 'lon'),
  values: Array(12).fill(1),
  attributes,
});
const withTemperature = (hour: number, units: string): GridSketch => ({
  times: [hour],
  variables: { temperature: temperature({ units }) },
});
const square = (hour: number, ...dimensions: string[]): GridSketch => ({
  times: [hour],
  latitudes: [-40, -39, -38],
  variables: { temperature: { ...grid(...dimensions), values: Array(9).fill(1) } },
});
const monthly = (hour: number, day: number): GridSketch => ({
  times: [hour],
  dimensions: { month: 1 },
  variables: {
    month: {
      type: 'double',
      dimensions: ['month'],
      values: [day],
      attributes: { standard_name: 'time', units: 'days since 2020-01-01' },
    },
    mean: { ...grid('month', 'lat', 'lon'), values: Array(12).fill(1) },
  },
});
const flags = (hour: number, attributes: VariableSketch['attributes']): GridSketch => ({
  times: [hour],
  variables: { quality: { ...temperature(attributes), type: 'byte' } },
});
const flagValues = { flag_values: numbers('byte', 0, 1) };
const levels = (hour: number, values: number[], units = 'hPa'): GridSketch => ({
  times: [hour],
  dimensions: { level: 2 },
  variables: {
    level: {
      type: 'double',
      dimensions: ['level'],
      values,
      attributes: units ? { units, positive: 'down' } : { axis: 'Z' },
    },
    temperature: { ...grid('time', 'level', 'lat', 'lon'), values: Array(24).fill(1) },
  },
});
const dated = (
  hour: number,
  attributes: VariableSketch['attributes'] = {},
  values = [hour],
): GridSketch => ({
  times: [hour],
  variables: {
    time: {
      type: 'double',
      dimensions: ['time'],
      values,
      attributes: { standard_name: 'time', ...attributes },
    },
  },
});
const units = 'hours since 2020-01-01';
const place = (unit: string, ...dimensions: string[]): VariableSketch => ({
  type: 'double',
  dimensions,
  values: [1, 2],
  attributes: { units: unit },
});
const depthMap: GridSketch = {
  times: [0],
  variables: {
    time: { type: 'int', values: [1] },
    temperature: { ...grid('lat', 'lon'), values: Array(12).fill(1) },
  },
};
const filled = (hour: number, fill: number, value: number): GridSketch => ({
  times: [hour],
  variables: {
    quality: {
      ...temperature({
        _FillValue: numbers('byte', fill),
        flag_values: numbers('byte', 0),
        flag_meanings: 'good',
      }),
      type: 'byte',
      values: Array(12).fill(value),
    },
  },
});
const staggered: GridSketch = {
  times: [0],
  dimensions: { lat_u: 2 },
  variables: {
    lat_u: { ...place('degrees_north', 'lat_u'), values: [-39.5, -38.5] },
    u: { ...grid('time', 'lat_u', 'lon'), values: Array(6).fill(1) },
  },
};
const csv = { result: 'text/csv', content: 'text/csv' } as const;
const asked = (subset: string): Asked => ({ subset });

/** Writes the layer of each row of the README's table, by the text of the row. */
export const refusedLayers: Readonly<
  Record<string, (layer: LayerFolder) => Promise<Asked> | Promise<void>>
> = {
  'a layer that there is not': async () => ({ change: { layer: 'layers' } }),
  'a folder without files': async () => {},
  'a variable that there is not': async (layer) => {
    await layer.grids({ times: [0] });
    return {
      change: { subset: { ...parseSubset(everywhere), variables: ['temperatur'] } },
    };
  },
  'variables that are coordinates': async (layer) => {
    await layer.grids({ times: [0] });
    return { change: { subset: { ...parseSubset(everywhere), variables: ['lat', 'time'] } } };
  },
  'files on different grids': (layer) =>
    layer.grids({ times: [0] }, { times: [1], longitudes: [150, 151, 152] }),
  'files whose levels differ, or come in another order': (layer) =>
    layer.grids(levels(0, [1000, 500]), levels(1, [500, 1000])),
  'files whose levels count in another direction': async (layer) => {
    const up = levels(1, [0, 10], 'm');
    const { level } = up.variables ?? {};
    await layer.grids(levels(0, [0, 10], 'm'), {
      ...up,
      variables: {
        ...up.variables,
        level: { ...(level as VariableSketch), attributes: { units: 'm', positive: 'up' } },
      },
    });
  },
  'files whose dimensions come in another order': (layer) =>
    layer.grids(square(0, 'time', 'lat', 'lon'), square(1, 'time', 'lon', 'lat')),
  'files in different units': (layer) =>
    layer.grids(withTemperature(0, 'degree_Celsius'), withTemperature(1, 'K')),
  'files in different calendars': (layer) =>
    layer.grids(dated(0, { units, calendar: 'noleap' }), dated(1, { units, calendar: '360_day' })),
  'files of which one lacks a variable of the data': async (layer) => {
    await layer.grids({ times: [0] });
    const { temperature: _, ...others } = gridSketch({ times: [1] }).variables;
    await layer.file('1.nc', { dimensions: { time: -1, lat: 4, lon: 3 }, variables: others });
  },
  'flags that mean different things': (layer) =>
    layer.grids(
      flags(0, { ...flagValues, flag_meanings: 'bad good' }),
      flags(1, { ...flagValues, flag_meanings: 'good bad' }),
    ),
  'flags that are values in one file and masks in another': (layer) =>
    layer.grids(
      flags(0, { ...flagValues, flag_meanings: 'bad good' }),
      flags(1, { flag_masks: numbers('byte', 1, 2), flag_meanings: 'cloud land' }),
    ),
  'a fill value that is data in another file': (layer) =>
    layer.grids(filled(0, -1, 5), filled(1, 5, -1)),
  'a further time axis that differs between files': (layer) =>
    layer.grids(monthly(0, 15), monthly(1, 45)),
  'several files without a time axis': (layer) => layer.grids(depthMap, depthMap),
  'no time axis, asked for by TIME': async (layer) => {
    await layer.grids(depthMap);
    return asked(`${everywhere};TIME,2020-01-01,2020-01-02`);
  },
  'a time without units': (layer) => layer.grids(dated(0)),
  'units of time that are unknown': (layer) =>
    layer.grids(dated(0, { units: 'ages since 2020-01-01' })),
  'a calendar that is unknown': (layer) => layer.grids(dated(0, { units, calendar: 'lunar' })),
  'a time step without a time': (layer) =>
    layer.grids(dated(0, { units, _FillValue: numbers('double', -1) }, [-1])),
  'a time beyond all dates': (layer) => layer.grids(dated(0, { units }, [1e13])),
  'a date that its calendar does not have': async (layer) => {
    await layer.grids({ times: [0] });
    return asked(`${everywhere};TIME,2020-02-30,2020-03-01`);
  },
  'a period without a time step': async (layer) => {
    await layer.grids({ times: [0, 1] });
    return asked(`${everywhere};TIME,2021-01-01,2021-12-31`);
  },
  'no depths, asked for by DEPTH': async (layer) => {
    await layer.grids({ times: [0] });
    return asked(`${everywhere};DEPTH,0,10`);
  },
  'levels in pressure, asked for by DEPTH': async (layer) => {
    await layer.grids(levels(0, [1000, 500]));
    return asked(`${everywhere};DEPTH,0,10`);
  },
  'levels without units, asked for by DEPTH': async (layer) => {
    await layer.grids(levels(0, [1, 2], ''));
    return asked(`${everywhere};DEPTH,0,10`);
  },
  'a depth that there is not': async (layer) => {
    await layer.grids(levels(0, [0, 10], 'm'));
    return asked(`${everywhere};DEPTH,20,30`);
  },
  'no latitudes': async (layer) => {
    const { lat: _, ...others } = gridSketch({ times: [0] }).variables;
    await layer.file('0.nc', { dimensions: { time: -1, lat: 4, lon: 3 }, variables: others });
  },
  'latitudes that rise and fall': (layer) =>
    layer.grids({ times: [0], latitudes: [-40, -38, -39, -37] }),
  'a swath or a track, whose positions vary with time': async (layer) => {
    const { variables } = gridSketch({ times: [0, 1] });
    await layer.file('0.nc', {
      dimensions: { time: 2 },
      variables: {
        time: variables['time'] as VariableSketch,
        lat: place('degrees_north', 'time'),
        lon: place('degrees_east', 'time'),
      },
    });
  },
  'stations, which share one dimension': async (layer) => {
    await layer.file('0.nc', {
      dimensions: { station: 2 },
      variables: {
        lat: place('degrees_north', 'station'),
        lon: place('degrees_east', 'station'),
      },
    });
  },
  'a box without a cell centre': async (layer) => {
    await layer.grids({ times: [0] });
    return asked('LATITUDE,-39.6,-39.4;LONGITUDE,140,141');
  },
  'data on two grids, as CSV': async (layer) => {
    await layer.grids(staggered);
    return { change: csv };
  },
  'data on two time axes, as CSV': async (layer) => {
    await layer.grids(monthly(0, 15));
    return { change: csv };
  },
  'files of more than `GOGODUCK_MAX_GIGABYTES`, here 0.00001': async (layer) => {
    await layer.grids({ times: [0] }, { times: [1] });
    return { parts: { mostGigabytes: 1e-5 } };
  },
  'a result of more than that, here 0.00003': async (layer) => {
    const wide = Array.from({ length: 90 }, (_, index) => index);
    await layer.grids({ times: [0], latitudes: wide, longitudes: wide, temperature: () => 1 });
    return { parts: { mostGigabytes: 3e-5 } };
  },
  'a folder with the name of a file': async (layer) => {
    await mkdir(join(layer.path, '0.nc'));
  },
};
