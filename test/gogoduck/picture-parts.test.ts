import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { calendars } from '../../batch-jobs/gogoduck/grid/calendar.ts';
import { findCoordinates } from '../../batch-jobs/gogoduck/grid/find-coordinates.ts';
import { readHeader } from '../../batch-jobs/gogoduck/grid/header.ts';
import { loadHdf5 } from '../../batch-jobs/gogoduck/netcdf/hdf5-file.ts';
import { openNetcdf } from '../../batch-jobs/gogoduck/netcdf/open-netcdf.ts';
import {
  degreeTicks,
  shortNumber,
  timeTicks,
  valueTicks,
} from '../../batch-jobs/gogoduck/picture/axis-labels.ts';
import { cornersOf } from '../../batch-jobs/gogoduck/picture/cell-corners.ts';
import { cellAt, edgesOf, spacingOf } from '../../batch-jobs/gogoduck/picture/cell-edges.ts';
import { chooseField, type Field } from '../../batch-jobs/gogoduck/picture/choose-field.ts';
import { coloursOf } from '../../batch-jobs/gogoduck/picture/colours.ts';
import { frameOf, type MapFrame } from '../../batch-jobs/gogoduck/picture/map-frame.ts';
import { paintCells } from '../../batch-jobs/gogoduck/picture/paint-cells.ts';
import { FieldReader, type Plane } from '../../batch-jobs/gogoduck/picture/read-field.ts';
import { seriesPath } from '../../batch-jobs/gogoduck/picture/series-path.ts';
import { type GridSketch, gridSketch } from './grid-sketch.ts';
import { useLayer } from './layer-folder.ts';
import { numbers, type VariableSketch } from './make-netcdf.ts';

const layer = useLayer();
const floats = (...values: number[]) => Float64Array.from(values);
/** Cells of rows and columns at these degrees; their values count from 0. */
const planeOf = (latitudes: number[], longitudes: number[]): Plane => ({
  rows: latitudes.length,
  columns: longitudes.length,
  values: Float64Array.from({ length: latitudes.length * longitudes.length }, (_, cell) => cell),
  latitudes: Float64Array.from(latitudes),
  longitudes: Float64Array.from(longitudes),
  isBent: false,
});

describe('edges of the cells of a picture', () => {
  it('edges of cells are half way between centres, and as far beyond the first and the last', () => {
    expect([...edgesOf(floats(0, 2, 6), 0)]).toEqual([-1, 1, 4, 8]);
    expect([...edgesOf(floats(6, 2, 0), 0)]).toEqual([8, 4, 1, -1]);
    expect([...edgesOf(floats(10), 0.5)]).toEqual([9.5, 10.5]);
    expect([...edgesOf(floats(10), 0)]).toEqual([9.95, 10.05]);
    expect([spacingOf(floats(3, 1)), spacingOf(floats(3))]).toEqual([2, 0]);
  });

  it.each([
    ['rise', [0, 1, 2, 3], [-1, 0, 0, 1, 2, 2, -1]],
    ['fall', [3, 2, 1, 0], [-1, 2, 2, 1, 0, 0, -1]],
  ])('a position is in the cell around it, for edges that %s', (_, edges, expected) => {
    const positions = [-0.1, 0, 0.9, 1.5, 2.1, 3, 3.1];
    expect(positions.map((position) => cellAt(floats(...edges), position))).toEqual(expected);
  });
});

describe('colours of a picture', () => {
  it('colours go from the smallest value to the largest, and further values have the last ones', () => {
    const colours = coloursOf(floats(3, Number.NaN, 1, 2));
    expect(colours).toMatchObject({ from: 1, to: 3, least: 1, most: 3 });
    expect([0, 1, 2, 3, 4].map((value) => colours?.indexOf(value))).toEqual([0, 0, 127, 253, 253]);
    expect([colours?.table[0], colours?.table[253]]).toEqual([
      [68, 1, 84],
      [253, 231, 37],
    ]);
    expect(coloursOf(floats(Number.NaN))).toBeUndefined();
    expect(coloursOf(floats(5))?.indexOf(5)).toBe(127);
  });

  it.each([
    [2.1, 0, 990],
    [1.9, 0, 1_900],
  ])('colours leave out an outlier if it makes the range %d times as wide', (times, from, to) => {
    const values = Float64Array.from({ length: 1_000 }, (_, index) => Math.min(index, 994));
    values[999] = 994 * times;
    const colours = coloursOf(values);
    expect(colours?.most).toBe(994 * times);
    expect(colours?.from).toBeCloseTo(times > 2 ? 5 : from, 0);
    if (times > 2) expect(colours?.to).toBeGreaterThanOrEqual(to);
    else expect(colours?.to).toBe(994 * times);
  });
});

