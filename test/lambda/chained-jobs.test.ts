import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService } from '../bench/started-service.ts';
import { distDir } from '../bundled.ts';

let folder: string;
let service: Awaited<ReturnType<typeof startService>>;
/** URLs of the output of a job that has ended. */
let output: string;
let result: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chained-'));
  const local = join(distDir, 'lambda', 'local.cjs');
  service = await startService([local, '--port', '0', '--data-dir', join(folder, 'data')]);
  const answer = await fetch(
    `${service.endpoint}?service=WPS&version=1.0.0&request=Execute&identifier=echo&DataInputs=message=first&ResponseDocument=result=@asReference=true`,
  );
  output = /href="([^"]+)"/.exec(await answer.text())?.[1] ?? '';
  const jobId = /outputs\/([^/]+)/.exec(output)?.[1];
  result = service.endpoint.replace(/wps$/, `jobs/${jobId}/results/result`);
});

afterAll(async () => {
  service.process.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const post = async (url: string, type: string, body: string) => {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
  return await answer.text();
};

const wps10 = (href: string) =>
  post(
    service.endpoint,
    'text/xml',
    `<wps:Execute xmlns:wps="http://www.opengis.net/wps/1.0.0" xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="http://www.w3.org/1999/xlink" service="WPS" version="1.0.0"><ows:Identifier>echo</ows:Identifier><wps:DataInputs><wps:Input><ows:Identifier>message</ows:Identifier><wps:Data><wps:LiteralData>second</wps:LiteralData></wps:Data></wps:Input><wps:Input><ows:Identifier>document</ows:Identifier><wps:Reference mimeType="text/plain" xlink:href="${href}"/></wps:Input></wps:DataInputs><wps:ResponseForm><wps:RawDataOutput><ows:Identifier>result</ows:Identifier></wps:RawDataOutput></wps:ResponseForm></wps:Execute>`,
  );

const wps20 = (href: string) =>
  post(
    service.endpoint,
    'text/xml',
    `<wps:Execute xmlns:wps="http://www.opengis.net/wps/2.0" xmlns:ows="http://www.opengis.net/ows/2.0" xmlns:xlink="http://www.w3.org/1999/xlink" service="WPS" version="2.0.0" mode="sync" response="raw"><ows:Identifier>echo</ows:Identifier><wps:Input id="message"><wps:Data>second</wps:Data></wps:Input><wps:Input id="document"><wps:Reference mimeType="text/plain" xlink:href="${href}"/></wps:Input><wps:Output id="result" transmission="value"/></wps:Execute>`,
  );

const ogcApi = (href: string) =>
  post(
    service.endpoint.replace(/wps$/, 'processes/echo/execution'),
    'application/json',
    JSON.stringify({
      inputs: { message: 'second', document: { href, type: 'text/plain' } },
      outputs: { result: { transmissionMode: 'value' } },
      response: 'raw',
    }),
  );

describe.each([
  ['WPS 1.0.0', wps10],
  ['WPS 2.0', wps20],
  ['OGC API - Processes', ogcApi],
])('over %s', (_, execute) => {
  it('over each protocol, the output of a job is the input of the next, without any allowed host', async () => {
    for (const href of [output, result]) {
      const said = await execute(href);
      expect(said).toContain('second');
      expect(said).toContain('first');
    }
  });

  it('over each protocol, an output that does not exist is refused before a job runs', async () => {
    const unknown = '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';
    expect(await execute(output.replace(/outputs\/[^/]+/, `outputs/${unknown}`))).toMatch(
      /Input .{1,12}document.{1,12} cannot be read from the output that it names: There is no such job\./,
    );
    expect(await execute(output.replace(/[^/]+$/, 'another'))).toContain('The job has no output');
  });

  it('over each protocol, other pages of this service and other services at its host are not outputs', async () => {
    for (const href of [service.endpoint, output.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1')]) {
      expect(await execute(href)).toContain('references are not taken here');
    }
  });
});
