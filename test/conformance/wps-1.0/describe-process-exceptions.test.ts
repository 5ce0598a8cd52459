import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'describe-process-exceptions',
    clause: 'OGC 05-007r7, 9.3.3, table 38',
    title: 'DescribeProcess refuses missing and unknown identifiers',
    status: 'done',
  },
  () => {
    const { get } = serviceUnderTest();
    const describeProcess = 'service=WPS&version=1.0.0&request=DescribeProcess';

    it.each([
      ['', 'MissingParameterValue'],
      ['&identifier=', 'MissingParameterValue'],
      ['&identifier=nothing', 'InvalidParameterValue'],
      ['&identifier=fixed,nothing', 'InvalidParameterValue'],
      ['&identifier=FIXED', 'InvalidParameterValue'],
    ])('DescribeProcess refuses the identifier "%s"', async (parameter, code) => {
      const answer = await get(`${describeProcess}${parameter}`);
      expect(answer.status).toBe(400);
      expect(answer.exception()).toMatchObject({ code, locator: 'Identifier' });
    });

    it('the refusal of an unknown identifier lists the existing processes', async () => {
      const { text } = (await get(`${describeProcess}&identifier=nothing`)).exception();
      expect(text).toContain('processes are "every:Thing", "give-back", "failing", "fixed"');
    });
  },
);
