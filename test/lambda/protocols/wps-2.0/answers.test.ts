import { describe, expect, it } from 'vitest';
import {
  aboutJob,
  executeXml,
  input,
  output,
  requestXml,
} from '../../../conformance/wps-2.0/requests.ts';
import { sampleJob } from '../../../sample-job.ts';
import { type ServiceUnderTest, serviceUnderTest } from '../../../service-under-test.ts';

const kvp = { service: 'WPS', version: '2.0.0' };

/** Starts a job that nobody waits for, and answers with its id. */
async function started({ post }: ServiceUnderTest, response = 'document'): Promise<string> {
  const request = executeXml('fixed', [], [output('number')], { mode: 'async', response });
  return (await post(request)).select('//wps:JobID')[0] ?? '';
}

describe('a refusal of WPS 2.0', () => {
  it('a refusal of WPS 2.0 names the versions that were asked for, and the one to ask for', async () => {
    const versions = ['3.0.0', '1.0.0']
      .map((each) => `<ows:Version>${each}</ows:Version>`)
      .join('');
    const request = requestXml(
      'GetCapabilities',
      `<ows:AcceptVersions>${versions}</ows:AcceptVersions>`,
    );
    const answer = await serviceUnderTest().post(request);
    expect(answer.status).toBe(400);
    expect(answer.exception()).toEqual({
      code: 'VersionNegotiationFailed',
      text: 'Versions 3.0.0, 1.0.0 are not offered in this form; allowed: 2.0.0.',
    });
  });

  it('a refusal of WPS 2.0 says how many raw outputs were asked for', async () => {
    const outputs = ['text', 'number', 'extent'].map((id) => output(id));
    const request = executeXml('every:Thing', [], outputs, { response: 'raw' });
    expect((await serviceUnderTest().post(request)).exception()).toEqual({
      code: 'InvalidParameterValue',
      locator: 'response',
      text: 'response is "raw" with 3 outputs; allowed: one output, or response="document".',
    });
  });

  it('a refusal of WPS 2.0 of a result says that the job has not ended', async () => {
    const service = serviceUnderTest();
    service.engine.isHeld = true;
    const id = await started(service);
    expect((await service.post(aboutJob('GetResult', id))).exception()).toEqual({
      ...{ code: 'ResultNotReady', locator: id },
      text: 'The job has not ended yet. Ask for its status.',
    });
  });

  it('a refusal of WPS 2.0 to wait longer says how to follow the job, which continues', async () => {
    const service = serviceUnderTest();
    service.engine.isHeld = true;
    const answer = await service.post(executeXml('fixed', [], [output('number')]));
    expect(answer.status).toBe(400);
    const { code, locator, text = '' } = answer.exception();
    expect({ code, locator }).toEqual({ code: 'NoApplicableCode', locator: 'mode' });
    expect(text).toMatch(
      /^The job takes longer than a request can wait, and goes on\. .* GetStatus and GetResult .* mode="async"\.$/,
    );
    const [id = ''] = /[0-9a-f-]{36}/.exec(text) ?? [];
    const status = await service.post(aboutJob('GetStatus', id));
    expect(status.select('//wps:Status')).toEqual(['Accepted']);
  });

  it.each([
    [
      'a language that is not offered',
      { request: 'DescribeProcess', Identifier: 'fixed', lang: 'xx' },
    ],
    ['capabilities in such a language', { request: 'GetCapabilities', AcceptLanguages: 'xx,fr' }],
  ])('a refusal of WPS 2.0 of %s names those that are', async (_, parameters) => {
    const answer = await serviceUnderTest().get({ ...kvp, ...parameters });
    expect(answer.exception()).toMatchObject({
      locator: 'language',
      text: 'Language "xx" is not offered; allowed: en-AU, fr.',
    });
  });
});

