import { expect, it } from 'vitest';
import type { Job, JobInput } from '../../../../batch-jobs/api/job.ts';
import { encodeCapabilities } from '../../../../lambda/protocols/wps-1.0/encode-capabilities.ts';
import { encodeExecuteResponse } from '../../../../lambda/protocols/wps-1.0/encode-execute-response.ts';
import { encodeProcessDescriptions } from '../../../../lambda/protocols/wps-1.0/encode-process-descriptions.ts';
import { linesOf, outline } from '../../../outline.ts';
import { sampleJob } from '../../../sample-job.ts';
import { select } from '../../../xml.ts';
import { bareProcess, fullProcess, fullService } from '../described.ts';

it('a capabilities document of WPS 1.0.0 says everything that is known of the service', () => {
  const xml = encodeCapabilities(fullService, [fullProcess, bareProcess], 'fr');
  const operation = (name: string) => [
    `    ows:Operation name=${name}`,
    '      ows:DCP',
    '        ows:HTTP',
    '          ows:Get xlink:href=https://example.org/wps?',
    '          ows:Post xlink:href=https://example.org/wps',
  ];
  expect(outline(xml)).toEqual([
    'wps:Capabilities service=WPS version=1.0.0 xml:lang=fr xsi:schemaLocation=http://www.opengis.net/wps/1.0.0 http://schemas.opengis.net/wps/1.0.0/wpsGetCapabilities_response.xsd',
    '  ows:ServiceIdentification',
    '    ows:Title: Service',
    expect.stringMatching(/^ {4}ows:Abstract: .*Closed on Monday\..*About it\./s),
    '    ows:Keywords',
    '      ows:Keyword: ocean',
    '      ows:Keyword: grid',
    '    ows:ServiceType: WPS',
    '    ows:ServiceTypeVersion: 1.0.0',
    '    ows:Fees: Two dollars',
    '    ows:AccessConstraints: Members only',
    '  ows:ServiceProvider',
    '    ows:ProviderName: Provider',
    '    ows:ProviderSite xlink:href=https://provider.example/',
    '    ows:ServiceContact',
    '      ows:IndividualName: Ada',
    '      ows:PositionName: Operator',
    '      ows:ContactInfo',
    '        ows:Phone',
    '          ows:Voice: +61 1',
    '          ows:Facsimile: +61 2',
    '        ows:Address',
    '          ows:DeliveryPoint: 1 Quay',
    '          ows:City: Hobart',
    '          ows:AdministrativeArea: Tasmania',
    '          ows:PostalCode: 7000',
    '          ows:Country: Australia',
    '          ows:ElectronicMailAddress: ada@example.org',
    '  ows:OperationsMetadata',
    ...['GetCapabilities', 'DescribeProcess', 'Execute'].flatMap(operation),
    '  wps:ProcessOfferings',
    '    wps:Process wps:processVersion=1.2.3',
    '      ows:Identifier: full',
    '      ows:Title: Full',
    '      ows:Abstract: About full.',
    '      ows:Metadata xlink:href=https://example.org/more xlink:title=More',
    '    wps:Process wps:processVersion=0.9',
    '      ows:Identifier: bare',
    '      ows:Title: Bare',
    '  wps:Languages',
    '    wps:Default',
    '      ows:Language: en-AU',
    '    wps:Supported',
    '      ows:Language: en-AU',
    '      ows:Language: fr',
  ]);
});

