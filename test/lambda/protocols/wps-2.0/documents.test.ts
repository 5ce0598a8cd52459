import { expect, it } from 'vitest';
import type { Job } from '../../../../batch-jobs/api/job.ts';
import { encodeCapabilities } from '../../../../lambda/protocols/wps-2.0/encode-capabilities.ts';
import { encodeProcessOfferings } from '../../../../lambda/protocols/wps-2.0/encode-description.ts';
import { encodeResult } from '../../../../lambda/protocols/wps-2.0/encode-result.ts';
import { encodeStatusInfo } from '../../../../lambda/protocols/wps-2.0/encode-status.ts';
import { faultsOf } from '../../../official-schemas.ts';
import { linesOf, outline } from '../../../outline.ts';
import { sampleJob } from '../../../sample-job.ts';
import { bareProcess, fullProcess, fullService } from '../described.ts';

const schema =
  'xsi:schemaLocation=http://www.opengis.net/wps/2.0 http://schemas.opengis.net/wps/2.0/wps.xsd';
const properties =
  'jobControlOptions=sync-execute async-execute dismiss outputTransmission=value reference';

const capabilities = (...sections: string[]) =>
  encodeCapabilities(fullService, 'https://example.org/wps', [fullProcess, bareProcess], sections);

it('a capabilities document of WPS 2.0 says everything that is known of the service', () => {
  const operation = (name: string) => [
    `    ows:Operation name=${name}`,
    '      ows:DCP',
    '        ows:HTTP',
    ...(name === 'Execute' ? [] : ['          ows:Get xlink:href=https://example.org/wps?']),
    '          ows:Post xlink:href=https://example.org/wps',
  ];
  const xml = capabilities();
  expect(faultsOf(xml)).toEqual([]);
  expect(outline(xml)).toEqual([
    `wps:Capabilities service=WPS version=2.0.0 ${schema}`,
    '  ows:ServiceIdentification',
    '    ows:Title: Service',
    expect.stringMatching(/^ {4}ows:Abstract: .*Closed on Monday\..*About it\./s),
    ...linesOf(`
    ows:Keywords
      ows:Keyword: ocean
      ows:Keyword: grid
    ows:ServiceType: WPS
    ows:ServiceTypeVersion: 2.0.0
    ows:ServiceTypeVersion: 1.0.0
    ows:Fees: Two dollars
    ows:AccessConstraints: Members only
    `).map((line) => `    ${line}`),
    ...linesOf(`
    ows:ServiceProvider
      ows:ProviderName: Provider
      ows:ProviderSite xlink:href=https://provider.example/
      ows:ServiceContact
        ows:IndividualName: Ada
        ows:PositionName: Operator
        ows:ContactInfo
          ows:Phone
            ows:Voice: +61 1
            ows:Facsimile: +61 2
          ows:Address
            ows:DeliveryPoint: 1 Quay
            ows:City: Hobart
            ows:AdministrativeArea: Tasmania
            ows:PostalCode: 7000
            ows:Country: Australia
            ows:ElectronicMailAddress: ada@example.org
    ows:OperationsMetadata
    `).map((line) => `  ${line}`),
    ...[
      'GetCapabilities',
      'DescribeProcess',
      'Execute',
      'GetStatus',
      'GetResult',
      'Dismiss',
    ].flatMap(operation),
    '  ows:Languages',
    '    ows:Language: en-AU',
    '    ows:Language: fr',
    '  wps:Contents',
    `    wps:ProcessSummary ${properties.replace(' output', ' output')} processVersion=1.2.3`,
    ...linesOf(`
      ows:Title: Full
      ows:Abstract: About full.
      ows:Identifier: full
      ows:Metadata xlink:href=https://example.org/more xlink:title=More
    `).map((line) => `      ${line}`),
    `    wps:ProcessSummary ${properties}`,
    '      ows:Title: Bare',
    '      ows:Identifier: bare',
  ]);
});

it.each([
  ['ServiceIdentification'],
  ['ServiceProvider'],
  ['OperationsMetadata'],
  ['Languages'],
  ['Contents'],
])(
  'a capabilities document of WPS 2.0 has only section %s where it is asked for, and the contents',
  (section) => {
    const sections = outline(capabilities(section))
      .filter((line) => /^ {2}\S/.test(line))
      .map((line) => line.replace(/^ {2}\w+:/, ''));
    expect(sections).toEqual([...new Set([section, 'Contents'])]);
  },
);

