import { describe, expect, it } from 'vitest';
import { httpEvent, restEvent, throughGateway } from '../../aws/gateway-events.ts';

/** The stand-in of API Gateway behaves as the gateway does, so that tests see what users would see. */
describe('the stand-in of a gateway', () => {
  const sent = { method: 'GET', path: '/wps', query: 'a=1&b=2&b=3' };

  it('the stand-in of a gateway passes every value of a parameter, and the last one', () => {
    const event = restEvent(sent);
    expect(event.multiValueQueryStringParameters).toEqual({ a: ['1'], b: ['2', '3'] });
    expect(event.queryStringParameters).toEqual({ a: '1', b: '3' });
    expect(httpEvent(sent).rawQueryString).toBe('a=1&b=2&b=3');
  });

  const answered = (bytes: number, body?: string) =>
    throughGateway(
      async () => ({ statusCode: 200, body: 'x'.repeat(bytes) }),
      restEvent({ ...sent, ...(body === undefined ? {} : { body }) }),
      {},
    );
  const mebibyte = 1024 * 1024;

  it('the stand-in of a gateway passes on what fits through Lambda', async () => {
    expect((await answered(5.9 * mebibyte)).statusCode).toBe(200);
  });

  it('the stand-in of a gateway answers itself if the function’s answer is too large as JSON', async () => {
    expect((await answered(6 * mebibyte)).statusCode).toBe(502);
    const quotes = await throughGateway(
      async () => ({ statusCode: 200, body: '"'.repeat(3.1 * mebibyte) }),
      restEvent(sent),
      {},
    );
    expect(quotes.statusCode).toBe(502);
  });

  it('the stand-in of a gateway answers itself if the request is too large', async () => {
    // Base64 makes it a third longer.
    expect((await answered(1, 'x'.repeat(4.4 * mebibyte))).statusCode).toBe(200);
    expect((await answered(1, 'x'.repeat(4.6 * mebibyte))).statusCode).toBe(413);
  });
});