it('process descriptions of WPS 1.0.0 say everything that is known of each process', () => {
  expect(outline(encodeProcessDescriptions([fullProcess, bareProcess], 'fr'))).toEqual(
    linesOf(`
      wps:ProcessDescriptions service=WPS version=1.0.0 xml:lang=fr xsi:schemaLocation=http://www.opengis.net/wps/1.0.0 http://schemas.opengis.net/wps/1.0.0/wpsDescribeProcess_response.xsd
        ProcessDescription statusSupported=true storeSupported=true wps:processVersion=1.2.3
          ows:Identifier: full
          ows:Title: Full
          ows:Abstract: About full.
          ows:Metadata xlink:href=https://example.org/more xlink:title=More
          DataInputs
            Input maxOccurs=3 minOccurs=0
              ows:Identifier: level
              ows:Title: Level
              ows:Abstract: About level.
              LiteralData
                ows:DataType ows:reference=http://www.w3.org/TR/xmlschema-2/#double: double
                UOMs
                  Default
                    ows:UOM: m
                  Supported
                    ows:UOM: m
                    ows:UOM: ft
                ows:AllowedValues
                  ows:Value: 1
                  ows:Range ows:rangeClosure=closed
                    ows:MinimumValue: 2
                    ows:MaximumValue: 3
                  ows:Range ows:rangeClosure=closed
                    ows:MinimumValue: 4
                  ows:Range ows:rangeClosure=closed
                    ows:MaximumValue: -5
                DefaultValue: 10
            Input maxOccurs=2 minOccurs=1
              ows:Identifier: file
              ows:Title: File
              ComplexData maximumMegabytes=7
                Default
                  Format
                    MimeType: text/csv
                Supported
                  Format
                    MimeType: text/csv
                  Format
                    MimeType: text/xml
                    Encoding: utf-8
                    Schema: https://example.org/a.xsd
            Input maxOccurs=1 minOccurs=1
              ows:Identifier: area
              ows:Title: Area
              BoundingBoxData
                Default
                  CRS: urn:a
                Supported
                  CRS: urn:a
                  CRS: urn:b
          ProcessOutputs
            Output
              ows:Identifier: n
              ows:Title: N
              ows:Abstract: About n.
              LiteralOutput
                ows:DataType ows:reference=http://www.w3.org/TR/xmlschema-2/#integer: integer
            Output
              ows:Identifier: grid
              ows:Title: Grid
              ComplexOutput
                Default
                  Format
                    MimeType: application/x-netcdf
                    Encoding: base64
                Supported
                  Format
                    MimeType: application/x-netcdf
                    Encoding: base64
            Output
              ows:Identifier: extent
              ows:Title: Extent
              BoundingBoxOutput
                Default
                  CRS: urn:c
                Supported
                  CRS: urn:c
                  CRS: urn:d
        ProcessDescription statusSupported=true storeSupported=true wps:processVersion=0.9
          ows:Identifier: bare
          ows:Title: Bare
          ProcessOutputs
            Output
              ows:Identifier: n
              ows:Title: N
              LiteralOutput
                ows:DataType ows:reference=http://www.w3.org/TR/xmlschema-2/#integer: integer
    `),
  );
});

/** A stored job whose client asked for status and lineage. */
const stored = (change: Partial<Job>): Job =>
  sampleJob({
    baseUrl: 'https://example.org/',
    language: 'fr',
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:01:00.000Z',
    presentation: { protocol: 'wps-1.0', store: true, status: true, lineage: true, raw: false },
    process: {
      identifier: 'full',
      version: '1.2.3',
      title: 'Full',
      abstract: 'About full.',
      metadata: [{ title: 'More', href: 'https://example.org/more' }],
    },
    ...change,
  });
const responseTo = async (job: Job, inputs: readonly JobInput[] = []) =>
  await encodeExecuteResponse(job, async () => inputs);
const head =
  'wps:ExecuteResponse service=WPS serviceInstance=https://example.org/wps?service=WPS&request=GetCapabilities statusLocation=https://example.org/wps/jobStatus?jobId=3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11&format=XML version=1.0.0 xml:lang=fr xsi:schemaLocation=http://www.opengis.net/wps/1.0.0 http://schemas.opengis.net/wps/1.0.0/wpsExecute_response.xsd';
const process = [
  '  wps:Process wps:processVersion=1.2.3',
  '    ows:Identifier: full',
  '    ows:Title: Full',
  '    ows:Abstract: About full.',
  '    ows:Metadata xlink:href=https://example.org/more xlink:title=More',
];
const file = (identifier: string, change: object = {}) => ({
  identifier,
  name: `${identifier}.bin`,
  filename: `${identifier}.bin`,
  contentType: 'application/x-netcdf',
  size: 3,
  sha256: 'ab',
  attempt: 1,
  ...change,
});

