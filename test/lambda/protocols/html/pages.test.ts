import { beforeEach, describe, expect, it } from 'vitest';
import type { ProcessDescription } from '../../../../batch-jobs/api/process-description.ts';
import { refuseForeignForm } from '../../../../lambda/protocols/html/refuse-foreign-form.ts';
import { words } from '../../../../lambda/protocols/html/words.ts';
import { MemoryObjectStore } from '../../../memory-object-store.ts';
import { type ServiceUnderTest, serviceUnderTest } from '../../../service-under-test.ts';
import { everything as everythingThere, fixed } from '../../../test-catalogue.ts';

let service: ServiceUnderTest;
beforeEach(() => {
  service = serviceUnderTest();
});

const html = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const page = (path: string, query = '') =>
  service.send({ method: 'GET', path: `/TEST${path}`, query, headers: html });

function send(path: string, values: Record<string, string>, headers: Record<string, string> = {}) {
  return service.send({
    method: 'POST',
    path: `/TEST${path}`,
    headers: {
      ...html,
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
      ...headers,
    },
    body: Buffer.from(new URLSearchParams(values).toString()),
  });
}

const everything = '/processes/every%3AThing';

describe('a page', () => {
  it('a page escapes what it shows', async () => {
    const { text } = await page(everything, 'input.text=%22%3E%3Cscript%3Ealert(1)%3C/script%3E');
    expect(text).toContain('Every &lt;thing&gt; &amp; &quot;more&quot;');
    expect(text).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    expect(text).not.toContain('<script>');
  });

  it('a page allows only its own files as scripts and styles, and no frame around it', async () => {
    const { headers, text } = await page('/');
    const policy = headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(text).not.toMatch(/<style|\sstyle=|\son\w+=/);
  });

  it('a page loads the style and the icon of the service', async () => {
    const { text } = await page('/processes');
    expect(text).toMatch(/<link[^>]* href="\/TEST\/assets\/styles\.css"/);
    expect(text).toMatch(/<link[^>]* href="\/TEST\/assets\/icon\.svg"/);
  });

  it('a browser gets a page if nothing is served at the path', async () => {
    const { status, headers, text } = await page('/nothing');
    expect(status).toBe(404);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(text).toContain('Nothing is here');
  });

  it('a page about a fault has the same menu as other pages', async () => {
    const menu = ({ text }: { readonly text: string }) => /<nav[^>]*>(.*?)<\/nav>/s.exec(text)?.[1];
    const caller = { listsAllJobs: true };
    for (const [reader, isListed] of [
      [service, false],
      [serviceUnderTest({ caller }), true],
    ] as const) {
      service = reader;
      const first = menu(await page('/'));
      expect(first?.includes('href="/TEST/jobs"')).toBe(isListed);
      const unknown = '00000000-0000-4000-8000-000000000000';
      for (const [path, query] of [
        ['/nothing', ''],
        [`/jobs/${unknown}`, ''],
        ['/wps/jobStatus', `format=HTML&jobId=${unknown}`],
      ] as const) {
        const faulty = await page(path, query);
        expect(faulty.status, path).toBe(404);
        expect(menu(faulty), path).toBe(first);
        const leadsToJobs = isListed && path !== '/nothing';
        expect(faulty.text.includes('See the jobs'), path).toBe(leadsToJobs);
      }
    }
  });

  it('a choice among formats says what each is for', async () => {
    const [input] = everythingThere.inputs;
    const formats = ['text/csv', 'application/x-else'];
    const inputs = [
      { ...input, kind: 'literal', dataType: 'string', allowedValues: formats, maxOccurs: 1 },
    ] as ProcessDescription['inputs'];
    service = serviceUnderTest({ catalogue: [{ ...fixed, inputs }] });
    const { text } = await page('/processes/fixed');
    expect(text).toMatch(/<option value="text\/csv">\s*CSV, for spreadsheets \(text\/csv\)/);
    expect(text).toMatch(/<option value="application\/x-else">\s*application\/x-else/);
  });

  it("a page links to nothing outside the service's base path", async () => {
    const { text } = await page('/processes');
    const links = [...text.matchAll(/(?:href|src|action)="(\/[^"]*)"/g)].map(([, url]) => url);
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((url) => !url?.startsWith('/TEST/'))).toEqual([]);
  });
});