describe('an answer of WPS 2.0', () => {
  it('an answer of WPS 2.0 is in the language that was asked for, or else in the first', async () => {
    const { get } = serviceUnderTest();
    const request = { ...kvp, request: 'DescribeProcess', Identifier: 'fixed' };
    expect((await get(request)).select('//wps:Process/@xml:lang')).toEqual(['en-AU']);
    const french = await get({ ...request, lang: 'fr' });
    expect(french.select('//wps:Process/@xml:lang')).toEqual(['fr']);
  });

  it('an answer of WPS 2.0 to mode auto is the status of the job, while nobody waits for it', async () => {
    const service = serviceUnderTest();
    service.engine.isHeld = true;
    const request = executeXml('fixed', [], [output('number')], { mode: 'auto' });
    const answer = await service.post(request);
    expect(answer.status).toBe(200);
    expect(answer.select('/wps:StatusInfo/wps:Status')).toEqual(['Accepted']);
  });

  it('an answer of WPS 2.0 about a job that was dismissed has no result, and says so', async () => {
    const service = serviceUnderTest();
    service.engine.isHeld = true;
    const id = await started(service);
    await service.post(aboutJob('Dismiss', id));
    const answer = await service.post(aboutJob('GetResult', id));
    expect(answer.status).toBe(500);
    expect(answer.exception()).toEqual({
      code: 'NoApplicableCode',
      text: (await service.store.read(id))?.job.message,
    });
  });

  it.each([
    ['with the input at fault', { subject: 'level' }, { locator: 'level' }],
    ['without an input at fault', {}, {}],
  ])(
    'an answer of WPS 2.0 about a job that failed has its reason, %s',
    async (_, more, located) => {
      const { store, post } = serviceUnderTest();
      const failure = { kind: 'invalid-value', text: 'Too deep.', ...more } as const;
      const job = sampleJob({ status: 'failed', message: 'Too deep.', failure });
      await store.create(job, { body: '', contentType: 'text/plain' }, []);
      const answer = await post(aboutJob('GetResult', job.id));
      expect(answer.status).toBe(400);
      expect(answer.exception()).toEqual({ code: 'WrongInputData', text: 'Too deep.', ...located });
    },
  );

  it('an answer of WPS 2.0 with a raw output may be a part of it, or nothing if it is known', async () => {
    const service = serviceUnderTest();
    const id = await started(service, 'raw');
    await service.engine.idle();
    const query = new URLSearchParams({ ...kvp, request: 'GetResult', jobId: id }).toString();
    const whole = await service.send({ query });
    expect(whole.status).toBe(200);
    const part = await service.send({ query, headers: { range: 'bytes=1-1' } });
    expect(part.status).toBe(206);
    expect(part.text).toBe(whole.text.slice(1, 2));
    const known = { 'if-none-match': whole.headers['etag'] ?? '' };
    expect((await service.send({ query, headers: known })).status).toBe(304);
  });

  it('an answer of WPS 2.0 with the result of a job of another protocol is a document', async () => {
    const service = serviceUnderTest();
    const body = `<wps:Execute service="WPS" version="1.0.0" xmlns:wps="http://www.opengis.net/wps/1.0.0" xmlns:ows="http://www.opengis.net/ows/1.1"><ows:Identifier>fixed</ows:Identifier><wps:ResponseForm><wps:RawDataOutput><ows:Identifier>number</ows:Identifier></wps:RawDataOutput></wps:ResponseForm></wps:Execute>`;
    expect((await service.post(body)).status).toBe(200);
    const ids: string[] = [];
    for await (const { id } of service.store.index.list('all')) ids.push(id);
    const [id = ''] = ids;
    const answer = await service.post(aboutJob('GetResult', id));
    expect(answer.select('/wps:Result/wps:Output/@id')).toEqual(['number']);
  });

  it('an answer of WPS 2.0 refers to an output at an address that leads to it', async () => {
    const service = serviceUnderTest();
    const outputs = [output('text', 'transmission="reference"')];
    const answer = await service.post(executeXml('every:Thing', [], outputs));
    const [id] = answer.select('//wps:JobID');
    const [href] = answer.select('//wps:Reference/@xlink:href');
    expect(href).toBe(`https://example.org/TEST/wps/outputs/${id}/text.txt`);
    expect((await service.follow(href)).status).toBe(200);
  });

  it('an answer of WPS 2.0 has no empty lines in it', async () => {
    const outputs = [output('number'), output('extent')];
    const { text } = await serviceUnderTest().post(executeXml('every:Thing', [], outputs));
    expect(text).toMatch(/<wps:LiteralValue .*<\/wps:LiteralValue> *<\/wps:Data>/);
    expect(text).toMatch(/<\/ows:BoundingBox> *<\/wps:Data>/);
  });

  it('an answer of WPS 2.0 counts each repeated process once, and describes all for ALL among others', async () => {
    const { get } = serviceUnderTest();
    const request = { ...kvp, request: 'DescribeProcess' };
    const names = async (Identifier: string) =>
      (await get({ ...request, Identifier })).select('//wps:Process/ows:Identifier');
    expect(await names('fixed,every:Thing,fixed')).toEqual(['fixed', 'every:Thing']);
    expect(await names('fixed,All')).toHaveLength(4);
    expect((await get({ ...request, Identifier: 'fixed,none' })).exception()).toMatchObject({
      ...{ code: 'NoSuchProcess', locator: 'none' },
    });
  });

  it('a request of WPS 2.0 may be as large as the service reads, and no larger', async () => {
    const request = executeXml('every:Thing', [input('text', 'a'.repeat(1_000))], [output('text')]);
    const { post } = serviceUnderTest({ limits: { maxRequestBytes: request.length - 1 } });
    const answer = await post(request);
    expect(answer.status).toBe(413);
    expect(answer.exception()).toMatchObject({ code: 'FileSizeExceeded' });
    const { post: larger } = serviceUnderTest({ limits: { maxRequestBytes: request.length } });
    expect((await larger(request)).status).toBe(200);
  });
});
