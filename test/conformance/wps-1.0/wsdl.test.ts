import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'wsdl',
    clause: 'OGC 05-007r7, 8.3.5 (optional)',
    title: 'A WSDL document of the service and of each process',
    status: 'declined',
    why: 'It is optional, and the clients this service is for do not read it. No capabilities and no description names one.',
  },
  () => {
    it('neither capabilities nor descriptions name a WSDL document', async () => {
      const { get } = serviceUnderTest();
      const answers = [
        await get('service=WPS&request=GetCapabilities'),
        await get('service=WPS&version=1.0.0&request=DescribeProcess&identifier=ALL'),
      ];
      for (const { select } of answers) expect(select('//wps:WSDL')).toEqual([]);
    });
  },
);
