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
    ])(
      'complex data %s: the default format is among the supported ones',
      async (complex, mimeType, count) => {
        const { select } = await describe();
        expect(select(`${complex}/Default/Format/MimeType`)).toEqual([mimeType]);
        expect(select(`${complex}/Supported/Format`)).toHaveLength(count);
        expect(select(`${complex}/Supported/Format/MimeType`)).toContain(mimeType);
      },
    );

    it('a described format has its encoding and schema, if any', async () => {
      const { select } = await describe();
      const format = (mimeType: string) =>
        `//Input[ows:Identifier="document"]//Supported/Format[MimeType="${mimeType}"]`;
      expect(select(`${format('application/x-netcdf')}/Encoding`)).toEqual(['base64']);
      expect(select(`${format('text/xml')}/Schema`)).toEqual(['https://example.org/document.xsd']);
      expect(select(`${format('text/plain')}/*`)).toEqual(['text/plain']);
    });

    it('a description says how large a complex input may be', async () => {
      const { select } = await describe();
      expect(select('//Input[ows:Identifier="document"]/ComplexData/@maximumMegabytes')).toEqual([
        '1',
      ]);
    });
  },
);
