import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'kvp-chaining',
    clause: 'OGC 05-007r7, 10.2.2.2 (mandatory)',
    title: 'A reference may hold a whole request by KVP; it is decoded once and sent by GET',
    status: 'done',
  },
  () => {
    it("a reference with a whole request by KVP keeps that request's own encoding", async () => {
      const { get } = serviceUnderTest({ limits: { referenceHosts: ['foo.bar.example'] } });
      const innermost = encodeURIComponent('http://foo.bar/shapefile?a=b&c=d');
      const inner = `http://foo.bar.example/wps?request=Execute&service=wps&version=1.0.0&Identifier=ShpConvertToGML&DataInputs=complexFieldName=@xlink:href=${innermost}@Format=text/xml`;
      const answer = await get(
        `version=1.0.0&request=Execute&service=WPS&Identifier=give-back&DataInputs=document=@xlink:href=${encodeURIComponent(inner)}@Format=text/xml&RawDataOutput=given`,
      );
      expect(answer.status, answer.text).toBe(200);
      // In the service under test, the content behind a URL is the URL itself.
      expect(answer.text).toBe(inner);
    });
  },
);