it('a capabilities document of WPS 2.0 leaves out what is not known of the service', () => {
  const xml = encodeCapabilities(
    {
      baseUrl: 'https://example.org/',
      identification: { title: 'Service', keywords: [], fees: 'NONE', accessConstraints: 'NONE' },
      provider: { name: 'Provider', contact: { city: 'Hobart' } },
      languages: ['en'],
    },
    'https://example.org/wps',
    [],
    ['ServiceIdentification', 'ServiceProvider'],
  );
  expect(outline(xml)).toEqual([
    `wps:Capabilities service=WPS version=2.0.0 ${schema}`,
    ...linesOf(`
      ows:ServiceIdentification
        ows:Title: Service
        ows:ServiceType: WPS
        ows:ServiceTypeVersion: 2.0.0
        ows:ServiceTypeVersion: 1.0.0
        ows:Fees: NONE
        ows:AccessConstraints: NONE
      ows:ServiceProvider
        ows:ProviderName: Provider
        ows:ServiceContact
          ows:ContactInfo
            ows:Address
              ows:City: Hobart
      wps:Contents
    `).map((line) => `  ${line}`),
  ]);
});

it('process offerings of WPS 2.0 say everything that is known of each process', () => {
  const xml = encodeProcessOfferings([fullProcess, bareProcess], 'fr');
  expect(faultsOf(xml)).toEqual([]);
  const type = (name: string) =>
    `ows:DataType ows:reference=http://www.w3.org/TR/xmlschema-2/#${name}: ${name}`;
  const domain = (unit: string, isDefault: string) => `
              LiteralDataDomain${isDefault}
                ows:AllowedValues
                  ows:Value: 1
                  ows:Range ows:rangeClosure=closed
                    ows:MinimumValue: 2
                    ows:MaximumValue: 3
                  ows:Range ows:rangeClosure=closed
                    ows:MinimumValue: 4
                  ows:Range ows:rangeClosure=closed
                    ows:MaximumValue: -5
                ${type('double')}
                ows:UOM: ${unit}
                ows:DefaultValue: 10`;
  const integer = `
            wps:LiteralData
              wps:Format default=true mimeType=text/plain
              wps:Format mimeType=text/xml
              LiteralDataDomain default=true
                ows:AnyValue
                ${type('integer')}`;
  expect(outline(xml)).toEqual(
    linesOf(`
      wps:ProcessOfferings ${schema}
        wps:ProcessOffering ${properties} processVersion=1.2.3
          wps:Process xml:lang=fr
            ows:Title: Full
            ows:Abstract: About full.
            ows:Identifier: full
            ows:Metadata xlink:href=https://example.org/more xlink:title=More
            wps:Input maxOccurs=3 minOccurs=0
              ows:Title: Level
              ows:Abstract: About level.
              ows:Identifier: level
              wps:LiteralData
                wps:Format default=true mimeType=text/plain
                wps:Format mimeType=text/xml${`${domain('m', ' default=true')}${domain('ft', '')}`.replaceAll('\n', '\n  ')}
            wps:Input maxOccurs=2 minOccurs=1
              ows:Title: File
              ows:Identifier: file
              wps:ComplexData
                wps:Format default=true maximumMegabytes=7 mimeType=text/csv
                wps:Format encoding=utf-8 maximumMegabytes=7 mimeType=text/xml schema=https://example.org/a.xsd
            wps:Input maxOccurs=1 minOccurs=1
              ows:Title: Area
              ows:Identifier: area
              wps:BoundingBoxData
                wps:Format default=true mimeType=text/xml
                wps:SupportedCRS default=true: urn:a
                wps:SupportedCRS: urn:b
            wps:Output
              ows:Title: N
              ows:Abstract: About n.
              ows:Identifier: n${integer.replaceAll('\n', '\n  ')}
            wps:Output
              ows:Title: Grid
              ows:Identifier: grid
              wps:ComplexData
                wps:Format default=true encoding=base64 mimeType=application/x-netcdf
            wps:Output
              ows:Title: Extent
              ows:Identifier: extent
              wps:BoundingBoxData
                wps:Format default=true mimeType=text/xml
                wps:SupportedCRS default=true: urn:c
                wps:SupportedCRS: urn:d
        wps:ProcessOffering ${properties}
          wps:Process xml:lang=fr
            ows:Title: Bare
            ows:Identifier: bare
            wps:Output
              ows:Title: N
              ows:Identifier: n${integer.replaceAll('\n', '\n  ')}
    `),
  );
});

const finished = (change: Partial<Job>): Job =>
  sampleJob({
    ...{ status: 'succeeded', percentCompleted: 100, endedAt: '2026-01-01T00:00:00.000Z' },
    ...change,
  });
const file = (identifier: string, change: object = {}) => ({
  ...{ identifier, name: `${identifier}.bin`, filename: `${identifier}.bin`, size: 3 },
  ...{ contentType: 'application/x-netcdf', sha256: 'ab', attempt: 1 },
  ...change,
});

