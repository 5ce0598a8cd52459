import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'complex-descriptions',
    clause: 'OGC 05-007r7, 9.3.1',
    title:
      'Complex data is described with its formats, encodings and schemas, and its largest size',
    status: 'done',
  },
  () => {
    const describe = () =>
      serviceUnderTest().get(
        'service=WPS&version=1.0.0&request=DescribeProcess&identifier=every:Thing',
      );

    it.each([
      ['//Input[ows:Identifier="document"]/ComplexData', 'text/plain', 4],
      ['//Output[ows:Identifier="text"]/ComplexOutput', 'text/plain', 3],
      ['//Output[ows:Identifier="grid"]/ComplexOutput', 'application/x-netcdf', 1],
    ])('%s: the default is one of the supported', async (complex, mimeType, count) => {
      const { select } = await describe();
      expect(select(`${complex}/Default/Format/MimeType`)).toEqual([mimeType]);
      expect(select(`${complex}/Supported/Format`)).toHaveLength(count);
      expect(select(`${complex}/Supported/Format/MimeType`)).toContain(mimeType);
    });

    it('tells encoding and schema where a format has them', async () => {
      const { select } = await describe();
      const format = (mimeType: string) =>
        `//Input[ows:Identifier="document"]//Supported/Format[MimeType="${mimeType}"]`;
      expect(select(`${format('application/x-netcdf')}/Encoding`)).toEqual(['base64']);
      expect(select(`${format('text/xml')}/Schema`)).toEqual(['https://example.org/document.xsd']);
      expect(select(`${format('text/plain')}/*`)).toEqual(['text/plain']);
    });

    it('tells how much an input may hold', async () => {
      const { select } = await describe();
      expect(select('//Input[ows:Identifier="document"]/ComplexData/@maximumMegabytes')).toEqual([
        '1',
      ]);
    });
  },
);