describe('the first page', () => {
  it('the first page has each endpoint to copy, the API, and the documentation if configured', async () => {
    const { text } = await page('/');
    for (const [, id] of text.matchAll(/data-copy="(endpoint-\d)"/g)) {
      expect(text).toMatch(new RegExp(`id="${id}">\\s*https?://`));
    }
    expect(text.match(/data-copy="endpoint-\d"/g)).toHaveLength(3);
    expect(text).toContain('href="/TEST/api"');
    expect(text).not.toContain('Documentation');
    const identification = {
      title: 'Service',
      keywords: [],
      fees: 'NONE',
      accessConstraints: 'NONE',
      documentation: 'https://example.org/help',
    };
    service = serviceUnderTest({ configuration: { identification } });
    expect((await page('/')).text).toContain('<a href="https://example.org/help">');
  });
});

describe('many processes', () => {
  const many = Array.from({ length: 60 }, (_, index) => ({
    ...fixed,
    identifier: `p${index}`,
    title: `Process ${index}`,
    abstract: index % 2 ? 'Averages of moorings' : 'Averages of floats',
  }));
  const titles = (text: string) =>
    [...text.matchAll(/Process (\d+)\s*</g)].map(([, n]) => Number(n));
  beforeEach(() => {
    service = serviceUnderTest({ catalogue: many });
  });

  it('the first page does not show many processes, and leads to them', async () => {
    const { text } = await page('/');
    expect(titles(text)).toHaveLength(12);
    expect(text).toContain('<a href="/TEST/processes">All 60 processes</a>');
    expect(text).toContain('name="q"');
  });

  it('many processes are listed page by page, each once', async () => {
    const { text } = await page('/processes');
    const [, next = ''] = /processes\?([^"]*from=\d+)"/.exec(text) ?? [];
    const rest = (await page('/processes', next)).text;
    expect([...titles(text), ...titles(rest)]).toEqual(many.map((_, index) => index));
    expect(rest).not.toContain('from=');
  });

  it('processes are found by all searched words, in upper or lower case', async () => {
    const { text } = await page('/processes', 'q=MOORINGS+p5');
    expect(titles(text)).toEqual([5, 51, 53, 55, 57, 59]);
    expect((await page('/processes', 'q=moorings+floats')).text).toContain('No process has all');
  });
});

describe('an input of yes or no that may be given several times', () => {
  const several: ProcessDescription = {
    ...everythingThere,
    inputs: everythingThere.inputs.map((input) =>
      input.identifier === 'flag' ? { ...input, maxOccurs: 3 } : input,
    ),
  };

  it('a repeatable yes-or-no input has a list for each occurrence, and one more that may stay empty', async () => {
    service = serviceUnderTest({ catalogue: [several] });
    const { text } = await page(everything, 'input.flag=true&input.flag=false');
    const lists = [...text.matchAll(/<select[^>]* name="input\.flag".*?<\/select>/gs)];
    const chosen = lists.map(([list]) => /<option value="([^"]*)" selected/.exec(list)?.[1] ?? '');
    expect(chosen).toEqual(['true', 'false', '']);
  });
});

describe('the endpoint of WPS', () => {
  const open = (headers: Record<string, string>, query = '', method: 'GET' | 'HEAD' = 'GET') =>
    service.send({ method, path: '/TEST/wps', query, headers });

  it('the endpoint of WPS redirects a browser without a query to the first page', async () => {
    for (const method of ['GET', 'HEAD'] as const) {
      const { status, headers } = await open(html, '', method);
      expect(status).toBe(303);
      expect(headers).toMatchObject({ location: '/TEST/#endpoints', vary: 'accept' });
    }
  });

  it.each([
    ['no preference', {}],
    ['anything', { accept: '*/*' }],
    ['XML', { accept: 'text/xml' }],
    ['XML text before a page', { accept: 'text/xml, text/html;q=0.9' }],
    ['XML before a page', { accept: 'application/xml, text/html;q=0.9' }],
    ['XML as much as a page, and first', { accept: 'application/xml, text/html' }],
    ['JSON', { accept: 'application/json' }],
  ])(
    'the endpoint of WPS answers a client that wants %s with the usual exception report',
    async (_, headers) => {
      const { status, text, headers: answered } = await open(headers);
      expect(status).toBe(400);
      expect(answered['content-type']).toContain('text/xml');
      expect(text).toContain('exceptionCode="MissingParameterValue" locator="service"');
      expect(text).toBe((await open({})).text);
    },
  );

  it('the endpoint of WPS answers the query of a browser', async () => {
    const { status, text } = await open(html, 'service=WPS&request=GetCapabilities');
    expect(status).toBe(200);
    expect(text).toContain('Capabilities');
    const wrong = await open(html, 'service=WPS');
    expect([wrong.status, wrong.headers['location']]).toEqual([400, undefined]);
  });
});

describe('a form that is sent', () => {
  it('a sent form leads to the page of its job', async () => {
    const run = await send('/processes/fixed', { action: 'run', output: 'number' });
    expect(run.status, run.text).toBe(303);
    const { pathname } = new URL(run.headers['location'] ?? '', 'https://example.org');
    expect(pathname).toMatch(/^\/TEST\/jobs\/[0-9a-f-]{36}$/);
    await service.engine.idle();
    const job = await page(pathname.slice('/TEST'.length));
    expect(job.status).toBe(200);
    expect(job.text).toContain('Finished');
  });

  it('a faulty form comes back with each fault at its field, and the given values', async () => {
    const sent = await send(everything, {
      action: 'run',
      'input.length': '999',
      'input.count': '5',
      output: 'text',
    });
    expect(sent.status).toBe(422);
    expect(sent.text).toMatch(
      /id="faults-length"[^>]*><p>Input &quot;length&quot; is &quot;999&quot;/,
    );
    expect(sent.text).toMatch(/id="faults-count"[^>]*><p>Input &quot;count&quot; is &quot;5&quot;/);
    expect(sent.text).toMatch(/name="input.length"[^>]*value="999"/);
    expect(sent.text).toContain('2 things need your attention');
  });

  it('a form can be checked without running the process', async () => {
    const { status } = await send('/processes/fixed', { action: 'check' });
    expect(status).toBe(200);
    expect(service.log.join('')).not.toContain('job accepted');
  });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another host of the same site', { 'sec-fetch-site': 'same-site' }],
    ['a page that says no origin', { 'sec-fetch-site': 'none' }],
  ])('a form from %s runs nothing', async (_, headers) => {
    const sent = await send('/processes/fixed', { action: 'run', output: 'number' }, headers);
    expect(sent.status).toBe(403);
    expect(sent.text).toContain('sent from another site');
  });

  it('a body that is not a form is refused', async () => {
    const sent = await send('/processes/fixed', {}, { 'content-type': 'text/plain' });
    expect(sent.status).toBe(400);
  });

  it('a form that is too large is refused', async () => {
    const small = serviceUnderTest({ limits: { maxRequestBytes: 10 } });
    const sent = await small.send({
      method: 'POST',
      path: '/TEST/processes/fixed',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...html },
      body: Buffer.from('action=run&output=number'),
    });
    expect(sent.status).toBe(413);
  });
});

