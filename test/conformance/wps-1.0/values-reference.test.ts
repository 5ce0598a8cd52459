import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'values-reference',
    clause: 'OGC 05-007r7, 9.3.1 (optional)',
    title: 'Allowed values that refer to a list elsewhere',
    status: 'declined',
    why: 'The description itself lists the allowed values, since requests are checked against it.',
  },
  () => {
    it('no description contains a ValuesReference', async () => {
      const { select } = await serviceUnderTest().get(
        'service=WPS&version=1.0.0&request=DescribeProcess&identifier=ALL',
      );
      expect(select('//ValuesReference')).toEqual([]);
    });
  },
);
