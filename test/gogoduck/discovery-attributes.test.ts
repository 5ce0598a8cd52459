import { describe, expect, it } from 'vitest';
import { attributeRulesOf } from '../../batch-jobs/gogoduck/attribute-rules.ts';
import type { Strides } from '../../batch-jobs/gogoduck/selection.ts';
import { parseSubset } from '../../batch-jobs/gogoduck/subset.ts';
import { type GridSketch, gridSketch } from './grid-sketch.ts';
import { everywhere, useLayer } from './layer-folder.ts';
import { type AttributeSketch, numbers } from './make-netcdf.ts';

const layer = useLayer();
const part = 'LATITUDE,-39,-38;LONGITUDE,141,142';
const grid = (hour: number, attributes: Record<string, AttributeSketch>): GridSketch => ({
  times: [hour],
  attributes,
});

describe('attributes of a result', () => {
  it('attributes of a result say when it was made, not when its sources were', async () => {
    const ofOneFile = Object.fromEntries(
      [
        ...['tracking_id', 'filename', 'file_name', 'netcdf_filename', 'netcdf_file_name'],
        ...['md5', 'checksum'],
      ].map((name) => [name, 'of-one-file']),
    );
    const source = {
      date_created: '2010-01-01T00:00:00Z',
      date_issued: '2010-01-02T00:00:00Z',
      uuid: 'of-one-file',
      ...ofOneFile,
      geospatial_bounds: 'POLYGON((...))',
      geospatial_bounds_crs: 'EPSG:4326',
      geospatial_bounds_vertical_crs: 'EPSG:5829',
      time_coverage_duration: 'P1D',
      institution: 'I',
    };
    await layer.grids(grid(0, source), grid(1, source));
    const { attributes } = await layer.result();
    expect(attributes).toMatchObject({
      date_modified: '2024-05-06T07:08:09Z',
      date_issued: '2024-05-06T07:08:09Z',
      uuid: 'c0ffee00-0000-4000-8000-000000000000',
      institution: 'I',
    });
    expect(attributes).not.toHaveProperty('date_metadata_modified');
    for (const name of Object.keys(source)) {
      if (!/date_issued|uuid|institution/.test(name)) expect(attributes).not.toHaveProperty(name);
    }
    await layer.grids(grid(0, { date_metadata_modified: '2010-01-02' }));
    const one = await layer.result();
    expect(one.attributes['date_metadata_modified']).toBe('2024-05-06T07:08:09Z');
    expect(one.attributes).not.toHaveProperty('date_issued');
    expect(one.attributes).not.toHaveProperty('uuid');
  });

  it('attributes of a result say when the values of a single file were made', async () => {
    await layer.grids(grid(0, { date_created: '2010-01-01T00:00:00Z' }));
    expect((await layer.result()).attributes['date_created']).toBe('2010-01-01T00:00:00Z');
  });

  it("attributes of a result have its time in the title, where a single file's time was", async () => {
    const of = (hour: string) => ({
      title: `Currents, ${hour}`,
      time_coverage_start: hour,
    });
    await layer.grids(grid(0, of('2020-01-01T00:00:00Z')), grid(1, of('2020-01-01T01:00:00Z')));
    expect((await layer.result()).attributes['title']).toBe(
      'Currents, 2020-01-01T00:00:00Z to 2020-01-01T01:00:00Z',
    );
    const one = await layer.result(`TIME,2020-01-01T01:00Z,2020-01-02;${everywhere}`);
    expect(one.attributes['title']).toBe('Currents, 2020-01-01T01:00:00Z');
  });

  it('attributes of a result keep the title if its last day has more digits than a day of a title', async () => {
    const title = 'SST of 9999-12-31';
    const claims = { title, time_coverage_start: '9999-12-31T00:00:00Z' };
    await layer.grids({ times: [0, 24], units: 'hours since 9999-12-31', attributes: claims });
    const { attributes } = await layer.result();
    expect(attributes).toMatchObject({ title, time_coverage_end: '+010000-01-01T00:00:00Z' });
  });

  it.each([
    ['SST of 2020-01-01', 'SST of 2020-01-01 to 2020-01-02'],
    ['SST_20200101_night', 'SST_20200101 to 20200102_night'],
    ['SST since 1981-01-01', 'SST since 1981-01-01'],
    ['Run 120200101', 'Run 120200101'],
  ])('attributes of a result have its days in the title "%s"', async (title, renamed) => {
    await layer.grids(grid(0, { title }), grid(24, { title: 'another' }));
    expect((await layer.result()).attributes['title']).toBe(renamed);
    const one = await layer.result(`TIME,2020-01-01,2020-01-01;${everywhere}`);
    expect(one.attributes['title']).toBe(title);
  });

  it('attributes of a result give the spacing of cells and steps, unless some are left out', async () => {
    const source = {
      time_coverage_resolution: 'PT1H',
      geospatial_lat_resolution: 1,
      geospatial_lon_resolution: 1,
      geospatial_vertical_resolution: 1,
      spatial_resolution: '1 degree',
    };
    await layer.grids(grid(0, source), grid(1, source));
    expect((await layer.result()).attributes).toMatchObject(source);
    const kept = async (stride: Strides) => {
      const subset = { ...parseSubset(everywhere), stride };
      const { attributes } = await layer.result(everywhere, { subset });
      return Object.keys(source).filter((name) => name in attributes);
    };
    const [time, latitude] = ['time_coverage_resolution', 'geospatial_lat_resolution'];
    const [longitude, depth] = ['geospatial_lon_resolution', 'geospatial_vertical_resolution'];
    expect(await kept({ latitude: 2 })).toEqual([time, longitude, depth]);
    expect(await kept({ longitude: 2 })).toEqual([time, latitude, depth]);
    expect(await kept({ time: 2, depth: 2 })).toEqual([latitude, longitude, 'spatial_resolution']);
  });

  it('attributes of a result follow the rules of the layer', async () => {
    const listed = { kind: 'strings', values: ['a', 'b'] } as const;
    const own = { one: 3, pair: numbers('short', 1, -2), listed };
    await layer.grids(grid(0, { title: 'T', junk: 'x', other: 'y', ...own }), grid(1, {}));
    const rules = JSON.stringify({
      '*': { set: { publisher: 'P', level: 3 }, remove: ['junk'] },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are the rules' own
      layer: { set: { title: '${layer} from ${time_coverage_start} to ${time_coverage_end}' } },
      another: { remove: ['other'] },
    });
    const numbered = JSON.stringify({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are the rules' own
      layer: { set: { summary: '${one}; ${pair}; ${listed}; ${absent}.' } },
    });
    const { attributes } = await layer.result(
      everywhere,
      {},
      { attributeRules: attributeRulesOf(rules, 'layer') },
    );
    const ofNumbers = await layer.result(
      everywhere,
      {},
      { attributeRules: attributeRulesOf(numbered, 'layer') },
    );
    expect(ofNumbers.attributes['summary']).toBe('3; 1, -2; a\nb; .');
    expect(attributes).toMatchObject({
      title: 'layer from 2020-01-01T00:00:00Z to 2020-01-01T01:00:00Z',
      publisher: 'P',
      level: 3,
      other: 'y',
    });
    expect(attributes).not.toHaveProperty('junk');
  });

  it.each([
    ['no JSON', '{', 'GOGODUCK_ATTRIBUTE_RULES is no JSON'],
    ['another rule', '{"*": {"rename": {}}}', 'rename'],
    ['a list', '[]', 'GOGODUCK_ATTRIBUTE_RULES'],
  ])('attributes of a result ignore rules that are %s', (_, text, words) => {
    expect(() => attributeRulesOf(text, 'layer')).toThrow(words);
  });

  it.each(['actual_min', 'actual_max', 'data_min', 'data_max', 'STATISTICS_MEAN'])(
    'attributes of a variable tell its %s only of all its values',
    async (name) => {
      const { temperature } = gridSketch({ times: [0, 1] }).variables;
      const described = { ...temperature, attributes: { [name]: 5 } };
      await layer.grids({ times: [0, 1], variables: { temperature: described as never } });
      const attributes = async (subset: string) =>
        (await layer.result(subset)).variables['temperature']?.attributes;
      expect(await attributes(everywhere)).toEqual({ [name]: 5 });
      expect(await attributes('LATITUDE,-90,90;LONGITUDE,141,180')).toEqual({});
      const late = `TIME,2020-01-01T01:00Z,2020-01-01T02:00Z;${everywhere}`;
      expect(await attributes(late)).toEqual({});
      // As many steps as the first file has, but not the same.
      const variables = { temperature: described as never };
      await layer.grids({ times: [0, 1], variables }, { times: [2, 3], variables });
      expect(await attributes(late)).toEqual({});
    },
  );

  it('attributes of a variable name none that are left out of the result', async () => {
    const { temperature } = gridSketch({ times: [0] }).variables;
    const referring = {
      ...temperature,
      attributes: {
        ancillary_variables: 'quality lat',
        bounds: 'quality',
        cell_measures: 'area: quality',
        climatology: 'quality',
        coordinates: 'lat quality lon',
        formula_terms: 'a: quality b: lat',
        grid_mapping: 'quality',
        comment: 'quality',
        external_variables: 'elsewhere',
      },
    } as never;
    const quality = {
      type: 'byte' as const,
      dimensions: ['time', 'lat', 'lon'],
      values: Array(12).fill(1),
    };
    // Bytes without a fill value cannot say that there is no data.
    await layer.grids(
      { times: [0], variables: { temperature: referring, quality } },
      { times: [1], variables: { temperature: referring } },
    );
    const { variables } = await layer.result();
    expect(variables).not.toHaveProperty('quality');
    expect(variables['temperature']?.attributes).toEqual({
      ancillary_variables: 'lat',
      coordinates: 'lat lon',
      formula_terms: 'b: lat',
      comment: 'quality',
      external_variables: 'elsewhere',
    });
  });

  it('attributes of a variable do not describe values that are not in the result', async () => {
    const { temperature, ...others } = gridSketch({ times: [0] }).variables;
    const ranged = {
      ...temperature,
      attributes: { actual_range: numbers('float', 0, 11), valid_range: numbers('float', -5, 50) },
    };
    await layer.file('0.nc', {
      dimensions: { time: -1, lat: 4, lon: 3 },
      variables: { ...others, temperature: ranged as never },
    });
    const attributes = async (subset: string) =>
      (await layer.result(subset)).variables['temperature']?.attributes;
    expect(await attributes(everywhere)).toEqual({ actual_range: [0, 11], valid_range: [-5, 50] });
    expect(await attributes(part)).toEqual({ valid_range: [-5, 50] });
    await layer.grids(
      { times: [0], variables: { temperature: ranged as never } },
      { times: [1], variables: { temperature: ranged as never } },
    );
    expect(await attributes(everywhere)).toEqual({ valid_range: [-5, 50] });
  });
});

