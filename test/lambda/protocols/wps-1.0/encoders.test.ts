import { describe, expect, it } from 'vitest';
import type { Job, JobInput, RequestedOutput } from '../../../../batch-jobs/api/job.ts';
import { jobStatuses } from '../../../../batch-jobs/api/job.ts';
import type { ProcessDescription } from '../../../../batch-jobs/api/process-description.ts';
import { encodeExceptionReport } from '../../../../lambda/protocols/ows/encode-exception-report.ts';
import { encodeCapabilities } from '../../../../lambda/protocols/wps-1.0/encode-capabilities.ts';
import { encodeExecuteResponse } from '../../../../lambda/protocols/wps-1.0/encode-execute-response.ts';
import { encodeProcessDescriptions } from '../../../../lambda/protocols/wps-1.0/encode-process-descriptions.ts';
import { presentationOf } from '../../../../lambda/protocols/wps-1.0/presentation.ts';
import { echo } from '../../../echo.ts';
import { faultsOf } from '../../../official-schemas.ts';
import { sampleJob } from '../../../sample-job.ts';
import { select } from '../../../xml.ts';

/** A process with every kind of input and output, and every attribute that they can have. */
const everything: ProcessDescription = {
  ...echo,
  identifier: 'every:Thing',
  title: 'Every <thing> & "more"',
  metadata: [{ title: 'about', href: 'https://example.org/?a=b&c=d' }, { title: 'no link' }],
  inputs: [
    ...echo.inputs,
    {
      kind: 'literal',
      identifier: 'level',
      title: 'Level',
      minOccurs: 0,
      maxOccurs: 3,
      dataType: 'double',
      uoms: ['m', 'ft'],
      default: '10',
      allowedValues: ['1', '2.5', { minimum: '10' }, { maximum: '-10' }],
    },
    {
      kind: 'bounding-box',
      identifier: 'area',
      title: 'Area',
      minOccurs: 1,
      maxOccurs: 1,
      crss: ['urn:ogc:def:crs:OGC:1.3:CRS84', 'urn:ogc:def:crs:EPSG::4326'],
    },
  ],
  outputs: [
    ...echo.outputs,
    {
      kind: 'complex',
      identifier: 'grid',
      title: 'Grid',
      formats: [
        { mimeType: 'application/x-netcdf', encoding: 'base64', extension: '.nc' },
        { mimeType: 'text/xml', schema: 'https://example.org/grid.xsd', extension: '.xml' },
      ],
    },
    { kind: 'bounding-box', identifier: 'extent', title: 'Extent', crss: ['urn:x'] },
  ],
};

describe('a capabilities document', () => {
  const source = {
    baseUrl: 'https://example.org/DEV/',
    identification: {
      title: 'Service <1>',
      abstract: 'What it does',
      keywords: ['a', 'b'],
      fees: 'NONE',
      accessConstraints: 'NONE',
    },
    provider: {
      name: 'Provider',
      site: 'https://example.org/',
      contact: { individualName: 'N. N.', voice: '+61', city: 'Hobart', country: 'Australia' },
    },
    languages: ['en-AU', 'fr'] as const,
  };

  it('a capabilities document is valid and names processes, operations and languages', () => {
    const xml = encodeCapabilities(source, [echo, everything], 'fr');
    expect(faultsOf(xml)).toEqual([]);
    expect(select(xml, '//wps:Process/ows:Identifier')).toEqual(['echo', 'every:Thing']);
    expect(select(xml, '//wps:Process/@wps:processVersion')).toEqual(['1.0.0', '1.0.0']);
    expect(select(xml, '//ows:Operation/@name')).toEqual([
      'GetCapabilities',
      'DescribeProcess',
      'Execute',
    ]);
    expect(select(xml, '//ows:Operation[1]//ows:Get/@xlink:href')).toEqual([
      'https://example.org/DEV/wps?',
    ]);
    expect(select(xml, '//wps:Default/ows:Language')).toEqual(['en-AU']);
    expect(select(xml, '/wps:Capabilities/@xml:lang')).toEqual(['fr']);
  });

  it('a capabilities document is valid without optional details of service and provider', () => {
    const bare = {
      ...source,
      identification: { title: 't', keywords: [], fees: 'NONE', accessConstraints: 'NONE' },
      provider: { name: 'p', contact: {} },
    };
    const xml = encodeCapabilities(bare, [echo], 'en-AU');
    expect(faultsOf(xml)).toEqual([]);
    expect(select(xml, '//ows:ContactInfo | //ows:Keywords')).toEqual([]);
  });
});