it('an execute response with lineage repeats every detail of inputs and outputs, and has every output', async () => {
  const input = (identifier: string, value: JobInput['value'], change: object = {}): JobInput => ({
    ...{ identifier, given: true, value },
    ...change,
  });
  const reference = {
    href: 'https://data.example/a',
    method: 'POST',
    headers: [{ key: 'Accept', value: 'text/csv' }],
  } as const;
  const xml = await responseTo(
    stored({
      status: 'succeeded',
      message: 'Done.',
      requestedOutputs: [
        {
          ...{ identifier: 'n', kind: 'literal', title: 'N', abstract: 'About n.' },
          ...{ dataType: 'double', uom: 'm', transmission: 'value', extension: '.txt' },
        },
        {
          ...{ identifier: 'grid', kind: 'complex', title: 'Grid', transmission: 'reference' },
          ...{ mimeType: 'application/x-netcdf', encoding: 'base64', extension: '.nc' },
        },
        {
          ...{ identifier: 'xml', kind: 'complex', title: 'XML', transmission: 'reference' },
          ...{ mimeType: 'text/xml', encoding: 'utf-8', schema: 'urn:s', extension: '.xml' },
        },
        {
          ...{ identifier: 'extent', kind: 'bounding-box', title: 'Extent', crs: 'urn:c' },
          ...{ transmission: 'value', extension: '.txt' },
        },
        {
          ...{ identifier: 'lost', kind: 'complex', title: 'Lost', mimeType: 'text/csv' },
          ...{ transmission: 'value', extension: '.csv' },
        },
      ],
      outputs: [
        file('extent', { inline: { text: '1,2,3,4' } }),
        file('n', { inline: { text: '1.5' } }),
        file('grid'),
        file('xml', { contentType: 'text/xml' }),
      ],
    }),
    [
      input(
        'level',
        { kind: 'literal', value: '7', dataType: 'double', uom: 'ft' },
        {
          title: 'How deep',
          abstract: 'Below the surface.',
        },
      ),
      input('file', {
        ...{ kind: 'complex', mimeType: 'text/csv', encoding: 'utf-8', schema: 'urn:s' },
        source: { ...reference, body: { text: 'a=b', mimeType: 'text/plain' } },
      }),
      input('file', {
        ...{ kind: 'complex', mimeType: 'text/csv' },
        source: { ...reference, headers: [], bodyReference: 'https://data.example/body' },
      }),
      input('file', {
        ...{ kind: 'complex', mimeType: 'text/csv', schema: 'urn:s' },
        source: { base64: 'AA==' },
      }),
      input('area', { kind: 'bounding-box', crs: 'urn:a', lower: [1, 2], upper: [3, 4] }),
    ],
  );
  expect(outline(xml)).toEqual([
    head,
    ...process,
    '  wps:Status creationTime=2026-01-01T00:01:00.000Z',
    '    wps:ProcessSucceeded: Done.',
    ...linesOf(`
    wps:DataInputs
      wps:Input
        ows:Identifier: level
        ows:Title: How deep
        ows:Abstract: Below the surface.
        wps:Data
          wps:LiteralData dataType=http://www.w3.org/TR/xmlschema-2/#double uom=ft: 7
      wps:Input
        ows:Identifier: file
        wps:Reference encoding=utf-8 method=POST mimeType=text/csv schema=urn:s xlink:href=https://data.example/a
          wps:Header key=Accept value=text/csv
          wps:Body: a=b
      wps:Input
        ows:Identifier: file
        wps:Reference method=POST mimeType=text/csv xlink:href=https://data.example/a
          wps:BodyReference xlink:href=https://data.example/body
      wps:Input
        ows:Identifier: file
        wps:Data
          wps:ComplexData encoding=base64 mimeType=text/csv schema=urn:s: AA==
      wps:Input
        ows:Identifier: area
        wps:Data
          wps:BoundingBoxData crs=urn:a dimensions=2
            ows:LowerCorner: 1 2
            ows:UpperCorner: 3 4
    wps:OutputDefinitions
      wps:Output asReference=false uom=m
        ows:Identifier: n
        ows:Title: N
        ows:Abstract: About n.
      wps:Output asReference=true encoding=base64 mimeType=application/x-netcdf
        ows:Identifier: grid
        ows:Title: Grid
      wps:Output asReference=true encoding=utf-8 mimeType=text/xml schema=urn:s
        ows:Identifier: xml
        ows:Title: XML
      wps:Output asReference=false
        ows:Identifier: extent
        ows:Title: Extent
      wps:Output asReference=false mimeType=text/csv
        ows:Identifier: lost
        ows:Title: Lost
    wps:ProcessOutputs
      wps:Output
        ows:Identifier: n
        ows:Title: N
        ows:Abstract: About n.
        wps:Data
          wps:LiteralData dataType=http://www.w3.org/TR/xmlschema-2/#double uom=m: 1.5
      wps:Output
        ows:Identifier: grid
        ows:Title: Grid
        wps:Reference href=https://example.org/wps/outputs/3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11/grid.bin mimeType=application/x-netcdf
      wps:Output
        ows:Identifier: xml
        ows:Title: XML
        wps:Reference encoding=utf-8 href=https://example.org/wps/outputs/3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11/xml.bin mimeType=text/xml schema=urn:s
      wps:Output
        ows:Identifier: extent
        ows:Title: Extent
        wps:Data
          wps:BoundingBoxData crs=urn:c dimensions=2
            ows:LowerCorner: 1 2
            ows:UpperCorner: 3 4
    `).map((line) => `  ${line}`),
  ]);
});