describe('labels of a picture', () => {
  const frame = (west: number, east: number, south: number, north: number): MapFrame =>
    frameOf(planeOf([south + 0.5, north - 0.5], [west + 0.5, east - 0.5]), undefined);

  it('labels of a map are round degrees to the north, south, east and west', () => {
    const of = { ...frame(170, 190, -10, 10), width: 220, height: 210 };
    const { x, y } = degreeTicks({ ...of, box: { west: 170, east: 190, south: -10, north: 10 } });
    expect(x).toEqual([
      { at: 0, label: '170°E' },
      { at: 110, label: '180°' },
      { at: 220, label: '170°W' },
    ]);
    expect(y.map(({ label }) => label)).toEqual(['10°S', '0°', '10°N']);
    expect(y.map(({ at }) => at)).toEqual([210, 105, 0]);
    expect(degreeTicks({ ...of, box: undefined })).toEqual({ x: [], y: [] });
  });

  it('labels of values are short', () => {
    expect(valueTicks(-1, 1, 100, 2)).toEqual(
      [
        { at: 100, label: '-1' },
        { at: 50, label: '0' },
        { at: 0, label: '1' },
      ].map((tick) => expect.objectContaining({ at: tick.at })),
    );
    expect(valueTicks(5, 5, 100, 3)).toEqual([{ at: 50, label: '5' }]);
    expect(valueTicks(0, 2e6, 100, 2).at(-1)?.label).toBe('2000000');
    expect(shortNumber(1.234567)).toBe('1.235');
  });

  it('labels of times are days of the calendar, and hours where days are too few', () => {
    const day = 86_400_000;
    const { proleptic_gregorian: gregorian, '360_day': uniform } = calendars;
    if (!gregorian || !uniform) throw new Error('there are no calendars');
    const [first] = timeTicks(0, 10 * day, 100, gregorian);
    expect(first?.label).toMatch(/^1970-01-\d\d$/);
    expect(timeTicks(0, day, 100, gregorian)[0]).toEqual({ at: 0, label: '1970-01-01 00:00' });
    expect(timeTicks(59 * day, 69 * day, 100, uniform)[0]?.label).toMatch(/^1970-0[23]-/);
  });
});

describe('the curve of a picture', () => {
  it('a curve has a dot for each value and a gap where there is none', () => {
    const path = seriesPath([0, 1, 2, 3], [0, Number.NaN, 10, 5], 300, 100);
    expect(path?.line.match(/M/g)).toHaveLength(2);
    expect(path?.dots.map(([x]) => x)).toEqual([0, 200, 300]);
    expect([path?.least, path?.most]).toEqual([-0.6, 10.6]);
    expect(seriesPath([0], [Number.NaN], 300, 100)).toBeUndefined();
    expect(seriesPath([0], [0], 300, 100)).toMatchObject({ least: -1, most: 1 });
  });

  it.each([
    [60, 60],
    [61, 0],
  ])('a curve of %d values has %d dots', (count, dots) => {
    const values = Array.from({ length: count }, (_, step) => step);
    expect(seriesPath(values, values, 300, 100)?.dots).toHaveLength(dots);
    const alone = values.map((value) => (value % 2 ? Number.NaN : value));
    expect(seriesPath(values, alone, 300, 100)?.dots).toHaveLength(Math.ceil(count / 2));
  });
});

describe('the map of a picture', () => {
  it('a map is as wide as its degrees are at its latitude, up to its largest size', () => {
    const north = frameOf(planeOf([59, 61], [0, 2]), undefined);
    expect(north.box).toEqual({ west: -1, east: 3, south: 58, north: 62 });
    expect([north.width, north.height]).toEqual([260, 520]);
    expect(north.span).toBeCloseTo(4);
    const [x = 0, y = 0] = north.projection([-1, 62]) ?? [];
    expect(x).toBeCloseTo(0);
    expect(y).toBeCloseTo(0);
    const strip = frameOf(planeOf([0], [0, 20, 40, 60, 80]), undefined);
    expect([strip.width, strip.height]).toEqual([760, 190]);
    const dot = frameOf(planeOf([10], [20]), undefined);
    expect(dot.span).toBeCloseTo(2);
    const world = frameOf(planeOf([-90, 0, 90], [0, 90, 180, 270, 360]), undefined);
    expect(world.box).toMatchObject({ south: -90, north: 90 });
  });

  /** The cell at a position: 1 for a cell without a value, 2 and more for others, 0 where there is none. */
  const cellsAt = (plane: Plane, places: [number, number][], missing?: 'coloured' | 'clear') => {
    const corners = plane.isBent ? cornersOf(plane) : undefined;
    const frame = frameOf(plane, corners);
    const { data } = decode(paintCells(plane, corners, frame, coloursOf(plane.values), missing));
    return places.map((place) => {
      const [x = -1, y = -1] = frame.projection(place) ?? [];
      return data[Math.floor(y) * frame.width + Math.floor(x)];
    });
  };
  const places: [number, number][] = [
    [140, -40],
    [141, -40],
    [140, -39],
    [141, -39],
  ];

  it.each([
    ['straight', [-40, -39], [140, 141], false],
    ['bent', [-40, -40, -39, -39], [140, 141, 140, 141], true],
  ])(
    'a map has each cell in its place, of a grid that is %s',
    (_, latitudes, longitudes, isBent) => {
      const plane: Plane = {
        rows: 2,
        columns: 2,
        values: floats(0, 1, 2, Number.NaN),
        latitudes: floats(...latitudes),
        longitudes: floats(...longitudes),
        isBent,
      };
      expect(cellsAt(plane, places)).toEqual([2, 129, 255, 1]);
      expect(cellsAt(plane, places, 'clear')).toEqual([2, 129, 255, 0]);
    },
  );

  it('corners of bent cells are between their centres, and as far beyond the edge', () => {
    const { longitudes, latitudes, middle } = cornersOf({
      ...planeOf([0, 0, 1, 1], [10, 11, 10, 11]),
      rows: 2,
      columns: 2,
      isBent: true,
    });
    const rounded = (values: Float64Array) => [...values].map((value) => Number(value.toFixed(2)));
    expect(rounded(longitudes)).toEqual([9.5, 10.5, 11.5, 9.5, 10.5, 11.5, 9.5, 10.5, 11.5]);
    expect(rounded(latitudes)).toEqual([-0.5, -0.5, -0.5, 0.5, 0.5, 0.5, 1.5, 1.5, 1.5]);
    expect(middle.map((value) => Number(value.toFixed(2)))).toEqual([10.5, 0.5]);
  });
});

