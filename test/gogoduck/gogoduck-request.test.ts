import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRequest } from '../../batch-jobs/gogoduck/gogoduck-request.ts';

const subset = 'LATITUDE,-33,-31;LONGITUDE,114,115';

describe("GoGoDuck's request", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'request-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function read(
    inputs: Record<string, string>,
    requested: object[] = [{ identifier: 'result', mimeType: 'text/csv' }],
  ) {
    const values = Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [name, [{ kind: 'literal', value }]]),
    );
    await writeFile(join(folder, 'inputs.json'), JSON.stringify(values));
    await writeFile(join(folder, 'requested.json'), JSON.stringify(requested));
    return await readRequest(join(folder, 'inputs.json'), join(folder, 'requested.json'));
  }

  it("GoGoDuck's request is read from the files of the batch job API", async () => {
    const inputs = { layer: 'a:layer', subset, TestMode: 'true', filename: ' my file ' };
    expect(
      await read(inputs, [
        { identifier: 'result', mimeType: 'application/x-netcdf' },
        { identifier: 'provenance', mimeType: 'application/xml' },
      ]),
    ).toEqual({
      layer: 'a:layer',
      subset: {
        latitude: { minimum: -33, maximum: -31 },
        longitude: { minimum: 114, maximum: 115 },
      },
      subsetText: subset,
      testMode: true,
      filename: 'my file',
      result: 'application/x-netcdf',
      content: 'application/x-netcdf',
      provenance: true,
    });
  });

  it("GoGoDuck's request names the result by the layer if it has no name for it", async () => {
    expect(await read({ layer: 'layer', subset, filename: '  ' })).toMatchObject({
      filename: 'layer',
      testMode: false,
      provenance: false,
    });
  });

  it.each([
    ['application/zip', undefined, 'application/x-netcdf'],
    ['application/zip', 'application/zip', 'application/x-netcdf'],
    ['application/zip', 'text/csv', 'text/csv'],
    ['text/csv', 'text/csv', 'text/csv'],
    ['application/x-netcdf', undefined, 'application/x-netcdf'],
    ['application/zarr+zip', undefined, 'application/zarr+zip'],
  ])(
    "GoGoDuck's request for %s with aggregationOutputMime %s makes %s",
    async (mimeType, asked, content) => {
      const inputs = { layer: 'layer', subset, ...(asked ? { aggregationOutputMime: asked } : {}) };
      const request = await read(inputs, [{ identifier: 'result', mimeType }]);
      expect(request).toMatchObject({ result: mimeType, content });
    },
  );

  it("GoGoDuck's request for a Zarr store, which is a zip, in a zip is refused", async () => {
    const inputs = { layer: 'layer', subset, aggregationOutputMime: 'application/zarr+zip' };
    await expect(
      read(inputs, [{ identifier: 'result', mimeType: 'application/zip' }]),
    ).rejects.toThrow('or output "result" as "application/zarr+zip", which is a zip itself.');
  });

  it("GoGoDuck's request for two formats at once is refused", async () => {
    await expect(
      read({ layer: 'layer', subset, aggregationOutputMime: 'application/x-netcdf' }),
    ).rejects.toThrow(
      'Input "aggregationOutputMime" is "application/x-netcdf", but output "result" is asked for as "text/csv"; allowed: the same for both.',
    );
  });

  it("GoGoDuck's request may be for the provenance alone", async () => {
    const request = await read({ layer: 'layer', subset }, [{ identifier: 'provenance' }]);
    expect(request).toMatchObject({ result: undefined, provenance: true });
  });

  it("GoGoDuck's request without a layer is refused", async () => {
    await expect(read({ subset })).rejects.toThrow('Input "layer" is missing.');
  });
});
