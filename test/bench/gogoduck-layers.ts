import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { textAttribute } from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import { Hdf5File, loadHdf5 } from '../../batch-jobs/gogoduck/netcdf/hdf5-file.ts';
import { NetcdfWriter } from '../../batch-jobs/gogoduck/netcdf/netcdf-writer.ts';
import { bytesOf } from '../../batch-jobs/gogoduck/netcdf/types.ts';
import { writeSampleLayer } from '../../batch-jobs/gogoduck/sample-layer.ts';

/** Writes a layer of this many files of hourly maps. All but the first few are copies at later hours. */
export async function writeMaps(
  folder: string,
  files: number,
  rows: number,
  columns: number,
): Promise<string[]> {
  const few = Math.min(files, 48);
  const paths = await writeSampleLayer(folder, { files: few, rows, columns });
  const hdf5 = await loadHdf5();
  const later: string[] = [];
  for (let index = few; index < files; index++) {
    const path = join(folder, `Z${String(index).padStart(5, '0')}.nc`);
    await copyFile(paths[index % few] as string, path);
    const file = Hdf5File.change(hdf5, path);
    file.write('time', [0], [1], bytesOf(Int32Array.of(1.4e9 + index * 3600)));
    file.close();
    later.push(path);
  }
  return [...paths, ...later];
}

/** A day of satellite data: 2 GB of large maps of doubles, mostly empty, in chunks of 24 MB. */
export async function writeDay(folder: string): Promise<string> {
  const [rows, columns, variables] = [4500, 6000, 9];
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'day.nc');
  const axis = (name: string, units: string) => ({
    name,
    type: 'double' as const,
    dimensions: [name],
    attributes: new Map([['units', textAttribute(units)]]),
    chunk: [1],
  });
  const names = Array.from({ length: variables }, (_, index) => `v${index}`);
  const grid = ['time', 'lat', 'lon'];
  const compression = { shuffle: true, deflateLevel: 4 };
  const writer = new NetcdfWriter(await loadHdf5(), path, {
    dimensions: [
      { name: 'time', size: 1, unlimited: true },
      { name: 'lat', size: rows, unlimited: false },
      { name: 'lon', size: columns, unlimited: false },
    ],
    attributes: new Map(),
    variables: [
      axis('time', 'days since 2020-01-01'),
      { ...axis('lat', 'degrees_north'), chunk: [rows] },
      { ...axis('lon', 'degrees_east'), chunk: [columns] },
      ...names.map((name) => ({
        name,
        type: 'double' as const,
        dimensions: grid,
        attributes: new Map([
          [
            '_FillValue',
            { kind: 'numbers', type: 'double', values: Float64Array.of(Number.NaN) } as const,
          ],
        ]),
        chunk: [1, 1500, 2000],
        compression,
      })),
    ],
  });
  const spread = (count: number, from: number, to: number) =>
    Float64Array.from({ length: count }, (_, at) => from + ((to - from) * at) / (count - 1));
  await writer.write('time', { start: [0], count: [1] }, bytesOf(Float64Array.of(0)));
  await writer.write('lat', { start: [0], count: [rows] }, bytesOf(spread(rows, -70, 20)));
  await writer.write('lon', { start: [0], count: [columns] }, bytesOf(spread(columns, 70, 190)));
  for (const name of names) {
    for (let row = 0; row < rows; row += 1500) {
      const band = new Float64Array(1500 * columns).fill(Number.NaN);
      // A swath of 100 columns in every 600.
      for (let at = 0; at < band.length; at++) {
        if (at % 600 < 100) band[at] = 280 + Math.round(Math.sin(at / 7_000) * 1_000) / 100;
      }
      await writer.write(name, { start: [0, row, 0], count: [1, 1500, columns] }, bytesOf(band));
    }
  }
  await writer.close();
  return path;
}
