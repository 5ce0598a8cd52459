import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'process-description',
    clause: 'OGC 05-007r7, 9.3.1',
    title:
      'A process description tells identity, version, and that responses are stored with their status',
    status: 'done',
  },
  () => {
    const described = (identifier: string) =>
      serviceUnderTest().get(
        `service=WPS&version=1.0.0&request=DescribeProcess&identifier=${identifier}`,
      );

    it('the description of a process with all members is valid and complete', async () => {
      const { select } = await described('every:Thing');
      const process = '/wps:ProcessDescriptions/ProcessDescription';
      expect(select('/*/@service | /*/@version')).toEqual(['WPS', '1.0.0']);
      expect(select(`${process}/@wps:processVersion`)).toEqual(['1.2.3']);
      expect(select(`${process}/@storeSupported`)).toEqual(['true']);
      expect(select(`${process}/@statusSupported`)).toEqual(['true']);
      expect(select(`${process}/ows:Title`)).toEqual(['Every <thing> & "more"']);
      expect(select(`${process}/ows:Abstract`)).toEqual(['Has every kind of input and output.']);
      expect(select(`${process}/ows:Metadata/@xlink:href`)).toEqual([
        'https://example.org/?a=b&c=d',
      ]);
    });

    it('the description of a process without inputs is valid', async () => {
      const { select } = await described('fixed');
      expect(select('//DataInputs')).toEqual([]);
      expect(select('//ProcessOutputs/Output')).toHaveLength(1);
    });

    it('a description says how often each input may occur', async () => {
      const { select } = await described('every:Thing');
      const occurs = (identifier: string) => {
        const input = `//Input[ows:Identifier="${identifier}"]`;
        return [...select(`${input}/@minOccurs`), ...select(`${input}/@maxOccurs`)];
      };
      expect(occurs('text')).toEqual(['0', '2']);
      expect(occurs('area')).toEqual(['0', '1']);
      expect(select('//Input[ows:Identifier="text"]/ows:Abstract')).toEqual([
        'Any text, twice at most.',
      ]);
    });
  },
);