it('a result of WPS 2.0 has every output in the order of the request, by value or by reference', async () => {
  const value = { transmission: 'value', extension: '.bin' } as const;
  const job = finished({
    requestedOutputs: [
      { ...value, identifier: 'n', kind: 'literal', title: 'N', dataType: 'double', uom: 'm' },
      { ...value, identifier: 's', kind: 'literal', title: 'S' },
      { ...value, identifier: 'extent', kind: 'bounding-box', title: 'Extent', crs: 'urn:c' },
      { ...value, identifier: 'xml', kind: 'complex', title: 'XML', mimeType: 'text/xml' },
      { ...value, identifier: 'lost', kind: 'complex', title: 'Lost', mimeType: 'text/xml' },
      {
        ...{ ...value, identifier: 'grid', kind: 'complex', title: 'Grid' },
        ...{ mimeType: 'application/x-netcdf', encoding: 'base64' },
      },
      {
        ...{ ...value, identifier: 'big', kind: 'complex', title: 'Big', schema: 'urn:s' },
        ...{ mimeType: 'text/csv', encoding: 'utf-8' },
      },
    ],
    outputs: [
      file('big', { contentType: 'text/csv' }),
      file('n', { inline: { text: '1.5 & <' } }),
      file('s', { inline: { text: 'so' } }),
      file('extent', { inline: { text: '1,2,3,4' } }),
      file('xml', { inline: { text: '<a xmlns="">1</a>' } }),
      file('grid', { inline: { base64: 'AA==' } }),
    ],
  });
  const xml = await encodeResult(job, ({ name }) => `https://example.org/${name}?a&b`, {
    retentionDays: 31,
  });
  expect(faultsOf(xml)).toEqual([]);
  expect(outline(xml)).toEqual(
    linesOf(`
      wps:Result ${schema}
        wps:JobID: 3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11
        wps:ExpirationDate: 2026-02-01T00:00:00.000Z
        wps:Output id=n
          wps:Data mimeType=text/xml
            wps:LiteralValue dataType=http://www.w3.org/TR/xmlschema-2/#double uom=m: 1.5 & <
        wps:Output id=s
          wps:Data mimeType=text/xml
            wps:LiteralValue: so
        wps:Output id=extent
          wps:Data mimeType=text/xml
            ows:BoundingBox crs=urn:c dimensions=2
              ows:LowerCorner: 1 2
              ows:UpperCorner: 3 4
        wps:Output id=xml
          wps:Data mimeType=text/xml
            a: 1
        wps:Output id=grid
          wps:Data encoding=base64 mimeType=application/x-netcdf: AA==
        wps:Output id=big
          wps:Reference encoding=utf-8 mimeType=text/csv schema=urn:s xlink:href=https://example.org/big.bin?a&b
    `),
  );
});

const status = (change: Partial<Job>, seconds: number) =>
  outline(
    encodeStatusInfo(
      sampleJob(change),
      new Date(Date.parse('2026-01-01T00:00:00Z') + seconds * 1000),
      {
        retentionDays: 31,
      },
    ),
  ).slice(1);
const id = '  wps:JobID: 3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';

it('a status of WPS 2.0 of a running job has its estimated end, the next poll and the percentage', () => {
  const startedAt = '2026-01-01T00:01:00.000Z';
  expect(status({ status: 'running', startedAt, percentCompleted: 25.9 }, 100)).toEqual([
    id,
    '  wps:Status: Running',
    // A quarter took 40 seconds.
    expect.stringMatching(/^ {2}wps:EstimatedCompletion: 2026-01-01T00:03:34\.\d{3}Z$/),
    '  wps:NextPoll: 2026-01-01T00:01:50.000Z',
    '  wps:PercentCompleted: 25',
  ]);
});

it.each([
  ['has not started', { status: 'running', percentCompleted: 50 }],
  ['waits', { status: 'accepted', startedAt: '2026-01-01T00:00:00.000Z', percentCompleted: 50 }],
  [
    'starts now',
    { status: 'running', startedAt: '2026-01-01T00:00:20.000Z', percentCompleted: 50 },
  ],
  ['is ahead', { status: 'running', startedAt: '2026-01-01T00:00:30.000Z', percentCompleted: 50 }],
] as const)('a status of WPS 2.0 of a job that %s has no estimated end', (_, change) => {
  expect(status(change, 20).join()).not.toContain('EstimatedCompletion');
});

it('a status of WPS 2.0 of a job that ended says when it expires, and asks for no poll', () => {
  const endedAt = '2026-01-02T00:00:00.000Z';
  expect(status({ status: 'succeeded', endedAt, percentCompleted: 100 }, 100)).toEqual([
    id,
    '  wps:Status: Succeeded',
    '  wps:ExpirationDate: 2026-02-02T00:00:00.000Z',
    '  wps:PercentCompleted: 100',
  ]);
});
