import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { gogoduck } from '../../batch-jobs/gogoduck/process.ts';
import { provenanceXml } from '../../batch-jobs/gogoduck/provenance.ts';

const xml = provenanceXml({
  jobId: 'c0ffee00-0000-4000-8000-000000000000',
  process: gogoduck,
  request: {
    layer: 'layer',
    subsetText: 'LATITUDE,-33,-31;LONGITUDE,114,115',
    testMode: false,
    content: 'application/x-netcdf',
  },
  sources: [
    { name: 'a <&> b.nc', location: { path: '/secret/folder/a.nc' }, size: 12 },
    { name: 'b.nc', location: { url: 'https://data.example.org/b.nc?x=1&y=2' } },
  ],
  coverage: { start: '2020-01-01T00:00:00Z', end: '2020-01-02T00:00:00Z' },
  startedAt: new Date('2024-05-06T07:08:09Z'),
  endedAt: new Date('2024-05-06T07:08:19Z'),
});
const document = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  isArray: (name) => /^prov:(entity|used|wasDerivedFrom)$/.test(name),
}).parse(xml)['prov:document'];

describe('provenance', () => {
  it('provenance has the result, the request and the source files as entities', () => {
    expect(document['@xmlns:prov']).toBe('http://www.w3.org/ns/prov#');
    expect(document['prov:entity']).toEqual([
      {
        '@prov:id': 'job:result',
        'prov:label': 'Aggregation of layer layer',
        'dcterms:format': 'application/x-netcdf',
        'dcterms:temporal':
          'start=2020-01-01T00:00:00.000Z; end=2020-01-02T00:00:00.000Z; scheme=W3C-DTF;',
      },
      {
        '@prov:id': 'job:request',
        'prov:label': 'Request of process gs:GoGoDuck',
        'dcterms:description': 'Layer "layer", subset "LATITUDE,-33,-31;LONGITUDE,114,115"',
      },
      { '@prov:id': 'job:source-1', 'prov:label': 'a <&> b.nc', 'dcterms:extent': '12 bytes' },
      {
        '@prov:id': 'job:source-2',
        'prov:label': 'b.nc',
        'prov:location': {
          '@xsi:type': 'xsd:anyURI',
          '#text': 'https://data.example.org/b.nc?x=1&y=2',
        },
      },
    ]);
  });

  it('provenance says when the run was, and by which software', () => {
    expect(document['prov:activity']).toMatchObject({
      '@prov:id': 'job:run',
      'prov:startTime': '2024-05-06T07:08:09.000Z',
      'prov:endTime': '2024-05-06T07:08:19.000Z',
    });
    expect(document['prov:agent']['prov:label']).toBe(`GoGoDuck ${gogoduck.version}`);
  });

  it('provenance relates its entities, and contains everything that it refers to', () => {
    const ids = new Set([...xml.matchAll(/prov:id="([^"]+)"/g)].map(([, id]) => id));
    const references = [...xml.matchAll(/prov:ref="([^"]+)"/g)].map(([, id]) => id);
    expect(references.every((id) => ids.has(id))).toBe(true);
    expect(new Set(references)).toEqual(ids);
    expect(document['prov:used']).toHaveLength(3);
    expect(document['prov:wasDerivedFrom']).toHaveLength(2);
  });

  it('provenance shows no paths of the machine that ran the job', () => {
    expect(xml).not.toContain('/secret');
  });
});
