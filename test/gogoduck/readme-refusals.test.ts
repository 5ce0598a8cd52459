import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type GridSketch, gridSketch } from './grid-sketch.ts';
import { everywhere, useLayer } from './layer-folder.ts';
import { numbers, type VariableSketch } from './make-netcdf.ts';

const layer = useLayer();
const readme = readFileSync(
  join(import.meta.dirname, '..', '..', 'batch-jobs', 'gogoduck', 'README.md'),
  'utf8',
);
const [, section = ''] = readme.split('## Layers that are refused, by example\n');
const [table = ''] = section.split('\n## ');
/** What a layer is, and how the answer begins, as the README says it. */
const rows = [...table.matchAll(/^\| (.+?) \| `(.+?)` \|$/gm)].map(
  ([, what = '', answer = '']) => [what, answer] as const,
);

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
const flags = (hour: number, meanings: string): GridSketch => ({
  times: [hour],
  variables: {
    quality: {
      ...temperature({ flag_values: numbers('byte', 0, 1), flag_meanings: meanings }),
      type: 'byte',
    },
  },
});
const levels = (hour: number, values: number[]): GridSketch => ({
  times: [hour],
  dimensions: { level: 2 },
  variables: {
    level: { type: 'double', dimensions: ['level'], values, attributes: { units: 'hPa' } },
    temperature: { ...grid('time', 'level', 'lat', 'lon'), values: Array(24).fill(1) },
  },
});
const dated = (hour: number, calendar: string): GridSketch => ({
  times: [hour],
  variables: {
    time: {
      type: 'double',
      dimensions: ['time'],
      values: [hour],
      attributes: { units: 'hours since 2020-01-01', calendar },
    },
  },
});
const place = (units: string, ...dimensions: string[]): VariableSketch => ({
  type: 'double',
  dimensions,
  values: [1, 2],
  attributes: { units },
});

/** Makes the layer of a row; gives what is asked of it, where that is not all. */
const makers: Readonly<Record<string, () => Promise<string | undefined>>> = {
  'files on different grids': async () => {
    await layer.grids({ times: [0] }, { times: [1], longitudes: [150, 151, 152] });
    return undefined;
  },
  'files whose levels differ, or come in another order': async () => {
    await layer.grids(levels(0, [1000, 500]), levels(1, [500, 1000]));
    return undefined;
  },
  'files whose dimensions come in another order': async () => {
    await layer.grids(square(0, 'time', 'lat', 'lon'), square(1, 'time', 'lon', 'lat'));
    return undefined;
  },
  'files in different units': async () => {
    await layer.grids(withTemperature(0, 'degree_Celsius'), withTemperature(1, 'K'));
    return undefined;
  },
  'files in different calendars': async () => {
    await layer.grids(dated(0, 'noleap'), dated(1, '360_day'));
    return undefined;
  },
  'flags that mean different things': async () => {
    await layer.grids(flags(0, 'bad good'), flags(1, 'good bad'));
    return undefined;
  },
  'a further time axis that differs between files': async () => {
    await layer.grids(monthly(0, 15), monthly(1, 45));
    return undefined;
  },
  'levels in pressure, asked for by DEPTH': async () => {
    await layer.grids(levels(0, [1000, 500]));
    return `${everywhere};DEPTH,0,10`;
  },
  'a swath or a track, whose positions vary with time': async () => {
    const { variables } = gridSketch({ times: [0, 1] });
    await layer.file('0.nc', {
      dimensions: { time: 2 },
      variables: {
        time: variables['time'] as VariableSketch,
        lat: place('degrees_north', 'time'),
        lon: place('degrees_east', 'time'),
      },
    });
    return undefined;
  },
  'stations, which share one dimension': async () => {
    await layer.file('0.nc', {
      dimensions: { station: 2 },
      variables: {
        lat: place('degrees_north', 'station'),
        lon: place('degrees_east', 'station'),
      },
    });
    return undefined;
  },
  'a box without a cell centre': async () => {
    await layer.grids({ times: [0] });
    return 'LATITUDE,-39.6,-39.4;LONGITUDE,140,141';
  },
  'a period without a time step': async () => {
    await layer.grids({ times: [0, 1] });
    return `${everywhere};TIME,2021-01-01,2021-12-31`;
  },
};

describe('what the README says of layers that are refused', () => {
  it('has a row for each that is tried here', () => {
    expect(rows.map(([what]) => what)).toEqual(Object.keys(makers));
  });

  it.each(rows)('is how the answer begins to %s', async (what, answer) => {
    const subset = await makers[what]?.();
    const { message } = await layer.fault(subset);
    expect(message.slice(0, answer.length)).toBe(answer);
  });
});