describe('process descriptions', () => {
  const xml = encodeProcessDescriptions([echo, everything], 'en-US');

  it('process descriptions are valid for every kind of input and output', () => {
    expect(faultsOf(xml)).toEqual([]);
  });

  it('process descriptions have unqualified children, as clients expect', () => {
    expect(
      select(xml, '/wps:ProcessDescriptions/ProcessDescription/DataInputs/Input/ows:Identifier'),
    ).toContain('message');
  });

  it('process descriptions give occurrences, types, units, allowed values and defaults of literals', () => {
    const level = '//Input[ows:Identifier="level"]';
    expect(select(xml, `${level}/@minOccurs | ${level}/@maxOccurs`)).toEqual(['0', '3']);
    expect(select(xml, `${level}//ows:DataType/@ows:reference`)).toEqual([
      'http://www.w3.org/TR/xmlschema-2/#double',
    ]);
    expect(select(xml, `${level}//Supported/ows:UOM`)).toEqual(['m', 'ft']);
    expect(select(xml, `${level}//ows:Value`)).toEqual(['1', '2.5']);
    expect(select(xml, `${level}//ows:MinimumValue`)).toEqual(['10']);
    expect(select(xml, `${level}//DefaultValue`)).toEqual(['10']);
  });

  it('process descriptions give the formats of complex data, the default first, and the largest size', () => {
    const document = '//Input[ows:Identifier="document"]/ComplexData';
    expect(select(xml, `${document}/Default//MimeType`)[0]).toBe('application/json');
    expect(select(xml, `${document}/@maximumMegabytes`)[0]).toBe('1');
    const grid = '//Output[ows:Identifier="grid"]';
    expect(select(xml, `${grid}//Supported//Encoding`)).toEqual(['base64']);
    expect(select(xml, `${grid}//Supported//Schema`)).toEqual(['https://example.org/grid.xsd']);
  });
});

