import { describe, expect, it } from 'vitest';
import { type GridSketch, gridSketch } from './grid-sketch.ts';
import { everywhere, useLayer } from './layer-folder.ts';
import type { NetcdfSketch, VariableSketch } from './make-netcdf.ts';

const layer = useLayer();
const months = (values: readonly number[], name = 'month'): Record<string, VariableSketch> => ({
  [name]: {
    type: 'double',
    dimensions: ['month'],
    values,
    attributes: { standard_name: 'time', units: 'days since 2020-01-01', bounds: 'month_bnds' },
  },
  month_bnds: {
    type: 'double',
    dimensions: ['month', 'ends'],
    values: values.flatMap((middle) => [middle - 15, middle + 15]),
  },
  mean: {
    type: 'float',
    dimensions: ['month', 'lat', 'lon'],
    values: Array.from({ length: values.length * 12 }, (_, index) => Math.floor(index / 12)),
    attributes: { units: 'degree_Celsius' },
  },
});
/** Three days of data per file, and monthly means. */
const daily = (
  first: number,
  variables: Record<string, VariableSketch>,
  count = 3,
): GridSketch => ({
  times: [first, first + 1, first + 2].map((day) => day * 24),
  dimensions: { month: count, ends: 2 },
  variables,
});

describe('a second time axis', () => {
  it('a second time axis is cut by TIME, as the first one is', async () => {
    await layer.grids(daily(44, months([15, 45, 75])));
    const { variables, attributes } = await layer.result(
      `${everywhere};TIME,2020-02-15,2020-02-20`,
    );
    expect(variables['time']?.values).toEqual([45 * 24, 46 * 24]);
    expect(variables['month']?.values).toEqual([45]);
    expect(variables['month_bnds']?.values).toEqual([30, 60]);
    expect(variables['mean']).toMatchObject({ shape: [1, 4, 3], values: Array(12).fill(1) });
    expect(attributes['history']).not.toContain('left out');
  });

  it('a second time axis is cut even if its coordinate is not named as its dimension', async () => {
    await layer.grids(daily(44, months([15, 45, 75], 'middle_of_month')));
    const { variables } = await layer.result(`${everywhere};TIME,2020-02-15,2020-03-31`);
    expect(variables['middle_of_month']?.values).toEqual([45, 75]);
    expect(variables['mean']?.values).toEqual([...Array(12).fill(1), ...Array(12).fill(2)]);
  });

  it('a second time axis without a step in the period is left out with its data, which the history says', async () => {
    await layer.grids(daily(0, months([15, 45, 75])));
    const { variables, attributes } = await layer.result(
      `${everywhere};TIME,2020-01-01,2020-01-02`,
    );
    expect(Object.keys(variables)).toEqual(['time', 'lat', 'lon', 'temperature']);
    expect(variables['time']?.values).toEqual([0, 24]);
    expect(attributes['history']).toContain(
      'mean left out, as no step of its time axis month is in the subset',
    );
  });

  it('a second time axis counts in the period that the result claims', async () => {
    const sketch = daily(44, months([15, 45, 75]));
    await layer.grids({
      ...sketch,
      attributes: { time_coverage_start: '', time_coverage_end: '' },
    });
    const { attributes } = await layer.result(`${everywhere};TIME,2020-02-15,2020-02-20`);
    expect(attributes).toMatchObject({
      time_coverage_start: '2020-01-31T00:00:00Z',
      time_coverage_end: '2020-03-01T00:00:00Z',
    });
  });

  it('a second time axis that is the same in all files is kept, and files are joined along the other one', async () => {
    await layer.grids(daily(0, months([15]), 1), daily(3, months([15]), 1));
    const { variables } = await layer.result();
    expect(variables['time']?.values).toEqual([0, 24, 48, 72, 96, 120]);
    expect(variables['month']?.values).toEqual([15]);
  });

  it('a second time axis that differs between files is refused by name, and its data can be requested alone', async () => {
    await layer.grids(daily(0, months([15], 'month'), 1), daily(3, months([45]), 1));
    const { message, exitCode } = await layer.fault();
    expect(message).toContain(
      'File "1.nc" has other times in month than file "0.nc". Files are joined along one time axis, time,',
    );
    expect(exitCode).toBe(65);
    const subset = {
      latitude: { minimum: -90, maximum: 90 },
      longitude: { minimum: 0, maximum: 180 },
    };
    const { variables } = await layer.result(everywhere, {
      subset: { ...subset, variables: ['mean'] },
    });
    expect(Object.keys(variables)).toEqual(['lat', 'lon', 'month', 'month_bnds', 'mean']);
    expect(variables['month']?.values).toEqual([15, 45]);
  });

  it('a second time axis has every nth step if TIME has a stride', async () => {
    await layer.grids(daily(0, months([15, 45, 75])));
    const subset = {
      latitude: { minimum: -90, maximum: 90 },
      longitude: { minimum: 0, maximum: 180 },
    };
    const { variables } = await layer.result(everywhere, {
      subset: { ...subset, stride: { time: 2 } },
    });
    expect(variables['time']?.values).toEqual([0, 48]);
    expect(variables['month']?.values).toEqual([15, 75]);
  });

  it('a second time axis cannot be in one table with the first', async () => {
    await layer.grids(daily(44, months([15, 45, 75])));
    const fault = await layer.fault(everywhere, { result: 'text/csv', content: 'text/csv' });
    expect(fault.message).toContain(
      'File "0.nc" has data on more than one time axis: time and month. A table has one;',
    );
  });
});

