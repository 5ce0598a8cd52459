import { expect, it } from 'vitest';
import { executeXml, output, responseDocument } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'status-without-store',
    clause: 'OGC 05-007r7, 10.2.1, table 50',
    title: 'A status is refused for a response that is not stored',
    status: 'done',
  },
  () => {
    it('status without a stored response is refused by XML and by KVP, before any job is submitted', async () => {
      const { get, post, log } = serviceUnderTest();
      const answers = [
        await post(executeXml('fixed', [], responseDocument([output('number')], 'status="true"'))),
        await get('service=WPS&version=1.0.0&request=Execute&identifier=fixed&status=true'),
      ];
      for (const answer of answers) {
        expect(answer.status).toBe(400);
        expect(answer.exception()).toMatchObject({
          code: 'InvalidParameterValue',
          locator: 'status',
        });
      }
      expect(log.join()).not.toContain('job accepted');
    });
  },
);
