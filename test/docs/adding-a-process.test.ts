import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { python } from '../gogoduck/python.ts';
import { describeWith } from '../gogoduck/tools.ts';
import { startedService } from '../processes-of-folders/started-service.ts';
import { makeClone, pathWithNetcdf, stepsOfPage, take } from './walk-of-adding-a-process.ts';

describeWith(['netCDF4'], 'the walk of docs/adding-a-process.md', () => {
  it('the walk of adding a process leads from nothing to answers with a NetCDF file and a picture', async () => {
    const clone = await makeClone();
    const printed: string[] = [];
    let base: string | undefined;
    for (const step of await stepsOfPage()) {
      if (step.kind === 'file') await take(step, clone);
      else if (step.command.startsWith('npm start ')) {
        expect(step.command).toBe('npm start -- --processes-dir my-processes');
        const { endpoint } = await startedService(join(clone, 'my-processes'), {
          PATH: pathWithNetcdf(),
        });
        base = new URL(endpoint).origin;
      } else {
        const command = step.command.replace('http://127.0.0.1:8080', base ?? '');
        printed.push(await take({ kind: 'command', command }, clone));
      }
    }
    const [written, greeting, , , document = ''] = printed;
    expect(written).toContain('my-processes/sea-level/process.yaml');
    expect(greeting).toBe('Hello, Ada!\n');
    expect(Object.keys(JSON.parse(document))).toEqual(['grid', 'picture']);
    expect(await readFile(join(clone, 'my-processes/sea-level/Dockerfile'), 'utf8')).toContain(
      'python3 python3-netcdf4',
    );

    const script = `import json, sys, netCDF4
data = netCDF4.Dataset(sys.argv[1])
print(json.dumps([data['sea_level'].dimensions, round(float(data['sea_level'][:].max()), 3)]))`;
    const grid = join(clone, 'sea-level.nc');
    expect(python('netCDF4', script, grid)).toEqual([['latitude', 'longitude'], 1.2]);
    const picture = await readFile(join(clone, 'sea-level.png'));
    expect(picture.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([151, 101]);
  });
});
