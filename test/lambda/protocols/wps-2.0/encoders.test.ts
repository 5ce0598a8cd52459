import { describe, expect, it } from 'vitest';
import type { PublishedOutput } from '../../../../batch-jobs/api/job.ts';
import type { LiteralInput } from '../../../../batch-jobs/api/process-description.ts';
import { encodeProcessOfferings } from '../../../../lambda/protocols/wps-2.0/encode-description.ts';
import { encodeResult } from '../../../../lambda/protocols/wps-2.0/encode-result.ts';
import { encodeStatusInfo } from '../../../../lambda/protocols/wps-2.0/encode-status.ts';
import { echo } from '../../../echo.ts';
import { sampleJob } from '../../../sample-job.ts';
import { select } from '../../../xml.ts';

const createdAt = '2026-01-01T00:00:00.000Z';
const later = (seconds: number) => new Date(Date.parse(createdAt) + seconds * 1000);

describe('a status in WPS 2.0', () => {
  it.each([
    [0, 2],
    [20, 2],
    [50, 5],
    [600, 60],
    [7200, 60],
  ])(
    'a status in WPS 2.0 of a job that is %i seconds old asks for the next poll in %i',
    (age, pause) => {
      const xml = encodeStatusInfo(sampleJob({ createdAt }), later(age), {});
      expect(select(xml, '//wps:NextPoll')).toEqual([later(age + pause).toISOString()]);
    },
  );

  it.each([
    [4.9, undefined],
    [5, 1900],
    [50, 100],
  ])('a status in WPS 2.0 of a job at %f percent estimates %s more seconds', (percent, left) => {
    const job = sampleJob({ status: 'running', startedAt: createdAt, percentCompleted: percent });
    const xml = encodeStatusInfo(job, later(100), {});
    expect(select(xml, '//wps:EstimatedCompletion')).toEqual(
      left === undefined ? [] : [later(100 + left).toISOString()],
    );
  });

  it.each([
    ['accepted', 'Accepted', ['50'], 1],
    ['running', 'Running', ['50'], 1],
    ['paused', 'Running', ['50'], 1],
    ['succeeded', 'Succeeded', ['50'], 0],
    ['failed', 'Failed', [], 0],
    ['dismissed', 'Dismissed', [], 0],
  ] as const)(
    'a status in WPS 2.0 of a job that is %s is %s, with percentage %j and %i next poll',
    (status, name, percentages, polls) => {
      const xml = encodeStatusInfo(sampleJob({ status, percentCompleted: 50.9 }), later(1), {});
      expect(select(xml, '/wps:StatusInfo/wps:Status')).toEqual([name]);
      expect(select(xml, '//wps:PercentCompleted')).toEqual(percentages);
      expect(select(xml, '//wps:NextPoll')).toHaveLength(polls);
    },
  );
});

describe('a result in WPS 2.0', () => {
  const published: PublishedOutput = {
    identifier: 'result',
    name: 'result.xml',
    filename: 'result.xml',
    contentType: 'application/gml+xml',
    size: 3,
    sha256: 'a'.repeat(64),
    attempt: 1,
  };

  it.each([
    ['utf-8', ['utf-8']],
    // A reference delivers the bytes themselves.
    ['base64', []],
    [undefined, []],
  ])(
    'a result in WPS 2.0 refers to an output requested as %s with the encoding %j',
    async (encoding, shown) => {
      const [requested] = sampleJob().requestedOutputs;
      if (!requested) throw new Error('the sample has an output');
      const job = sampleJob({
        status: 'succeeded',
        outputs: [published],
        requestedOutputs: [
          { ...requested, ...(encoding === undefined ? {} : { encoding }), schema: 'urn:s' },
        ],
      });
      const xml = await encodeResult(job, ({ name }) => `https://example.org/${name}`, {});
      const reference = '/wps:Result/wps:Output[@id="result"]/wps:Reference';
      expect(select(xml, `${reference}/@xlink:href`)).toEqual(['https://example.org/result.xml']);
      expect(select(xml, `${reference}/@mimeType`)).toEqual(['application/gml+xml']);
      expect(select(xml, `${reference}/@schema`)).toEqual(['urn:s']);
      expect(select(xml, `${reference}/@encoding`)).toEqual(shown);
    },
  );
});

describe('a process description in WPS 2.0', () => {
  it.each([
    [0.5, []],
    [1, ['1']],
    [2.9, ['2']],
  ])(
    'a process description in WPS 2.0 states a maximum of %f megabytes as %j',
    (maximumMegabytes, shown) => {
      const xml = encodeProcessOfferings(
        [
          {
            ...echo,
            inputs: [
              {
                kind: 'complex',
                identifier: 'document',
                title: 'Document',
                minOccurs: 0,
                maxOccurs: 1,
                maximumMegabytes,
                formats: [{ mimeType: 'text/plain', extension: '.txt' }],
              },
            ],
          },
        ],
        'en',
      );
      expect(select(xml, '//wps:Input//wps:Format/@maximumMegabytes')).toEqual(shown);
    },
  );
});

describe('a literal described in WPS 2.0', () => {
  it.each([
    [undefined, ['any'], [], []],
    [[], ['any'], [], []],
    [['1', '2'], [], ['1', '2'], []],
    [[{ minimum: '0', maximum: '5' }, '9', { minimum: '7' }], [], ['9'], ['0 5', '7']],
  ])('a literal described in WPS 2.0 allows %j', (allowedValues, any, values, ranges) => {
    const input = {
      ...{ kind: 'literal', identifier: 'a', title: 'A', dataType: 'integer', default: '1' },
      ...{ minOccurs: 0, maxOccurs: 1, uoms: ['m', 'km'] },
      ...(allowedValues === undefined ? {} : { allowedValues }),
    } as LiteralInput;
    const xml = encodeProcessOfferings([{ ...echo, inputs: [input] }], 'en');
    const domain = '//wps:Input//*[local-name()="LiteralDataDomain"]';
    expect(select(xml, `${domain}/@default`)).toEqual(['true']);
    expect(select(xml, `${domain}/ows:UOM`)).toEqual(['m', 'km']);
    expect(select(xml, `${domain}/ows:DefaultValue`)).toEqual(['1', '1']);
    expect(select(xml, `${domain}/ows:DataType`)).toEqual(['integer', 'integer']);
    const first = `${domain}[1]`;
    expect(select(xml, `${first}/ows:AnyValue`)).toHaveLength(any.length);
    expect(select(xml, `${first}/ows:AllowedValues/ows:Value`)).toEqual(values);
    expect(select(xml, `${first}//ows:Range/ows:MinimumValue`)).toEqual(
      ranges.map((range) => range.split(' ')[0]),
    );
    expect(select(xml, `${first}//ows:Range/ows:MaximumValue`)).toEqual(
      ranges.flatMap((range) => range.split(' ').slice(1)),
    );
    expect(select(xml, `${first}//ows:Range/@ows:rangeClosure`)).toEqual(
      ranges.map(() => 'closed'),
    );
  });
});
