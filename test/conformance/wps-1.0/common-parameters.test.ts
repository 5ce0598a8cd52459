import { expect, it } from 'vitest';
import { requestXml } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'common-parameters',
    clause: 'OGC 05-007r7, 9.2.1 and 10.2.1; OGC 06-121r3, 9.2.1',
    title: '`service`, `request` and `version` are checked, with the right code and locator',
    status: 'done',
  },
  () => {
    const { get, post } = serviceUnderTest();

    it.each([
      ['', 400, 'MissingParameterValue', 'service'],
      ['request=GetCapabilities', 400, 'MissingParameterValue', 'service'],
      ['service=WFS&request=GetCapabilities', 400, 'InvalidParameterValue', 'service'],
      ['service=WPS', 400, 'MissingParameterValue', 'request'],
      ['service=WPS&request=GetMap', 501, 'OperationNotSupported', 'GetMap'],
      ['service=WPS&request=DescribeProcess', 400, 'MissingParameterValue', 'version'],
      ['service=WPS&request=Execute', 400, 'MissingParameterValue', 'version'],
      ['service=WPS&request=Execute&version=0.4.0', 400, 'InvalidParameterValue', 'version'],
      [
        'service=WPS&request=DescribeProcess&version=3.0.0',
        400,
        'InvalidParameterValue',
        'version',
      ],
      ['service=WPS&request=Execute&version=1.0.0', 400, 'MissingParameterValue', 'Identifier'],
    ])(
      '`service`, `request` and `version` of KVP request "%s" are checked',
      async (query, status, code, locator) => {
        const answer = await get(query);
        expect(answer.status).toBe(status);
        expect(answer.exception()).toMatchObject({ code, locator });
      },
    );

    const wps = 'xmlns="http://www.opengis.net/wps/1.0.0"';
    it.each([
      [`<GetCapabilities ${wps}/>`, 400, 'MissingParameterValue', 'service'],
      [`<GetCapabilities ${wps} service="WFS"/>`, 400, 'InvalidParameterValue', 'service'],
      [`<GetMap ${wps} service="WPS"/>`, 501, 'OperationNotSupported', 'GetMap'],
      [`<Execute ${wps} service="WPS"/>`, 400, 'MissingParameterValue', 'version'],
      [`<Execute ${wps} version="1.0.0"/>`, 400, 'MissingParameterValue', 'service'],
      [`<Execute ${wps} service="WPS" version="2.0.0"/>`, 400, 'InvalidParameterValue', 'version'],
      [`<Execute ${wps} service="WPS" version="one"/>`, 400, 'InvalidParameterValue', 'version'],
      [requestXml('Execute'), 400, 'MissingParameterValue', 'Identifier'],
      [requestXml('DescribeProcess'), 400, 'MissingParameterValue', 'Identifier'],
      ['<Execute service="WPS" version="1.0.0"/>', 400, 'InvalidParameterValue', 'request'],
      ['', 400, 'MissingParameterValue', 'request'],
    ])(
      '`service` and `version` of XML request %s are checked',
      async (body, status, code, locator) => {
        const answer = await post(body);
        expect(answer.status).toBe(status);
        expect(answer.exception()).toMatchObject({ code, locator });
      },
    );

    it('GetCapabilities needs no version', async () => {
      expect((await get('service=WPS&request=GetCapabilities')).status).toBe(200);
      expect((await post(requestXml('GetCapabilities'))).status).toBe(200);
    });
  },
);
