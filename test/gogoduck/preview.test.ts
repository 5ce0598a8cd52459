import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { loadHdf5 } from '../../batch-jobs/gogoduck/netcdf/hdf5-file.ts';
import { openNetcdf } from '../../batch-jobs/gogoduck/netcdf/open-netcdf.ts';
import { previewOf } from '../../batch-jobs/gogoduck/picture/draw-preview.ts';
import { type Preview, previewSvg } from '../../batch-jobs/gogoduck/picture/preview-svg.tsx';
import { type GridSketch, gridSketch } from './grid-sketch.ts';
import { everywhere, useLayer } from './layer-folder.ts';
import type { NetcdfSketch } from './make-netcdf.ts';
import { runGogoduck } from './run-gogoduck.ts';

const layer = useLayer();
const darkest = '68,1,84';
const brightest = '253,231,37';
const missing = '203,203,203';

async function previewOfFile(sketch: NetcdfSketch, variables?: string[]): Promise<Preview> {
  const file = await openNetcdf(await loadHdf5(), await layer.file('0.nc', sketch));
  try {
    return await previewOf(file, { layer: 'ocean', ...(variables ? { variables } : {}) });
  } finally {
    file.close();
  }
}

const preview = (sketch: GridSketch, variables?: string[]) =>
  previewOfFile(gridSketch(sketch), variables);

/** The colour at a position, or `none` where there is no cell. */
function colourAt({ map }: Preview, longitude: number, latitude: number): string {
  const { data, width, palette } = decode(map?.cells ?? new Uint8Array());
  const [x = -1, y = -1] = map?.frame.projection([longitude, latitude]) ?? [];
  const [red, green, blue, opacity = 255] =
    palette?.[data[Math.floor(y) * width + Math.floor(x)] ?? 0] ?? [];
  return opacity === 255 ? `${red},${green},${blue}` : 'none';
}

describe('the output preview', () => {
  it('the output preview is a PNG that is made on request', async () => {
    await layer.grids({ times: [0, 24] });
    const result = await runGogoduck(layer.layers, everywhere, { preview: true });
    const { width, height } = decode(await readFile(join(dirname(result), 'preview')));
    expect(width).toBe(960);
    expect(height).toBeGreaterThan(500);
  });

  it('the output preview is not made without a request', async () => {
    await layer.grids({ times: [0] });
    const result = await runGogoduck(layer.layers, everywhere);
    await expect(stat(join(dirname(result), 'preview'))).rejects.toThrow('ENOENT');
  });

  it('the output preview is made without the result, and with a result in CSV', async () => {
    await layer.grids({ times: [0] });
    for (const result of [undefined, 'text/csv'] as const) {
      const path = await runGogoduck(layer.layers, everywhere, {
        preview: true,
        result,
        content: result ?? 'application/x-netcdf',
      });
      expect(decode(await readFile(join(dirname(path), 'preview'))).width).toBe(960);
    }
  });
});

