import { describe, expect, it } from 'vitest';
import type { ServiceRequest } from '../../lambda/http.ts';
import type { Protocol, Route } from '../../lambda/route.ts';
import { Router } from '../../lambda/router.ts';
import { ServiceFault } from '../../lambda/service-fault.ts';

const protocol = (name: string, change: Partial<Protocol> = {}): Protocol => ({
  name,
  parameters: [],
  encodeFault: () => ({ status: 500, headers: {}, body: name }),
  ...change,
});
const json = protocol('json', { representation: { f: 'json', mediaType: 'application/json' } });
const html = protocol('html', { representation: { f: 'html', mediaType: 'text/html' } });
const first = protocol('first', { recognises: ({ query }) => query.includes('version=1') });
const second = protocol('second', { recognises: ({ query }) => query.includes('version=2') });

const route = (method: Route['method'], path: string, of: Protocol): Route => ({
  method,
  path,
  protocol: of,
  operation: `${of.name} ${path}`,
  handle: () => Promise.reject(new Error('not called')),
});
const router = new Router(
  [
    route('GET', '/', json),
    route('GET', '/', html),
    route('GET', '/jobs/:jobId', json),
    route('GET', '/jobs/:jobId', html),
    route('DELETE', '/jobs/:jobId', json),
    route('GET', '/wps', first),
    route('GET', '/wps', second),
    route('POST', '/wps', first),
    route('GET', '/wps/outputs/:jobId/:name', first),
    route('HEAD', '/wps/outputs/:jobId/:name', first),
  ],
  first,
);

const request = (change: Partial<ServiceRequest>): ServiceRequest => ({
  method: 'GET',
  path: '/',
  query: '',
  headers: {},
  body: new Uint8Array(),
  ...change,
});
const match = (change: Partial<ServiceRequest>, baseUrl = 'https://example.org/stage/') =>
  router.match(request(change), { baseUrl });

describe('a path', () => {
  it.each([
    ['/wps', 'first /wps'],
    ['/wps/', 'first /wps'],
    ['/stage/wps', 'first /wps'],
    ['/a/b/c/wps', 'first /wps'],
    ['/wps/wps', 'first /wps'],
    ['/', 'json /'],
    ['/stage/', 'json /'],
    ['/stage', 'json /'],
    ['/stage/jobs/1', 'json /jobs/:jobId'],
  ])('path %s is route %s, whatever the gateway puts before it', (path, operation) => {
    expect(match({ path }).operation).toBe(operation);
  });

  it.each(['/other', '/other/', '/wpsx', '/stage/wps/more', '', '/jobs', '/wps/outputs/1'])(
    'nothing is served at path %s',
    async (path) => {
      const { operation, allowed, handle, protocol: fallback } = match({ path });
      expect([operation, allowed, fallback]).toEqual([undefined, [], first]);
      await expect(handle(request({}), {}, Object.create(null))).rejects.toMatchObject({
        kind: 'unknown-resource',
      });
    },
  );

  it('a path below a base path that is the name of a route is found', () => {
    const below = match({ path: '/wps/wps' }, 'https://example.org/wps/');
    expect(below.operation).toBe('first /wps');
    expect(match({ path: '/wps/jobs/1' }, 'https://example.org/wps/').operation).toBe(
      'json /jobs/:jobId',
    );
  });

  it('parts of a path are decoded', () => {
    const { parameters } = match({ path: '/stage/wps/outputs/a%20b/c%2Fd' });
    expect({ ...parameters }).toEqual({ jobId: 'a b', name: 'c/d' });
  });

  it('a path that is not percent-encoded UTF-8 is refused', async () => {
    const { handle } = match({ path: '/wps/outputs/%c0%ae/a' });
    const refused = handle(request({}), {}, Object.create(null));
    await expect(refused).rejects.toBeInstanceOf(ServiceFault);
    await expect(refused).rejects.toMatchObject({ kind: 'unknown-resource' });
  });
});

describe('a method', () => {
  it('a method that the path does not support is refused with the supported ones', async () => {
    const { allowed, handle, protocol: own } = match({ method: 'PUT', path: '/jobs/1' });
    expect([...allowed]).toEqual(['GET', 'DELETE']);
    expect(own).toBe(json);
    await expect(handle(request({}), {}, Object.create(null))).rejects.toMatchObject({
      kind: 'unsupported-method',
      subject: 'PUT',
      message: 'HTTP method PUT is not served here; allowed: GET, DELETE.',
    });
  });

  it('HEAD is served where GET is', () => {
    expect(match({ method: 'HEAD', path: '/wps' }).operation).toBe('first /wps');
    expect([...match({ method: 'HEAD', path: '/wps/outputs/1/a' }).allowed]).toEqual([
      'GET',
      'HEAD',
    ]);
  });
});

describe('a path that protocols share', () => {
  it.each([
    ['', undefined, 'json'],
    ['', '*/*', 'json'],
    ['', 'text/html,application/xhtml+xml,*/*;q=0.8', 'html'],
    ['', 'application/json', 'json'],
    ['', 'text/html;q=0.2,application/json;q=0.9', 'json'],
    ['', 'image/png', 'json'],
    ['f=html', 'application/json', 'html'],
    ['f=JSON', 'text/html', 'json'],
    ['f=', 'text/html', 'html'],
  ])(
    'a path that protocols share, with query "%s" and Accept %s, is answered by %s',
    (query, accept, name) => {
      const answered = match({ path: '/jobs/1', query, headers: { accept } });
      expect(answered.protocol.name).toBe(name);
    },
  );

  it('a path that protocols share is refused for a representation that is not offered', async () => {
    const { handle } = match({ path: '/jobs/1', query: 'f=csv' });
    await expect(handle(request({}), {}, Object.create(null))).rejects.toMatchObject({
      kind: 'invalid-value',
      subject: 'f',
      message: 'Parameter "f" is "csv"; allowed: json, html.',
    });
  });

  it.each([
    ['version=1', 'first'],
    ['version=2', 'second'],
    ['', 'first'],
  ])(
    'a path that protocols share is answered by the protocol that recognises "%s": %s',
    (query, name) => {
      expect(match({ path: '/wps', query }).protocol.name).toBe(name);
    },
  );
});