describe('an execute response', () => {
  const responseTo = (job: Job, inputs: readonly JobInput[] = []) =>
    encodeExecuteResponse(job, async () => inputs);
  /** A job whose client requested a different form of response. */
  const presented = (
    change: { store?: boolean; status?: boolean; lineage?: boolean },
    job: Partial<Job> = {},
  ): Job => {
    const sample = sampleJob(job);
    return { ...sample, presentation: { ...presentationOf(sample), ...change } };
  };
  const complex = (change: Partial<RequestedOutput>): RequestedOutput => ({
    ...(sampleJob().requestedOutputs[0] as RequestedOutput),
    ...change,
  });
  const published = (identifier: string, change = {}) => ({
    identifier,
    name: `${identifier}.txt`,
    attempt: 1,
    contentType: 'text/plain',
    size: 3,
    sha256: 'ab',
    filename: `${identifier}.txt`,
    ...change,
  });

  it.each(jobStatuses)('an execute response is valid for a job that is %s', async (status) => {
    for (const change of [{}, { store: false }, { status: false }, { lineage: true }]) {
      expect(faultsOf(await responseTo(presented(change, { status })))).toEqual([]);
    }
  });

  it.each([
    ['accepted', 'ProcessAccepted'],
    ['running', 'ProcessStarted'],
    ['paused', 'ProcessPaused'],
    ['succeeded', 'ProcessSucceeded'],
    ['failed', 'ProcessFailed'],
    ['dismissed', 'ProcessFailed'],
  ] as const)('an execute response for a job that is %s says %s', async (status, element) => {
    const xml = await responseTo(sampleJob({ status }));
    expect(select(xml, `//wps:Status/wps:${element}`)).toHaveLength(1);
  });

  it('an execute response shows progress only if the client asked for it, but always the end', async () => {
    for (const status of ['accepted', 'running', 'paused'] as const) {
      const xml = await responseTo(presented({ status: false }, { status, message: 'reading' }));
      expect(select(xml, '//wps:ProcessAccepted')).toEqual(['The job is not done yet.']);
    }
    const ended = await responseTo(presented({ status: false }, { status: 'succeeded' }));
    expect(select(ended, '//wps:ProcessSucceeded')).toHaveLength(1);
  });

  it('an execute response shows progress as a whole number below 100', async () => {
    const percent = async (percentCompleted: number) =>
      select(
        await responseTo(sampleJob({ status: 'running', percentCompleted })),
        '//@percentCompleted',
      );
    expect(await percent(40.7)).toEqual(['40']);
    expect(await percent(100)).toEqual(['99']);
  });

  it('an execute response has a status location only if the response is stored', async () => {
    const { id } = sampleJob();
    expect(select(await responseTo(sampleJob()), '//@statusLocation')).toEqual([
      `http://127.0.0.1:8080/wps/jobStatus?jobId=${id}&format=XML`,
    ]);
    expect(select(await responseTo(presented({ store: false })), '//@statusLocation')).toEqual([]);
  });

  it('an execute response refers to outputs by a plain href', async () => {
    const job = sampleJob({ status: 'succeeded', outputs: [published('result')] });
    const xml = await responseTo(job);
    expect(faultsOf(xml)).toEqual([]);
    expect(select(xml, '//wps:Reference/@href')).toEqual([
      `http://127.0.0.1:8080/wps/outputs/${job.id}/result.txt`,
    ]);
    expect(select(xml, '//wps:Reference/@mimeType')).toEqual(['text/plain']);
  });

  it('an execute response contains values of every kind', async () => {
    const value = { transmission: 'value' } as const;
    const job = sampleJob({
      status: 'succeeded',
      requestedOutputs: [
        complex({ ...value, identifier: 'text' }),
        complex({ ...value, identifier: 'xml', mimeType: 'text/xml' }),
        complex({ ...value, identifier: 'binary', mimeType: 'application/x-netcdf' }),
        {
          ...value,
          identifier: 'number',
          kind: 'literal',
          title: 'n',
          dataType: 'double',
          uom: 'm',
          extension: '.txt',
        },
        {
          ...value,
          identifier: 'box',
          kind: 'bounding-box',
          title: 'b',
          crs: 'urn:x',
          extension: '.txt',
        },
      ],
      outputs: [
        published('text', { inline: { text: 'a < b & c\r\n]]>' } }),
        published('xml', { inline: { text: '<a xmlns="urn:a"><b>&amp;</b></a>' } }),
        published('binary', { inline: { base64: 'Af8=' } }),
        published('number', { inline: { text: '1.5' } }),
        published('box', { inline: { text: '114,-33,116,-31' } }),
      ],
    });
    const xml = await responseTo(job);
    expect(faultsOf(xml)).toEqual([]);
    const data = (identifier: string) => `//wps:Output[ows:Identifier="${identifier}"]/wps:Data`;
    expect(select(xml, data('text'))[0]?.trim()).toBe('a < b & c\r\n]]>');
    expect(select(xml, `${data('xml')}/wps:ComplexData/*/*`)).toEqual(['&']);
    expect(select(xml, `${data('binary')}/wps:ComplexData/@encoding`)).toEqual(['base64']);
    expect(select(xml, `${data('number')}/wps:LiteralData/@uom`)).toEqual(['m']);
    expect(select(xml, `${data('box')}//ows:UpperCorner`)).toEqual(['116 -31']);
  });

  it('an execute response with lineage repeats the inputs in the form they were given', async () => {
    const given = (identifier: string, value: JobInput['value']): JobInput => ({
      identifier,
      given: true,
      title: 'a title',
      value,
    });
    const reference = {
      href: 'https://example.org/a?b=c&d',
      method: 'POST',
      headers: [
        { key: 'accept', value: '"x"' },
        { key: 'Authorization', value: 'Bearer secret' },
      ],
      body: { text: '<q xmlns=""/>', mimeType: 'text/xml' },
    } as const;
    const inputs = [
      given('a', { kind: 'literal', value: '<1>', dataType: 'string' }),
      given('b', {
        kind: 'complex',
        mimeType: 'text/xml',
        source: { text: '<x xmlns="urn:x"/>' },
      }),
      given('c', { kind: 'complex', mimeType: 'text/plain', source: { text: '<x' } }),
      given('d', { kind: 'complex', mimeType: 'text/plain', source: { base64: 'AA==' } }),
      given('e', { kind: 'complex', mimeType: 'text/plain', source: reference }),
      given('f', { kind: 'bounding-box', crs: 'urn:x', lower: [1, 2], upper: [3, 4] }),
      { ...given('g', { kind: 'literal', value: '1', dataType: 'integer' }), given: false },
    ];
    const xml = await responseTo(presented({ lineage: true }), inputs);
    expect(faultsOf(xml)).toEqual([]);
    expect(select(xml, '//wps:DataInputs/wps:Input/ows:Identifier')).toEqual([...'abcdef']);
    expect(select(xml, '//wps:Reference/@xlink:href')).toEqual([reference.href]);
    expect(select(xml, '//wps:Header/@value')).toEqual(['"x"', 'withheld']);
    expect(select(xml, '//wps:OutputDefinitions/wps:Output/@asReference')).toEqual(['true']);
  });
});

describe('a job of another protocol', () => {
  it('a job of another protocol is shown by WPS 1.0.0 as a stored one with status, without lineage', () => {
    const presentation = {
      protocol: 'ogc-api',
      store: false,
      status: false,
      lineage: true,
      raw: true,
    };
    expect(presentationOf(sampleJob({ presentation }))).toEqual({
      protocol: 'wps-1.0',
      store: true,
      status: true,
      lineage: false,
      raw: false,
    });
  });
});

describe('an exception report', () => {
  it('an exception report is valid and has code, locator and text, whatever they contain', () => {
    const text = `<script>alert("1")</script> & \u0000 \ud800 ]]> 'q'`;
    const xml = encodeExceptionReport(
      { code: 'InvalidParameterValue', text, locator: '"><x>' },
      'en-US',
    );
    expect(faultsOf(xml)).toEqual([]);
    expect(select(xml, '//ows:ExceptionText')).toEqual([
      text.replace('\u0000', '\ufffd').replace('\ud800', '\ufffd'),
    ]);
    expect(select(xml, '//@locator')).toEqual(['"><x>']);
  });
});