describe('the map of a preview', () => {
  it('the map of a preview shows the last time step, with its date, units and layer', async () => {
    const { title, subtitle, units, map } = await preview({ times: [0, 36] });
    expect({ title, subtitle, units }).toEqual({
      title: 'temperature',
      subtitle: '2020-01-02T12:00:00Z, layer ocean',
      units: 'degree_Celsius',
    });
    expect(map?.colours).toMatchObject({ from: 12, to: 23 });
  });

  it('the map of a preview has the colour of each cell in its place, from the smallest to the largest value', async () => {
    const shown = await preview({ times: [0] });
    expect(colourAt(shown, 140, -40)).toBe(darkest);
    expect(colourAt(shown, 142, -37)).toBe(brightest);
    expect(colourAt(shown, 140, -37)).not.toBe(brightest);
  });

  it('the map of a preview has north on top if latitudes fall', async () => {
    const shown = await preview({ times: [0], latitudes: [-37, -38, -39, -40] });
    expect(colourAt(shown, 140, -37)).toBe(darkest);
    expect(colourAt(shown, 142, -40)).toBe(brightest);
  });

  it('the map of a preview has a colour of its own for missing data', async () => {
    const fill = 9.969209968386869e36;
    const shown = await preview({ times: [0], temperature: (cell) => (cell === 4 ? fill : cell) });
    expect(colourAt(shown, 141, -39)).toBe(missing);
    expect(colourAt(shown, 140, -39)).not.toBe(missing);
  });

  it('the map of a preview skips rows of a grid that has more than a picture can show', async () => {
    const latitudes = Array.from({ length: 1500 }, (_, row) => -40 + row * 0.002);
    const shown = await preview({
      times: [0],
      latitudes,
      temperature: (cell) => Math.floor(cell / 3),
    });
    const { colours } = shown.map ?? {};
    expect(colourAt(shown, 141, latitudes[0] ?? 0)).toBe(darkest);
    expect(colourAt(shown, 141, latitudes[750] ?? 0)).toBe(
      colours?.table[colours.indexOf(750)]?.join(','),
    );
    expect(colourAt(shown, 141, latitudes[1497] ?? 0)).toBe(brightest);
  });

  it('the map of a preview continues across the date line', async () => {
    const shown = await preview({ times: [0], longitudes: [179, 180, 181] });
    expect(colourAt(shown, 179, -40)).toBe(darkest);
    expect(colourAt(shown, -179, -37)).toBe(brightest);
  });

  it('the map of a preview says if no cell has a value', async () => {
    const shown = await preview({ times: [0], temperature: () => 9.969209968386869e36 });
    expect(shown.notes).toEqual(['No cell of this map holds a value: all data is missing.']);
    expect(colourAt(shown, 141, -39)).toBe(missing);
  });

  it('the map of a preview shows a single cell with its surroundings', async () => {
    const { map } = await preview({ times: [0], latitudes: [-33], longitudes: [151] });
    const { south = 0, north = 0 } = map?.frame.box ?? {};
    expect(north - south).toBeCloseTo(2);
    expect(map?.marker).toBeDefined();
    expect(map?.land).not.toBe('');
  });

  it('the map of a preview shows the first requested variable, by name or standard name', async () => {
    const speed = {
      type: 'float',
      dimensions: ['time', 'lat', 'lon'],
      values: Array.from({ length: 12 }, () => 3),
      attributes: { standard_name: 'wind_speed' },
    } as const;
    const grid = { times: [0], variables: { speed } };
    for (const [wanted, title] of [
      [undefined, 'temperature'],
      [['speed', 'temperature'], 'wind speed (speed)'],
      [['wind_speed'], 'wind speed (speed)'],
    ] as const) {
      expect((await preview(grid, wanted ? [...wanted] : undefined)).title).toBe(title);
    }
  });

  it('the map of a preview shows the level nearest to the surface, and names it', async () => {
    const shown = await preview({
      times: [0],
      dimensions: { depth: 2 },
      variables: {
        depth: {
          type: 'float',
          dimensions: ['depth'],
          values: [50, 5],
          attributes: { units: 'm', positive: 'down' },
        },
        temperature: {
          type: 'float',
          dimensions: ['time', 'depth', 'lat', 'lon'],
          values: Array.from({ length: 24 }, (_, cell) => cell),
        },
      },
    });
    expect(shown.subtitle).toContain('depth 5 m');
    expect(shown.map?.colours).toMatchObject({ from: 12, to: 23 });
  });

  it('the map of a preview shows flags if there is no other data, and no mean of them', async () => {
    const grid = gridSketch({ times: [0, 1] });
    const { temperature: _, ...others } = grid.variables;
    const flags = {
      type: 'byte',
      dimensions: ['time', 'lat', 'lon'],
      values: Array.from({ length: 24 }, (_, cell) => cell % 3),
      attributes: { flag_meanings: 'good bad ugly' },
    } as const;
    const shown = await previewOfFile({ ...grid, variables: { ...others, quality: flags } });
    expect(shown.title).toBe('quality');
    expect(shown.series).toBeUndefined();
    expect(shown.notes).toEqual(['There is no mean over time: quality holds flags.']);
  });

  it('the map of a preview says if no variable has a number per cell', async () => {
    const grid = gridSketch({ times: [0] });
    const { temperature: _, ...others } = grid.variables;
    const shown = await previewOfFile({ ...grid, variables: others });
    expect(shown.map).toBeUndefined();
    expect(shown.notes[0]).toContain('no variable of the result has a number per cell');
  });

  it('the map of a preview does not spend its colours on an outlier, and says so', async () => {
    const shown = await preview({
      times: [0],
      latitudes: Array.from({ length: 40 }, (_, row) => row),
      longitudes: Array.from({ length: 40 }, (_, column) => column),
      temperature: (cell) => (cell === 800 ? 1e6 : cell % 40),
    });
    expect(shown.map?.colours).toMatchObject({ from: 0, to: 39, most: 1e6 });
    expect(shown.notes).toEqual(['Colours end at 0 and 39; values go from 0 to 1000000.']);
  });
});