describe('the field that a picture shows', () => {
  const reading = async <T>(
    sketch: GridSketch,
    work: (reader: FieldReader, field: Field) => T,
    wanted?: string[],
  ): Promise<T | undefined> => {
    const path = await layer.file('0.nc', gridSketch(sketch));
    const file = await openNetcdf(await loadHdf5(), path);
    try {
      const header = readHeader(file);
      const coordinates = findCoordinates(header);
      const field = chooseField(header, coordinates, wanted);
      return field && work(new FieldReader(file, header, coordinates, field), field);
    } finally {
      file.close();
    }
  };
  const flags: VariableSketch = {
    type: 'byte',
    dimensions: ['time', 'lat', 'lon'],
    values: Array(12).fill(1),
    attributes: {
      standard_name: 'quality_flag',
      flag_values: numbers('byte', 1),
      flag_meanings: 'good',
    },
  };
  const fixed: VariableSketch = {
    type: 'float',
    dimensions: ['lat', 'lon'],
    values: Array(12).fill(1),
  };

  it('a field is what is asked for, or else data that varies with time, before masks and flags', async () => {
    const sketch = { times: [0], variables: { a_mask: fixed, a_flag: flags } };
    const chosen = (wanted?: string[]) =>
      reading(sketch, (_, { variable, isFlag }) => `${variable.name} ${isFlag}`, wanted);
    expect(await chosen()).toBe('temperature false');
    expect(await chosen(['a_mask'])).toBe('a_mask false');
    expect(await chosen(['quality_flag', 'temperature'])).toBe('a_flag true');
    const without = { times: [0], variables: { a_mask: fixed, temperature: flags } };
    expect(await reading(without, (_, { variable }) => variable.name)).toBe('a_mask');
    const speed: VariableSketch = { ...fixed, dimensions: ['time', 'lat', 'lon'] };
    const first = { times: [0], variables: { temperature: fixed, speed } };
    expect(await reading(first, (_, { variable }) => variable.name)).toBe('speed');
  });

  it('the mean of a field counts each cell by its size, which shrinks with the cosine of the latitude', async () => {
    const sketch: GridSketch = {
      times: [0, 1, 2],
      latitudes: [0, 60],
      longitudes: [10, 11],
      temperature: (index) =>
        [4, 4, 1, 1, 4, Number.NaN, 1, 1, ...Array(4).fill(Number.NaN)][index] as number,
    };
    const means = (stride: number) => reading(sketch, (reader) => reader.means(stride));
    const found = (await means(1)) ?? [];
    // (4 + 4 + 1/2 + 1/2) / 3, and without the second cell (4 + 1/2 + 1/2) / 2.
    expect(found.map((value) => Number(value.toFixed(6)))).toEqual([3, 2.5, Number.NaN]);
    expect((await means(2))?.length).toBe(2);
  });

  it('a field is shown at the level nearest to the surface, whose depth it names', async () => {
    const sketch: GridSketch = {
      times: [0, 1],
      latitudes: [0, 1],
      longitudes: [10, 11],
      dimensions: { z: 3, member: 2 },
      variables: {
        z: {
          type: 'double',
          dimensions: ['z'],
          values: [-20, -5, -10],
          attributes: { units: 'm', positive: 'up' },
        },
        temperature: {
          type: 'float',
          dimensions: ['time', 'member', 'z', 'lat', 'lon'],
          values: Array.from({ length: 48 }, (_, index) => index),
        },
      },
    };
    const shown = await reading(sketch, (reader) => ({
      levels: reader.levels(),
      steps: reader.steps,
      values: [...reader.plane(1).values],
    }));
    expect(shown).toEqual({
      levels: ['member 1 of 2', 'z -5 m'],
      steps: 2,
      values: [28, 29, 30, 31],
    });
  });
});
