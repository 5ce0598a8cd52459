import { describe, expect, it } from 'vitest';
import type { Job, JobInput } from '../../../../batch-jobs/api/job.ts';
import { encodeInputs } from '../../../../lambda/protocols/ogc-api/encode-inputs.ts';
import { encodeJobList } from '../../../../lambda/protocols/ogc-api/encode-job-list.ts';
import { encodeLog } from '../../../../lambda/protocols/ogc-api/encode-log.ts';
import {
  processDocument,
  processList,
} from '../../../../lambda/protocols/ogc-api/encode-process.ts';
import { encodeResults } from '../../../../lambda/protocols/ogc-api/encode-results.ts';
import { conformance, landingPage } from '../../../../lambda/protocols/ogc-api/encode-service.ts';
import { statusInfo } from '../../../../lambda/protocols/ogc-api/encode-status-info.ts';
import { linkHeader } from '../../../../lambda/protocols/ogc-api/links.ts';
import { sampleJob } from '../../../sample-job.ts';
import { bareProcess, fullProcess, fullService } from '../described.ts';

const base = 'https://example.org/';
const title = expect.stringMatching(/^\w/);
const json = 'application/json';
const ogc = 'http://www.opengis.net/def/rel/ogc/1.0';

/** Links as `rel type href`; each has a title. */
function linesOf(
  links: readonly { rel: string; type: string; href: string; title?: string }[],
): string[] {
  for (const link of links) expect(link).toStrictEqual({ ...link, title });
  return links.map(({ rel, type, href }) => `${rel} ${type} ${href}`);
}

describe('the landing page and the conformance classes', () => {
  const classes = (offer: { jobList: boolean; callback: boolean }) =>
    conformance(offer).conformsTo.map((uri) =>
      uri.replace('http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/', ''),
    );
  const common = 'http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core';
  const always = [
    `self ${json} ${base}`,
    `alternate text/html ${base}?f=html`,
    `service-desc application/vnd.oai.openapi+json;version=3.0 ${base}api`,
    `service-doc text/html ${base}api?f=html`,
    `${ogc}/conformance ${json} ${base}conformance`,
    `${ogc}/processes ${json} ${base}processes`,
  ];
  const wps = `related text/xml ${base}wps?service=WPS&request=GetCapabilities`;

  it.each([
    [{ jobList: false, callback: false }, [], []],
    [{ jobList: true, callback: false }, ['job-list'], [`${ogc}/job-list ${json} ${base}jobs`]],
    [{ jobList: false, callback: true }, ['callback'], [`related ${json} ${base}keys`]],
  ])(
    'the landing page and the conformance classes have what is offered: %j',
    (offer, names, links) => {
      expect(classes(offer)).toStrictEqual([
        ...[common, 'core', 'ogc-process-description', 'json', 'html', 'oas30'],
        ...[...names, 'dismiss'],
      ]);
      const page = landingPage(fullService, base, offer);
      expect(linesOf(page.links)).toStrictEqual([...always, ...links, wps]);
      expect(page).toMatchObject({
        title: 'Service',
        description: expect.stringMatching(/Closed on Monday\..*About it\./s),
      });
    },
  );

  it('the landing page of a service without an abstract has no description', () => {
    const identification = { ...{ title: 'S', keywords: [] }, fees: 'NONE', accessConstraints: '' };
    const page = landingPage({ identification }, base, { jobList: false, callback: false });
    expect(page).not.toHaveProperty('description');
  });
});

