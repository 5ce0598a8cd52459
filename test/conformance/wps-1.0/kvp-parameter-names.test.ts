import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'kvp-parameter-names',
    clause: 'OGC 06-121r3, 11.5.2',
    title: 'Names of KVP parameters count in any case and any order; unknown ones are ignored',
    status: 'done',
  },
  () => {
    const { get } = serviceUnderTest();

    it.each([
      'service=WPS&request=GetCapabilities',
      'SERVICE=WPS&REQUEST=GetCapabilities',
      'Request=GetCapabilities&Service=WPS',
      'rEqUeSt=GetCapabilities&sErViCe=WPS',
      's%65rvice=WPS&request=GetCapabilities',
    ])('names of KVP parameters are case-insensitive: %s', async (query) => {
      expect((await get(query)).select('/wps:Capabilities')).toHaveLength(1);
    });

    it('every KVP parameter of Execute is case-insensitive', async () => {
      const query =
        'SERVICE=WPS&VERSION=1.0.0&REQUEST=Execute&IDENTIFIER=every:Thing&LANGUAGE=fr&DATAINPUTS=length=5@UOM=ft&RESPONSEDOCUMENT=number@ASREFERENCE=false&STOREEXECUTERESPONSE=true&STATUS=true&LINEAGE=true';
      const answer = await get(query);
      expect(answer.select('/wps:ExecuteResponse/@statusLocation')).toHaveLength(1);
      expect(answer.select('//wps:DataInputs//@uom')).toEqual(['ft']);
      expect(answer.select('/*/@xml:lang')).toEqual(['fr']);
    });

    it('KVP parameters of other services and of vendors are ignored', async () => {
      const answer = await get(
        'map=/etc/x.map&service=WPS&request=GetCapabilities&_=123&empty&%FF=1&',
      );
      expect(answer.select('/wps:Capabilities')).toHaveLength(1);
    });

    it('a KVP parameter with two different values is refused', async () => {
      const answer = await get('service=WPS&request=GetCapabilities&REQUEST=x');
      expect(answer.exception()).toMatchObject({
        code: 'InvalidParameterValue',
        locator: 'request',
      });
    });

    it('a KVP parameter may be repeated with the same value, as proxies do', async () => {
      const answer = await get('service=WPS&request=GetCapabilities&service=WPS');
      expect(answer.select('/wps:Capabilities')).toHaveLength(1);
    });

    it('an empty KVP parameter counts as left out', async () => {
      const capabilities = await get('Service=WPS&Request=GetCapabilities&identifier=&language=');
      expect(capabilities.select('/wps:Capabilities')).toHaveLength(1);
      const description = await get(
        'service=WPS&version=1.0.0&request=DescribeProcess&identifier=',
      );
      expect(description.exception()).toMatchObject({
        code: 'MissingParameterValue',
        locator: 'Identifier',
      });
    });
  },
);
