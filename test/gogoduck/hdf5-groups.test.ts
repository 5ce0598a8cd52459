import { join } from 'node:path';
import { expect, it } from 'vitest';
import { useLayer } from './layer-folder.ts';
import { python } from './python.ts';
import { describeWith } from './tools.ts';

const layer = useLayer();

/**
 * Writes a file with netCDF4. In the script, `d` is the data set, and `axes` creates coordinates in a group.
 */
function written(name: string, script: string): void {
  const whole = `
import sys, netCDF4, numpy as np
d = netCDF4.Dataset(sys.argv[1], 'w')
def axes(group, lat=(-2., -1.), lon=(10., 11., 12.), hours=(0.,)):
    for name, values, units in (('time', hours, 'hours since 2020-01-01'), ('lat', lat, 'degrees_north'), ('lon', lon, 'degrees_east')):
        group.createDimension(name, None if name == 'time' else len(values))
        v = group.createVariable(name, 'f8', (name,)); v.units = units; v[:] = values
def data(group, name, **attributes):
    v = group.createVariable(name, 'i4', ('time', 'lat', 'lon'), **attributes.pop('how', {})); v.setncatts(attributes)
    return v
${script}
d.close()
print('null')`;
  python('netCDF4', whole, join(layer.path, name));
}

describeWith(['netCDF4', 'h5py'], 'groups of a file', () => {
  it('groups give their variables and dimensions under their own names', async () => {
    written(
      '0.nc',
      `g = d.createGroup('Grid'); axes(g)
data(g, 'rain', units='mm')[:] = [[[0, 1, 2], [3, 4, 5]]]
data(g.createGroup('Inner'), 'gauge')[:] = [[[10, 11, 12], [13, 14, 15]]]`,
    );
    const { variables, dimensions } = await layer.result('LATITUDE,-1,0;LONGITUDE,10.5,12');
    expect(dimensions).toEqual({ time: -1, lat: 1, lon: 2 });
    expect(variables['rain']).toMatchObject({
      dimensions: ['time', 'lat', 'lon'],
      values: [4, 5],
      attributes: { units: 'mm' },
    });
    expect(variables['gauge']?.values).toEqual([14, 15]);
    expect((await layer.csv('LATITUDE,-1,0;LONGITUDE,10.5,12')).at(-1)).toBe(
      '2020-01-01T00:00:00Z,-1,12,5,15',
    );
  });

  it('groups give their attributes to the file, with a prefix if several groups have the name', async () => {
    written(
      '0.nc',
      `d.title, d.institution = 'whole', 'I'
g = d.createGroup('Grid'); axes(g); g.title, g.source = 'grid', 'radar'
data(g, 'rain')[:] = 1
i = g.createGroup('Inner'); i.title, i.level = 'inner', np.int16(2)`,
    );
    const { attributes } = await layer.result();
    expect(attributes).toMatchObject({
      title: 'whole',
      institution: 'I',
      Grid__title: 'grid',
      source: 'radar',
      Grid__Inner__title: 'inner',
      level: 2,
    });
  });

  it('files with groups are joined along time, whatever their storage', async () => {
    for (const [name, hour] of [
      ['0.nc', 0],
      ['1.nc', 6],
    ] as const) {
      written(
        name,
        `g = d.createGroup('Grid'); axes(g, hours=[${hour}.])
data(g, 'rain', how=dict(zlib=True, chunksizes=(1, 1, 2)))[:] = np.arange(6).reshape(1, 2, 3) + ${hour}`,
      );
    }
    const { variables } = await layer.result();
    expect(variables['time']?.values).toEqual([0, 6]);
    expect(variables['rain']?.values).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('variables of groups have the coordinates of the enclosing groups', async () => {
    written(
      '0.nc',
      `axes(d); data(d.createGroup('Forecast'), 't', coordinates='lat lon')[:] = np.arange(6).reshape(1, 2, 3)
d.createGroup('Empty').note = 'nothing'`,
    );
    const { variables } = await layer.result('LATITUDE,-2,-2;LONGITUDE,11,12');
    expect(variables['t']).toMatchObject({
      values: [1, 2],
      attributes: { coordinates: 'lat lon' },
    });
  });

  it('names that several groups have get the group as prefix, and so do references to them', async () => {
    written(
      '0.nc',
      `axes(d)
for name, lat in (('coarse', (-2., -1.)), ('fine', (-2., -1.5, -1.))):
    g = d.createGroup(name); axes(g, lat=lat)
    v = data(g, 'v', ancillary_variables='q', coordinates='/lat lat'); v[:] = np.arange(len(lat) * 3).reshape(1, -1, 3)
    data(g, 'q')[:] = 1`,
    );
    const { variables } = await layer.result('LATITUDE,-1.5,-1;LONGITUDE,10,10');
    expect(variables['coarse__v']).toMatchObject({
      dimensions: ['coarse__time', 'coarse__lat', 'coarse__lon'],
      values: [3],
      attributes: { ancillary_variables: 'coarse__q', coordinates: 'lat coarse__lat' },
    });
    expect(variables['fine__v']).toMatchObject({ shape: [1, 2, 1], values: [3, 6] });
    expect(variables['fine__lat']?.values).toEqual([-1.5, -1]);
  });

  it('variables outside groups name those in groups by their names in the result', async () => {
    written(
      '0.nc',
      `axes(d); data(d, 't', ancillary_variables='g/quality /g/q t')[:] = 1
g = d.createGroup('g'); data(g, 'quality')[:] = 1; data(g, 'q')[:] = 1`,
    );
    const { variables } = await layer.result();
    expect(variables['t']?.attributes).toEqual({ ancillary_variables: 'quality q t' });
  });

  it('links of groups are not followed to other files or in circles', async () => {
    written('0.nc', `axes(d); data(d.createGroup('g'), 'v')[:] = 1`);
    const link = (target: string) =>
      python(
        'h5py',
        `import h5py, sys; f = h5py.File(sys.argv[1], 'a'); f['g/x'] = ${target}; f.close(); print('null')`,
        join(layer.path, '0.nc'),
      );
    link(`h5py.ExternalLink('/etc/passwd', '/')`);
    expect((await layer.fault()).message).toContain(
      'has "g/x", which is a link out of the file (to "/etc/passwd")',
    );
    written('0.nc', `axes(d); data(d.createGroup('g'), 'v')[:] = 1`);
    link(`f['g']`);
    expect((await layer.fault()).message).toContain(
      'has groups in groups 9 deep; allowed: at most 8',
    );
  });
});
