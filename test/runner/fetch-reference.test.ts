import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { buildConnector } from 'undici';
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Reference } from '../../batch-jobs/api/job.ts';
import { publicNetwork, type ReferenceNetwork } from '../../batch-jobs/runner/checked-connector.ts';
import { type ReferenceLimits, referenceFetcher } from '../../batch-jobs/runner/fetch-reference.ts';
import { JobFault } from '../../batch-jobs/runner/job-fault.ts';
import { type Identity, makeIdentity } from './tls-identity.ts';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Addresses of the hosts. All allowed hosts are on this machine. */
const names: Readonly<Record<string, readonly string[]>> = {
  'data.example.org': ['127.0.0.1'],
  'mirror.example.org': ['127.0.0.1'],
  'inside.example.org': ['10.0.0.7'],
  'mixed.example.org': ['127.0.0.1', '10.0.0.7'],
  'empty.example.org': [],
};

describe('fetching a reference', () => {
  let folder: string;
  let servers: Server[];
  let received: Received[];
  let connections: string[];
  let resolved: string[];
  let network: ReferenceNetwork;
  const limits: ReferenceLimits = {
    hosts: ['*.example.org', 'other.example.com'],
    maximumBytes: 1000,
    timeoutSeconds: 10,
  };
  const never = new AbortController().signal;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reference-'));
    servers = [];
    received = [];
    connections = [];
    resolved = [];
    const connect = buildConnector({});
    network = {
      resolve: async (hostname) => {
        resolved.push(hostname);
        const addresses = names[hostname];
        if (addresses) return addresses;
        throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' });
      },
      isAllowed: (address) => address === '127.0.0.1',
      connect: (options, callback) => {
        connections.push(options.hostname);
        connect(options, callback);
      },
    };
  });
  afterEach(async () => {
    for (const server of servers) server.close();
    await rm(folder, { recursive: true });
  });

  /** A host that answers as given, and records its requests. */
  async function serve(
    answer: (request: Received, response: ServerResponse) => void,
  ): Promise<string> {
    const server = createServer(async (from, to) => {
      const { method, url, headers } = from;
      const request = { method, url, headers, body: await text(from) };
      received.push(request);
      answer(request, to);
    });
    return `http://data.example.org:${await listen(server)}`;
  }

  async function listen(server: Server): Promise<number> {
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  const path = () => join(folder, 'input');
  const fetchWith = (
    reference: string | (Partial<Reference> & { href: string }),
    change: Partial<ReferenceLimits> & { signal?: AbortSignal; inputBytes?: number } = {},
  ) =>
    referenceFetcher({ ...limits, ...change }, network)(
      {
        method: 'GET',
        headers: [],
        ...(typeof reference === 'string' ? { href: reference } : reference),
      },
      { identifier: 'document', path: path(), maximumBytes: change.inputBytes ?? 1000 },
      change.signal ?? never,
    );
  const content = () => readFile(path(), 'utf8');

  /** The fault. Checks that it reveals nothing that the client did not send. */
  async function faultOf(fetching: Promise<void>, said = ''): Promise<JobFault> {
    const fault = await fetching.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(fault).toBeInstanceOf(JobFault);
    expect(existsSync(path())).toBe(false);
    const { message, subject } = fault as JobFault;
    expect(message).toMatch(/^Input "document" cannot be fetched: /);
    expect(message.replaceAll(said || '\0', '')).not.toMatch(
      /127\.0\.0\.1|10\.0\.0\.7|ECONN|ENOTFOUND|UND_ERR/,
    );
    expect(subject).toBe('document');
    return fault as JobFault;
  }

  it('a fetched reference is written to the file', async () => {
    const host = await serve((_, response) => response.end('the data'));
    await fetchWith(`${host}/a/b?c=d%26e`);
    expect(await content()).toBe('the data');
    expect(received).toMatchObject([{ method: 'GET', url: '/a/b?c=d%26e', body: '' }]);
    expect(connections).toEqual(['127.0.0.1']);
  });

  it('fetching a reference leaves no connection open, and no body that it fetched to send', async () => {
    const base = await serve((_, response) => response.end('content'));
    const open = new Set<Socket>();
    const [server] = servers as HttpServer[];
    // A client that does not close its connection keeps it for as long as the server's timeout.
    if (server) server.keepAliveTimeout = 600_000;
    server?.on('connection', (socket) => {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    });
    await fetchWith({ href: `${base}/a`, method: 'POST', bodyReference: `${base}/b` });
    expect(await readdir(folder)).toEqual(['input']);
    await expect.poll(() => open.size).toBe(0);
  });

  it('a reference by POST sends its headers and body', async () => {
    const host = await serve((_, response) => response.end('found'));
    await fetchWith({
      href: host,
      method: 'POST',
      headers: [{ key: 'SOAPAction', value: 'urn:get' }],
      body: { text: '<q/>', mimeType: 'text/xml' },
    });
    expect(received).toMatchObject([
      {
        method: 'POST',
        body: '<q/>',
        headers: { soapaction: 'urn:get', 'content-type': 'text/xml; charset=utf-8' },
      },
    ]);
  });

  it("the client may give the type of a reference's body", async () => {
    const host = await serve((_, response) => response.end('found'));
    const headers = [{ key: 'Content-Type', value: 'application/json' }];
    await fetchWith({
      href: host,
      method: 'POST',
      headers,
      body: { text: '{}', mimeType: 'text/plain' },
    });
    expect(received[0]?.headers['content-type']).toBe('application/json');
    expect(received[0]?.body).toBe('{}');
  });

  it('the body of a reference may come from a URL', async () => {
    const host = await serve(({ url }, response) =>
      response.end(url === '/query' ? '<query/>' : 'found'),
    );
    await fetchWith({ href: host, method: 'POST', bodyReference: `${host}/query` });
    expect(received.map(({ method, body }) => [method, body])).toEqual([
      ['GET', ''],
      ['POST', '<query/>'],
    ]);
    expect(received[1]?.headers['content-length']).toBe('8');
    expect(existsSync(`${path()}.body`)).toBe(false);
  });

  it.each([
    ['as large as the service fetches, whatever its input may be', 1000, undefined],
    ['no larger than the service fetches', 1001, 'larger than 1000 bytes'],
  ])('the body of a reference may be %s', async (_, bytes, words) => {
    const host = await serve(({ method }, response) =>
      response.end(method === 'GET' ? 'x'.repeat(bytes) : 'found'),
    );
    const reference = { href: host, method: 'POST', bodyReference: `${host}/query` } as const;
    const fetching = fetchWith(reference, { inputBytes: 10 });
    if (words === undefined) await fetching;
    else expect((await faultOf(fetching)).message).toContain(words);
    expect(received).toHaveLength(words === undefined ? 2 : 1);
  });

  it('the body of a reference is fetched under the same rules', async () => {
    const host = await serve((_, response) => response.end('found'));
    const bodyReference = 'http://inside.example.org/secret';
    const fault = await faultOf(fetchWith({ href: host, method: 'POST', bodyReference }));
    expect(fault.message).toContain('host "inside.example.org" has an address');
    expect(fault.message).toContain(
      'Only hosts that are can be allowed (--reference-host, REFERENCE_HOSTS); send the content in the request',
    );
    expect(received).toEqual([]);
  });

  it('a reference to a host without addresses is refused', async () => {
    const fault = await faultOf(fetchWith('http://empty.example.org/'));
    expect(fault).toMatchObject({ exitCode: 65, kind: 'invalid-value' });
    expect(fault.message).toContain('host "empty.example.org" has an address that is not on');
  });

  it('all addresses of a host are looked up on the network', async () => {
    expect(await publicNetwork.resolve('127.0.0.1')).toEqual(['127.0.0.1']);
    expect(await publicNetwork.resolve('::1')).toEqual(['::1']);
  });

  it('a reference connects to public addresses only', () => {
    expect(['203.0.114.1', '127.0.0.1', '10.0.0.7', '::1'].map(publicNetwork.isAllowed)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it.each([
    ['ENOTFOUND', 65, 'its host has no address.'],
    ['CERT_HAS_EXPIRED', 65, 'its host has no certificate that is trusted.'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 65, 'its host has no certificate that is trusted.'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 65, 'its host has no certificate that is trusted.'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 65, 'its host has no certificate that is trusted.'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 65, 'its host has no certificate that is trusted.'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 65, 'its host has no certificate that is trusted.'],
    ['Z_DATA_ERROR', 65, 'its content is not encoded as its host says.'],
    ['ECONNREFUSED', 1, 'its host does not answer as it should.'],
    ['EAI_AGAIN', 1, 'its host does not answer as it should.'],
    ['ENOTFOUND_NOW', 1, 'its host does not answer as it should.'],
    ['ERR_NO_CERT_YET', 1, 'its host does not answer as it should.'],
    ['LZ_DATA_ERROR', 1, 'its host does not answer as it should.'],
    [undefined, 1, 'its host does not answer as it should.'],
  ])('a reference that fails with the code %s ends with exit code %s', async (code, exit, why) => {
    network = {
      ...network,
      connect: (_, callback) => callback(Object.assign(new Error('no'), { code }), null),
    };
    const fault = await faultOf(fetchWith('http://data.example.org/'));
    expect(fault).toMatchObject({
      exitCode: exit,
      kind: exit === 1 ? 'internal' : 'invalid-value',
      message: `Input "document" cannot be fetched: ${why}`,
    });
  });

  describe('only from where it may be fetched', () => {
    it.each([
      ['file:///etc/passwd', 'a file: URL; allowed: http and https URLs.'],
      ['ftp://data.example.org/', 'a ftp: URL'],
      ['data:text/plain,hello', 'a data: URL'],
      ['/relative', 'no absolute URL'],
      ['http://user:secret@data.example.org/', 'holds credentials'],
      ['http://example.net/', 'host "example.net" is not among those'],
      ['http://data.example.org.example.net/', 'is not among those'],
      ['http://127.0.0.1/', 'host "127.0.0.1" is not among those'],
      ['http://2130706433/', 'host "127.0.0.1" is not among those'],
      ['http://0x7f.1/', 'host "127.0.0.1" is not among those'],
      ['http://[::1]/', 'host "[::1]" is not among those'],
      ['http://localhost/', 'host "localhost" is not among those'],
    ])('a reference to %s is refused without asking any name server', async (href, why) => {
      const fault = await faultOf(fetchWith(href), new URL(href, 'http://a/').hostname);
      expect(fault).toMatchObject({ exitCode: 65, kind: 'invalid-value' });
      expect(fault.message).toContain(why);
      expect(resolved).toEqual([]);
      expect(connections).toEqual([]);
    });

    it.each([
      ['inside', 'http://inside.example.org/'],
      ['partly inside', 'http://mixed.example.org/'],
    ])('a reference connects to no host whose addresses are %s', async (_, href) => {
      const fault = await faultOf(fetchWith(href));
      expect(fault).toMatchObject({ exitCode: 65, kind: 'invalid-value' });
      expect(connections).toEqual([]);
    });

    it("an address in the reference's URL is checked, even if the host is allowed", async () => {
      const resolve = async (hostname: string) => {
        resolved.push(hostname);
        return [hostname];
      };
      network = { ...network, resolve };
      for (const host of ['10.0.0.7', '[::1]', '[::ffff:10.0.0.7]']) {
        const { hostname } = new URL(`http://${host}`);
        await faultOf(fetchWith(`http://${host}/`, { hosts: [hostname] }), hostname);
      }
      expect(resolved).toEqual(['10.0.0.7', '::1', '::ffff:a00:7']);
      expect(connections).toEqual([]);
    });

    it('a reference connects to the checked address, whatever the name resolves to the next moment', async () => {
      const host = await serve((_, response) => response.end('the data'));
      const answers = [['127.0.0.1'], ['10.0.0.7']];
      network = {
        ...network,
        resolve: async (hostname) => {
          resolved.push(hostname);
          return answers.shift() ?? [];
        },
      };
      await fetchWith(host);
      expect(resolved).toEqual(['data.example.org']);
      expect(connections).toEqual(['127.0.0.1']);
    });

    it("a reference tries the host's next address if the first does not answer", async () => {
      const host = await serve((_, response) => response.end('the data'));
      network = {
        ...network,
        resolve: async () => ['::1', '127.0.0.1'],
        isAllowed: () => true,
      };
      await fetchWith(host);
      expect(connections).toEqual(['::1', '127.0.0.1']);
      expect(await content()).toBe('the data');
    });
  });

  describe('by redirects', () => {
    const redirectTo =
      (location: string, status = 302) =>
      (_: unknown, response: ServerResponse) =>
        response.writeHead(status, { location }).end('moved');

    it('a reference follows up to five redirects, including relative ones', async () => {
      const host = await serve(({ url }, response) => {
        const step = Number(url?.slice(1));
        if (step < 5) redirectTo(`${step + 1}`)(undefined, response);
        else response.end('the data');
      });
      await fetchWith(`${host}/0`);
      expect(await content()).toBe('the data');
      expect(received).toHaveLength(6);
    });

    it('a reference gives up at the sixth redirect', async () => {
      const host = await serve(redirectTo('/again'));
      const fault = await faultOf(fetchWith(host));
      expect(fault).toMatchObject({ exitCode: 65 });
      expect(fault.message).toContain('redirected more than 5 times');
      expect(received).toHaveLength(6);
    });

    it.each([
      ['http://example.net/', 'host "example.net" is not among those'],
      ['http://inside.example.org/', 'host "inside.example.org" has an address'],
      ['http://169.254.169.254/latest/meta-data/', 'is not among those'],
      ['file:///etc/passwd', 'a file: URL'],
      ['http://user:secret@data.example.org/', 'holds credentials'],
      ['http://[', 'something that is not a URL'],
    ])('a reference does not follow a redirect to %s', async (location, why) => {
      const host = await serve(redirectTo(location));
      const fault = await faultOf(fetchWith(host));
      expect(fault).toMatchObject({ exitCode: 65 });
      expect(fault.message).toContain(why);
      expect(connections).toEqual(['127.0.0.1']);
    });

    it.each([
      ['another host', 'mirror.'],
      ['another port of the same host', 'data.'],
    ])(
      'after a redirect, %s gets no header that was meant for the first host',
      async (_, start) => {
        const mirror = (await serve((_, response) => response.end('the data'))).replace(
          'data.',
          start,
        );
        const host = await serve(redirectTo(mirror));
        const headers = [
          { key: 'Authorization', value: 'Bearer secret' },
          { key: 'X-Api-Key', value: 'secret' },
          { key: 'Cookie', value: 'secret' },
          { key: 'Accept', value: 'text/csv' },
          { key: 'Accept-Language', value: 'fr' },
          { key: 'Content-Type', value: 'text/plain' },
        ];
        await fetchWith({ href: host, headers });
        expect(received[0]?.headers.authorization).toBe('Bearer secret');
        expect(JSON.stringify(received[1])).not.toContain('secret');
        expect(received[1]?.headers).toMatchObject({
          accept: 'text/csv',
          'accept-language': 'fr',
          'content-type': 'text/plain',
        });
      },
    );

    it('a redirect on the same host keeps headers', async () => {
      const host = await serve(({ url }, response) =>
        url === '/' ? redirectTo('/there')(undefined, response) : response.end('the data'),
      );
      await fetchWith({ href: host, headers: [{ key: 'Authorization', value: 'Bearer secret' }] });
      expect(received[1]?.headers.authorization).toBe('Bearer secret');
    });

    it.each([
      [301, 'GET', ''],
      [302, 'GET', ''],
      [303, 'GET', ''],
      [307, 'POST', '<query/>'],
      [308, 'POST', '<query/>'],
    ])(
      'after a redirect with status %i, a POST becomes %s with body "%s"',
      async (status, method, body) => {
        const host = await serve(({ url }, response) => {
          if (url === '/') redirectTo('/there', status)(undefined, response);
          else response.end(url === '/query' ? '<query/>' : 'found');
        });
        for (const form of [
          { body: { text: '<query/>', mimeType: 'text/xml' } },
          { bodyReference: `${host}/query` },
        ]) {
          received = [];
          const headers = [
            { key: 'X-Api-Key', value: 'secret' },
            { key: 'Content-Type', value: 'text/xml' },
          ];
          await fetchWith({ href: host, method: 'POST', headers, ...form });
          const last = received.at(-1);
          expect(last).toMatchObject({ method, body, url: '/there' });
          expect(last?.headers).toMatchObject({ 'x-api-key': 'secret' });
          expect(last?.headers['content-type']).toBe(body ? 'text/xml' : undefined);
        }
      },
    );
  });

  describe('within limits', () => {
    it('a reference that is too large is broken off, however little was announced', async () => {
      const host = await serve((_, response) => {
        const more = () => response.destroyed || response.write('x'.repeat(400), more);
        more();
      });
      const fault = await faultOf(fetchWith(host));
      expect(fault).toMatchObject({ exitCode: 65, kind: 'too-large' });
      expect(fault.message).toContain('it is larger than 1000 bytes.');
    });

    it('a reference may be no larger than the description of the input allows', async () => {
      const host = await serve((_, response) => response.end('x'.repeat(20)));
      const fault = await faultOf(fetchWith(host, { inputBytes: 19 }));
      expect(fault).toMatchObject({ kind: 'too-large' });
      await fetchWith(host, { inputBytes: 20 });
    });

    it('a reference may be no larger than the service allows, whatever the description says', async () => {
      const host = await serve((_, response) => response.end('x'.repeat(20)));
      const fault = await faultOf(fetchWith(host, { maximumBytes: 19, inputBytes: 1000 }));
      expect(fault).toMatchObject({ kind: 'too-large' });
      await fetchWith(host, { maximumBytes: 20, inputBytes: 1000 });
    });

    it('the size of a reference is measured after decompression', async () => {
      const host = await serve((_, response) =>
        response
          .writeHead(200, { 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(10_000_000))),
      );
      expect(await faultOf(fetchWith(host))).toMatchObject({ kind: 'too-large' });
    });

    it('a reference waits no longer than its time limit, and another attempt may follow', async () => {
      const limit = vi.spyOn(AbortSignal, 'timeout');
      onTestFinished(() => limit.mockRestore());
      const host = await serve(() => undefined);
      const fault = await faultOf(fetchWith(host, { timeoutSeconds: 0.1 }));
      expect(fault).toMatchObject({ exitCode: 1, kind: 'internal' });
      expect(fault.message).toContain('it takes longer than 0.1 s.');
      expect(limit).toHaveBeenCalledWith(100);
    });

    it('a reference waits no longer for a host that sends byte by byte', async () => {
      const host = await serve((_, response) => {
        response.write('x');
      });
      expect(await faultOf(fetchWith(host, { timeoutSeconds: 0.1 }))).toMatchObject({
        exitCode: 1,
      });
    });

    it('a reference waits no longer for a name server', async () => {
      network = { ...network, resolve: () => new Promise(() => undefined) };
      const fetching = fetchWith('http://data.example.org/', { timeoutSeconds: 0.1 });
      expect(await faultOf(fetching)).toMatchObject({ exitCode: 1 });
    });

    it('fetching a reference ends at once when the run ends', async () => {
      const stop = new AbortController();
      const host = await serve(() => stop.abort());
      await expect(fetchWith(host, { signal: stop.signal })).rejects.toThrow('aborted');
    });
  });

  it.each([
    ['gzip', gzipSync('the data')],
    ['X-GZIP', gzipSync('the data')],
    ['deflate', deflateSync('the data')],
    ['br', brotliCompressSync('the data')],
    ['identity', 'the data'],
  ])('a reference is decoded from %s although this was not requested', async (encoding, bytes) => {
    const host = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(bytes),
    );
    await fetchWith(host);
    expect(received[0]?.headers['accept-encoding']).toBe('identity');
    expect(await content()).toBe('the data');
  });

  it.each([
    ['gzip', 'not encoded as its host says'],
    ['zstd-9000', 'content encoding is "zstd-9000"'],
  ])('a reference whose content is not %s as declared is refused', async (encoding, why) => {
    const host = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end('plain'),
    );
    const fault = await faultOf(fetchWith(host));
    expect(fault).toMatchObject({ exitCode: 65 });
    expect(fault.message).toContain(why);
  });

  it.each([
    [400, 65],
    [401, 65],
    [404, 65],
    [304, 65],
    [408, 1],
    [429, 1],
    [500, 1],
    [503, 1],
  ])('a reference answered with status %i ends with exit code %i', async (status, exitCode) => {
    const host = await serve((_, response) => response.writeHead(status).end());
    const fault = await faultOf(fetchWith(host));
    expect(fault).toMatchObject({ exitCode });
    expect(fault.message).toContain(`host "data.example.org" answers with status ${status}.`);
  });

  it('a reference may be tried again if the port is closed or the connection breaks', async () => {
    const host = await serve((_, response) => response.destroy());
    expect(await faultOf(fetchWith(host))).toMatchObject({ exitCode: 1 });
    servers[0]?.close();
    expect(await faultOf(fetchWith(host))).toMatchObject({ exitCode: 1 });
  });

  it.each([
    ['ENOTFOUND', 65],
    ['EAI_AGAIN', 1],
  ])(
    'a reference whose host name lookup fails with %s ends with exit code %i',
    async (code, exitCode) => {
      const resolve = async () => {
        throw Object.assign(new Error('getaddrinfo'), { code });
      };
      network = { ...network, resolve };
      expect(await faultOf(fetchWith('http://data.example.org/'))).toMatchObject({ exitCode });
    },
  );

  it.each([
    ['Host', 'inside.example.org'],
    ['Connection', 'keep-alive'],
    ['Transfer-Encoding', 'chunked'],
    ['Content-Length', '5'],
    ['Upgrade', 'h2c'],
    ['Proxy-Authorization', 'x'],
    ['a b', 'x'],
    ['', 'x'],
    ['X-Test', 'a\r\nX-Injected: b'],
    ['X-Test', '\u0000'],
    ['X-Test', 'caf\u{1f600}'],
  ])('a reference does not send header %j with value %j', async (key, value) => {
    const host = await serve((_, response) => response.end('the data'));
    const fault = await faultOf(fetchWith({ href: host, headers: [{ key, value }] }));
    expect(fault).toMatchObject({ exitCode: 65, kind: 'invalid-value' });
    expect(received).toEqual([]);
  });

  describe('over HTTPS', () => {
    let identity: Identity;
    beforeAll(async () => {
      identity = await makeIdentity('data.example.org');
    });
    const serveTls = async (answer: (response: ServerResponse) => void) => {
      const server = createTlsServer(identity, (_, response) => answer(response));
      return `data.example.org:${await listen(server)}`;
    };

    it('a reference over HTTPS checks the certificate of the name, not of the address', async () => {
      const host = await serveTls((response) => response.end('the data'));
      const connect = buildConnector({ ca: [identity.cert] });
      network = { ...network, connect };
      await fetchWith(`https://${host}/`);
      expect(await content()).toBe('the data');
      const other = host.replace('data.', 'mirror.');
      expect(await faultOf(fetchWith(`https://${other}/`))).toMatchObject({ exitCode: 65 });
    });

    it('a reference over HTTPS trusts no certificate without a known issuer', async () => {
      const host = await serveTls((response) => response.end('the data'));
      const fault = await faultOf(fetchWith(`https://${host}/`));
      expect(fault).toMatchObject({ exitCode: 65 });
      expect(fault.message).toContain('no certificate that is trusted');
    });

    it('a reference over HTTPS redirects to HTTPS', async () => {
      const there = await serveTls((response) => response.end('the data'));
      const host = await serveTls((response) =>
        response.writeHead(302, { location: `https://${there}/` }).end(),
      );
      network = { ...network, connect: buildConnector({ ca: [identity.cert] }) };
      await fetchWith(`https://${host}/`);
      expect(await content()).toBe('the data');
    });

    it('a reference over HTTPS does not redirect to HTTP', async () => {
      const plain = await serve((_, response) => response.end('the data'));
      const host = await serveTls((response) => response.writeHead(302, { location: plain }).end());
      network = { ...network, connect: buildConnector({ ca: [identity.cert] }) };
      const fault = await faultOf(fetchWith(`https://${host}/`));
      expect(fault.message).toContain('redirected from HTTPS to HTTP');
      expect(received).toEqual([]);
    });
  });
});
