import { describe, expect, it } from 'vitest';
import { faultsOf } from '../official-schemas.ts';
import { select } from '../xml.ts';

export interface SentRequest {
  readonly method: string;
  /** Path below the base of the service, as it is in the URL: `/wps`. */
  readonly path: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface GivenAnswer {
  readonly status: number;
  /** Headers by names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A way for requests to reach a service that offers `echo` and `gs:GoGoDuck`. */
export interface WayIn {
  readonly send: (request: SentRequest) => Promise<GivenAnswer>;
  /** Whether its callers may list jobs. */
  readonly listsJobs: boolean;
}

const json = { 'content-type': 'application/json' };
const xml = { 'content-type': 'text/xml' };

/** Tests of all three protocols that every way in must pass. */
export function describeOneSetOfJobs(name: string, wayIn: () => WayIn): void {
  const send = (request: SentRequest) => wayIn().send(request);
  const get = (path: string, query = '', headers = {}) =>
    send({ method: 'GET', path, query, headers });

  /** Each creates a job that ends after some seconds, and resolves to its id. */
  const makers: Readonly<Record<string, (delaySeconds: number) => Promise<string>>> = {
    'WPS 1.0.0': async (delaySeconds) => {
      const answer = await get(
        '/wps',
        `service=WPS&version=1.0.0&request=Execute&identifier=echo&DataInputs=message=hello;delaySeconds=${delaySeconds}&storeExecuteResponse=true&status=true`,
      );
      const [location = ''] = select(answer.body, '//@statusLocation');
      return new URL(location).searchParams.get('jobId') ?? '';
    },
    'WPS 2.0': async (delaySeconds) => {
      const value = (id: string, of: unknown) =>
        `<wps:Input id="${id}"><wps:Data>${of}</wps:Data></wps:Input>`;
      const body = `<wps:Execute xmlns:wps="http://www.opengis.net/wps/2.0" xmlns:ows="http://www.opengis.net/ows/2.0" service="WPS" version="2.0.0" mode="async" response="document"><ows:Identifier>echo</ows:Identifier>${value('message', 'hello')}${value('delaySeconds', delaySeconds)}<wps:Output id="result"/></wps:Execute>`;
      const answer = await send({ method: 'POST', path: '/wps', headers: xml, body });
      return select(answer.body, '//wps:JobID')[0] ?? '';
    },
    'OGC API': async (delaySeconds) => {
      const answer = await send({
        method: 'POST',
        path: '/processes/echo/execution',
        headers: { ...json, prefer: 'respond-async' },
        body: JSON.stringify({
          inputs: { message: 'hello', delaySeconds },
          outputs: { result: {} },
          response: 'document',
        }),
      });
      expect(answer.status, answer.body).toBe(201);
      expect(answer.headers['location']).toMatch(/\/jobs\/[0-9a-f-]{36}$/);
      expect(answer.headers['preference-applied']).toContain('respond-async');
      return JSON.parse(answer.body).jobID;
    },
  };

  /** Each returns the state of a job in the words of its protocol. */
  const readers: Readonly<Record<string, (id: string) => Promise<string | undefined>>> = {
    'WPS 1.0.0': async (id) => {
      const { body } = await get('/wps/jobStatus', `jobId=${id}&format=XML`);
      expect(faultsOf(body)).toEqual([]);
      return /<wps:Process(\w+)/.exec(body.replace(/^[\s\S]*<wps:Status/, ''))?.[1];
    },
    'WPS 2.0': async (id) => {
      const query = `service=WPS&version=2.0.0&request=GetStatus&jobId=${id}`;
      return select((await get('/wps', query)).body, '//wps:Status')[0];
    },
    'OGC API': async (id) => JSON.parse((await get(`/jobs/${id}`)).body).status,
  };
  const succeeded = { 'WPS 1.0.0': 'Succeeded', 'WPS 2.0': 'Succeeded', 'OGC API': 'successful' };
  const dismissed = { 'WPS 1.0.0': 'Failed', 'WPS 2.0': 'Dismissed', 'OGC API': 'dismissed' };
  const statesOf = async (id: string) => {
    const states: Record<string, string | undefined> = {};
    for (const [protocol, read] of Object.entries(readers)) states[protocol] = await read(id);
    return states;
  };

  /** Each ends a job. */
  const enders: Readonly<Record<string, (id: string) => Promise<GivenAnswer>>> = {
    'WPS 2.0': (id) => get('/wps', `service=WPS&version=2.0.0&request=Dismiss&jobId=${id}`),
    'OGC API': (id) => send({ method: 'DELETE', path: `/jobs/${id}` }),
    'WPS 1.0.0': (id) => send({ method: 'DELETE', path: '/wps/jobStatus', query: `jobId=${id}` }),
  };

  describe(`three protocols over one set of jobs, ${name}`, () => {
    it.each(Object.keys(makers))(
      'a job created over %s is found over all protocols',
      async (protocol) => {
        const id = (await makers[protocol]?.(0)) ?? '';
        expect(id).toMatch(/^[0-9a-f-]{36}$/);
        await expect.poll(() => readers['OGC API']?.(id), { interval: 100 }).toBe('successful');
        await expect.poll(() => statesOf(id), { interval: 100 }).toEqual(succeeded);
        const result = await get('/wps', `service=WPS&version=2.0.0&request=GetResult&jobId=${id}`);
        expect(result.status, result.body).toBe(200);
        expect(result.body).toContain('hello');
        const output = await get(`/jobs/${id}/results/result`);
        expect(output.status, output.body).toBe(200);
        expect(output.body).toBe('hello\n');
        if (!wayIn().listsJobs) return;
        const { jobs } = JSON.parse((await get('/jobs', 'processID=echo&limit=1000')).body);
        expect(jobs).toContainEqual(expect.objectContaining({ jobID: id }));
      },
    );

    it.each(Object.keys(makers).map((maker, index) => [maker, Object.keys(enders)[index] ?? '']))(
      'a job created over %s and dismissed over %s is dismissed over all protocols',
      async (maker, ender) => {
        const id = (await makers[maker]?.(60)) ?? '';
        const answer = await enders[ender]?.(id);
        expect(answer?.status, answer?.body).toBe(200);
        await expect.poll(() => statesOf(id), { interval: 100 }).toEqual(dismissed);
      },
    );

    it('an identifier with a colon is one resource, whether it is encoded or not', async () => {
      const encoded = await get('/processes/gs%3AGoGoDuck');
      expect(encoded.status, encoded.body).toBe(200);
      expect(await get('/processes/gs:GoGoDuck')).toMatchObject({ body: encoded.body });
      expect(JSON.parse(encoded.body).id).toBe('gs:GoGoDuck');
      for (const path of ['gs%3AGoGoDuck', 'gs:GoGoDuck']) {
        const request = { method: 'POST', path: `/processes/${path}/execution`, headers: json };
        const answer = await send({ ...request, body: '{"inputs":{}}' });
        // The process was found. The fault is in its inputs.
        expect(answer.status, answer.body).toBe(400);
      }
    });

    it('each path answers in JSON and as a page, and refuses other types', async () => {
      for (const path of ['/', '/conformance', '/api', '/processes', '/processes/echo']) {
        expect((await get(path)).headers['content-type'], path).toMatch(/json/);
        const page = await get(path, '', { accept: 'text/html' });
        expect(page.headers['content-type'], path).toBe('text/html; charset=utf-8');
        const refused = await send({ method: 'PUT', path });
        expect(refused.status, path).toBe(405);
        expect(refused.headers['allow'], path).toContain('GET');
      }
      const unknown = await get('/nothing');
      expect(unknown.status).toBe(404);
      expect(unknown.headers['content-type']).toBe('application/problem+json');
    });

    it('a page of another origin may send what clients of the field send', async () => {
      const preflight = await send({
        method: 'OPTIONS',
        path: '/processes/echo/execution',
        headers: {
          origin: 'https://portal.example.org',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,prefer,x-requested-with',
        },
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers['access-control-allow-headers']).toMatch(/X-Requested-With/);
    });
  });
}
