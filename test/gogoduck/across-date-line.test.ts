import { describe, expect, it } from 'vitest';
import { everywhere, useLayer } from './layer-folder.ts';

const layer = useLayer();
const across = [160, 170, 180, -170, -160];
/** Numbers row by row, so the last digit of a cell is its column. */
const cells = { times: [0], latitudes: [-40, -39], temperature: (index: number) => index };

async function cut(subset: string, longitudes: readonly number[] = across) {
  await layer.grids({ ...cells, longitudes });
  const { variables, attributes } = await layer.result(subset);
  return {
    lon: variables['lon']?.values,
    row: variables['temperature']?.values.slice(0, variables['lon']?.shape[0]),
    attributes,
  };
}

describe('a file whose longitudes cross the date line', () => {
  it('a file across the date line is returned whole with longitudes beyond 180', async () => {
    const { lon, row } = await cut(everywhere);
    expect(lon).toEqual([160, 170, 180, 190, 200]);
    expect(row).toEqual([0, 1, 2, 3, 4]);
  });

  it('a file across the date line is cut across the line', async () => {
    const { lon, row } = await cut('LATITUDE,-40,-39;LONGITUDE,165,191');
    expect(lon).toEqual([170, 180, 190]);
    expect(row).toEqual([1, 2, 3]);
  });

  it('a file across the date line is cut west of the line, where longitudes stay as they are', async () => {
    const { lon, row } = await cut('LATITUDE,-40,-39;LONGITUDE,-175,-155');
    expect(lon).toEqual([-170, -160]);
    expect(row).toEqual([3, 4]);
  });

  it('a file across the date line is cut on both sides of a box that leaves out the line', async () => {
    const { lon, row } = await cut('LATITUDE,-40,-39;LONGITUDE,-165,175');
    expect(lon).toEqual([-160, 160, 170]);
    expect(row).toEqual([4, 0, 1]);
  });

  it('a file across the date line is cut if its longitudes fall, too', async () => {
    const { lon, row } = await cut('LATITUDE,-40,-39;LONGITUDE,170,190', across.toReversed());
    expect(lon).toEqual([190, 180, 170]);
    expect(row).toEqual([1, 2, 3]);
  });

  it('a file across the date line gives the cell at a point', async () => {
    const { lon, row } = await cut('LATITUDE,-40,-40;LONGITUDE,-173,-173');
    expect(lon).toEqual([-170]);
    expect(row).toEqual([3]);
  });

  it('a file across the date line is described from its western to its eastern edge', async () => {
    const attributes = { geospatial_lon_min: 155, geospatial_lon_max: -155 };
    await layer.grids({ ...cells, longitudes: across, attributes });
    const result = await layer.result('LATITUDE,-40,-39;LONGITUDE,165,205');
    expect(result.attributes).toMatchObject({ geospatial_lon_min: 165, geospatial_lon_max: 200 });
  });

  it('longitudes that go back and forth, or around more than once, are refused', async () => {
    await layer.grids({ ...cells, longitudes: [170, 180, 175, -170] });
    expect((await layer.fault()).message).toContain('lon neither rising nor falling all along');
    await layer.grids({ ...cells, longitudes: [0, 120, -120, 0, 120] });
    expect((await layer.fault()).message).toContain('lon neither rising nor falling all along');
  });
});
