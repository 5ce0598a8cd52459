import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openReader } from './browser.ts';
import { type StartedService, startService } from './started-service.ts';

/** Debian's Python, which can import Debian's OWSLib. */
const python = '/usr/bin/python3';
const hasOwslib = spawnSync(python, ['-c', 'import owslib.wps']).status === 0;

let service: StartedService;
let browser: Browser;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pasted-'));
  [service, browser] = await Promise.all([startService(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A text of a form's page, as its button copies it. */
async function sample(path: string, key: string): Promise<string> {
  const { page, close } = await openReader(browser);
  await page.goto(service.url + path);
  const text = await page.locator(`#sample-${key}`).textContent();
  await close();
  return text ?? '';
}

/** The output of a terminal into which a text is pasted. */
async function paste(program: string, option: string, text: string): Promise<string> {
  return (await promisify(execFile)(program, [option, text], { cwd: folder })).stdout;
}

const inAnswer = /(?:jobs\/|jobId=|JobID>)([0-9a-f-]{36})/;

/** The inputs of the job that an answer names, read after the job has succeeded. */
async function inputsOf(answer: string): Promise<unknown> {
  const [, id = ''] = inAnswer.exec(answer) ?? [];
  const json = async (path: string) => (await fetch(`${service.url}jobs/${id}${path}`)).json();
  const status = async () => ((await json('?f=json')) as { status: string }).status;
  await expect.poll(status).toBe('successful');
  return ((await json('/inputs?f=json')) as { inputs: unknown }).inputs;
}

const hostile = `it's "quoted" \\d $(date) \`id\` <b> & ; = @ , % + \u00e9 \u{1f986}`;
const echo = `processes/echo?input.message=${encodeURIComponent(hostile)}&input.repeat=2&output=result`;
const echoed = {
  message: hostile,
  repeat: 2,
  delaySeconds: { value: { measurement: 0, uom: 's' } },
};

describe('a request that is copied from its form runs as it is pasted', () => {
  it.each(['ogc-curl', 'wps1', 'wps1-get', 'wps2'])(
    'a request copied from its form runs in a shell: %s',
    async (key) => {
      expect(await inputsOf(await paste('sh', '-c', `${await sample(echo, key)} -s -i`))).toEqual(
        echoed,
      );
    },
  );

  it('a request copied from its form runs as the body of the reader’s own request', async () => {
    const answer = await fetch(`${service.url}processes/echo/execution`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'respond-async' },
      body: await sample(echo, 'ogc-json'),
    });
    expect(await inputsOf(answer.headers.get('location') ?? '')).toEqual(echoed);
  });

  it.skipIf(!hasOwslib)(
    'a request copied from its form runs as an OWSLib script, which waits and saves the outputs',
    async () => {
      const printed = await paste(python, '-c', await sample(echo, 'owslib'));
      expect(printed).toContain('ProcessSucceeded');
      expect((await readdir(folder)).length).toBeGreaterThan(0);
    },
  );

  it("a request copied from GoGoDuck's form has every choice of the form", async () => {
    const query = new URLSearchParams({
      'input.layer': 'sample_sst',
      'west.subset': '143',
      'east.subset': '149',
      'south.subset': '-44',
      'north.subset': '-40',
      'start.subset': '2024-01-15T01:00',
      'end.subset': '2024-01-15T04:00',
      'tick.variables': 'sea_surface_temperature',
      'everyTime.stride': '2',
      'everyLatitude.stride': '3',
      output: 'result',
      'outputFormat.result': 'text/csv',
    });
    const pasted = await sample(`processes/gs%3AGoGoDuck?${query}`, 'wps2');
    expect(await inputsOf(await paste('sh', '-c', `${pasted} -s`))).toMatchObject({
      layer: 'sample_sst',
      subset: 'TIME,2024-01-15T01:00:00Z,2024-01-15T04:00:00Z;LATITUDE,-44,-40;LONGITUDE,143,149',
      variables: 'sea_surface_temperature',
      stride: 'TIME,2;LATITUDE,3',
    });
  });
});
