import { describe, expect, it } from 'vitest';
import { type Axis, isMonotonic, selectRange } from '../../batch-jobs/gogoduck/grid/select-axis.ts';
import { selectLongitudes, unwrapped } from '../../batch-jobs/gogoduck/grid/select-longitudes.ts';

const doubles = (...values: number[]): Axis => ({
  values: Float64Array.from(values),
  isFloat: false,
});
const floats = (...values: number[]): Axis => ({
  values: Float64Array.from(Float32Array.from(values)),
  isFloat: true,
});
const range = (minimum: number, maximum: number) => ({ minimum, maximum });

describe('positions along an axis', () => {
  it('positions within a range include its bounds', () => {
    expect(selectRange(doubles(1, 2, 3, 4), range(2, 3), 0)).toEqual({ start: 1, count: 2 });
    expect(selectRange(doubles(1, 2, 3, 4), range(1.5, 9), 0)).toEqual({ start: 1, count: 3 });
  });

  it('positions along an axis may fall', () => {
    expect(selectRange(doubles(4, 3, 2, 1), range(2, 3.5), 0)).toEqual({ start: 1, count: 2 });
  });

  it('positions are compared at their precision: a bound that is a position includes it', () => {
    expect(selectRange(floats(-33.18, -33.16), range(-33.18, -33.16), 0)?.count).toBe(2);
    expect(selectRange(doubles(0.1 + 0.2), range(0, 0.3), 0)?.count).toBe(1);
    expect(selectRange(doubles(0.30001), range(0, 0.3), 0)).toBeUndefined();
  });

  it('positions that differ by more than their precision are outside', () => {
    // The tolerance is 2 ** -23 of the number in single precision, and 1e-9 in double precision.
    const step = 33 * 2 ** -23;
    expect(selectRange(floats(33), range(33 - 9, 33 - step * 0.9), 0)?.count).toBe(1);
    expect(selectRange(floats(33), range(33 - 9, 33 - step * 1.1), 0)).toBeUndefined();
    expect(selectRange(floats(0), range(-9, -(2 ** -23) * 0.9), 0)?.count).toBe(1);
    expect(selectRange(floats(0), range(-9, -(2 ** -23) * 1.1), 0)).toBeUndefined();
    expect(selectRange(doubles(33), range(0, 33 - 0.9e-9), 0)?.count).toBe(1);
    expect(selectRange(doubles(33), range(0, 33 - 1.1e-9), 0)).toBeUndefined();
  });

  it('a range between two positions has none', () => {
    expect(selectRange(doubles(1, 2), range(1.2, 1.3), 0)).toBeUndefined();
  });

  it('the positions nearest to a point are found as far as their cells reach', () => {
    const axis = doubles(10, 20, 30);
    expect(selectRange(axis, range(24, 24), 0)).toEqual({ start: 1, count: 1 });
    expect(selectRange(axis, range(34.9, 34.9), 0)).toEqual({ start: 2, count: 1 });
    expect(selectRange(axis, range(35.1, 35.1), 0)).toBeUndefined();
    // Of two that are equally near, the first.
    expect(selectRange(axis, range(15, 15), 0)).toEqual({ start: 0, count: 1 });
    expect(selectRange(doubles(0.1, 0.2, 0.3), range(0.29, 0.29), 0)).toEqual({
      start: 2,
      count: 1,
    });
  });

  it('cells reach half way to the farther neighbour, including the end', () => {
    const axis = doubles(10, 20, 40);
    expect(selectRange(axis, range(29, 29), 0)).toEqual({ start: 1, count: 1 });
    expect(selectRange(axis, range(50, 50), 0)).toEqual({ start: 2, count: 1 });
    expect(selectRange(axis, range(50 + 0.9e-9, 50 + 0.9e-9), 0)).toEqual({ start: 2, count: 1 });
    expect(selectRange(axis, range(50 + 1.1e-9, 50 + 1.1e-9), 0)).toBeUndefined();
  });

  it('a position that is alone has a cell of the given width', () => {
    expect(selectRange(doubles(10), range(10.4, 10.4), 1)).toEqual({ start: 0, count: 1 });
    expect(selectRange(doubles(10), range(10.6, 10.6), 1)).toBeUndefined();
  });

  it('positions that do not rise or fall throughout are no axis', () => {
    expect(isMonotonic(doubles(1, 2, 3))).toBe(true);
    expect(isMonotonic(doubles(3, 2, 1))).toBe(true);
    expect(isMonotonic(doubles(1, 3, 2))).toBe(false);
    expect(isMonotonic(doubles(1, 1, 2))).toBe(false);
    expect(isMonotonic(doubles(1, 1))).toBe(false);
    expect(isMonotonic(doubles(1, Number.NaN, 3))).toBe(false);
  });
});

