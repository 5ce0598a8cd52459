import { afterEach, describe, expect, it } from 'vitest';
import type { LiteralInputs } from '../../batch-jobs/api/process-description.ts';
import { advice } from '../../batch-jobs/gogoduck/advice.ts';
import type { LayerFile } from '../contracts/file-index.ts';
import { type Intercept, startWfs, type WfsServer } from './wfs-server.ts';

const hour = (at: string): LayerFile => ({
  name: `at_${at}.nc`,
  time: `2020-01-01T${at}:00:00Z`,
  content: at,
});
const layers = {
  'imos:warm': [hour('06'), hour('00'), hour('12')],
  'imos:cold': [hour('00')],
  'imos:stations': [],
};

let server: WfsServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** Each test has its own server, because what is known of a server is cached. */
async function start(
  intercept?: Intercept,
  offered: Readonly<Record<string, readonly LayerFile[]>> = layers,
) {
  server = await startWfs(offered, intercept);
  const { url } = server;
  return {
    variables: { GOGODUCK_WFS_URL: `${url}/wfs`, GOGODUCK_FILES_URL: `${url}/files` },
    signal: new AbortController().signal,
  };
}

type Surroundings = Awaited<ReturnType<typeof start>>;
const suggest = async (surroundings: Surroundings, text: string) =>
  (await advice.suggest?.({ input: 'layer', text, inputs: {} }, surroundings)) ?? [];
const limits = async (surroundings: Surroundings, inputs: LiteralInputs) =>
  (await advice.constraints?.(inputs, [], surroundings))?.inputs ?? {};

/** An answer does not wait for what is slow to find. A later answer includes it. */
const allKnown = (surroundings: Surroundings) =>
  expect
    .poll(async () => {
      const found = await suggest(surroundings, '');
      return found.map(({ coverage }) => coverage?.period !== undefined);
    })
    .toEqual([true, true]);

const bbox = [142.5, -45.5, 151.5, -38.5];
const period = { start: '2020-01-01T00:00:00Z', end: '2020-01-01T12:00:00Z' };

