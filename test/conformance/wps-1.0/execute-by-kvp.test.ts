import { expect, it } from 'vitest';
import { executeXml, literal, output, responseDocument } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'execute-by-kvp',
    clause: 'OGC 05-007r7, 10.2.2 (optional)',
    title: 'Execute by GET with KVP',
    status: 'done',
  },
  () => {
    const execute = 'service=WPS&version=1.0.0&request=Execute&identifier=every:Thing';
    const withoutTimes = (text: string) =>
      text.replaceAll(/jobId=[^&"]*|outputs\/[^/"]*/g, '').replaceAll(/creationTime="[^"]*"/g, '');

    it('Execute by KVP is answered as the same request by XML', async () => {
      const byKvp = await serviceUnderTest().get(
        `${execute}&language=fr&DataInputs=[length=5@uom=ft;count=2]&ResponseDocument=[text@mimeType=text/xml@asReference=true;number@uom=ft]&lineage=true`,
      );
      const byXml = await serviceUnderTest().post(
        executeXml(
          'every:Thing',
          [literal('length', '5', 'uom="ft"'), literal('count', '2')],
          responseDocument(
            [
              output('text', 'mimeType="text/xml" asReference="true"'),
              output('number', 'uom="ft"'),
            ],
            'lineage="true"',
          ),
          'language="fr"',
        ),
      );
      expect(byKvp.status).toBe(200);
      expect(withoutTimes(byKvp.text)).toBe(withoutTimes(byXml.text));
    });

    it('Execute by KVP accepts a stored response with status', async () => {
      const { get } = serviceUnderTest();
      const answer = await get(`${execute}&storeExecuteResponse=true&status=TRUE`);
      expect(answer.select('/wps:ExecuteResponse/@statusLocation')).toHaveLength(1);
    });

    it.each([
      ['storeExecuteResponse', 'yes'],
      ['status', '2'],
      ['lineage', 'on'],
    ])('Execute by KVP refuses %s=%s', async (name, value) => {
      const answer = await serviceUnderTest().get(`${execute}&${name}=${value}`);
      expect(answer.exception()).toMatchObject({ code: 'InvalidParameterValue', locator: name });
    });

    it.each([
      'ResponseDocument=number',
      'storeExecuteResponse=true',
      'status=true',
      'lineage=true',
    ])(
      'Execute by KVP refuses RawDataOutput together with %s, which exclude each other',
      async (parameter) => {
        const answer = await serviceUnderTest().get(`${execute}&RawDataOutput=number&${parameter}`);
        expect(answer.exception()).toMatchObject({
          code: 'InvalidParameterValue',
          locator: parameter.split('=')[0],
        });
      },
    );

    it('Execute by KVP accepts flags that are false together with RawDataOutput', async () => {
      const answer = await serviceUnderTest().get(
        `${execute}&RawDataOutput=number&storeExecuteResponse=false&status=false&lineage=false`,
      );
      expect(answer.text).toBe('12.5\n');
    });

    it.each([
      'RawDataOutput=number;text',
      'RawDataOutput=[]',
      'ResponseDocument=number=5',
      'ResponseDocument=number@asReference=maybe',
      'ResponseDocument=@mimeType=text/plain',
    ])('Execute by KVP refuses %s', async (parameter) => {
      const answer = await serviceUnderTest().get(`${execute}&${parameter}`);
      expect(answer.status).toBe(400);
      expect(answer.exception()).toMatchObject({ code: 'InvalidParameterValue' });
    });
  },
);
