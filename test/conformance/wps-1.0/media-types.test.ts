import { expect, it } from 'vitest';
import { executeXml, rawDataOutput } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'media-types',
    clause: 'OGC 06-121r3, 11',
    title: 'XML answers are `text/xml`, outputs have their own type',
    status: 'done',
    note: 'Exactly `text/xml`, without parameters: clients compare the text.',
  },
  () => {
    const { get, post } = serviceUnderTest();

    it.each([
      'service=WPS&request=GetCapabilities',
      'service=WPS&version=1.0.0&request=DescribeProcess&identifier=ALL',
      'service=WPS&version=1.0.0&request=Execute&identifier=fixed',
      'service=WPS&version=1.0.0&request=Execute&identifier=nothing',
    ])('the media type of %s is text/xml', async (query) => {
      expect((await get(query)).headers['content-type']).toBe('text/xml');
    });

    it.each([
      ['text', 'mimeType="text/plain"', 'text/plain'],
      ['text', 'mimeType="application/json"', 'application/json'],
      ['grid', '', 'application/x-netcdf'],
      ['number', '', 'text/plain'],
    ])('output %s has its own media type %s', async (identifier, attributes, type) => {
      const answer = await post(
        executeXml('every:Thing', [], rawDataOutput(identifier, attributes)),
      );
      expect(answer.headers['content-type']).toBe(type);
    });

    it('answers forbid browsers to guess another type, and any page may read them', async () => {
      const { headers } = await get('service=WPS&request=GetCapabilities');
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'access-control-allow-origin': '*',
        'access-control-expose-headers': expect.stringContaining('Content-Disposition'),
      });
    });
  },
);
