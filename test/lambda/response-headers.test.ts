import { describe, expect, it } from 'vitest';
import { type ServiceUnderTestOptions, serviceUnderTest } from '../service-under-test.ts';

const capabilities = 'service=WPS&request=GetCapabilities';

/** Headers of a preflight, an answer, a refusal, and an answer to an unsupported method. */
async function headersOf(configuration: ServiceUnderTestOptions['configuration']) {
  const { send, get } = serviceUnderTest(configuration === undefined ? {} : { configuration });
  return {
    preflight: await send({ method: 'OPTIONS' }),
    answer: await get(capabilities),
    refusal: await get('service=WPS&request=Nothing'),
    other: await send({ method: 'PATCH' }),
  };
}

describe('pages of other origins', () => {
  it.each(['*', 'https://portal.example.org'])(
    'pages of origin %s may send XML and read every answer, with its headers',
    async (allowOrigin) => {
      const { preflight, ...answers } = await headersOf({ allowOrigin });
      expect(preflight.status).toBe(204);
      expect(preflight.headers).toMatchObject({
        'access-control-allow-origin': allowOrigin,
        'access-control-allow-methods': 'GET, HEAD, POST, PATCH, DELETE',
        // OpenLayers 2 identifies itself in every request.
        'access-control-allow-headers': expect.stringMatching(/Content-Type.*X-Requested-With/),
      });
      for (const { headers } of Object.values(answers)) {
        expect(headers).toMatchObject({
          'access-control-allow-origin': allowOrigin,
          'access-control-expose-headers': expect.stringMatching(
            /Allow, Content-Disposition.*Location.*Retry-After/,
          ),
        });
      }
      expect(answers.other.headers).toHaveProperty('allow');
    },
  );
});