describe('longitudes', () => {
  const east = doubles(0, 90, 180, 270);
  const west = doubles(-180, -90, 0, 90);

  it.each([
    ['0 to 360', east, range(80, 190), [{ start: 1, count: 2, shift: 0 }]],
    [
      '0 to 360, asked for in degrees west',
      east,
      range(-100, -80),
      [{ start: 3, count: 1, shift: 0 }],
    ],
    ['-180 to 180', west, range(-100, 10), [{ start: 1, count: 2, shift: 0 }]],
    ['-180 to 180, asked for past 180', west, range(260, 280), [{ start: 1, count: 1, shift: 0 }]],
  ])(
    'longitudes of a grid from %s are found in one run, and stay as they are',
    (_, axis, asked, expected) => {
      expect(selectLongitudes(axis, asked, 0)).toEqual(expected);
    },
  );

  it('longitudes are compared at their precision: a bound that is a longitude includes it', () => {
    const single = floats(114.82, 114.84, 114.86);
    expect(selectLongitudes(single, range(114.82, 114.84), 0)).toEqual([
      { start: 0, count: 2, shift: 0 },
    ]);
    expect(selectLongitudes(single, range(114.84, 114.86), 0)).toEqual([
      { start: 1, count: 2, shift: 0 },
    ]);
    const step = 115 * 2 ** -23;
    const alone = floats(0, 115);
    expect(selectLongitudes(alone, range(100, 115 - step * 0.9), 0)).toHaveLength(1);
    expect(selectLongitudes(alone, range(100, 115 - step * 1.1), 0)).toEqual([]);
    expect(selectLongitudes(alone, range(115 + step * 0.9, 120), 0)).toHaveLength(1);
    expect(selectLongitudes(alone, range(115 + step * 1.1, 120), 0)).toEqual([]);
  });

  it('longitudes across the date line of a grid from -180 come in two runs that rise', () => {
    const axis = doubles(-180, -178, 0, 176, 178);
    expect(selectLongitudes(axis, range(175, 183), 0)).toEqual([
      { start: 3, count: 2, shift: 0 },
      { start: 0, count: 2, shift: 360 },
    ]);
  });

  it('longitudes across Greenwich of a grid from 0 come in two runs that rise', () => {
    expect(selectLongitudes(east, range(-100, 100), 0)).toEqual([
      { start: 3, count: 1, shift: -360 },
      { start: 0, count: 2, shift: 0 },
    ]);
  });

  it('longitudes that fall come in two runs that fall', () => {
    const axis = doubles(270, 180, 90, 0);
    expect(selectLongitudes(axis, range(-100, 100), 0)).toEqual([
      { start: 2, count: 2, shift: 0 },
      { start: 0, count: 1, shift: -360 },
    ]);
  });

  it('longitudes all around leave the grid as it is', () => {
    expect(selectLongitudes(east, range(-180, 180), 0)).toEqual([{ start: 0, count: 4, shift: 0 }]);
    expect(selectLongitudes(west, range(0, 360), 0)).toEqual([{ start: 0, count: 4, shift: 0 }]);
  });

  it.each<[string, Axis, number, number, ReturnType<typeof selectLongitudes>]>([
    ['at its first end', doubles(0, 10, 20, 350, 360), 0, 20, [{ start: 0, count: 3, shift: 0 }]],
    [
      'as another turn has it',
      doubles(180, 270, 360, 450, 540),
      -180,
      -80,
      [{ start: 0, count: 2, shift: 0 }],
    ],
    [
      'at its last end',
      doubles(0, 10, 340, 350, 360),
      340,
      360,
      [{ start: 2, count: 3, shift: 0 }],
    ],
    [
      'across it',
      doubles(0, 10, 340, 350, 360),
      350,
      370,
      [
        { start: 3, count: 2, shift: 0 },
        { start: 1, count: 1, shift: 360 },
      ],
    ],
    [
      'across it, counted from -180',
      doubles(0, 10, 340, 350, 360),
      -15,
      15,
      [
        { start: 3, count: 1, shift: -360 },
        { start: 0, count: 2, shift: 0 },
      ],
    ],
    ['all round', doubles(0, 90, 180, 270, 360), -180, 180, [{ start: 0, count: 4, shift: 0 }]],
    [
      'just short of all round',
      doubles(-180, -90, 0, 90, 180),
      -180,
      179,
      [{ start: 0, count: 4, shift: 0 }],
    ],
    ['in falling order', doubles(360, 270, 180, 90, 0), 0, 90, [{ start: 3, count: 2, shift: 0 }]],
    [
      'in single precision',
      floats(-180, -179.9, 0, 179.9, 180.00001),
      -180,
      -179.8,
      [{ start: 0, count: 2, shift: 0 }],
    ],
  ])(
    'longitudes of a meridian that the grid has twice come once: %s',
    (_, axis, least, most, expected) => {
      expect(selectLongitudes(axis, range(least, most), 0)).toEqual(expected);
    },
  );

  it('longitudes of a meridian that the grid has twice come twice if both are requested', () => {
    const axis = doubles(-180, -90, 0, 90, 180);
    expect(selectLongitudes(axis, range(-180, 180), 0)).toEqual([{ start: 0, count: 5, shift: 0 }]);
  });

  it('longitudes that are close but not repeated all come', () => {
    const axis = doubles(0, 1e-6, 180, 359.999999);
    expect(selectLongitudes(axis, range(0, 359.9999995), 0)).toEqual([
      { start: 0, count: 4, shift: 0 },
    ]);
  });

  it('longitudes nearest to a point are found the short way round', () => {
    expect(selectLongitudes(east, range(-80, -80), 0)).toEqual([{ start: 3, count: 1, shift: 0 }]);
    expect(selectLongitudes(east, range(350, 350), 0)).toEqual([{ start: 0, count: 1, shift: 0 }]);
    expect(selectLongitudes(west, range(179, 179), 0)).toEqual([{ start: 0, count: 1, shift: 0 }]);
  });

  it('there are no longitudes outside the grid', () => {
    expect(selectLongitudes(doubles(140, 141, 142), range(10, 20), 0)).toEqual([]);
    expect(selectLongitudes(doubles(140, 141, 142), range(10, 10), 0)).toEqual([]);
  });
});

describe('longitudes that cross the date line', () => {
  const goOn = (...values: number[]) => [...unwrapped(Float64Array.from(values))];

  it('longitudes that cross the date line go past 180, whether they rise or fall', () => {
    expect(goOn(170, 180, -170)).toEqual([170, 180, 190]);
    expect(goOn(-170, 180, 170)).toEqual([190, 180, 170]);
    // They may end at -180, and not below it.
    expect(goOn(-160, -170, 180)).toEqual([-160, -170, -180]);
  });

  it('longitudes that cross the date line go once around the earth, with a thousandth of a degree for rounding', () => {
    const around = (last: number) => goOn(0, 120, -120, last);
    expect(around(0.0009)).toEqual([0, 120, 240, 360.0009]);
    expect(around(0.0011)).toEqual([0, 120, -120, 0.0011]);
  });
});
