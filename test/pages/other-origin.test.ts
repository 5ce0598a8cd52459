import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openReader, type Reader } from './browser.ts';
import { type StartedService, startService } from './started-service.ts';

let service: StartedService;
let browser: Browser;
let portal: Server;
let reader: Reader;
beforeAll(async () => {
  [service, browser] = await Promise.all([startService(['--allow-origin', '*']), launchBrowser()]);
  portal = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>a</title>');
  });
  portal.listen(0, '127.0.0.1');
  await once(portal, 'listening');
  reader = await openReader(browser);
  await reader.page.goto(`http://127.0.0.1:${(portal.address() as AddressInfo).port}/`);
});
afterAll(async () => {
  await reader.close();
  await browser.close();
  portal.close();
  await service.stop();
});

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Seen {
  readonly status: number;
  readonly text: string;
  /** Headers that the browser lets the page read, by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The answer that a page of the portal receives to a request by `XMLHttpRequest`, which these libraries use.
 */
async function seenBy({ path, ...sent }: Sent): Promise<Seen> {
  const request = { url: new URL(path, service.url).href, headers: {}, ...sent };
  const answer = await reader.page.evaluate<Seen>(`new Promise((resolve, reject) => {
    const { method, url, headers, body } = ${JSON.stringify(request)};
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const name of Object.keys(headers)) request.setRequestHeader(name, headers[name]);
    request.onerror = () => reject(new Error('the browser refused it'));
    request.onload = () => resolve({
      status: request.status,
      text: request.responseText,
      headers: Object.fromEntries(
        request.getAllResponseHeaders().trim().split('\\r\\n').map((line) => line.split(/: (.*)/s)),
      ),
    });
    request.send(body);
  })`);
  return answer;
}

const ofWps10 = `xmlns:wps="http://www.opengis.net/wps/1.0.0" xmlns:ows="http://www.opengis.net/ows/1.1"`;
const ofWps20 = `xmlns:wps="http://www.opengis.net/wps/2.0" xmlns:ows="http://www.opengis.net/ows/2.0"`;

describe('a page of another origin', () => {
  it('a page of another origin runs a process as OpenLayers 2 does, which names itself with each request', async () => {
    const headers = { 'X-Requested-With': 'XMLHttpRequest' };
    const query = 'wps?SERVICE=WPS&VERSION=1.0.0&REQUEST=DescribeProcess&IDENTIFIER=echo';
    const description = await seenBy({ method: 'GET', path: query, headers });
    expect(description).toMatchObject({ status: 200, text: expect.stringContaining('echo') });
    const body = `<wps:Execute ${ofWps10} version="1.0.0" service="WPS"><ows:Identifier>echo</ows:Identifier><wps:DataInputs><wps:Input><ows:Identifier>message</ows:Identifier><wps:Data><wps:LiteralData>hello</wps:LiteralData></wps:Data></wps:Input></wps:DataInputs><wps:ResponseForm><wps:RawDataOutput mimeType="text/plain"><ows:Identifier>result</ows:Identifier></wps:RawDataOutput></wps:ResponseForm></wps:Execute>`;
    const answer = await seenBy({
      method: 'POST',
      path: 'wps',
      headers: { ...headers, 'Content-Type': 'application/xml' },
      body,
    });
    expect(answer).toMatchObject({ status: 200, text: 'hello\n' });
    expect(answer.headers['content-disposition']).toContain('result.txt');
  });

  it('a page of another origin runs and follows a process as wps-js does over WPS 2.0', async () => {
    const headers = {
      Accept: 'application/xml, text/xml, */*; q=0.01',
      'Content-Type': 'text/xml',
    };
    const body = `<wps:Execute service="WPS" version="2.0.0" ${ofWps20} xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.opengis.net/wps/2.0 http://schemas.opengis.net/wps/2.0/wpsExecute.xsd" response="document" mode="async"> <ows:Identifier>echo</ows:Identifier><wps:Input id="message"><wps:Data><wps:LiteralValue>hello</wps:LiteralValue></wps:Data></wps:Input><wps:Output id="result" transmission="value" mimeType="text/plain"/> </wps:Execute>`;
    const accepted = await seenBy({ method: 'POST', path: 'wps', headers, body });
    expect(accepted.status, accepted.text).toBe(200);
    const [, id = ''] = /<wps:JobID>([^<]+)/.exec(accepted.text) ?? [];
    const about = (operation: string) =>
      seenBy({
        method: 'GET',
        path: `wps?service=WPS&version=2.0.0&request=${operation}&jobId=${id}`,
        headers: { Accept: headers.Accept },
      });
    await expect.poll(async () => (await about('GetStatus')).text).toContain('>Succeeded<');
    expect((await about('GetResult')).text).toContain('hello');
  });

  it('a page of another origin may read where its job is, and which preferences were applied', async () => {
    const execution = (prefer: string) =>
      seenBy({
        method: 'POST',
        path: 'processes/echo/execution',
        headers: { 'Content-Type': 'application/json', Prefer: prefer },
        body: '{"inputs":{"message":"hello"},"response":"document"}',
      });
    const accepted = await execution('respond-async');
    expect(accepted.status, accepted.text).toBe(201);
    const job = accepted.headers['location'] ?? '';
    expect(job).toMatch(/\/jobs\/[0-9a-f-]{36}$/);
    expect(accepted.headers['preference-applied']).toContain('respond-async');
    const waited = await execution('respond-sync');
    expect(waited).toMatchObject({ status: 200, text: expect.stringContaining('hello') });
    expect(waited.headers['link']).toContain('rel="monitor"');

    const dismissed = await seenBy({ method: 'DELETE', path: job });
    expect(JSON.parse(dismissed.text).status).toBe('dismissed');
    expect(reader.complaints).toEqual([]);
  });
});
