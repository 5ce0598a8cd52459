import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'update-sequence',
    clause: 'OGC 05-007r7, 8.3.1; OGC 06-121r3, 7.3.3 to 7.3.5',
    title: '`updateSequence`, `Sections` and `AcceptFormats` of GetCapabilities',
    status: 'declined',
    why: 'WPS 1.0.0 takes them out of OWS Common. A client that sends them gets the whole document, as OWS Common has it for servers without them.',
  },
  () => {
    it('updateSequence, Sections and AcceptFormats are answered with the whole document, without the attribute', async () => {
      const { get } = serviceUnderTest();
      const plain = await get('service=WPS&request=GetCapabilities');
      const answer = await get(
        'service=WPS&request=GetCapabilities&updateSequence=5&Sections=Contents&AcceptFormats=text/html',
      );
      expect(answer.text).toBe(plain.text);
      expect(answer.select('/*/@updateSequence')).toEqual([]);
    });
  },
);
