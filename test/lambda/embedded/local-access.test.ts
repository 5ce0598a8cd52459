import { describe, expect, it } from 'vitest';
import { type LocalAccess, refuseForeign } from '../../../lambda/embedded/local-access.ts';
import { faultsOf } from '../../official-schemas.ts';

const endpoint = { method: 'GET', path: '/wps', query: 'request=Execute', body: new Uint8Array() };

function statusOf(
  headers: Readonly<Record<string, string>>,
  access: LocalAccess = {},
  request: Partial<typeof endpoint> = {},
): number | undefined {
  const refusal = refuseForeign({ ...endpoint, ...request, headers }, access);
  if (refusal?.headers['content-type'] === 'text/xml')
    expect(faultsOf(String(refusal.body))).toEqual([]);
  return refusal?.status;
}

const host = '127.0.0.1:8080';
const portal = 'https://portal.example.org';

describe('a refusal of the embedded service', () => {
  it('a refusal of the embedded service is an exception report at the endpoint of WPS, and problem details elsewhere', () => {
    const refused = (path: string) =>
      refuseForeign({ ...endpoint, path, headers: { host: 'rebound.example.org' } }, {});
    expect(refused('/wps')?.headers['content-type']).toBe('text/xml');
    expect(refused('/wps/jobStatus')?.headers['content-type']).toBe('text/xml');
    const { headers, body } = refused('/processes/echo/execution') ?? {};
    expect(headers?.['content-type']).toBe('application/problem+json');
    expect(JSON.parse(String(body))).toMatchObject({ type: 'about:blank', status: 421 });
  });
});

describe('the host that the embedded service is called by', () => {
  it.each(['localhost', 'LOCALHOST:8080', '127.0.0.1', '127.0.0.1:8080', '[::1]', '[::1]:8080'])(
    'the embedded service answers to host %s',
    (name) => {
      expect(statusOf({ host: name })).toBeUndefined();
    },
  );

  it.each([
    'rebound.example.org',
    'rebound.example.org:8080',
    'localhost.example.org',
    '127.0.0.1.example.org',
    '[::2]',
    '0.0.0.0',
    '',
  ])('the embedded service does not answer to host "%s"', (name) => {
    expect(statusOf({ host: name })).toBe(421);
    expect(statusOf({ host: name }, { allowOrigin: '*' })).toBe(421);
  });

  it('the embedded service answers to an allowed host', () => {
    const access = { allowHosts: ['Tunnel.example.org'] };
    expect(statusOf({ host: 'tunnel.example.org:443' }, access)).toBeUndefined();
    expect(statusOf({ host: 'other.example.org' }, access)).toBe(421);
  });
});

describe('the page that calls the embedded service', () => {
  it('the embedded service answers its own pages, and callers that are no pages', () => {
    expect(statusOf({ host })).toBeUndefined();
    expect(statusOf({ host, 'sec-fetch-site': 'none' })).toBeUndefined();
    expect(statusOf({ host, 'sec-fetch-site': 'same-origin' })).toBeUndefined();
    expect(statusOf({ host, origin: `http://${host}` })).toBeUndefined();
    expect(statusOf({ host: 'localhost:80', origin: 'http://localhost' })).toBeUndefined();
  });

  it.each([portal, 'http://127.0.0.1:9090', 'http://127.0.0.1', 'null', 'no URL'])(
    'the embedded service refuses a page of origin "%s"',
    (origin) => {
      expect(statusOf({ host, origin })).toBe(403);
      expect(statusOf({ host, origin }, { allowOrigin: 'https://other.example.org' })).toBe(403);
    },
  );

  it.each(['cross-site', 'same-site'])(
    'the embedded service refuses a %s page that loads an Execute as an image',
    (site) => {
      expect(statusOf({ host, 'sec-fetch-site': site })).toBe(403);
      expect(statusOf({ host, 'sec-fetch-site': site }, { allowOrigin: portal })).toBe(403);
    },
  );

  it('the embedded service allows any page to link to a status or an output', () => {
    const linked = { host, 'sec-fetch-site': 'cross-site' };
    for (const path of ['/wps/jobStatus', '/wps/outputs/id/result.nc']) {
      expect(statusOf(linked, {}, { path })).toBeUndefined();
      expect(statusOf(linked, {}, { path, method: 'DELETE' })).toBe(403);
      expect(statusOf({ ...linked, origin: portal }, {}, { path })).toBe(403);
    }
    for (const path of ['/wps', '/wps/', '/other/wps/jobStatus/wps']) {
      expect(statusOf(linked, {}, { path })).toBe(403);
    }
  });

  it('the embedded service answers pages of an allowed origin, or of any if all are allowed', () => {
    const called = { host, origin: portal, 'sec-fetch-site': 'cross-site' };
    expect(statusOf(called, { allowOrigin: portal })).toBeUndefined();
    expect(statusOf(called, { allowOrigin: '*' })).toBeUndefined();
    expect(statusOf({ host, 'sec-fetch-site': 'cross-site' }, { allowOrigin: '*' })).toBe(
      undefined,
    );
  });
});

describe('a form or a link of another site', () => {
  const evil = 'https://evil.example.org';
  const post = { method: 'POST', query: '' };

  it.each([
    'text/plain',
    'TEXT/PLAIN; charset=utf-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    '',
  ])(
    'a form of another site with a body of type "%s" starts nothing, whatever origins are allowed',
    (type) => {
      const headers = { host, origin: evil, 'content-type': type };
      expect(statusOf(headers, { allowOrigin: '*' }, post)).toBe(403);
      expect(statusOf(headers, { allowOrigin: evil }, post)).toBe(403);
      expect(statusOf({ ...headers, origin: 'null' }, { allowOrigin: '*' }, post)).toBe(403);
      const site = { host, 'sec-fetch-site': 'cross-site', 'content-type': type };
      expect(statusOf(site, { allowOrigin: '*' }, post)).toBe(403);
    },
  );

  it.each(['navigate', 'no-cors'])(
    'a link of another site starts nothing by GET in mode %s',
    (mode) => {
      const headers = { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': mode };
      expect(statusOf(headers, { allowOrigin: '*' })).toBe(403);
      expect(statusOf(headers, { allowOrigin: '*' }, { path: '/wps/jobStatus' })).toBeUndefined();
    },
  );

  it('a script of an allowed origin may start a job', () => {
    const headers = { host, origin: evil, 'content-type': 'text/xml', 'sec-fetch-mode': 'cors' };
    expect(statusOf(headers, { allowOrigin: '*' }, post)).toBeUndefined();
    expect(statusOf({ ...headers, 'content-type': '' }, { allowOrigin: '*' })).toBeUndefined();
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded'])(
    "a body of type %s may start a job from the service's own page, or without a browser",
    (type) => {
      const own = { host, origin: `http://${host}`, 'content-type': type };
      expect(statusOf(own, {}, post)).toBeUndefined();
      expect(statusOf({ host, 'content-type': type }, {}, post)).toBeUndefined();
    },
  );
});
