import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'describe-order',
    clause: 'OGC 05-007r7, 9.3.1',
    title: 'Descriptions come in the order in which they were asked for',
    status: 'done',
  },
  () => {
    it.each([[['failing', 'every:Thing', 'fixed']], [['fixed', 'failing', 'every:Thing']]])(
      'descriptions come in the order of the request: %j',
      async (order) => {
        const { select } = await serviceUnderTest().get(
          `service=WPS&version=1.0.0&request=DescribeProcess&identifier=${order.join(',')}`,
        );
        expect(select('//ProcessDescription/ows:Identifier')).toEqual(order);
      },
    );
  },
);
