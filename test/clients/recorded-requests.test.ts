import { describe, expect, it } from 'vitest';
import { echo } from '../echo.ts';
import { baseUrl, serviceUnderTest } from '../service-under-test.ts';
import { testCatalogue } from '../test-catalogue.ts';

/**
 * Requests of clients that cannot be installed where these tests run, in the form in which each client was
 * seen to send them.
 */

const start = () =>
  serviceUnderTest({ catalogue: [echo, ...testCatalogue], caller: { listsAllJobs: true } });

/** birdy 0.9 with OWSLib 0.27: what `WPSClient(url).process(...)` sends, seen through a proxy. */
describe('birdy', () => {
  const headers = {
    'user-agent': 'python-requests/2.28.1',
    accept: '*/*',
    'accept-encoding': 'gzip, deflate',
    'content-type': 'text/xml',
  };
  const ows = (name: string, text: string) =>
    `<ows110:${name} xmlns:ows110="http://www.opengis.net/ows/1.1">${text}</ows110:${name}>`;
  const literal = ([name, value]: readonly [string, string]) =>
    `<wps100:Input>${ows('Identifier', name)}<wps100:Data><wps100:LiteralData>${value}</wps100:LiteralData></wps100:Data></wps100:Input>`;
  const execute = (
    process: string,
    inputs: readonly (readonly [string, string])[],
    outputs: readonly (readonly [string, boolean])[],
    isFollowed = false,
  ) =>
    `<wps100:Execute xmlns:wps100="http://www.opengis.net/wps/1.0.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" service="WPS" version="1.0.0" xsi:schemaLocation="http://www.opengis.net/wps/1.0.0 http://schemas.opengis.net/wps/1.0.0/wpsExecute_request.xsd">${ows('Identifier', process)}<wps100:DataInputs>${inputs.map(literal).join('')}</wps100:DataInputs><wps100:ResponseForm><wps100:ResponseDocument storeExecuteResponse="${isFollowed}" status="${isFollowed}" lineage="false">${outputs
      .map(
        ([name, asReference]) =>
          `<wps100:Output asReference="${asReference}">${ows('Identifier', name)}</wps100:Output>`,
      )
      .join('')}</wps100:ResponseDocument></wps100:ResponseForm></wps100:Execute>`;
  const send = (service: ReturnType<typeof start>, body: string) =>
    service.send({ method: 'POST', headers, body: Buffer.from(body) });

  it('birdy reads the capabilities, and all descriptions at once', async () => {
    const { send: ask } = start();
    const query = 'service=WPS&request=GetCapabilities&version=1.0.0';
    expect((await ask({ query, headers })).status).toBe(200);
    const all = await ask({
      query: 'service=WPS&request=DescribeProcess&version=1.0.0&identifier=all',
      headers,
    });
    expect(all.select('//ows:Identifier')).toContain('echo');
  });

  it.each(['False', 'True', 'false', 'TRUE'])(
    'birdy writes booleans as Python does: %s',
    async (flag) => {
      const body = execute('every:Thing', [['flag', flag]], [['inputs', true]]);
      const answer = await send(start(), body);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.select('//wps:ProcessSucceeded')).toHaveLength(1);
    },
  );

  it('birdy sends every default, and asks for complex outputs by reference', async () => {
    const service = start();
    const inputs = [
      ['message', 'hello'],
      ['repeat', '1'],
      ['delaySeconds', '0'],
    ] as const;
    const answer = await send(
      service,
      execute('echo', inputs, [
        ['result', true],
        ['length', false],
      ]),
    );
    const [href = ''] = answer.select('//wps:Reference/@href');
    expect(answer.select('//wps:LiteralData')).toEqual(['5']);
    const output = await service.send({ path: new URL(href).pathname, headers });
    expect(output.text).toBe('hello\n');
  });

  it('birdy follows a job by its status location', async () => {
    const service = start();
    const body = execute('echo', [['message', 'hello']], [['result', true]], true);
    const [location = ''] = (await send(service, body)).select('//@statusLocation');
    await service.engine.idle();
    const { pathname, search } = new URL(location);
    const status = await service.send({ path: pathname, query: search.slice(1), headers });
    expect(status.select('//wps:ProcessSucceeded')).toHaveLength(1);
  });
});

/** OWSLib since 0.30 (`owslib.ogcapi.processes`): no `Accept` for GET, any for POST. */
describe('OWSLib over OGC API', () => {
  const get = async (service: ReturnType<typeof start>, url: string) => {
    const { pathname, search } = new URL(url, baseUrl);
    const headers = { 'user-agent': 'OWSLib 0.31.0 (https://owslib.readthedocs.io)' };
    const answer = await service.send({ path: pathname, query: search.slice(1), headers });
    expect(answer.status, answer.text).toBe(200);
    return JSON.parse(answer.text);
  };
  const execute = (service: ReturnType<typeof start>, prefer: string) =>
    service.send({
      method: 'POST',
      path: new URL('processes/echo/execution', baseUrl).pathname,
      headers: {
        'user-agent': 'OWSLib 0.31.0 (https://owslib.readthedocs.io)',
        accept: '*/*',
        'accept-language': 'en-US',
        'accept-encoding': 'gzip,deflate',
        'content-type': 'application/json',
        prefer,
      },
      body: Buffer.from('{"inputs": {"message": "hello"}, "response": "document"}'),
    });

  it('OWSLib finds the OGC API document by the exact type of its link', async () => {
    const service = start();
    const { links } = await get(service, '');
    const found = links.find(
      ({ rel, type }: { rel: string; type: string }) =>
        rel === 'service-desc' && type === 'application/vnd.oai.openapi+json;version=3.0',
    );
    expect((await get(service, found.href)).openapi).toMatch(/^3\.0/);
    expect((await get(service, 'conformance')).conformsTo).not.toEqual([]);
  });

  it('OWSLib lists and describes processes over OGC API', async () => {
    const service = start();
    const { processes } = await get(service, 'processes');
    expect(processes.map(({ id }: { id: string }) => id)).toContain('echo');
    expect((await get(service, 'processes/echo')).inputs).toHaveProperty('message');
    expect((await get(service, 'processes/every:Thing')).id).toBe('every:Thing');
  });

  it('OWSLib waits for a results document over OGC API, or gets the status of a longer job', async () => {
    const service = start();
    const waited = await execute(service, 'respond-sync');
    expect(waited.status, waited.text).toBe(200);
    expect(JSON.parse(waited.text)).toHaveProperty('result');
    const accepted = await execute(service, 'respond-async');
    expect(accepted.status, accepted.text).toBe(201);
    expect(accepted.headers).toHaveProperty('location');
    expect(JSON.parse(accepted.text)).toMatchObject({ type: 'process', jobID: expect.any(String) });
  });
});