describe('the extent that attributes tell', () => {
  const bounded = (variables: GridSketch['variables'] = {}): GridSketch => {
    const { lat, lon, time } = gridSketch({ times: [0, 1] }).variables;
    const withBounds = (variable: typeof lat, name: string) => ({
      ...variable,
      attributes: { ...variable?.attributes, bounds: name },
    });
    return {
      times: [0, 1],
      dimensions: { nv: 2 },
      variables: {
        lat: withBounds(lat, 'lat_bounds') as never,
        lon: withBounds(lon, 'lon_bounds') as never,
        time: withBounds(time, 'time_bounds') as never,
        lat_bounds: {
          type: 'double',
          dimensions: ['lat', 'nv'],
          values: [-40.5, -39.5, -39.5, -38.5, -38.5, -37.5, -37.5, -36.5],
        },
        lon_bounds: {
          type: 'double',
          dimensions: ['lon', 'nv'],
          values: [139.5, 140.5, 140.5, 141.5, 141.5, 142.5],
        },
        time_bounds: { type: 'double', dimensions: ['time', 'nv'], values: [-0.5, 0.5, 0.5, 1.5] },
        ...variables,
      },
    };
  };

  it('the extent in attributes is that of the bounds of the cells', async () => {
    await layer.grids(bounded());
    expect((await layer.result(part)).attributes).toMatchObject({
      geospatial_lat_min: -39.5,
      geospatial_lat_max: -37.5,
      geospatial_lon_min: 140.5,
      geospatial_lon_max: 142.5,
      time_coverage_start: '2019-12-31T23:30:00Z',
      time_coverage_end: '2020-01-01T01:30:00Z',
    });
  });

  const doubles = (dimensions: readonly string[], ...values: number[]) => ({
    type: 'double' as const,
    dimensions,
    values,
  });

  it('the extent in attributes is that of bounds that begin or end where the places and times are', async () => {
    await layer.grids(
      bounded({
        lat_bounds: doubles(['lat', 'nv'], -40, -39, -39, -38, -38, -37, -37, -36),
        lon_bounds: doubles(['lon', 'nv'], 139, 140, 140, 141, 141, 142),
        time_bounds: doubles(['time', 'nv'], -1, 0, 0, 1),
      }),
    );
    expect((await layer.result(part)).attributes).toMatchObject({
      geospatial_lat_min: -39,
      geospatial_lat_max: -37,
      geospatial_lon_min: 140,
      geospatial_lon_max: 142,
      time_coverage_start: '2019-12-31T23:00:00Z',
      time_coverage_end: '2020-01-01T01:00:00Z',
    });
    await layer.grids(bounded({ time_bounds: doubles(['time', 'nv'], 0, 1, 1, 2) }));
    expect((await layer.result(part)).attributes).toMatchObject({
      time_coverage_start: '2020-01-01T00:00:00Z',
      time_coverage_end: '2020-01-01T02:00:00Z',
    });
  });

  it.each<[string, Parameters<typeof bounded>[0]]>([
    [
      'above all places and times',
      {
        lat_bounds: doubles(['lat', 'nv'], ...[-38.9, -37, -38.9, -37, -38.9, -37, -38.9, -37]),
        time_bounds: doubles(['time', 'nv'], 0.1, 1, 1.1, 2),
      },
    ],
    [
      'below all places and times',
      {
        lat_bounds: doubles(['lat', 'nv'], ...[-41, -38.1, -41, -38.1, -41, -38.1, -41, -38.1]),
        time_bounds: doubles(['time', 'nv'], -1, -0.1, 0, 0.9),
      },
    ],
    [
      'along other dimensions',
      {
        lat_bounds: doubles(['nv', 'lat'], -50, -50, -50, -50, 0, 0, 0, 0),
        time_bounds: doubles(['nv', 'time'], -9, -9, 9, 9),
      },
    ],
    [
      'of one number',
      { lat_bounds: doubles(['lat'], -50, -45, -30, 0), time_bounds: doubles(['time'], -9, 9) },
    ],
    [
      'texts',
      {
        lat_bounds: { type: 'char', dimensions: ['lat', 'nv'], values: 'abcdefgh' },
        time_bounds: { type: 'char', dimensions: ['time', 'nv'], values: 'abcd' },
      },
    ],
  ])('the extent in attributes is that of the centres if bounds are %s', async (_, variables) => {
    await layer.grids(bounded(variables));
    expect((await layer.result(part)).attributes).toMatchObject({
      geospatial_lat_min: -39,
      geospatial_lat_max: -38,
      time_coverage_start: '2020-01-01T00:00:00Z',
      time_coverage_end: '2020-01-01T01:00:00Z',
    });
  });

  it('the extent in attributes is that of the centres if bounds are not around them', async () => {
    const zeros = { type: 'double' as const, dimensions: ['lat', 'nv'], values: Array(8).fill(0) };
    await layer.grids(bounded({ lat_bounds: zeros }));
    expect((await layer.result(part)).attributes).toMatchObject({
      geospatial_lat_min: -39,
      geospatial_lat_max: -38,
    });
  });

  it('the extent in attributes exceeds the centres by what the file claims, up to a cell and a step', async () => {
    const claims = {
      geospatial_lat_min: -41,
      geospatial_lat_max: -36.5,
      geospatial_lon_min: 138.9,
      geospatial_lon_max: 142.00001,
      time_coverage_start: '2019-12-31T23:30:00Z',
      time_coverage_end: '20200101T010000Z',
    };
    await layer.grids({ times: [0], attributes: claims }, { times: [1], attributes: claims });
    expect((await layer.result(part)).attributes).toMatchObject({
      geospatial_lat_min: -40,
      geospatial_lat_max: -37.5,
      geospatial_lon_min: 141,
      geospatial_lon_max: 142,
      time_coverage_start: '2019-12-31T23:30:00Z',
      time_coverage_end: '20200101T010000Z',
    });
  });

  it('the extent in attributes of a single step is wider by at most a day', async () => {
    const claims = (start: string) => ({ times: [0], attributes: { time_coverage_start: start } });
    await layer.grids(claims('2019-12-31T00:00:00Z'));
    expect((await layer.result()).attributes['time_coverage_start']).toBe('2019-12-31T00:00:00Z');
    await layer.grids(claims('2019-12-31'));
    expect((await layer.result()).attributes['time_coverage_start']).toBe('2019-12-31T00:00:00Z');
    await layer.grids(claims('2019-12-30T23:59:59Z'));
    expect((await layer.result()).attributes['time_coverage_start']).toBe('2020-01-01T00:00:00Z');
  });

  it('the extent in attributes is wider by at most the shortest step', async () => {
    const claims = (start: string) => ({
      times: [0, 1, 24],
      attributes: { time_coverage_start: start },
    });
    await layer.grids(claims('2019-12-31T23:00:00Z'));
    expect((await layer.result()).attributes['time_coverage_start']).toBe('2019-12-31T23:00:00Z');
    await layer.grids(claims('2019-12-31T22:00:00Z'));
    expect((await layer.result()).attributes['time_coverage_start']).toBe('2020-01-01T00:00:00Z');
  });

  it('the extent in attributes is wider than any step by what a file claims beyond its last', async () => {
    await layer.grids({ times: [0, 1], attributes: { time_coverage_end: '2020-01-01T01:30:00Z' } });
    const { attributes } = await layer.result(`TIME,2020-01-01,2020-01-01T00:30Z;${everywhere}`);
    expect(attributes['time_coverage_end']).toBe('2020-01-01T00:30:00Z');
  });

  it('the extent in attributes of a calendar of models is that of its steps', async () => {
    const { time } = gridSketch({ times: [0], units: 'hours since 1970-02-01' }).variables;
    await layer.grids({
      times: [0],
      attributes: { time_coverage_start: '1970-01-31T12:00:00Z' },
      variables: {
        time: { ...time, attributes: { ...time?.attributes, calendar: 'noleap' } } as never,
      },
    });
    expect((await layer.result()).attributes['time_coverage_start']).toBe('1970-02-01T00:00:00Z');
  });
});
