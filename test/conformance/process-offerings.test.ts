import { expect, it } from 'vitest';
import { executeXml } from '../execute-xml.ts';
import { serviceUnderTest } from '../service-under-test.ts';
import { requirement } from './requirement.ts';

requirement(
  {
    id: 'process-offerings',
    clause: 'OGC 05-007r7, 7.2 and 8.3.3',
    title: 'ProcessOfferings briefly describes every process that runs here, and no other',
    status: 'done',
  },
  () => {
    it('tells identifier, title, abstract, metadata and version of each', async () => {
      const { select } = await serviceUnderTest().get('service=WPS&request=GetCapabilities');
      expect(select('//wps:Process/ows:Identifier')).toEqual([
        'every:Thing',
        'give-back',
        'failing',
        'fixed',
      ]);
      const process = '//wps:Process[ows:Identifier="every:Thing"]';
      expect(select(`${process}/ows:Title`)).toEqual(['Every <thing> & "more"']);
      expect(select(`${process}/ows:Abstract`)).toEqual(['Has every kind of input and output.']);
      expect(select(`${process}/ows:Metadata/@xlink:title`)).toEqual(['About', 'No link']);
      expect(select(`${process}/@wps:processVersion`)).toEqual(['1.2.3']);
    });

    it('leaves out what the configuration does not offer here, and refuses to run it', async () => {
      const { get, post } = serviceUnderTest({ configuration: { processes: ['fixed'] } });
      const { select } = await get('service=WPS&request=GetCapabilities');
      expect(select('//wps:Process/ows:Identifier')).toEqual(['fixed']);
      expect((await post(executeXml('failing'))).exception()).toMatchObject({
        code: 'InvalidParameterValue',
        locator: 'Identifier',
      });
    });
  },
);