describe('layers that a WFS offers', () => {
  it('layers of a WFS are suggested with their titles, areas, periods and files', async () => {
    const surroundings = await start();
    await expect
      .poll(() => suggest(surroundings, 'WARM'))
      .toEqual([
        {
          value: 'imos:warm',
          title: 'Title of imos:warm',
          coverage: { bbox, period, files: 3 },
        },
      ]);
  });

  it('feature types without files or without a column for them are not layers of a WFS', async () => {
    const stations: Intercept = (from, to) => {
      const query = new URL(from.url ?? '', 'http://localhost').searchParams;
      const isRows = query.get('typeName') === 'imos:cold' && query.has('outputFormat');
      if (isRows) to.writeHead(200, { 'content-type': 'text/csv' }).end('FID,depth\n1,5\n');
      return isRows;
    };
    const surroundings = await start(stations);
    const names = async () => (await suggest(surroundings, '')).map(({ value }) => value);
    await expect.poll(names).toEqual(['imos:warm']);
  });

  it.each([7, 1_000])(
    'layers of a WFS are found in capabilities that arrive in parts of %i bytes',
    async (length) => {
      const type = (name: string, abstract: string) =>
        `<wfs:FeatureType xmlns:imos="imos.mod"><wfs:Name>${name}</wfs:Name><wfs:Abstract>${abstract}</wfs:Abstract></wfs:FeatureType>`;
      const types = [type('imos:warm', 'größer'), '<wfs:FeatureType/>', type('imos:cold', 'x')];
      const document = Buffer.from(
        `<?xml version="1.0"?><wfs:WFS_Capabilities xmlns:wfs="http://www.opengis.net/wfs"><wfs:FeatureTypeList><wfs:Operations/>${types.join('\n')}</wfs:FeatureTypeList></wfs:WFS_Capabilities>`,
      );
      const surroundings = await start((from, to) => {
        const isAsked = /GetCapabilities/.test(from.url ?? '');
        if (!isAsked) return false;
        for (let at = 0; at < document.length; at += length) {
          to.write(document.subarray(at, at + length));
        }
        to.end();
        return true;
      });
      const found = await suggest(surroundings, '');
      expect(found.map(({ value, abstract }) => [value, abstract])).toEqual([
        ['imos:warm', 'größer'],
        ['imos:cold', 'x'],
      ]);
    },
  );

  it('layers of a WFS are read as XML: comments have none, a name may be CDATA, several boxes are one area', async () => {
    const box = (lower: string, upper: string) =>
      `<WGS84BoundingBox><LowerCorner>${lower}</LowerCorner><UpperCorner>${upper}</UpperCorner></WGS84BoundingBox>`;
    const types = [
      '<!-- <FeatureType><Name>imos:old</Name></FeatureType> -->',
      `<FeatureType><Name><![CDATA[imos:warm]]></Name><Title>A &amp; B</Title>${box('10 -5', '20 5')}${box('15 -9', '30 0')}</FeatureType>`,
      '<FeatureType><Title>without a name</Title></FeatureType>',
      `<FeatureType><Name>imos:cold</Name>${box('-180 -90', '180 90')}${box('-1 -1', '0 0')}</FeatureType>`,
    ];
    const document = `<WFS_Capabilities><Name>the service</Name><FeatureTypeList>${types.join('')}</FeatureTypeList></WFS_Capabilities>`;
    const surroundings = await start((from, to) => {
      const isAsked = /GetCapabilities/.test(from.url ?? '');
      if (isAsked) to.end(document);
      return isAsked;
    });
    const found = await suggest(surroundings, '');
    expect(found.map(({ value, title, coverage }) => [value, title, coverage?.bbox])).toEqual([
      ['imos:warm', 'A & B', [10, -9, 30, 5]],
      ['imos:cold', undefined, [-180, -90, 180, 90]],
    ]);
  });

  it('layers of a WFS are not those of a page that is no capabilities document, not XML, or only its start', async () => {
    const type = '<FeatureType><Name>imos:warm</Name></FeatureType>';
    const whole = `<WFS_Capabilities><FeatureTypeList>${type}</FeatureTypeList></WFS_Capabilities>`;
    for (const body of [
      type,
      whole.slice(0, -30),
      whole.replace('<Name>', '<Title>A & B</Title><Name>'),
    ]) {
      const surroundings = await start((from, to) => {
        const isAsked = /GetCapabilities/.test(from.url ?? '');
        if (isAsked) to.end(body);
        return isAsked;
      });
      expect(await suggest(surroundings, '')).toEqual([]);
      await server?.stop();
    }
  });

  it('the size of a request for very many files of a WFS is known without listing them', async () => {
    const many = Array.from({ length: 6_000 }, (_, hours) => ({
      name: `${hours}.nc`,
      time: new Date(Date.UTC(2020, 0, 1) + hours * 3_600_000).toISOString(),
      content: hours < 3_000 ? 'aa' : 'aaaa',
    }));
    let rows = 0;
    const surroundings = await start(
      (from) => {
        const query = new URL(from.url ?? '', 'http://localhost').searchParams;
        if (query.has('outputFormat')) rows += Number(query.get('maxFeatures') ?? many.length);
        return false;
      },
      { 'imos:many': many },
    );
    const area = 'LATITUDE,-44,-40;LONGITUDE,143,149';
    const estimate = (inputs: LiteralInputs) =>
      advice.estimate?.({ layer: ['imos:many'], ...inputs }, surroundings);
    expect(await estimate({ subset: [area] })).toEqual({ files: 6_000, bytes: 18_000, faults: [] });
    expect(rows).toBe(1_000);
    // The file before the period may reach into it.
    const end = many[5_500]?.time;
    const period = `TIME,2020-01-01T01:00:00Z,${end}`;
    const cut = await estimate({ subset: [`${period};${area}`] });
    expect(cut).toEqual({ files: 5_501, bytes: 2 + 3 * 5_500, faults: [] });
    const test = { subset: [area], TestMode: ['true'] };
    expect(await estimate(test)).toEqual({ files: 1, bytes: 4, faults: [] });
    const few = `TIME,2020-01-01T01:00:00Z,2020-01-01T03:00:00Z;${area}`;
    expect(await estimate({ subset: [few] })).toEqual({ files: 4, bytes: 8, faults: [] });
    const asked = server?.requests.length;
    await estimate({ subset: [few], variables: ['temperature'] });
    expect(server?.requests.length).toBe(asked);
  });

  it('asking again for the layers of a WFS sends no further requests', async () => {
    const surroundings = await start();
    await allKnown(surroundings);
    const asked = server?.requests.length;
    await suggest(surroundings, 'imos:warm');
    await limits(surroundings, { layer: ['imos:warm'] });
    expect(server?.requests.length).toBe(asked);
  });

  it('layers of a WFS have no picture behind the form, and no request is sent for one', async () => {
    const surroundings = await start();
    expect(await advice.overview?.({ layer: ['imos:warm'] }, surroundings)).toBeUndefined();
    expect(server?.requests).toEqual([]);
  });

  it('a chosen layer of a WFS gives the form its area and period', async () => {
    const { subset, variables } = await limits(await start(), { layer: ['imos:warm'] });
    expect(subset?.extent).toMatchObject({ bbox, period });
    expect(variables).toBeUndefined();
  });

  it('there are no layers of a WFS, and no error, while the service is broken', async () => {
    const broken = await start((_, to) => {
      to.writeHead(404).end();
      return true;
    });
    expect(await suggest(broken, 'warm')).toEqual([]);
    expect((await limits(broken, {}))['layer']).toEqual({
      text: 'The names of the layers are not listed here: type the name of one.',
    });
  });

  it('layers of a WFS are limited to the chosen area and period', async () => {
    const surroundings = await start();
    await allKnown(surroundings);
    const left = async (subset: string) =>
      (await limits(surroundings, { subset: [subset] }))['layer'];
    expect((await left('TIME,2020-01-01T03:00:00Z,2020-01-02T00:00:00Z'))?.values).toEqual([
      'imos:warm',
    ]);
    expect(await left('LATITUDE,10,20')).toEqual({
      values: [],
      text: 'Every layer is outside the area: change that, or clear it to choose from all layers.',
    });
  });
});