describe('how long a job takes', () => {
  const run = () => send('/processes/fixed', { action: 'run', output: 'number' });

  it('the duration of past jobs is shown to every reader, in the form and as JSON', async () => {
    const takes = async () =>
      /<dt>Takes<\/dt><dd>([^<]*)/.exec(
        (await page('/processes/give-back', 'input.document=x')).text,
      )?.[1];
    expect(await takes()).toBe('not known yet');
    const seconds = [4, 60, 3660];
    for (const each of seconds) {
      await service.store.durations.note({
        process: { identifier: 'give-back', title: '', version: '' },
        startedAt: '2026-01-01T00:00:00Z',
        endedAt: new Date(Date.UTC(2026, 0, 1) + each * 1000).toISOString(),
      });
    }
    expect(await takes()).toBe('4 s to 1 h 1 min, by the last 3 runs');
    const { text } = await service.send({
      method: 'POST',
      path: '/TEST/processes/give-back/estimate',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{}'),
    });
    expect(JSON.parse(text).duration).toEqual({ minimumSeconds: 4, maximumSeconds: 3660, runs: 3 });
  });

  it('the duration of past jobs is shown on the page of an unfinished job', async () => {
    service.engine.isHeld = true;
    const { headers } = await run();
    const { text } = await page(`/jobs/${(headers['location'] ?? '').replace(/.*\//, '')}`);
    expect(text).toContain('<dt>Usually takes</dt><dd>not known yet');
    service.engine.isHeld = false;
  });
});

