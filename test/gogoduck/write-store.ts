import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An array of a version 2 Zarr store, in one uncompressed chunk. */
export interface ArraySketch {
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
  /** As NumPy spells types: `<i2`, `|S1`. */
  readonly type: string;
  readonly bytes: Uint8Array;
  /** JSON of the fill value, which may be a number that JavaScript cannot represent. */
  readonly fill?: string;
  /** `F` for bytes column by column. */
  readonly order?: 'C' | 'F';
  /** JSON of additional attributes, without the braces. */
  readonly attributes?: string;
}

export async function writeStore(
  folder: string,
  arrays: Readonly<Record<string, ArraySketch>>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, '.zgroup'), '{"zarr_format":2}');
  for (const [
    name,
    { dimensions, shape, type, bytes, fill, order = 'C', attributes },
  ] of Object.entries(arrays)) {
    const own = join(folder, name);
    await mkdir(own);
    await writeFile(
      join(own, '.zarray'),
      `{"zarr_format":2,"shape":${JSON.stringify(shape)},"chunks":${JSON.stringify(shape)},"dtype":"${type}","compressor":null,"filters":null,"order":"${order}","fill_value":${fill ?? 'null'}}`,
    );
    const named = `"_ARRAY_DIMENSIONS":${JSON.stringify(dimensions)}`;
    await writeFile(
      join(own, '.zattrs'),
      `{${[named, ...(attributes ? [attributes] : [])].join()}}`,
    );
    await writeFile(join(own, shape.map(() => 0).join('.') || '0'), bytes);
  }
}

/** A grid of two rows and three columns at one hour, with additional arrays. */
export function gridStore(
  hour: number,
  arrays: Readonly<Record<string, ArraySketch>>,
): Record<string, ArraySketch> {
  const axis = (name: string, values: number[], units: string): ArraySketch => ({
    dimensions: [name],
    shape: [values.length],
    type: '<f8',
    bytes: new Uint8Array(Float64Array.from(values).buffer),
    attributes: `"units":"${units}"`,
  });
  return {
    time: axis('time', [hour], 'hours since 2020-01-01'),
    lat: axis('lat', [-40, -39], 'degrees_north'),
    lon: axis('lon', [140, 141, 142], 'degrees_east'),
    ...arrays,
  };
}