describe('the map of a bent grid', () => {
  const bent = (place: (row: number, column: number) => readonly [number, number]) => {
    const cells = Array.from({ length: 100 }, (_, cell) => place(Math.floor(cell / 10), cell % 10));
    const position = (axis: 0 | 1, units: string) =>
      ({
        type: 'double',
        dimensions: ['y', 'x'],
        values: cells.map((each) => each[axis]),
        attributes: { units },
      }) as const;
    return {
      dimensions: { y: 10, x: 10 },
      variables: {
        lat: position(0, 'degrees_north'),
        lon: position(1, 'degrees_east'),
        ice: {
          type: 'float',
          dimensions: ['y', 'x'],
          values: cells.map((_, cell) => cell),
          attributes: { coordinates: 'lat lon' },
        },
      },
    } as const;
  };

  it('the map of a bent grid has each cell at its position, across the date line, too', async () => {
    const place = (row: number, column: number) =>
      [row + column / 2, ((178 + column - row / 2 + 180) % 360) - 180] as const;
    const shown = await previewOfFile(bent(place));
    expect(colourAt(shown, 178, 0)).toBe(darkest);
    expect(colourAt(shown, place(9, 9)[1], place(9, 9)[0])).toBe(brightest);
    expect(colourAt(shown, -174, 0)).toBe('none');
    expect(shown.map?.frame.box).toBeDefined();
  });

  it('the map of a bent grid is drawn around its pole', async () => {
    const place = (row: number, column: number) => {
      const [x, y] = [column - 4.5, row - 4.5];
      return [90 - 2 * Math.hypot(x, y), (Math.atan2(y, x) * 180) / Math.PI] as const;
    };
    const shown = await previewOfFile(bent(place));
    expect(shown.map?.frame.box).toBeUndefined();
    for (const cell of [0, 9, 44, 99]) {
      const [latitude, longitude] = place(Math.floor(cell / 10), cell % 10);
      const { colours } = shown.map ?? {};
      const colour = colours?.table[colours.indexOf(cell)]?.join(',');
      expect(colourAt(shown, longitude, latitude)).toBe(colour);
    }
  });
});

describe('the time series of a preview', () => {
  it('the time series of a preview has the mean of the area at each step, weighted by cell size', async () => {
    const shown = await preview({
      times: [0, 6],
      latitudes: [0, 60],
      longitudes: [1, 2],
      temperature: (cell) => [10, 10, 40, 40, 1, 3, 9.969209968386869e36, 5][cell] ?? 0,
    });
    // Cells at 60 degrees are half as wide as those at the equator.
    expect(shown.series?.values.map((value) => value.toFixed(6))).toEqual([
      '20.000000',
      '2.600000',
    ]);
    expect(shown.series?.instants).toEqual([1_577_836_800_000, 1_577_858_400_000]);
  });

  it('a preview of one step has no time series', async () => {
    expect((await preview({ times: [0] })).series).toBeUndefined();
  });

  it('the time series of a preview has a gap at a step without values', async () => {
    const shown = await preview({
      times: [0, 1, 2],
      temperature: (cell) => (cell >= 12 && cell < 24 ? 9.969209968386869e36 : 1),
    });
    expect(shown.series?.values).toEqual([1, Number.NaN, 1]);
  });
});

it('a preview escapes the words of the data', async () => {
  const shown = await preview({
    times: [0],
    variables: {
      temperature: {
        type: 'float',
        dimensions: ['time', 'lat', 'lon'],
        values: Array.from({ length: 12 }, () => 1),
        attributes: { long_name: '<b>&"</b>', units: '<i>' },
      },
    },
  });
  const svg = previewSvg(shown);
  expect(svg).toContain('&lt;b&gt;');
  expect(svg).not.toMatch(/<[bi]>/);
});
