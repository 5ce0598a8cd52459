import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { httpServer } from '../../lambda/embedded/http-server.ts';
import { serve } from '../../lambda/service.ts';
import {
  complex,
  executeXml,
  input,
  literal,
  rawDataOutput,
  requestXml,
  responseDocument,
} from '../execute-xml.ts';
import { exchange, open, type RawAnswer, rawRequest, readAnswer } from '../http-exchange.ts';
import { faultsOf } from '../official-schemas.ts';
import { type ServiceUnderTest, serviceUnderTest } from '../service-under-test.ts';
import { select } from '../xml.ts';

describe('hostile input', () => {
  let service: ServiceUnderTest;
  let server: Server;
  let port: number;
  let impatient: Server;
  let impatientPort: number;
  let canary: Server;
  let canaryUrl: string;
  let lured: string[];

  beforeAll(async () => {
    service = serviceUnderTest({ limits: { referenceHosts: ['data.example.org'] } });
    const { dependencies } = service;
    const serverWith = (milliseconds: number) =>
      httpServer(
        (request) => serve(request, dependencies),
        dependencies.configuration.limits.maxRequestBytes,
        dependencies.log,
        {
          timeouts: {
            headersTimeout: milliseconds,
            requestTimeout: milliseconds,
            connectionsCheckingInterval: 50,
          },
        },
      );
    server = serverWith(30_000);
    port = await listen(server);
    // Times out clients after 300 ms, which would also hit well-behaved clients on a busy machine.
    impatient = serverWith(300);
    impatientPort = await listen(impatient);
    lured = [];
    canary = createServer((request, response) => {
      lured.push(request.url ?? '');
      response.end('lured');
    });
    canaryUrl = `http://127.0.0.1:${await listen(canary)}`;
    // Checks that the canary records requests. There must be none from now on.
    await fetch(`${canaryUrl}/here`);
    expect(lured.splice(0)).toEqual(['/here']);
  });
  afterAll(() => {
    for (const each of [server, impatient, canary]) {
      each.closeAllConnections();
      each.close();
    }
  });
  afterEach(async () => {
    const answer = await exchange(
      port,
      rawRequest('GET', '/TEST/wps?service=WPS&request=GetCapabilities'),
    );
    expect(answer.status, 'the next GetCapabilities').toBe(200);
    expect(faultsOf(answer.body)).toEqual([]);
    expect(lured, 'what was fetched from elsewhere').toEqual([]);
    expect(service.log.filter((line) => line.includes('request failed'))).toEqual([]);
  });

  async function listen(toStart: Server): Promise<number> {
    toStart.listen(0, '127.0.0.1');
    await once(toStart, 'listening');
    return (toStart.address() as AddressInfo).port;
  }

  const get = (target: string, headers = {}) => exchange(port, rawRequest('GET', target, headers));
  const post = (body: string | Uint8Array, headers = { 'content-type': 'text/xml' }) =>
    exchange(port, rawRequest('POST', '/TEST/wps', headers, body));
  const execute = (rest: string) =>
    get(`/TEST/wps?service=WPS&version=1.0.0&request=Execute&identifier=every:Thing&${rest}`);

  /** A client error, in a valid report that reveals nothing about this machine. */
  function expectRefused({ status, headers, body }: RawAnswer): void {
    expect(status, body).toBeGreaterThanOrEqual(400);
    expect(status, body).toBeLessThan(500);
    expect(headers).toMatch(/^content-type: text\/xml$/im);
    expect(faultsOf(body)).toEqual([]);
    expect(select(body, '/ows:ExceptionReport/ows:Exception')).toHaveLength(1);
    expectNoLeak(body);
  }

  function expectNoLeak(body: string): void {
    expect(body).not.toMatch(/\/(?:tmp|work|home|root|usr)\b|node_modules|node:|\.ts\b|\n\s+at /);
    // Pages load their own scripts. Anything else must not be a script.
    const others = body.replaceAll(/<script type="module" src="\/TEST\/assets\/[\w.-]+">/g, '');
    expect(others).not.toMatch(/<script|root:x:|lured/);
  }

  /** Refused by Node.js's own server before the service receives it. */
  function expectRefusedByTransport({ status, body }: RawAnswer): void {
    expect([0, 400, 408, 413, 414, 431, 501, 505]).toContain(status);
    expectNoLeak(body);
  }

  describe('of XML', () => {
    const doctype = (subset: string, body = executeXml('fixed')) =>
      body.replace('?>', `?>\n<!DOCTYPE wps:Execute ${subset}>`);
    const bomb = Array.from(
      { length: 30 },
      (_, i) => `<!ENTITY e${i} "${i === 0 ? 'ha' : `&e${i - 1};`.repeat(10)}">`,
    ).join('');

    it.each([
      ['a bomb of entities', doctype(`[${bomb}]`, executeXml('&e29;'))],
      [
        'a bomb in an attribute',
        doctype(`[${bomb}]`, executeXml('fixed', [], '', 'language="&e29;"')),
      ],
      [
        'one long entity again and again',
        doctype(`[<!ENTITY a "${'x'.repeat(100_000)}">]`, executeXml('&a;'.repeat(10_000))),
      ],
      [
        'an entity that holds itself',
        doctype('[<!ENTITY a "&b;"><!ENTITY b "&a;">]', executeXml('&a;')),
      ],
      [
        'a file as an entity',
        doctype('[<!ENTITY a SYSTEM "file:///etc/passwd">]', executeXml('&a;')),
      ],
      ['a file as a DTD', doctype('SYSTEM "file:///etc/passwd"')],
      ['an empty DTD', doctype('[]')],
      ['defaults from a DTD', doctype('[<!ATTLIST wps:Execute language CDATA "fr">]')],
      ['a document that ends too soon', executeXml('fixed').slice(0, -10)],
      ['no XML', 'hello'],
      ['an element 50,000 deep', `${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}`],
      [
        'data 50,000 deep',
        executeXml('give-back', [
          complex('document', `${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}`),
        ]),
      ],
      ['10,000 inputs', executeXml('every:Thing', [literal('text', 'a').repeat(10_000)])],
      ['10,000 unknown inputs', executeXml('fixed', [literal('a', 'b').repeat(10_000)])],
      [
        '10,000 outputs',
        executeXml(
          'fixed',
          [],
          responseDocument([
            '<wps:Output><ows:Identifier>number</ows:Identifier></wps:Output>'.repeat(10_000),
          ]),
        ),
      ],
      ['100,000 inputs that hold nothing', executeXml('fixed', ['<wps:Input/>'.repeat(100_000)])],
      [
        '100,000 requests within data',
        executeXml('give-back', [complex('document', '<wps:Execute/>'.repeat(100_000))]),
      ],
      ['a null byte', executeXml('fixed\0')],
      ['a null character', executeXml('fixed&#0;')],
      ['a control character', executeXml('fixed\u001b')],
      ['half a surrogate', executeXml('fixed&#xD800;')],
      ['script in an identifier', executeXml('&lt;script&gt;alert(1)&lt;/script&gt;')],
      [
        'script in an input',
        executeXml('fixed', [literal('&lt;script&gt;alert(1)&lt;/script&gt;', 'a')]),
      ],
      ['script in a language', requestXml('GetCapabilities', '', 'language="&lt;script>"')],
      ['script as the document', '<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>'],
      [
        'a MIME type for backtracking',
        executeXml('give-back', [
          complex('document', '', `mimeType="text/${';a='.repeat(20_000)}&#10;"`),
        ]),
      ],
      [
        'a number for backtracking',
        executeXml('every:Thing', [literal('length', `${'1'.repeat(200_000)}x`)]),
      ],
      ['an exception report', '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1"/>'],
    ])('hostile XML is refused: %s', async (_, body) => {
      expectRefused(await post(body));
    });

    it.each([
      ['an entity', (url: string) => doctype(`[<!ENTITY a SYSTEM "${url}/a">]`, executeXml('&a;'))],
      ['a parameter entity', (url: string) => doctype(`[<!ENTITY % a SYSTEM "${url}/a">%a;]`)],
      ['a DTD', (url: string) => doctype(`SYSTEM "${url}/a.dtd"`)],
      ['a public DTD', (url: string) => doctype(`PUBLIC "-//A//B" "${url}/a.dtd"`)],
      ['a reference', (url: string) => withReference(`${url}/a`)],
    ])(
      'XML that requests %s from another host is refused without a connection',
      async (_, body) => {
        expectRefused(await post(body(canaryUrl)));
      },
    );

    it.each([
      [
        'a schema',
        (url: string) =>
          requestXml(
            'GetCapabilities',
            '',
            `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.opengis.net/wps/1.0.0 ${url}/a.xsd urn:x ${url}/b.xsd"`,
          ),
      ],
      [
        'a style sheet',
        (url: string) =>
          requestXml('GetCapabilities').replace(
            '?>',
            `?><?xml-stylesheet type="text/xsl" href="${url}/a.xsl"?>`,
          ),
      ],
    ])('XML that names %s of another host is accepted without a connection', async (_, body) => {
      expect((await post(body(canaryUrl))).status).toBe(200);
    });

    it('XML data that requests files is returned as it is, without the files', async () => {
      const include =
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>';
      const answer = await post(
        executeXml('give-back', [complex('document', include)], rawDataOutput('given')),
      );
      expect(answer.status).toBe(200);
      expect(answer.body).toContain('<xi:include');
      expectNoLeak(answer.body);
    });

    const utf16 = (text: string) =>
      Buffer.from(`\ufeff${text.replace('UTF-8', 'UTF-16')}`, 'utf16le');
    it.each([
      ['invalid UTF-8', Buffer.from(executeXml('h\u00e9'), 'latin1')],
      [
        'overlong UTF-8',
        Buffer.concat([Buffer.from('<a>'), Buffer.from([0xc0, 0xbc]), Buffer.from('</a>')]),
      ],
      ['half a UTF-16', utf16(executeXml('fixed')).subarray(0, -1)],
      ['a bomb in UTF-16', utf16(doctype(`[${bomb}]`, executeXml('&e29;')))],
      ['UTF-7', Buffer.from(executeXml('fixed').replace('UTF-8', 'UTF-7'))],
      ['an unknown encoding', Buffer.from(executeXml('fixed').replace('UTF-8', 'x-none'))],
      ['bytes of no encoding', Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
      ['only null bytes', Buffer.alloc(1000)],
    ])('hostile values are refused or returned as data: %s', async (_, body) => {
      expectRefused(await post(body));
    });
  });

  function withReference(href: string): string {
    const reference = `<wps:Reference xlink:href="${href.replaceAll('&', '&amp;')}"/>`;
    return executeXml('give-back', [input('document', reference)]);
  }

  describe('by reference', () => {
    it.each([
      'file:///etc/passwd',
      'gopher://data.example.org/',
      'ftp://data.example.org/',
      'data:text/plain,hello',
      'javascript:alert(1)',
      'http://169.254.169.254/latest/meta-data/',
      'http://[fd00:ec2::254]/',
      'http://localhost/',
      'http://127.1/',
      'http://2130706433/',
      'http://0x7f000001/',
      'http://0177.0.0.1/',
      'http://[::ffff:127.0.0.1]/',
      'http://data.example.org@127.0.0.1/',
      'http://data.example.org:80@127.0.0.1/',
      'http://127.0.0.1#data.example.org/',
      'http://127.0.0.1\\@data.example.org/',
      'http://data.example.org.127.0.0.1.nip.io/',
      'http://user:password@data.example.org/',
      '//data.example.org/',
      'http://',
    ])('a hostile reference is refused: to %s', async (href) => {
      expectRefused(await post(withReference(href)));
      const query = `DataInputs=document=@xlink:href=${encodeURIComponent(href)}`;
      expectRefused(await execute(query));
    });
  });

  describe('of a wrong type', () => {
    it.each([
      ['application/json', '{"request":"Execute"}'],
      ['application/x-www-form-urlencoded', 'service=WPS&request=GetCapabilities'],
      [
        'multipart/form-data; boundary=x',
        '--x\r\ncontent-disposition: form-data\r\n\r\na\r\n--x--',
      ],
      ['text/html', '<html><body>hello</body></html>'],
      ['image/png', Buffer.from('iVBORw0KGgo=', 'base64')],
      ['application/octet-stream', Buffer.from([0, 1, 2, 3])],
      ['text/xml', gzipSync(executeXml('fixed'))],
      ['', ''],
    ])('a body of a wrong type is refused: %s', async (type, body) => {
      expectRefused(await post(body, { 'content-type': type }));
    });
  });

  describe('that is too long', () => {
    const long = Buffer.alloc(8 * 1024 * 1024, 'x');

    it('a body of 8 MB is refused', async () => {
      const answer = await post(long);
      expect(answer.status).toBe(413);
      expectRefused(answer);
    });

    it('a request of 8 MB that is valid so far is refused', async () => {
      expectRefused(await post(executeXml('every:Thing', [literal('text', long.toString())])));
    });

    it('a body of 8 MB in chunks, without an announced length, is refused', async () => {
      const chunk = long.subarray(0, 1024 * 1024);
      const chunks = Array.from({ length: 8 }, () => [
        Buffer.from('100000\r\n'),
        chunk,
        Buffer.from('\r\n'),
      ]);
      const head = rawRequest('POST', '/TEST/wps', { 'transfer-encoding': 'chunked' });
      expectRefused(
        await exchange(port, Buffer.concat([head, ...chunks.flat(), Buffer.from('0\r\n\r\n')])),
      );
    });

    it.each([
      ['one value', `identifier=${'x'.repeat(12_000)}`],
      ['6,000 separators', `DataInputs=${';'.repeat(6_000)}=${'@uom='.repeat(1_000)}`],
      ['3,000 parameters', 'a&b='.repeat(3_000)],
      ['escapes', `DataInputs=${'%25'.repeat(4_000)}`],
    ])('a long query is refused: %s', async (_, query) => {
      expectRefused(await get(`/TEST/wps?service=WPS&version=1.0.0&request=Execute&${query}`));
    });

    it('a query of 100,000 characters is refused', async () => {
      expectRefusedByTransport(await get(`/TEST/wps?service=WPS&request=${'x'.repeat(100_000)}`));
    });

    it('a request with 10,000 headers is refused', async () => {
      const headers = Array.from({ length: 10_000 }, (_, i) => [`x-${i}`, 'a']);
      expectRefusedByTransport(await get('/TEST/wps', Object.fromEntries(headers)));
    });
  });

  describe('of several hosts', () => {
    // A proxy in front of the server may have used the other one (RFC 9112, clause 3.2).
    it.each([
      ['two', 'host: a.example.org\r\nhost: b.example.org'],
      ['two alike', 'host: a.example.org\r\nHost: a.example.org'],
      ['none', 'x-host: a.example.org'],
    ])('a request to several hosts is refused: %s', async (_, lines) => {
      const target = '/TEST/wps?service=WPS&request=GetCapabilities';
      const head = `GET ${target} HTTP/1.1\r\n${lines}\r\nconnection: close\r\n\r\n`;
      const answer = await exchange(port, head);
      expect(answer.status).toBe(400);
      expectNoLeak(answer.body);
    });
  });

  describe('in a query', () => {
    it.each([
      'service=WPS&request=GetCapabilities&language=%3Cscript%3E',
      'service=%3Cscript%3Ealert(1)%3C/script%3E',
      'service=WPS&version=1.0.0&request=DescribeProcess&identifier=%3Cscript%3E',
      'service=WPS&version=%22%3E%3Cscript%3E&request=Execute',
      'service=WPS&version=1.0.0&request=Execute&identifier=%00',
      'service=WPS&version=1.0.0&request=Execute&identifier=fixed%00',
      'service=WPS&version=1.0.0&request=Execute&identifier=%FF%FE',
      'service=WPS&version=1.0.0&request=Execute&identifier=%C0%AE%C0%AE',
      'service=WPS&version=1.0.0&request=Execute&identifier=../../etc/passwd',
      'service=WPS&version=1.0.0&request=Execute&identifier=__proto__',
      'service=WPS&version=1.0.0&request=Execute&identifier=fixed&DataInputs=__proto__=1',
      'service=WPS&version=1.0.0&request=Execute&identifier=fixed&DataInputs=%3Cscript%3E=1',
      'service=WPS&version=1.0.0&request=Execute&identifier=fixed&RawDataOutput=../../etc/passwd',
      'service=WPS&version=1.0.0&request=Execute&identifier=every:Thing&DataInputs=text=%00',
      '%FF=%FF',
      '&&&===',
      '',
    ])('a hostile query is refused: %s', async (query) => {
      expectRefused(await get(`/TEST/wps?${query}`));
    });

    it('bytes that no URL may contain are refused', async () => {
      const answer = await get('/TEST/wps?service=WPS&request=\u0080\u00ff');
      if (answer.status === 501) expectNoLeak(answer.body);
      else expectRefusedByTransport(answer);
    });
  });

  describe('in a path', () => {
    const id = '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';

    it.each([
      `outputs/${id}/../../../etc/passwd`,
      `outputs/${id}/..%2f..%2f..%2fetc%2fpasswd`,
      `outputs/${id}/%2e%2e/%2e%2e/job.json`,
      `outputs/${id}/..%5c..%5cjob.json`,
      `outputs/${id}/%252e%252e%252fjob.json`,
      `outputs/${id}/....//job.json`,
      `outputs/${id}/job.json%00.txt`,
      `outputs/${id}//etc/passwd`,
      `outputs/${id}/%c0%ae%c0%ae%c0%afjob.json`,
      `outputs/${id}/a%0d%0aset-cookie:%20a=b`,
      `outputs/${id}/${'a'.repeat(5_000)}`,
      `outputs/${id}/`,
      `outputs/${id}`,
      'outputs/../../../etc/passwd',
      'outputs/..%2f..%2f..%2fetc%2fpasswd/a',
      'outputs/%00/a',
      'outputs',
      `jobs/${id}/job.json`,
      '../wps/outputs/../../etc/passwd',
      '%3Cscript%3Ealert(1)%3C/script%3E',
      '%',
      '%ff',
      'jobStatus',
      'jobStatus?jobId=',
      'jobStatus?jobId=../../etc/passwd',
      'jobStatus?jobId=..%2f..%2fetc%2fpasswd',
      `jobStatus?jobId=${id}%2f..%2f${id}`,
      `jobStatus?jobId=${id}%00`,
      `jobStatus?jobId=${id.toUpperCase()}`,
      'jobStatus?jobId=%3Cscript%3E',
      'jobStatus?jobId=*',
      `jobStatus?jobId=${id}&format=%3Cscript%3E`,
    ])('a hostile path is refused: wps/%s', async (path) => {
      const answer = await get(`/TEST/wps/${path}`);
      expectRefused(answer);
      expect(answer.headers).not.toMatch(/set-cookie/i);
    });

    it.each(['//wps//', 'http://other.example.org/wps'])(
      'a hostile path is refused: %s',
      async (target) => {
        expectRefused(await get(target));
      },
    );

    it.each(['/etc/passwd', '*'])(
      'a hostile path of OGC API - Processes is refused: %s',
      async (target) => {
        const { status, headers, body } = await get(target);
        expect(status).toBe(404);
        expect(headers).toMatch(/^content-type: application\/problem\+json/im);
        expectNoLeak(body);
      },
    );

    it.each([
      `/TEST/wps/jobStatus?jobId=${id}&format=HTML`,
      `/TEST/jobs/${id}`,
      '/TEST/jobs/%3Cscript%3Ealert(1)%3C%2Fscript%3E',
      '/TEST/processes/%3Cscript%3Ealert(1)%3C%2Fscript%3E',
      `/TEST/jobs/${id}/previews/..%2fjob.json`,
      '/TEST/assets/..%2f..%2fetc%2fpasswd',
      '/TEST/assets/constructor',
    ])('a hostile path of a page is refused: %s', async (target) => {
      const { status, headers, body } = await get(target, { accept: 'text/html' });
      expect([400, 404]).toContain(status);
      expect(headers).toMatch(/^content-type: text\/html; charset=utf-8$/im);
      expect(headers).toMatch(/^content-security-policy: default-src 'none'/im);
      expect(headers).not.toMatch(/unsafe-inline/);
      expectNoLeak(body);
    });

    it('a hostile job id dismisses no job', async () => {
      for (const jobId of ['../../etc/passwd', '%2e%2e', id, '*', '']) {
        const target = `/TEST/wps/jobStatus?jobId=${jobId}`;
        expectRefused(await exchange(port, rawRequest('DELETE', target)));
      }
    });
  });

  it("a job's page shows a script as text", async () => {
    const answer = await post(
      executeXml(
        'failing',
        [literal('exitCode', '65'), literal('message', '&lt;script&gt;alert(1)&lt;/script&gt;')],
        responseDocument([], 'storeExecuteResponse="true" status="true"'),
      ),
    );
    await service.engine.idle();
    const location = select(answer.body, '//@statusLocation')[0] ?? '';
    const { pathname, search } = new URL(location);
    for (const format of ['HTML', 'XML']) {
      const page = await get(`${pathname}${search.replace('format=XML', `format=${format}`)}`);
      expect(page.status).toBe(200);
      expectNoLeak(page.body);
    }
    const page = await get(`${pathname}${search.replace('format=XML', 'format=HTML')}`);
    expect(page.headers).toMatch(/^content-security-policy: default-src 'none'/im);
  });

  it("a Host header does not change the service's URLs", async () => {
    const answer = await get('/TEST/wps?service=WPS&request=GetCapabilities', {
      host: 'evil.example.org',
      'x-forwarded-host': 'evil.example.org',
      forwarded: 'host=evil.example.org',
    });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toContain('evil');
  });

  describe('by an odd method', () => {
    it.each(['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'MKCOL', 'SEARCH', 'PURGE'])(
      'an unusual method of a known path is refused: %s',
      async (method) => {
        const answer = await exchange(port, rawRequest(method, '/TEST/wps', {}, 'x'));
        expectRefused(answer);
        expect(answer.status).toBe(405);
      },
    );

    it.each(['BREW', 'get', 'CONNECT', 'G\u0000ET', '<script>', 'PRI'])(
      'an unusual method of a known path is refused: %s',
      async (method) => {
        expectRefusedByTransport(await exchange(port, rawRequest(method, '/TEST/wps')));
      },
    );
  });

  describe('that is no HTTP', () => {
    const capabilities = '/TEST/wps?service=WPS&request=GetCapabilities';

    it.each([
      ['nothing but a line', 'hello\r\n\r\n'],
      ['bytes', Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
      ['the start of TLS', Buffer.from('160301020001', 'hex')],
      ['the start of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
      ['two lengths', rawRequest('POST', '/TEST/wps', { 'content-length': '5, 6' }, 'hello')],
      [
        'a length and chunks',
        rawRequest('POST', '/TEST/wps', { 'content-length': '5', 'transfer-encoding': 'chunked' }),
      ],
      ['a negative length', rawRequest('POST', '/TEST/wps', { 'content-length': '-1' })],
      [
        'a chunk of no length',
        `${rawRequest('POST', '/TEST/wps', { 'transfer-encoding': 'chunked' })}zz\r\n`,
      ],
      ['a header without a name', rawRequest('GET', capabilities, { '': 'a' })],
      ['a header with a null byte', rawRequest('GET', capabilities, { a: 'b\u0000c' })],
    ])('what is not HTTP is refused: %s', async (_, request) => {
      expectRefusedByTransport(await exchange(port, request));
    });
  });

  describe('that never ends', () => {
    it('a body that stops halfway is cut off', async () => {
      const socket = open(
        impatientPort,
        rawRequest('POST', '/TEST/wps', { 'content-length': '1000' }, '<wps:Execute'),
      );
      const answer = readAnswer(socket);
      expect((await get('/TEST/wps?service=WPS&request=GetCapabilities')).status).toBe(200);
      expectRefusedByTransport(await answer);
    });

    it('headers that stop halfway are cut off', async () => {
      const answers = Array.from({ length: 20 }, () =>
        exchange(impatientPort, 'GET /TEST/wps HTTP/1.1\r\nhost: a\r\nx-slow: '),
      );
      expect((await get('/TEST/wps?service=WPS&request=GetCapabilities')).status).toBe(200);
      for (const answer of await Promise.all(answers)) expectRefusedByTransport(answer);
    });

    it('a body that its sender gives up is cut off', async () => {
      const request = rawRequest('POST', '/TEST/wps', { 'content-length': '1000' }, '<a');
      const socket = open(port, request);
      await once(socket, 'connect');
      socket.destroy();
      await once(socket, 'close');
    });
  });
});
