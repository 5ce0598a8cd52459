import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import {
  type EmbeddedService,
  startEmbeddedService,
} from '../../../lambda/embedded/embedded-service.ts';
import { readableInstant } from '../../../lambda/readable.ts';
import { distDir } from '../../bundled.ts';

const description = `
identifier: teller
version: 1.0.0
title: Teller
inputs:
  - { kind: literal, identifier: layer, title: Layer, dataType: string, mail: named }
  - { kind: literal, identifier: email, title: E-mail, dataType: string, minOccurs: 0, mail: recipients }
  - { kind: literal, identifier: callbackParams, title: Callback, dataType: string, minOccurs: 0, mail: parameters }
outputs:
  - kind: complex
    identifier: result
    title: Result
    formats: [{ mimeType: text/plain, extension: .txt }]
job:
  command: [sh, '{process}/main.sh']
`;

/** Returns its environment and its inputs as the output. */
const program = `#!/bin/sh
{ env; cat "$WPS_INPUTS"; } > "$WPS_OUTPUT_DIR/result"
`;

let folder: string;
let dataDir: string;
let mails: string;
let jobOutput: number;
let service: EmbeddedService;
let base: string;
const log: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'told-'));
  dataDir = join(folder, 'data');
  mails = join(folder, 'mails');
  const processesDir = join(folder, 'processes');
  for (const made of [dataDir, mails, join(folder, 'layers')]) await mkdir(made);
  await mkdir(join(processesDir, 'teller'), { recursive: true });
  await writeFile(join(processesDir, 'teller', 'process.yaml'), description);
  await writeFile(join(processesDir, 'teller', 'main.sh'), program);
  await chmod(join(processesDir, 'teller', 'main.sh'), 0o755);
  jobOutput = openSync(join(folder, 'job-output'), 'w');
  service = await startEmbeddedService({
    port: 0,
    dataDir,
    layersDir: join(folder, 'layers'),
    processesDir,
    batchJobsDir: join(distDir, 'batch-jobs'),
    environment: process.env,
    jobOutput,
    mail: { from: 'WPS <wps@example.org>', folder: mails },
    keepDays: 7,
    sweepSeconds: 0.2,
    log: jsonLog((line) => log.push(line)),
  });
  base = new URL('/', service.endpoint).href;
});
afterAll(async () => {
  await service?.close();
  closeSync(jobOutput);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** For each protocol, sends a request that names a recipient. */
const protocols: Readonly<Record<string, (address: string) => Promise<Response>>> = {
  'WPS 1.0.0 in XML, with lineage': (address) =>
    post(
      'wps',
      'text/xml',
      `<wps:Execute service="WPS" version="1.0.0" xmlns:wps="http://www.opengis.net/wps/1.0.0" xmlns:ows="http://www.opengis.net/ows/1.1">
        <ows:Identifier>teller</ows:Identifier>
        <wps:DataInputs>${input1('layer', 'sst')}${input1('callbackParams', `email.to=${address}`)}</wps:DataInputs>
        <wps:ResponseForm><wps:ResponseDocument storeExecuteResponse="true" status="true" lineage="true">
          <wps:Output><ows:Identifier>result</ows:Identifier></wps:Output>
        </wps:ResponseDocument></wps:ResponseForm></wps:Execute>`,
    ),
  'WPS 1.0.0 as a query, with lineage': (address) =>
    fetch(
      `${base}wps?${new URLSearchParams({
        ...{ service: 'WPS', version: '1.0.0', request: 'Execute', identifier: 'teller' },
        DataInputs: `layer=sst;email=${encodeURIComponent(address)}`,
        ...{ storeExecuteResponse: 'true', status: 'true', lineage: 'true' },
        ResponseDocument: 'result',
      })}`,
    ),
  'WPS 2.0': (address) =>
    post(
      'wps',
      'text/xml',
      `<wps:Execute service="WPS" version="2.0.0" response="document" mode="async" xmlns:wps="http://www.opengis.net/wps/2.0" xmlns:ows="http://www.opengis.net/ows/2.0">
        <ows:Identifier>teller</ows:Identifier>
        <wps:Input id="layer"><wps:Data>sst</wps:Data></wps:Input>
        <wps:Input id="email"><wps:Data>${address}</wps:Data></wps:Input>
        <wps:Output id="result" transmission="value"/></wps:Execute>`,
    ),
  'OGC API - Processes': (address) =>
    fetch(`${base}processes/teller/execution`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'respond-async' },
      body: JSON.stringify({ inputs: { layer: 'sst', email: address } }),
    }),
  'the form of the page': (address) =>
    fetch(`${base}processes/teller`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        origin: base.replace(/\/$/, ''),
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({
        'input.layer': 'sst',
        'input.email': address,
        output: 'result',
        action: 'run',
      }),
    }),
};

