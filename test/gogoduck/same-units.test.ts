import { describe, expect, it } from 'vitest';
import { sameUnits } from '../../batch-jobs/gogoduck/grid/same-units.ts';

describe('units in other words', () => {
  it.each<[string | undefined, string | undefined]>([
    ['degC', 'Celsius'],
    ['degrees_Celsius', 'deg_C'],
    ['degree_Celsius', 'Degree_celsius'],
    ['K', 'kelvin'],
    ['Watt', 'W'],
    ['m s-1', 'm/s'],
    ['m s-1', 'meters per second'],
    ['m.s^-1', 'metre second**-1'],
    ['W m-2', 'watts/m2'],
    ['W m-2 s', 'W/m2 s'],
    ['kg m-2 s-1', 'kg s-1 m-2'],
    ['1', ''],
    ['1', undefined],
    [' ', undefined],
    ['s s-1', '1 1'],
    ['m m', 'm2'],
    ['mg m-3', 'mg/m3'],
    ['mol m-3', 'moles / m^3'],
    ['mol·m-3', 'mol m-3'],
    ['hPa', 'mbar'],
    ['%', 'percent'],
    ['a text, of nothing', 'a text, of nothing'],
  ])('units are the same in other words: %s and %s', (first, second) => {
    expect(sameUnits(first, second)).toBe(true);
    expect(sameUnits(second, first)).toBe(true);
  });

  it.each<[string | undefined, string | undefined]>([
    ['degC', 'K'],
    ['m s-1', 'm s-2'],
    ['m/s', 's/m'],
    ['m', 'cm'],
    ['m', 'km'],
    ['mm', 'Mm'],
    ['s', 'S'],
    ['kg m-3', 'g m-3'],
    ['1', '%'],
    ['m', undefined],
    ['m s-1', 'm'],
    ['m m', 'm'],
    ['W/m2 s', 'W/m2/s'],
    ['dbar', 'bar'],
    ['Pa', 'hPa'],
    ['degrees', 'radian'],
    ['degrees', 'degrees_north'],
    ['degrees_east', 'degrees_north'],
    ['a text+', 'another+'],
  ])('units are different: %s and %s', (first, second) => {
    expect(sameUnits(first, second)).toBe(false);
    expect(sameUnits(second, first)).toBe(false);
  });
});