describe('an input that says who is told by e-mail', () => {
  const told: ProcessDescription = {
    ...fixed,
    identifier: 'told',
    inputs: [
      {
        kind: 'literal',
        identifier: 'who',
        title: 'Who is told',
        minOccurs: 0,
        maxOccurs: 1,
        dataType: 'string',
        mail: 'recipients',
      },
    ],
  };
  it.each([true, false])(
    'the input for recipients of mail is shown if mail is configured: %s',
    async (isSent) => {
      const mail = { domains: ['*'], keep: async () => undefined, forget: async () => undefined };
      service = serviceUnderTest({ catalogue: [told], ...(isSent ? { mail } : {}) });
      expect((await page('/processes/told')).text.includes('name="input.who"')).toBe(isSent);
    },
  );
});

describe('a number of files', () => {
  it('a number of files is shown with its digits in groups', () => {
    expect(words.coverage.fileCount(200_000, '5.0 GB')).toBe('200\u00a0000 files, 5.0 GB');
    expect(words.coverage.fileCount(1, '')).toBe('1 file');
  });
});

describe('how long a job is kept', () => {
  it('the page of a job that has ended says until when the job is kept', async () => {
    service = serviceUnderTest({ configuration: { retentionDays: 31 } });
    service.engine.isHeld = true;
    const pathOf = async () => {
      const { headers } = await send('/processes/fixed', { action: 'run', output: 'number' });
      await service.engine.idle();
      return new URL(headers['location'] ?? '', 'https://example.org').pathname.slice(
        '/TEST'.length,
      );
    };
    expect((await page(await pathOf())).text).not.toContain('Kept until');
    service.engine.isHeld = false;
    const ended = await pathOf();
    const { text, headers } = await page(ended);
    expect(text).toMatch(/<dt>Kept until<\/dt>\s*<dd>\s*<time datetime="2026-02-01T/);
    expect(headers).not.toHaveProperty('sunset');
    for (const part of ['/inputs', '/log', '/results']) {
      const document = await page(`${ended}${part}`);
      expect(document.headers['sunset'], part).toMatch(/^Sun, 01 Feb 2026 /);
    }
  });
});

describe('the page of a job that is not there', () => {
  /** The path of a job of the process `fixed`. */
  async function jobPath(): Promise<string> {
    const run = await send('/processes/fixed', { action: 'run', output: 'number' });
    await service.engine.idle();
    return new URL(run.headers['location'] ?? '', 'https://example.org').pathname.slice(
      '/TEST'.length,
    );
  }

  it('the page of an unknown job says so once', async () => {
    const { status, text } = await page('/jobs/00000000-0000-4000-8000-000000000000');
    expect(status).toBe(404);
    const shown = text.slice(text.indexOf('<h1>'));
    expect(shown.match(/There is no such job/g)).toHaveLength(1);
  });

  it('the page of an expired job says that its outputs are no longer kept, and what to do', async () => {
    const path = await jobPath();
    await service.store.expire(path.slice('/jobs/'.length));
    const { status, text } = await page(path);
    expect(status).toBe(410);
    expect(text).toContain('This job is no longer kept');
    expect(text).toContain('Run the process again to get them again.');
  });

  it('the page of a job of another owner is that of an unknown job', async () => {
    const objects = new MemoryObjectStore();
    const as = (name: string) =>
      serviceUnderTest({ objects, caller: { owner: `api-key ${name}`, listsAllJobs: false } });
    service = as('ana');
    const path = await jobPath();
    expect((await page(path)).status).toBe(200);
    service = as('bob');
    const foreign = await page(path);
    const unknown = '/jobs/00000000-0000-4000-8000-000000000000';
    expect(foreign.status).toBe(404);
    expect(foreign.text.replaceAll(path, unknown)).toBe((await page(unknown)).text);
  });
});

describe('a form whose choices limit each other', () => {
  const limited = {
    ...fixed,
    identifier: 'limited',
    inputs: everythingThere.inputs,
    outputs: everythingThere.outputs,
    advice: async () => ({
      constraints: async ({ text }: Readonly<Record<string, readonly string[]>>) =>
        text?.[0] === 'winter'
          ? {
              inputs: { choice: { values: ['green'], text: 'No red in winter.' } },
              outputs: { number: { formats: [], text: 'No number in winter.' } },
            }
          : {},
    }),
  };
  const form = (query: string) => page('/processes/limited', query);
  const option = (value: string) => new RegExp(`<option value="${value}"[^>]*>`);
  const tag = async (query: string, pattern: RegExp) => pattern.exec((await form(query)).text)?.[0];
  beforeEach(() => {
    service = serviceUnderTest({ catalogue: [limited] });
  });

  it('a form greys out choices that have become impossible, and says why', async () => {
    expect(await tag('', option('red'))).not.toContain('disabled');
    expect(await tag('input.text=winter', option('red'))).toContain('disabled');
    expect(await tag('input.text=winter', option('green'))).not.toContain('disabled');
    expect((await form('input.text=winter')).text).toContain('No red in winter.');
  });

  it('a form leaves chosen values enabled, so that they can be changed', async () => {
    expect(await tag('input.text=winter&input.choice=red', option('red'))).not.toContain(
      'disabled',
    );
  });

  it('a form greys out an output without possible formats, unless it is ticked', async () => {
    const tick = /<input[^>]*id="output-number"[^>]*>/;
    expect(await tag('input.text=winter&output=text', tick)).toContain('disabled');
    expect(await tag('input.text=winter&output=number', tick)).not.toContain('disabled');
    expect(await tag('output=text', tick)).not.toContain('disabled');
  });
});

describe('the list of jobs', () => {
  const run = async () => {
    const sent = await send('/processes/fixed', { action: 'run', output: 'number' });
    await service.engine.idle();
    return (sent.headers['location'] ?? '').replace(/.*\//, '');
  };

  it('the job list can be filtered by process and state by those who may list jobs', async () => {
    service = serviceUnderTest({ caller: { listsAllJobs: true } });
    const id = await run();
    expect((await page('/jobs')).text).toContain(`/TEST/jobs/${id}`);
    expect((await page('/jobs', 'status=successful&processID=fixed')).text).toContain(id);
    expect((await page('/jobs', 'status=failed')).text).not.toContain(id);
    expect((await page('/jobs', 'status=&processID=')).text).toContain(id);
    expect((await page('/jobs', 'status=succeeded')).status).toBe(400);
    expect((await page('/')).text).toContain(id);
  });

  it('the job list is refused to callers without identity, and no page links to it', async () => {
    const { status, text } = await page('/jobs');
    expect(status).toBe(403);
    expect(text).toContain('That is not allowed');
    expect((await page('/')).text).not.toContain('href="/TEST/jobs"');
  });

  it('the job list deletes the ticked jobs', async () => {
    service = serviceUnderTest({ caller: { listsAllJobs: true } });
    const [first, second] = [await run(), await run()];
    const sent = await send('/jobs', { action: 'dismiss', jobId: first });
    expect(sent.status).toBe(303);
    expect((await page(`/jobs/${first}`)).text).toContain('Cancelled');
    expect((await page(`/jobs/${second}`)).text).toContain('Finished');
  });

  it('the job list adds labels to the ticked jobs, and finds them by a label', async () => {
    service = serviceUnderTest({ caller: { listsAllJobs: true } });
    const [first, second, third] = [await run(), await run(), await run()];
    const label = (action: string, labels: string, ...ids: string[]) =>
      service.send({
        method: 'POST',
        path: '/TEST/jobs',
        query: 'status=successful',
        headers: {
          ...html,
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'same-origin',
        },
        body: Buffer.from(
          new URLSearchParams([
            ['action', action],
            ['labels', labels],
            ...ids.map((id): [string, string] => ['jobId', id]),
          ]).toString(),
        ),
      });
    const labelsOf = async (id: string) => (await service.store.read(id))?.job.labels ?? [];
    await label('label', 'paper', first);
    const sent = await label('label', ' spring, <b> ,paper,', first, second);
    expect(sent.headers['location']).toBe('/TEST/jobs?status=successful');
    expect(await labelsOf(first)).toEqual(['paper', 'spring', '<b>']);
    expect(await labelsOf(second)).toEqual(['spring', '<b>', 'paper']);
    expect(await labelsOf(third)).toEqual([]);
    await label('unlabel', 'paper,none', first, third);
    expect(await labelsOf(first)).toEqual(['spring', '<b>']);
    const list = (await page('/jobs', 'label=spring')).text;
    expect([first, second, third].map((id) => list.includes(id))).toEqual([true, true, false]);
    expect(list).toContain('spring, &lt;b&gt;');
  });

  it('the job list labels no job if one of them cannot have the label', async () => {
    service = serviceUnderTest({ caller: { listsAllJobs: true } });
    const [first, second] = [await run(), await run()];
    const many = Array.from({ length: 20 }, (_, index) => `l${index}`).join(',');
    await send('/jobs', { action: 'label', labels: many, jobId: second });
    const both = new URLSearchParams([
      ['action', 'label'],
      ['labels', 'one more'],
      ['jobId', first],
      ['jobId', second],
    ]);
    const refused = await service.send({
      method: 'POST',
      path: '/TEST/jobs',
      headers: { ...html, 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(both.toString()),
    });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('allowed: up to 20 in a job');
    expect((await service.store.read(first))?.job.labels ?? []).toEqual([]);
    const long = { action: 'label', labels: 'x'.repeat(101), jobId: first };
    expect((await send('/jobs', long)).status).toBe(400);
    expect((await send('/jobs', { action: 'rename', jobId: first })).status).toBe(400);
  });

  it('the job list deletes nothing for a page of another site', async () => {
    service = serviceUnderTest({ caller: { listsAllJobs: true } });
    const id = await run();
    const foreign = { 'sec-fetch-site': 'cross-site' };
    expect((await send('/jobs', { action: 'dismiss', jobId: id }, foreign)).status).toBe(403);
    expect((await send(`/jobs/${id}`, { action: 'dismiss' }, foreign)).status).toBe(403);
    expect((await page(`/jobs/${id}`)).text).toContain('Finished');
  });
});

describe('the origin of a form', () => {
  const form = (headers: Record<string, string>) =>
    refuseForeignForm(
      { method: 'POST', path: '/', query: '', headers, body: new Uint8Array() },
      'https://example.org/TEST/',
    );

  it('a form comes from the service if the browser says so', () => {
    expect(() => form({ 'sec-fetch-site': 'same-origin' })).not.toThrow();
    expect(() => form({ origin: 'https://example.org' })).not.toThrow();
    expect(() => form({ origin: 'http://127.0.0.1:8080', host: '127.0.0.1:8080' })).not.toThrow();
  });

  it('a form of another or a hidden origin is recognised', () => {
    expect(() => form({ origin: 'https://evil.example.org' })).toThrow();
    expect(() => form({ origin: 'null' })).toThrow();
    expect(() => form({ origin: 'https://example.org', 'sec-fetch-site': 'cross-site' })).toThrow();
  });

  it('a program sends no origin', () => {
    expect(() => form({})).not.toThrow();
  });
});
