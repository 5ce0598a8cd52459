import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'kvp-percent-encoding',
    clause: 'OGC 06-121r3, 11.5; OGC 05-007r7, 10.2.2.1',
    title: 'KVP values are percent-encoded UTF-8',
    status: 'done',
  },
  () => {
    const { get } = serviceUnderTest();

    /** The text as the process received it, from its encoded value in DataInputs. */
    async function received(dataInputs: string): Promise<unknown> {
      const answer = await get(
        `service=WPS&version=1.0.0&request=Execute&identifier=every:Thing&RawDataOutput=inputs&DataInputs=${dataInputs}`,
      );
      expect(answer.status, answer.text).toBe(200);
      return JSON.parse(answer.text).text[0].value;
    }

    it.each([
      ['text=plain', 'plain'],
      ['text=a+b%20c', 'a b c'],
      ['text=1%2B1', '1+1'],
      ['text=%C3%A9%E2%82%AC%F0%9F%98%80', '\u00e9\u20ac\u{1f600}'],
      ['text=a%3Bb%3Dc%26d%40uom%3De', 'a;b=c&d@uom=e'],
      ['text=a=b', 'a=b'],
      ['text=100%', '100%'],
      ['text=100%25', '100%'],
      ['text=%2541', '%41'],
      ['text%3Da%3Bb', 'a;b'],
      ['text%3D1%252B1%253B', '1+1;'],
      ['text%3D100%25', '100%'],
    ])('percent-encoded KVP value %s means "%s"', async (dataInputs, text) => {
      expect(await received(dataInputs)).toBe(text);
    });

    it.each([
      ['DataInputs', 'text=%FF'],
      ['DataInputs', 'text%3D%FF'],
      ['DataInputs', 'text=%ED%A0%80'],
      ['DataInputs', 'text=%00'],
      ['DataInputs', 'text=%1B'],
      ['Identifier', '%C3'],
      ['service', '%80'],
    ])('KVP parameter %s is refused if it is %s, which XML cannot contain', async (name, value) => {
      const parameters: Record<string, string> = {
        service: 'WPS',
        version: '1.0.0',
        request: 'Execute',
        Identifier: 'every:Thing',
        [name]: value,
      };
      const query = Object.entries(parameters).map((parameter) => parameter.join('='));
      const answer = await get(query.join('&'));
      expect(answer.status).toBe(400);
      expect(answer.exception()).toMatchObject({ code: 'InvalidParameterValue', locator: name });
    });
  },
);
