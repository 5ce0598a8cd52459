import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'describe-process-by-kvp',
    clause: 'OGC 05-007r7, 9.2.2 (mandatory)',
    title: 'DescribeProcess by GET with KVP, for one process or several',
    status: 'done',
  },
  () => {
    const { get } = serviceUnderTest();
    const described = async (identifiers: string) => {
      const answer = await get(
        `Service=WPS&Request=DescribeProcess&Version=1.0.0&Language=en-AU&Identifier=${identifiers}`,
      );
      expect(answer.status).toBe(200);
      return answer.select('/wps:ProcessDescriptions/ProcessDescription/ows:Identifier');
    };

    it.each([
      ['fixed', ['fixed']],
      ['fixed,failing', ['fixed', 'failing']],
      ['fixed,%20failing,', ['fixed', 'failing']],
      ['every%3AThing', ['every:Thing']],
      ['fixed,fixed', ['fixed']],
    ])('DescribeProcess by KVP accepts Identifier=%s', async (identifiers, processes) => {
      expect(await described(identifiers)).toEqual(processes);
    });
  },
);