const post = (path: string, contentType: string, body: string) =>
  fetch(`${base}${path}`, { method: 'POST', headers: { 'content-type': contentType }, body });
const input1 = (id: string, value: string) =>
  `<wps:Input><ows:Identifier>${id}</ows:Identifier><wps:Data><wps:LiteralData>${value}</wps:LiteralData></wps:Data></wps:Input>`;

async function mailsTo(address: string): Promise<ParsedMail[]> {
  const names = (await readdir(mails)).filter((name) => name.endsWith('.eml')).sort();
  const all = await Promise.all(
    names.map(async (name) => simpleParser(await readFile(join(mails, name)))),
  );
  return all.filter(({ to }) =>
    [to ?? []].flat().some(({ value }) => value.some((each) => each.address === address)),
  );
}

/** Every stored file that contains the text, except the mails that still have to be sent. */
async function storedWith(text: string): Promise<string[]> {
  const files = await readdir(dataDir, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const file of files) {
    const path = join(file.parentPath, file.name);
    if (!file.isFile()) continue;
    // The engine removes its file of a job that has ended.
    const content = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    if (content.includes(text)) found.push(path.slice(dataDir.length));
  }
  return found;
}

describe('a job whose request names a recipient', () => {
  it.each(Object.keys(protocols))(
    'a job whose request names a recipient by %s sends two mails, and shows the address nowhere',
    async (name) => {
      const user = `ada${Object.keys(protocols).indexOf(name)}`;
      const address = `${user}@example.org`;
      const answer = await protocols[name]?.(address);
      const said = `${answer?.headers.get('location') ?? ''} ${await answer?.text()}`;
      expect(answer?.status, said).toBeLessThan(400);
      const [id] = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/.exec(said) ?? [
        '',
      ];
      await expect.poll(async () => (await mailsTo(address)).length).toBe(2);
      const [first, last] = (await mailsTo(address)).map((mail) => mail);
      expect([first?.subject, last?.subject].sort()).toEqual([
        'Teller: your job has finished',
        'Teller: your job was accepted',
      ]);
      expect(last?.text).toContain(`${base}jobs/${id}`);
      expect(last?.text).toContain('Layer: sst');
      const status = await (await fetch(`${base}jobs/${id}?f=json`)).text();
      const { finished = '', expires = '' }: Readonly<Record<string, string>> = JSON.parse(status);
      expect(Date.parse(expires) - Date.parse(finished)).toBe(7 * 86_400_000);
      expect(last?.text).toContain(`Kept until: ${readableInstant(expires)}`);
      expect(first?.text).not.toContain('Kept until');

      const shown = await Promise.all(
        [
          `jobs/${id}?f=json`,
          `jobs/${id}?f=html`,
          `jobs/${id}/inputs`,
          `jobs/${id}/results`,
          `jobs/${id}/results/result`,
          `jobs/${id}/log`,
          'jobs?f=json',
          'jobs?f=html',
          `wps/jobStatus?jobId=${id}&format=XML`,
          `wps/jobStatus?jobId=${id}&format=JSON`,
          `wps/jobStatus?jobId=${id}&format=HTML`,
          `wps?service=WPS&version=2.0.0&request=GetStatus&jobId=${id}`,
          `wps?service=WPS&version=2.0.0&request=GetResult&jobId=${id}`,
        ].map(async (path) => ({ path, text: await (await fetch(`${base}${path}`)).text() })),
      );
      for (const { path, text } of shown) expect(text, path).not.toContain(user);
      expect(shown.find(({ path }) => path.endsWith('results/result'))?.text).toContain('sst');
      expect(said).not.toContain(user);
      expect(await storedWith(user)).toEqual([]);
      expect(log.join('')).not.toContain(user);
    },
  );

  it('a request with an invalid recipient is refused, with the input at fault', async () => {
    const answer = await protocols['OGC API - Processes']?.('nobody');
    expect(answer?.status).toBe(400);
    expect(await answer?.text()).toContain('allowed: an e-mail address such as name@example.org');
    const estimate = await fetch(`${base}processes/teller/estimate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: { layer: 'sst', email: 'nobody' } }),
    });
    expect(await estimate.json()).toMatchObject({ valid: false, faults: [{ input: 'email' }] });
  });
});
