import { describe, expect, it } from 'vitest';
import { eitherTreatment, type Treatment } from '../../batch-jobs/gogoduck/aggregate/encodings.ts';
import { useLayer } from './layer-folder.ts';
import { numbers } from './make-netcdf.ts';

const layer = useLayer();

describe('the treatment of a variable that covers several files', () => {
  const asStored: Treatment = { kind: 'as-stored' };
  const unpack = (type: 'float' | 'double'): Treatment => ({ kind: 'unpack', type });
  const recode = (type: 'int' | 'int64'): Treatment => ({ kind: 'recode', type, fill: -1 });

  it.each<[Treatment | undefined, Treatment, Treatment]>([
    [undefined, asStored, asStored],
    [asStored, asStored, asStored],
    [asStored, unpack('float'), unpack('float')],
    [unpack('float'), asStored, unpack('float')],
    [unpack('float'), unpack('float'), unpack('float')],
    [unpack('double'), unpack('float'), unpack('double')],
    [unpack('float'), unpack('double'), unpack('double')],
    [unpack('float'), recode('int'), unpack('float')],
    [recode('int'), unpack('double'), unpack('double')],
    [recode('int'), recode('int64'), recode('int64')],
    [recode('int64'), recode('int'), recode('int64')],
    [{ kind: 'instants' }, asStored, { kind: 'instants' }],
    [{ kind: 'instants' }, { kind: 'instants' }, { kind: 'instants' }],
  ])(
    'the treatment of a variable that covers several files loses nothing: %j, %j',
    (one, other, both) => {
      expect(eitherTreatment(one, other)).toEqual(both);
    },
  );
});

describe('packed data', () => {
  const packed = (
    attributes: Record<string, number | ReturnType<typeof numbers>>,
    ...values: number[]
  ) => ({
    type: 'short' as const,
    dimensions: ['time', 'lat', 'lon'],
    values: [...values, ...Array(12 - values.length).fill(0)],
    attributes: { units: 'K', ...attributes },
  });
  const scale = {
    scale_factor: numbers('float', 0.5),
    _FillValue: numbers('short', -1),
    valid_min: numbers('short', 0),
  };

  it('packed data stays packed, number by number, if all files pack it the same way', async () => {
    await layer.grids(
      { times: [0], variables: { temperature: packed(scale, 1, 2, -1) } },
      { times: [1], variables: { temperature: packed(scale, 3, 4, -1) } },
    );
    const temperature = (await layer.result()).variables['temperature'];
    expect(temperature?.type).toBe('short');
    expect(temperature?.attributes).toEqual({
      units: 'K',
      scale_factor: 0.5,
      _FillValue: -1,
      valid_min: 0,
    });
    expect([temperature?.values.slice(0, 3), temperature?.values.slice(12, 15)]).toEqual([
      [1, 2, -1],
      [3, 4, -1],
    ]);
  });

  it('packed data is unpacked if files pack it differently, and the history says so', async () => {
    const other = {
      ...scale,
      scale_factor: numbers('float', 0.25),
      add_offset: numbers('float', 10),
    };
    const fill = { ...scale, _FillValue: numbers('short', -2) };
    await layer.grids(
      { times: [0], variables: { temperature: packed(scale, 1, 2, -1) } },
      { times: [1], variables: { temperature: packed(other, 1, 2, -1) } },
      { times: [2], variables: { temperature: packed(fill, 1, -1, -2) } },
    );
    const { variables, attributes } = await layer.result();
    const missing = Math.fround(9.969209968386869e36);
    expect(variables['temperature']?.type).toBe('float');
    expect(variables['temperature']?.attributes).toEqual({ units: 'K', _FillValue: missing });
    const values = variables['temperature']?.values ?? [];
    expect([values.slice(0, 3), values.slice(12, 15), values.slice(24, 27)]).toEqual([
      [0.5, 1, missing],
      [10.25, 10.5, missing],
      [0.5, -0.5, missing],
    ]);
    expect(attributes['history']).toContain(
      'unpacked, as their packing differs between files: temperature',
    );
  });

  it('packed data is unpacked to double if a file has it as double', async () => {
    const double = {
      type: 'double',
      dimensions: ['time', 'lat', 'lon'],
      values: Array(12).fill(0.1),
      attributes: { units: 'K' },
    } as const;
    await layer.grids(
      { times: [0], variables: { temperature: packed(scale, 1) } },
      { times: [1], variables: { temperature: double } },
      { times: [2], variables: { temperature: packed(scale, 3) } },
    );
    const temperature = (await layer.result()).variables['temperature'];
    expect(temperature?.type).toBe('double');
    expect([temperature?.values[0], temperature?.values[12], temperature?.values[24]]).toEqual([
      0.5, 0.1, 1.5,
    ]);
  });
});