describe('which time files are joined along', () => {
  const at = 'LATITUDE,-40,-40;LONGITUDE,140,140';

  it('files are joined along the unlimited time, even if another one has the name', async () => {
    const sketch = (day: number) => ({
      ...daily(44, months([day])),
      dimensions: { time: 3, month: -1, ends: 2 },
    });
    await layer.grids(sketch(15), sketch(45));
    const { variables, dimensions } = await layer.result(at);
    expect(dimensions['month']).toBe(-2);
    expect(variables['month']?.values).toEqual([15, 45]);
    expect(variables['time']?.values).toEqual([44 * 24, 45 * 24, 46 * 24]);
  });

  it('files are joined along the time itself, not along other times of the same steps', async () => {
    const measured = (hours: number[]): VariableSketch => ({
      type: 'double',
      dimensions: ['time'],
      values: hours,
      attributes: { units: 'hours since 2020-01-01' },
    });
    await layer.grids({ times: [0, 1], variables: { measured: measured([9, 3]) } });
    const { variables } = await layer.result(`${at};TIME,2020-01-01,2020-01-01T00:30:00Z`);
    expect(variables['time']?.values).toEqual([0]);
    expect(variables['measured']?.values).toEqual([9]);
  });

  it('times of the rows of a bent grid do not cut them', async () => {
    const place = (units: string, values: number[]): VariableSketch => ({
      type: 'double',
      dimensions: ['y', 'x'],
      values,
      attributes: { units },
    });
    const hours = { units: 'hours since 2020-01-01' };
    await layer.file('0.nc', {
      dimensions: { time: -2, y: 2, x: 2 },
      variables: {
        time: { type: 'double', dimensions: ['time'], values: [0, 24], attributes: hours },
        scanned: { type: 'double', dimensions: ['y'], values: [0, 48], attributes: hours },
        lat: place('degrees_north', [-40, -40, -39, -39]),
        lon: place('degrees_east', [140, 141, 140, 141]),
        t: { type: 'float', dimensions: ['time', 'y', 'x'], values: [0, 1, 2, 3, 4, 5, 6, 7] },
      },
    });
    const { variables } = await layer.result(`${everywhere};TIME,2020-01-01,2020-01-01`);
    expect(variables['scanned']?.values).toEqual([0, 48]);
    expect(variables['t']?.values).toEqual([0, 1, 2, 3]);
  });
});

describe('times by run and period of a forecast', () => {
  const forecast: NetcdfSketch = {
    ...gridSketch({ times: [0] }),
    dimensions: { run: 2, period: 2, lat: 4, lon: 3 },
    variables: {
      ...gridSketch({ times: [0] }).variables,
      time: {
        type: 'double',
        dimensions: ['run', 'period'],
        values: [0, 6, 24, 30],
        attributes: { standard_name: 'time', units: 'hours since 2020-01-01' },
      },
      temperature: {
        type: 'float',
        dimensions: ['run', 'period', 'lat', 'lon'],
        values: Array(48).fill(1),
      },
    },
  };

  it('forecast times by run and period are copied whole, and TIME is refused with the reason', async () => {
    await layer.file('0.nc', forecast);
    expect((await layer.result()).variables['time']?.values).toEqual([0, 6, 24, 30]);
    const fault = await layer.fault(`${everywhere};TIME,2020-01-01,2020-01-01`);
    expect(fault.message).toContain('no time axis (file "0.nc" has time along run and period)');
  });
});

describe('runs of a forecast', () => {
  it('forecast runs that differ between files are refused by name', async () => {
    const run = (day: number): GridSketch => ({
      times: [day * 24],
      dimensions: { run: 1 },
      variables: {
        run: {
          type: 'double',
          dimensions: ['run'],
          values: [day],
          attributes: { standard_name: 'forecast_reference_time', units: 'days since 2020-01-01' },
        },
        temperature: {
          type: 'float',
          dimensions: ['run', 'time', 'lat', 'lon'],
          values: Array(12).fill(day),
        },
      },
    });
    await layer.grids(run(0), run(1));
    expect((await layer.fault()).message).toContain(
      'File "1.nc" has other times in run than file "0.nc".',
    );
  });
});