it('an execute response with lineage of a job without inputs has no wps:DataInputs', async () => {
  const xml = await responseTo(stored({}));
  expect(select(xml, '//wps:DataInputs')).toEqual([]);
  expect(select(xml, '//wps:OutputDefinitions/wps:Output/ows:Identifier')).toEqual(['result']);
});

it.each([
  ['paused', 0, ['    wps:ProcessPaused percentCompleted=0: Reading.']],
  ['running', 98.9, ['    wps:ProcessStarted percentCompleted=98: Reading.']],
  ['running', 99.9, ['    wps:ProcessStarted percentCompleted=99: Reading.']],
] as const)(
  'an execute response shows the message of a job that is %s at %f percent, and when it was updated',
  async (status, percentCompleted, shown) => {
    const lines = outline(
      await responseTo(stored({ status, percentCompleted, message: 'Reading.' })),
    );
    const at = lines.indexOf('  wps:Status creationTime=2026-01-01T00:01:00.000Z');
    expect(lines.slice(at + 1, at + 2)).toEqual(shown);
  },
);

it('an execute response without status shows when the job was created, until it ends', async () => {
  const presentation = { protocol: 'wps-1.0', store: true };
  const timeOf = async (status: Job['status']) =>
    select(await responseTo(stored({ status, presentation })), '//wps:Status/@creationTime');
  expect(await timeOf('running')).toEqual(['2026-01-01T00:00:00.000Z']);
  expect(await timeOf('failed')).toEqual(['2026-01-01T00:01:00.000Z']);
});

it.each([
  [
    { kind: 'invalid-value', text: 'Too deep.', subject: 'level' } as const,
    'exceptionCode=InvalidParameterValue locator=level',
    'Too deep.',
  ],
  [{ kind: 'storage-full', text: 'Full.' } as const, 'exceptionCode=NotEnoughStorage', 'Full.'],
  [undefined, 'exceptionCode=NoApplicableCode', 'It broke.'],
])(
  'an execute response of a failed job with failure %j has its exception, in the language of the job',
  async (failure, exception, text) => {
    const job = stored({ status: 'failed', message: 'It broke.', ...(failure ? { failure } : {}) });
    const lines = outline(await responseTo(job));
    const at = lines.findIndex((line) => line.includes('wps:ProcessFailed'));
    expect(lines.slice(at + 1, at + 4)).toEqual([
      '      ows:ExceptionReport version=1.1.0 xml:lang=fr',
      `        ows:Exception ${exception}`,
      `          ows:ExceptionText: ${text}`,
    ]);
  },
);