describe('the description of a process in OGC API - Processes', () => {
  const links = (id: string, name: string) => [
    { rel: 'self', type: json, href: `${base}processes/${id}`, title: name },
    ...[{ rel: 'alternate', type: 'text/html', href: `${base}processes/${id}?f=html`, title }],
    { rel: `${ogc}/execute`, type: json, href: `${base}processes/${id}/execution`, title },
    { rel: 'related', type: json, href: `${base}processes/${id}/estimate`, title },
    { rel: 'related', type: json, href: `${base}processes/${id}/constraints`, title },
    {
      ...{ rel: 'alternate', type: 'text/xml', title },
      href: `${base}wps?service=WPS&version=1.0.0&request=DescribeProcess&identifier=${id}`,
    },
  ];
  const options = {
    jobControlOptions: ['sync-execute', 'async-execute', 'dismiss'],
    outputTransmission: ['value', 'reference'],
  };

  it('the description of a process in OGC API - Processes says everything that is known of it', () => {
    const { inputs, outputs, ...summary } = processDocument(
      { ...fullProcess, keywords: ['ocean'] },
      base,
    );
    expect(summary).toStrictEqual({
      ...{ id: 'full', version: '1.2.3', title: 'Full', description: 'About full.' },
      ...{ keywords: ['ocean'], metadata: [{ title: 'More', href: `${base}more` }] },
      ...options,
      links: links('full', 'Full'),
    });
    expect(inputs).toMatchObject({
      level: {
        ...{ title: 'Level', description: 'About level.', minOccurs: 0, maxOccurs: 3 },
        schema: { default: 10 },
      },
      file: { title: 'File', minOccurs: 1, maxOccurs: 2 },
      area: { title: 'Area', schema: { format: 'ogc-bbox' } },
    });
    expect(inputs['file']).not.toHaveProperty('description');
    expect(outputs).toMatchObject({
      n: { title: 'N', description: 'About n.', schema: { type: 'integer' } },
      grid: { title: 'Grid', schema: { contentMediaType: 'application/x-netcdf' } },
      extent: { title: 'Extent', schema: { format: 'ogc-bbox' } },
    });
    expect(processDocument(bareProcess, base)).toStrictEqual({
      ...{ id: 'bare', version: '0.9', title: 'Bare', ...options },
      ...{ links: links('bare', 'Bare'), inputs: {}, outputs: { n: expect.anything() } },
    });
  });

  it.each([
    [0, 1, ['full'], '?limit=1&offset=1'],
    [1, 1, ['bare'], undefined],
    [0, 2, ['full', 'bare'], undefined],
    [2, 1, [], undefined],
  ])('the list of processes from number %i, at most %i, has %j', (offset, limit, ids, next) => {
    const list = processList([fullProcess, bareProcess], { limit, offset }, base);
    expect(list.processes.map(({ id }) => id)).toStrictEqual(ids);
    expect(linesOf(list.links)).toStrictEqual([
      `self ${json} ${base}processes`,
      `alternate text/html ${base}processes?f=html`,
      ...(next === undefined ? [] : [`next ${json} ${base}processes${next}`]),
    ]);
  });
});

const id = '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';
const job = (change: Partial<Job>): Job =>
  sampleJob({
    ...{ baseUrl: base, presentation: { protocol: 'ogc-api', response: 'document' } },
    ...change,
  });

