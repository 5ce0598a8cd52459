import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openReader } from './browser.ts';
import { type StartedService, startService } from './started-service.ts';

let service: StartedService;
let browser: Browser;
beforeAll(async () => {
  [service, browser] = await Promise.all([startService(['--allow-origin', '*']), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await service.stop();
});

/** An Execute with a script in its input that reports that it ran. Lineage repeats the input. */
const execute = `<wps:Execute service="WPS" version="1.0.0" xmlns:wps="http://www.opengis.net/wps/1.0.0" xmlns:ows="http://www.opengis.net/ows/1.1">
  <ows:Identifier>echo</ows:Identifier>
  <wps:DataInputs>
    <wps:Input><ows:Identifier>message</ows:Identifier><wps:Data><wps:LiteralData>hello</wps:LiteralData></wps:Data></wps:Input>
    <wps:Input><ows:Identifier>document</ows:Identifier><wps:Data><wps:ComplexData mimeType="text/xml"><a><h:script xmlns:h="http://www.w3.org/1999/xhtml">document.documentElement.setAttribute("ran", "yes")</h:script></a></wps:ComplexData></wps:Data></wps:Input>
  </wps:DataInputs>
  <wps:ResponseForm><wps:ResponseDocument storeExecuteResponse="true" status="true" lineage="true">
    <wps:Output><ows:Identifier>result</ows:Identifier></wps:Output>
  </wps:ResponseDocument></wps:ResponseForm>
</wps:Execute>`;

describe('a script that a client sent', () => {
  const statusLocation = async () => {
    const headers = { 'content-type': 'text/xml' };
    const answer = await fetch(`${service.url}wps`, { method: 'POST', headers, body: execute });
    const [, location = ''] = /statusLocation="([^"]+)"/.exec(await answer.text()) ?? [];
    return location.replaceAll('&amp;', '&');
  };
  const hasRun = 'document.documentElement.getAttribute("ran")';

  it('a script that a client sent does not run in the document that repeats it', async () => {
    const location = await statusLocation();
    const { page, close } = await openReader(browser);
    const response = await page.goto(location);
    expect(await response?.text()).toContain('script');
    expect(await page.evaluate(hasRun)).toBeNull();
    await close();
  });

  it("a script that a client sent would run without the document's policy", async () => {
    const location = await statusLocation();
    const { page, close } = await openReader(browser);
    await page.route('**/*', async (route) => {
      const response = await route.fetch();
      const { 'content-security-policy': _, ...headers } = response.headers();
      await route.fulfill({ response, headers });
    });
    await page.goto(location);
    expect(await page.evaluate(hasRun)).toBe('yes');
    await close();
  });
});

describe('a page of another site', () => {
  it('a page of another site starts no job by a form that sends itself, whatever origins are allowed', async () => {
    const evil = createServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<form method="post" enctype="text/plain" action="${service.url}wps">
        <textarea name="&lt;!--">--&gt;${execute.replaceAll('<', '&lt;')}</textarea></form>
        <script>document.forms[0].submit()</script>`);
    }).listen(0, '127.0.0.1');
    await once(evil, 'listening');
    const { port } = evil.address() as { port: number };
    const { page, close } = await openReader(browser);
    const answered = page.waitForResponse(`${service.url}wps`);
    await page.goto(`http://127.0.0.1:${port}/`);
    expect((await answered).status()).toBe(403);
    await close();
    evil.close();
    evil.closeAllConnections();
  });
});
