import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStored } from '../../batch-jobs/gogoduck/grid/read-coordinate.ts';
import { readInstants } from '../../batch-jobs/gogoduck/grid/read-instants.ts';
import { textAttribute } from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import { loadHdf5 } from '../../batch-jobs/gogoduck/netcdf/hdf5-file.ts';
import type { NetcdfFile, Variable } from '../../batch-jobs/gogoduck/netcdf/netcdf-file.ts';
import { openNetcdf } from '../../batch-jobs/gogoduck/netcdf/open-netcdf.ts';
import { makeNetcdf } from './make-netcdf.ts';
import { python } from './python.ts';
import { runGogoduck } from './run-gogoduck.ts';
import { describeWith } from './tools.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bounds-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function opened<T>(
  values: number[],
  work: (file: NetcdfFile, time: Variable) => T,
): Promise<T> {
  const path = await makeNetcdf(join(folder, 'times.nc'), {
    dimensions: { time: values.length },
    variables: { time: { type: 'double', dimensions: ['time'], values } },
  });
  const file = await openNetcdf(await loadHdf5(), path);
  try {
    return work(file, file.variables.get('time') as Variable);
  } finally {
    file.close();
  }
}

describe('times of a file', () => {
  const instantsOf = (values: number[]) =>
    opened(values, (file, time) =>
      readInstants(file, time, new Map([['units', textAttribute('days since 1970-01-01')]])),
    );

  it("times of a file are read up to JavaScript's last date", async () => {
    expect((await instantsOf([-1e8, 1e8])).instants).toEqual([-8.64e15, 8.64e15]);
  });

  it.each([
    ['Infinity', Number.POSITIVE_INFINITY],
    ['1e+300', 1e300],
    ['100000001', 1e8 + 1],
    ['-100000001', -1e8 - 1],
  ])('times of %s days are refused, with the step', async (words, value) => {
    await expect(instantsOf([0, value])).rejects.toThrow(
      `File "times.nc" has ${words} as time of its time step 2; allowed:`,
    );
  });

  it('missing times of a file are refused with another message', async () => {
    await expect(instantsOf([0, Number.NaN])).rejects.toThrow(
      'has no value of time for its time step 2',
    );
  });
});

describe('a coordinate', () => {
  it('a coordinate with 16 million positions is read, and one with more is refused before memory is taken', async () => {
    await opened([0], (file, time) => {
      const read = (count: number) =>
        readStored({ ...file, read: () => {} } as NetcdfFile, time, [[{ start: 0, count }]]);
      expect(read(16_000_000).length).toBe(128_000_000);
      expect(() => read(16_000_001)).toThrow(
        expect.objectContaining({
          message: expect.stringContaining('has time of 16000001 positions'),
          exitCode: 65,
        }),
      );
    });
  });
});

describeWith(['netCDF4'], 'a small file with an axis of 200 million cells', () => {
  it('a file without data is refused by name', async () => {
    await mkdir(join(folder, 'layer'));
    const script = `
import sys, netCDF4
file = netCDF4.Dataset(sys.argv[1], 'w')
for name, size, units in (('lat', 2, 'degrees_north'), ('lon', 200_000_000, 'degrees_east')):
    file.createDimension(name, size)
    file.createVariable(name, 'f8', (name,), zlib=True, chunksizes=(min(size, 1000000),)).units = units
file['lat'][:] = [0, 1]
file.createVariable('v', 'i1', ('lat', 'lon'), zlib=True, chunksizes=(1, 1000000))
file.close()
print('null')`;
    python('netCDF4', script, join(folder, 'layer', 'long.nc'));
    const running = runGogoduck(folder, 'LATITUDE,-90,90;LONGITUDE,-180,180');
    await expect(running).rejects.toMatchObject({
      message: 'File "long.nc" has lon of 200000000 positions; allowed: at most 16000000.',
      exitCode: 65,
    });
  });
});
