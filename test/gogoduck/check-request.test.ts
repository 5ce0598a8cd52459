import { beforeAll, describe, expect, it } from 'vitest';
import { checkRequest } from '../../batch-jobs/gogoduck/check-request.ts';
import { gogoduck } from '../../batch-jobs/gogoduck/process.ts';
import { executeXml, literal } from '../execute-xml.ts';
import { type ServiceUnderTest, serviceUnderTest } from '../service-under-test.ts';

const area = 'LATITUDE,-33,-31;LONGITUDE,114,115';
const netcdf = [{ identifier: 'result', mimeType: 'application/x-netcdf' }];

describe('a request that no data could satisfy', () => {
  it.each<[string, Record<string, string>, string, string]>([
    ['a subset that cannot be parsed', { subset: 'all of it' }, 'subset', 'has a part "all of it"'],
    [
      'LAT for LATITUDE',
      { subset: 'LAT,-33,-31;LONGITUDE,114,115' },
      'subset',
      'Did you mean "LATITUDE"?',
    ],
    [
      'LONG for LONGITUDE',
      { subset: 'LATITUDE,-33,-31;LONG,114,115' },
      'subset',
      'Did you mean "LONGITUDE"?',
    ],
    [
      'a minimum above the maximum',
      { subset: 'LATITUDE,-31,-33;LONGITUDE,1,2' },
      'subset',
      'has LATITUDE from -31 to -33; allowed: the smaller value first',
    ],
    [
      'latitudes beyond 90',
      { subset: 'LATITUDE,-91,-33;LONGITUDE,1,2' },
      'subset',
      'has LATITUDE "-91"; allowed: -90 to 90',
    ],
    [
      'a time that cannot be parsed',
      { subset: `TIME,yesterday,2020-01-01;${area}` },
      'subset',
      'has TIME "yesterday"',
    ],
    [
      'a day that no calendar has',
      { subset: `TIME,2020-04-31,2020-05-01;${area}` },
      'subset',
      'has TIME "2020-04-31"',
    ],
    [
      'a start after the end',
      { subset: `TIME,2021-01-01,2020-01-01;${area}` },
      'subset',
      'has TIME from 2021-01-01 to 2020-01-01',
    ],
    [
      'a depth without an end',
      { subset: `DEPTH,1;${area}` },
      'subset',
      'allowed: DEPTH with two values',
    ],
    ['no latitudes', { subset: 'LONGITUDE,1,2' }, 'subset', 'has no LATITUDE'],
    ['a layer that is a path', { layer: '../other' }, 'layer', 'Input "layer" is "../other"'],
    [
      'another format than that of the output',
      { aggregationOutputMime: 'text/csv' },
      'aggregationOutputMime',
      'allowed: the same for both',
    ],
    ['a stride of nothing', { stride: 'TIME,0' }, 'stride', 'has a part "TIME,0"'],
    ['a stride along no axis', { stride: 'ENSEMBLE,2' }, 'stride', 'has a part "ENSEMBLE,2"'],
    ['a stride that is no whole number', { stride: 'TIME,1.5' }, 'stride', 'has a part "TIME,1.5"'],
    ['a stride twice', { stride: 'TIME,2;time,3' }, 'stride', 'has a part "time,3"'],
    ['variables without a name', { variables: ' , ' }, 'variables', 'allowed: names'],
  ])('a request that no data could satisfy is refused for %s', (_, inputs, input, words) => {
    const literals = { layer: ['layer'], subset: [area] };
    const given = Object.fromEntries(Object.entries(inputs).map(([name, text]) => [name, [text]]));
    expect(checkRequest({ ...literals, ...given }, netcdf)).toEqual([
      { input, text: expect.stringContaining(words) },
    ]);
  });

  it('a request that no data could satisfy names each input at fault', () => {
    const faults = checkRequest({ layer: ['..'], subset: [''], stride: ['x'] }, netcdf);
    expect(faults.map(({ input }) => input)).toEqual(['layer', 'stride']);
  });

  it.each<[string, Record<string, string[]>, string | undefined]>([
    ['the least there is', {}, undefined],
    ['a format inside a zip', { aggregationOutputMime: ['text/csv'] }, 'application/zip'],
    [
      'a date of a calendar of 360 days',
      { subset: [`TIME,2000-02-30,2000-03-01;${area}`] },
      undefined,
    ],
    ['variables and strides', { variables: ['a, b'], stride: ['time,2;LATITUDE,3'] }, undefined],
  ])('a request that some data may satisfy is accepted: %s', (_, inputs, mimeType) => {
    const outputs = [{ identifier: 'result', ...(mimeType ? { mimeType } : {}) }];
    expect(checkRequest({ layer: ['layer'], subset: [area], ...inputs }, outputs)).toEqual([]);
  });
});

describe('Execute of such a request', () => {
  let service: ServiceUnderTest;
  beforeAll(() => {
    service = serviceUnderTest({ catalogue: [gogoduck] });
  });

  it('Execute of a request that no data could satisfy is refused with the input as locator, and creates no job', async () => {
    const answer = await service.post(
      executeXml('gs:GoGoDuck', [
        literal('layer', 'layer'),
        literal('subset', 'LAT,-33,-31;LONGITUDE,114,115'),
      ]),
    );
    expect(answer.status).toBe(400);
    expect(answer.exception()).toMatchObject({
      code: 'InvalidParameterValue',
      locator: 'subset',
      text: expect.stringContaining('Did you mean "LATITUDE"?'),
    });
  });
});
