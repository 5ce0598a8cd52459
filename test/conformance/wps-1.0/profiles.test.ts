import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'profiles',
    clause: 'OGC 05-007r7, 7.2 (optional)',
    title: 'Application profiles that a process conforms to',
    status: 'declined',
    why: 'None is registered for what is offered here.',
  },
  () => {
    it('no description names an application profile', async () => {
      const { select } = await serviceUnderTest().get('service=WPS&request=GetCapabilities');
      expect(select('//wps:Profile')).toEqual([]);
    });
  },
);
