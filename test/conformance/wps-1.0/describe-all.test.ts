import { expect, it } from 'vitest';
import { requestXml } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'describe-all',
    clause: 'OGC 05-007r7, 9.2.2, table 14',
    title: 'DescribeProcess for `ALL` describes every process on offer',
    status: 'done',
    note: 'In any case: OWSLib asks for `all`.',
  },
  () => {
    const { get, post } = serviceUnderTest();
    const everyProcess = ['every:Thing', 'give-back', 'failing', 'fixed'];

    it.each(['ALL', 'all', 'fixed,ALL'])(
      'DescribeProcess by KVP describes every process for %s',
      async (identifier) => {
        const { select } = await get(
          `service=WPS&version=1.0.0&request=DescribeProcess&identifier=${identifier}`,
        );
        expect(select('//ProcessDescription/ows:Identifier')).toEqual(everyProcess);
      },
    );

    it('DescribeProcess by XML describes every process for ALL', async () => {
      const { select } = await post(
        requestXml('DescribeProcess', '<ows:Identifier>ALL</ows:Identifier>'),
      );
      expect(select('//ProcessDescription/ows:Identifier')).toEqual(everyProcess);
    });

    it('Execute runs no process called ALL', async () => {
      const answer = await get('service=WPS&version=1.0.0&request=Execute&identifier=ALL');
      expect(answer.exception()).toMatchObject({ code: 'InvalidParameterValue' });
    });
  },
);
