import { describe, expect, it } from 'vitest';
import { fromProxyEvent } from '../../../lambda/aws/api-gateway.ts';
import { decodeKvp } from '../../../lambda/protocols/wps-1.0/decode-kvp.ts';
import { httpEvent, restEvent, type Sent } from '../../aws/gateway-events.ts';
import { serviceUnderTest } from '../../service-under-test.ts';

describe('a query through API Gateway', () => {
  const forms = { 'a REST API': restEvent, 'an HTTP API': httpEvent };
  const execute = 'service=WPS&version=1.0.0&request=Execute&identifier=every:Thing';

  for (const [form, event] of Object.entries(forms)) {
    const requestOf = (query: Sent['query']) =>
      fromProxyEvent(event({ method: 'GET', path: '/TEST/wps', ...(query ? { query } : {}) }));

    describe(`of ${form}`, () => {
      it.each([
        ['text=plain', 'plain'],
        ['text=a+b%20c', 'a b c'],
        ['text=1%2B1', '1+1'],
        ['text=%C3%A9%E2%82%AC%F0%9F%98%80', '\u00e9\u20ac\u{1f600}'],
        ['text=a%26b%23c', 'a&b#c'],
        ['text=a%3Bb', 'a;b'],
        ['text=a%3Db', 'a=b'],
        ['text=a%40b', 'a@b'],
        ['text=100%25', '100%'],
        ['text=%2541', '%41'],
        ['text=100%2525', '100%25'],
        ['text%3D100%25', '100%'],
        ['text%3Da%3Bb', 'a;b'],
        ['[text=%5Ba%5D]', '[a]'],
      ])(
        `API Gateway's query values are decoded once: %s contains "%s"`,
        async (dataInputs, text) => {
          const { send } = serviceUnderTest();
          const query = `${execute}&RawDataOutput=inputs&DataInputs=${dataInputs}`;
          const answer = await send(requestOf(query));
          expect(answer.status, answer.text).toBe(200);
          expect(JSON.parse(answer.text).text[0].value).toBe(text);
        },
      );

      it("API Gateway's query values keep the attributes of inputs and outputs", () => {
        const href = encodeURIComponent('http://example.org/a b?c=d&e=%C3%A9');
        const query = `${execute}&DataInputs=depth=10@uom=m;document=@xlink:href=${href}@mimeType=text/xml&ResponseDocument=text@mimeType=text/plain;number`;
        expect(decodeKvp(requestOf(query).query)).toMatchObject({
          inputs: [
            { identifier: 'depth', data: { value: '10', uom: 'm' } },
            {
              identifier: 'document',
              data: { href: 'http://example.org/a b?c=d&e=%C3%A9', mimeType: 'text/xml' },
            },
          ],
          responseForm: {
            outputs: [{ identifier: 'text', mimeType: 'text/plain' }, { identifier: 'number' }],
          },
        });
      });

      it("API Gateway's query has every value of a repeated parameter, which is then refused", () => {
        const query = `${execute}&language=fr&language=de`;
        expect(() => decodeKvp(requestOf(query).query)).toThrow('"language" is given twice');
      });

      it("API Gateway's query may be empty, and may have keys that are no parameters", async () => {
        const { send } = serviceUnderTest();
        expect((await send(requestOf(undefined))).exception()).toMatchObject({
          locator: 'service',
        });
        const query = 'service=WPS&request=GetCapabilities&a%26b%3D=c';
        expect((await send(requestOf(query))).status).toBe(200);
      });
    });
  }

  it("half a character in a REST API's query is replaced", () => {
    const event = restEvent({ method: 'GET', path: '/TEST/wps' });
    const { query } = fromProxyEvent({
      ...event,
      multiValueQueryStringParameters: { 'a\ud800': ['b\udfff'] },
    });
    expect(decodeURIComponent(query)).toBe('a\ufffd=b\ufffd');
  });
});