describe('a job in OGC API - Processes', () => {
  it('a job in OGC API - Processes has everything that is known of it in its status', () => {
    const { links, ...status } = statusInfo(
      job({
        ...{ status: 'succeeded', percentCompleted: 100, message: 'Done.', labels: ['a'] },
        ...{ startedAt: '2026-01-01T00:00:10.000Z', updatedAt: '2026-01-01T00:00:21.000Z' },
        ...{ endedAt: '2026-01-01T00:00:20.000Z', warnings: ['Coarse.'] },
        ...{ owner: 'ada', costUsd: 0.5 },
      }),
      { retentionDays: 31 },
    );
    expect(status).toStrictEqual({
      ...{ processID: 'echo', type: 'process', jobID: id, status: 'successful', message: 'Done.' },
      ...{ created: '2026-01-01T00:00:00.000Z', started: '2026-01-01T00:00:10.000Z' },
      ...{ finished: '2026-01-01T00:00:20.000Z', updated: '2026-01-01T00:00:21.000Z' },
      ...{ expires: '2026-02-01T00:00:20.000Z', progress: 100, labels: ['a'] },
      ...{ warnings: ['Coarse.'], estimatedCostUsd: 0.5 },
    });
    expect(linesOf(links)).toStrictEqual([
      `self ${json} ${base}jobs/${id}`,
      `alternate text/html ${base}jobs/${id}?f=html`,
      `alternate text/xml ${base}wps/jobStatus?jobId=${id}&format=XML`,
      `${ogc}/results ${json} ${base}jobs/${id}/results`,
      `related ${json} ${base}jobs/${id}/inputs`,
      `related ${json} ${base}jobs/${id}/log`,
    ]);
  });

  it('a job in OGC API - Processes has no more in its status than is known of it', () => {
    const { links, ...status } = statusInfo(job({ labels: [], warnings: [], costUsd: 1 }), {});
    expect(status).toStrictEqual({
      ...{ processID: 'echo', type: 'process', jobID: id, status: 'accepted', progress: 0 },
      ...{ message: 'The job waits to be run.', created: '2026-01-01T00:00:00.000Z' },
      updated: '2026-01-01T00:00:00.000Z',
    });
    expect(linesOf(links).filter((line) => line.startsWith('monitor'))).toStrictEqual([
      `monitor ${json} ${base}jobs/${id}`,
    ]);
  });

  it('a job in OGC API - Processes that failed has its exception in its status, and a link to it', () => {
    const failure = { kind: 'invalid-value', text: 'Too deep.', subject: 'level' } as const;
    const { exception, links } = statusInfo(job({ status: 'failed', failure }), {});
    expect(exception).toStrictEqual({
      type: 'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/InvalidParameterValue',
      ...{ title, status: 400, detail: 'Too deep.' },
    });
    expect(linesOf(links)).toContain(
      `${ogc}/exceptions application/problem+json ${base}jobs/${id}/results`,
    );
  });

  const output = (identifier: string, change: object = {}) => ({
    ...{ identifier, kind: 'complex' as const, title: identifier, transmission: 'value' as const },
    ...{ extension: '.bin', mimeType: 'text/csv' },
    ...change,
  });
  const file = (identifier: string, contentType: string, change: object = {}) => ({
    ...{ identifier, name: identifier, filename: identifier, contentType, size: 3 },
    ...{ sha256: 'ab', attempt: 1, ...change },
  });
  const text = (value: string) => ({ inline: { text: value } });

  it.each([
    ['one output as its own type', ['text/csv'], 'raw', 'text/csv'],
    ['several outputs as a multipart message', ['text/csv', 'a/b'], 'raw', 'multipart/related'],
    ['no output as a multipart message', [], 'raw', 'multipart/related'],
    ['a document as JSON', ['text/csv'], 'document', json],
  ])('a job in OGC API - Processes links to %s', (_, types, response, type) => {
    const { links } = statusInfo(
      job({
        status: 'succeeded',
        presentation: { protocol: 'ogc-api', response },
        requestedOutputs: types.map((__, index) => output(`o${index}`)),
        outputs: types.map((contentType, index) => file(`o${index}`, contentType)),
      }),
      {},
    );
    expect(links.find(({ rel }) => rel === `${ogc}/results`)?.type).toBe(type);
  });

  it.each([
    ['a number', { kind: 'literal', dataType: 'double' }, 'text/plain', text('1.5'), 1.5],
    [
      'a number that JSON has not',
      { kind: 'literal', dataType: 'double' },
      'a/b',
      text('INF'),
      'INF',
    ],
    [
      'nothing where a number should be',
      { kind: 'literal', dataType: 'integer' },
      'a/b',
      text(' '),
      ' ',
    ],
    ['yes', { kind: 'literal', dataType: 'boolean' }, 'text/plain', text('1'), true],
    ['no', { kind: 'literal', dataType: 'boolean' }, 'text/plain', text('false'), false],
    ['text of no type', { kind: 'literal' }, 'text/plain', text('7'), '7'],
    [
      'a number with its unit',
      { kind: 'literal', dataType: 'integer', uom: 'm' },
      ...(['text/plain', text('7'), { value: { measurement: 7, uom: 'm' } }] as const),
    ],
    [
      'a literal from bytes',
      { kind: 'literal', dataType: 'integer' },
      ...(['text/plain', { inline: { base64: 'Nw==' } }, 7] as const),
    ],
    [
      'a box in longitude and latitude',
      { kind: 'bounding-box', crs: 'urn:ogc:def:crs:OGC:1.3:CRS84' },
      ...(['text/plain', text('1,2,3,4')] as const),
      { bbox: [1, 2, 3, 4], crs: 'http://www.opengis.net/def/crs/OGC/1.3/CRS84' },
    ],
    [
      'a box in another system',
      { kind: 'bounding-box', crs: 'EPSG:4326' },
      ...(['text/plain', text('1,2,3,4')] as const),
      { value: { bbox: [1, 2, 3, 4], crs: 'http://www.opengis.net/def/crs/EPSG/0/4326' } },
    ],
    [
      'a box in no system',
      { kind: 'bounding-box' },
      'a/b',
      text('1,2,3,4'),
      { bbox: [1, 2, 3, 4] },
    ],
    ['plain text', {}, 'text/plain; charset=utf-8', text('a'), 'a'],
    [
      'other text, with its type',
      { schema: 'urn:s' },
      ...(['text/csv', text('a'), { value: 'a', mediaType: 'text/csv', schema: 'urn:s' }] as const),
    ],
    [
      'text whose type only mentions plain text',
      {},
      ...([
        'text/x; as=text/plain',
        text('a'),
        { value: 'a', mediaType: 'text/x; as=text/plain' },
      ] as const),
    ],
    [
      'text in base64, if the request asks for it',
      { encoding: 'BASE64' },
      ...(['text/csv', text('a')] as const),
      { value: 'YQ==', mediaType: 'text/csv', encoding: 'base64' },
    ],
    [
      'bytes in base64',
      {},
      ...(['a/b', { inline: { base64: '/w==' } }] as const),
      { value: '/w==', mediaType: 'a/b', encoding: 'base64' },
    ],
    [
      'bytes that are called text in base64',
      {},
      ...(['text/plain', { inline: { base64: '/w==' } }] as const),
      { value: '/w==', mediaType: 'text/plain', encoding: 'base64' },
    ],
    ['bytes that are text', {}, 'text/plain', { inline: { base64: 'YQ==' } }, 'a'],
    ['a list', {}, json, text('\ufeff [1, 2] '), [1, 2]],
    [
      'an object, with its type',
      {},
      ...([json, text('{"a": 1}'), { value: { a: 1 }, mediaType: json }] as const),
    ],
    [
      'what is called JSON and is not',
      {},
      ...([json, text('{'), { value: '{', mediaType: json }] as const),
    ],
    [
      'a link, if the request asks for it',
      { transmission: 'reference' },
      ...(['text/csv', text('a')] as const),
      { href: `${base}jobs/${id}/results/o:1`, type: 'text/csv', title: 'o:1' },
    ],
    [
      'a link, if the output is stored by itself',
      { title: undefined },
      ...(['text/csv', {}, { href: `${base}jobs/${id}/results/o:1`, type: 'text/csv' }] as const),
    ],
    [
      'a link to a box',
      { kind: 'bounding-box' },
      ...(['text/plain', {}] as const),
      { href: `${base}jobs/${id}/results/o:1`, type: json, title: 'o:1' },
    ],
  ])('a job in OGC API - Processes has %s in its results', (_, requested, type, inline, value) => {
    const results = encodeResults(
      job({
        status: 'succeeded',
        requestedOutputs: [output('lost'), output('o:1', requested)],
        outputs: [file('o:1', type, inline)],
      }),
    );
    expect(JSON.parse(results)).toStrictEqual({ 'o:1': value });
  });

  it.each([
    ['OGC/0/CRS84h', true],
    ['OGC/1.3/CRS84h', false],
    ['OGC/1.3/CRS84x', false],
    ['MYOGC/1.3/CRS84', false],
  ])(
    'a job in OGC API - Processes has a box in %s in its results without a qualifier: %s',
    (name, isPlain) => {
      const crs = `http://www.opengis.net/def/crs/${name}`;
      const results = encodeResults(
        job({
          status: 'succeeded',
          requestedOutputs: [output('o', { kind: 'bounding-box', crs })],
          outputs: [file('o', 'text/plain', text('1,2,3,4'))],
        }),
      );
      const box = { bbox: [1, 2, 3, 4], crs };
      expect(JSON.parse(results)).toEqual({ o: isPlain ? box : { value: box } });
    },
  );

  it('a job in OGC API - Processes has JSON in its results as the process wrote it, in the order of the request', () => {
    const results = encodeResults(
      job({
        status: 'succeeded',
        requestedOutputs: [output('b'), output('a')],
        outputs: [file('a', json, text('[1.0]')), file('b', json, text('{"x": 1e2}'))],
      }),
    );
    expect(results).toBe(`{"b": {"value": {"x": 1e2}, "mediaType":"${json}"},\n"a": [1.0]}`);
  });

  const input = (identifier: string, value: JobInput['value'], given = true): JobInput => ({
    ...{ identifier, value, given },
  });

  it('a job in OGC API - Processes shows its inputs and outputs as a request that repeats it', () => {
    const document = encodeInputs(
      job({
        requestedOutputs: [
          output('csv', { encoding: 'utf-8', schema: 'urn:s', transmission: 'reference' }),
          output('plain'),
          output('n', { kind: 'literal', mimeType: undefined }),
        ],
      }),
      [
        input('level', { kind: 'literal', value: '7', dataType: 'double', uom: 'm' }),
        input('name', { kind: 'literal', value: 'a', dataType: 'string' }),
        input('name', { kind: 'literal', value: 'b', dataType: 'string' }),
        input('odd', { kind: 'literal', value: '7', dataType: 'unknown' }),
        input('area', { kind: 'bounding-box', crs: 'EPSG:4326', lower: [1, 2], upper: [3, 4] }),
        input('list', { kind: 'complex', mimeType: json, source: { text: '[1]' } }),
        input('broken', { kind: 'complex', mimeType: json, source: { text: '[' } }),
        input('xml', {
          ...{ kind: 'complex', mimeType: 'text/xml', encoding: 'utf-8', schema: 'urn:x' },
          source: { text: '[1]' },
        }),
        input('bytes', { kind: 'complex', mimeType: 'a/b', source: { base64: 'AA==' } }),
        input('far', {
          ...{ kind: 'complex', mimeType: 'text/csv' },
          source: {
            ...{ href: 'https://data.example/', method: 'GET' },
            headers: [{ key: 'Authorization', value: 'secret' }],
          },
        }),
        input('filled', { kind: 'literal', value: '1', dataType: 'integer' }, false),
      ],
    );
    const { links, ...request } = document;
    expect(linesOf(links)).toStrictEqual([
      `self ${json} ${base}jobs/${id}/inputs`,
      `alternate text/html ${base}jobs/${id}/inputs?f=html`,
    ]);
    expect(request).toStrictEqual({
      ...{ processID: 'echo', jobID: id },
      inputs: {
        level: { value: { measurement: 7, uom: 'm' } },
        ...{ name: ['a', 'b'], odd: '7' },
        area: { bbox: [1, 2, 3, 4], crs: 'http://www.opengis.net/def/crs/EPSG/0/4326' },
        list: { value: [1], mediaType: json },
        broken: { value: '[', mediaType: json },
        xml: { value: '[1]', mediaType: 'text/xml', encoding: 'utf-8', schema: 'urn:x' },
        bytes: { value: 'AA==', mediaType: 'a/b', encoding: 'base64' },
        far: { href: 'https://data.example/', type: 'text/csv' },
      },
      outputs: {
        csv: {
          format: { mediaType: 'text/csv', encoding: 'utf-8', schema: 'urn:s' },
          transmissionMode: 'reference',
        },
        plain: { format: { mediaType: 'text/csv' }, transmissionMode: 'value' },
        n: { transmissionMode: 'value' },
      },
    });
  });

  it('a job in OGC API - Processes has its messages in its log, oldest first', () => {
    const message = (at: string, status: 'accepted' | 'paused', percentCompleted: number) => ({
      ...{ at: `2026-01-01T00:00:${at}.000Z`, status, percentCompleted, text: `At ${at}.` },
    });
    const messages = [message('00', 'accepted', 0), message('05', 'paused', 9.9)];
    const { links, ...log } = encodeLog(job({ status: 'paused', messages }));
    expect(log).toStrictEqual({
      jobID: id,
      messages: [
        {
          ...{ time: '2026-01-01T00:00:00.000Z', status: 'accepted', progress: 0 },
          message: 'At 00.',
        },
        {
          ...{ time: '2026-01-01T00:00:05.000Z', status: 'running', progress: 9 },
          message: 'At 05.',
        },
      ],
    });
    expect(linesOf(links)[0]).toBe(`self ${json} ${base}jobs/${id}/log`);
  });

  it.each([
    ['', undefined, '', undefined],
    ['f=json', undefined, '', undefined],
    [
      'f=json&limit=1&label=a+b',
      'next-1',
      '?limit=1&label=a+b',
      '?limit=1&label=a+b&cursor=next-1',
    ],
    ['cursor=old', 'new', '?cursor=old', '?cursor=new'],
  ])(
    'a job in OGC API - Processes is in a list whose links keep the query "%s"',
    (query, next, self, following) => {
      const page = { jobs: [job({})], ...(next === undefined ? {} : { next }) };
      const configuration = { baseUrl: base, retentionDays: 31 };
      const list = encodeJobList(page, new URLSearchParams(query), configuration);
      expect(list.jobs).toStrictEqual([statusInfo(job({}), configuration)]);
      expect(linesOf(list.links)).toStrictEqual([
        `self ${json} ${base}jobs${self}`,
        ...(following === undefined ? [] : [`next ${json} ${base}jobs${following}`]),
      ]);
    },
  );
});

it('links in a header are separated by commas, and their titles are quoted', () => {
  const link = { href: 'https://a.example/', rel: 'self', type: 'a/b' };
  expect(linkHeader([])).toBeUndefined();
  expect(linkHeader([{ ...link, title: 'a "b" \\ é\n' }, link])?.link).toBe(
    String.raw`<https://a.example/>; rel="self"; type="a/b"; title="a \"b\" \\ ??", <https://a.example/>; rel="self"; type="a/b"`,
  );
});
