import { expect, it } from 'vitest';
import { executeXml, output, responseDocument } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'storage-not-supported',
    clause: 'OGC 05-007r7, 10.3',
    title: '`StorageNotSupported` for processes whose outputs or responses are not stored',
    status: 'declined',
    why: 'It does not arise: every process stores both, and its description says so.',
  },
  () => {
    it('no process answers StorageNotSupported', async () => {
      const { get, post } = serviceUnderTest();
      const { select } = await get(
        'service=WPS&version=1.0.0&request=DescribeProcess&identifier=ALL',
      );
      expect(new Set(select('//ProcessDescription/@storeSupported'))).toEqual(new Set(['true']));
      const form = responseDocument(
        [output('text', 'asReference="true"')],
        'storeExecuteResponse="true"',
      );
      expect((await post(executeXml('every:Thing', [], form))).status).toBe(200);
    });
  },
);
