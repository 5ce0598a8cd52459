import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceResponse } from '../../../../lambda/http.ts';
import { requestLog } from '../../../../lambda/jobs/request-log.ts';
import { asset } from '../../../../lambda/protocols/html/answer-asset.ts';
import { assetFiles } from '../../../../lambda/protocols/html/asset-files.ts';
import { noDeadline } from '../../../no-deadline.ts';
import { serviceUnderTest } from '../../../service-under-test.ts';

const files: Record<string, unknown> = assetFiles;
const name = 'styles-0123abcd.css';
const content = 'main { color: black }';

describe('a file of the pages', () => {
  beforeEach(() => {
    files[name] = { contentType: 'text/css', gzip: gzipSync(content).toString('base64') };
  });
  afterEach(() => {
    delete files[name];
  });
  const ask = (file: string, accepted = ''): Promise<ServiceResponse> => {
    const headers = { 'accept-encoding': accepted };
    const request = {
      method: 'GET',
      path: `/assets/${file}`,
      query: '',
      headers,
      body: new Uint8Array(),
    };
    const { dependencies } = serviceUnderTest();
    const log = requestLog(dependencies.log);
    const surroundings = { ...dependencies, log, recognise: () => undefined };
    return asset(request, { name: file }, { ...surroundings, deadline: noDeadline(new Date()) });
  };

  it.each([
    ['gzip', true],
    ['br, GZIP;q=0.5', true],
    ['gzip;q=0.001', true],
    ['gzip;q=0', false],
    ['gzip; q=0.0, br', false],
    ['br', false],
    ['x-gzipped', false],
    ['', false],
  ])(
    'a file of the pages is compressed for a browser that accepts "%s": %s',
    async (accepted, isGzip) => {
      const { status, headers, body } = await ask(name, accepted);
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'text/css',
        'cache-control': 'public, max-age=31536000, immutable',
        'cross-origin-resource-policy': 'same-origin',
        vary: 'accept-encoding',
      });
      expect(headers['content-encoding']).toBe(isGzip ? 'gzip' : undefined);
      expect(body).toEqual(isGzip ? gzipSync(content) : Buffer.from(content));
    },
  );

  it.each(['other.css', 'constructor', '__proto__'])('a file %s is not served', async (file) => {
    await expect(ask(file)).rejects.toMatchObject({
      kind: 'unknown-resource',
      message: `Nothing is served at "/assets/${file}".`,
    });
  });
});
