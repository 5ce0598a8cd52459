import { expect, it } from 'vitest';
import { apiFaultsOf } from '../../ogc-api-schemas.ts';
import { requirement } from '../requirement.ts';
import { apiUnderTest } from './api-under-test.ts';
import { echoRequest, oneOutputRequest, testString } from './echo-requests.ts';

const everyOutput = [
  'stringInput',
  'objectInput',
  'arrayInput',
  'binaryInput',
  'boundingBoxInput',
  'pause',
];

requirement(
  {
    id: 'execute-outputs',
    clause: 'OGC 18-062r2, 7.11.2.4 and 7.11.4',
    title:
      'Results are a document or raw, by value or by reference, as the request asks for each output',
    status: 'done',
  },
  () => {
    it('testJobCreationDefaultOutputs: an execute request without outputs gets all of them', async () => {
      const api = apiUnderTest();
      const { inputs } = await echoRequest(api);
      for (const request of [{ inputs }, { inputs, outputs: {} }]) {
        const answer = await api.execute('echo-inputs', { ...request, response: 'document' });
        expect(Object.keys(answer.json())).toEqual(everyOutput);
      }
    });

    it('testJobCreationSyncDocument: a results document maps outputs to values, and is valid', async () => {
      const api = apiUnderTest();
      const answer = await api.execute(
        'echo-inputs',
        await echoRequest(api, { response: 'document' }),
      );
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toBe('application/json');
      expect(apiFaultsOf('results', answer.json())).toEqual([]);
      expect(answer.json().stringInput).toBe(testString);
    });

    it('testJobCreationSyncRawValueOne: a single raw output by value is the whole answer', async () => {
      const api = apiUnderTest();
      const answer = await api.execute('echo-inputs', await oneOutputRequest(api, 'raw'));
      expect(answer.status).toBe(200);
      expect(answer.text).toBe(testString);
      expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    });

    it('an execute request without "response" gets raw outputs', async () => {
      const api = apiUnderTest();
      const { response: _, ...request } = await oneOutputRequest(api, 'raw');
      expect((await api.execute('echo-inputs', request)).text).toBe(testString);
    });

    it('binary output is returned byte for byte', async () => {
      const api = apiUnderTest();
      const bytes = Buffer.from([0, 255, 13, 10, 45, 45, 0]);
      const answer = await api.execute('echo-inputs', {
        inputs: { stringInput: 'a', binaryInput: bytes.toString('base64') },
        outputs: { binaryInput: {} },
      });
      expect(answer.bytes).toEqual(bytes);
      expect(answer.headers['content-type']).toBe('image/tiff; application=geotiff');
    });

    it('testJobCreationSyncRawValueMulti: several raw outputs by value are one multipart message', async () => {
      const api = apiUnderTest();
      const answer = await api.execute('echo-inputs', await echoRequest(api, { response: 'raw' }));
      const [, boundary = ''] =
        /^multipart\/related; type="text\/plain"; boundary="([^"]+)"$/.exec(
          answer.headers['content-type'] ?? '',
        ) ?? [];
      const parts = answer.bytes.toString('latin1').split(`--${boundary}`);
      expect(parts.at(-1)).toBe('--\r\n');
      expect(parts.slice(1, -1)).toHaveLength(everyOutput.length);
      expect(parts[1]).toMatch(
        /^\r\nContent-Type: text\/plain\r\nContent-ID: <stringInput>\r\n[\s\S]*\r\n\r\nteststring\r\n$/,
      );
    });

    it('testJobCreationSyncRawMixedMulti: raw outputs by reference are parts without content', async () => {
      const api = apiUnderTest();
      const { inputs } = await echoRequest(api);
      const answer = await api.execute('echo-inputs', {
        inputs,
        outputs: { stringInput: {}, pause: { transmissionMode: 'reference' } },
        response: 'raw',
      });
      const [, location = ''] = /Content-Location: (\S+)/.exec(answer.text) ?? [];
      expect(answer.text).toContain(`\r\n\r\n${testString}\r\n`);
      expect((await api.read(location)).text).toBe('0');
    });

    it('testJobCreationSyncRawRef: raw outputs by reference only are links without a body', async () => {
      const api = apiUnderTest();
      const { inputs } = await echoRequest(api);
      const reference = { transmissionMode: 'reference' };
      const answer = await api.execute('echo-inputs', {
        inputs,
        outputs: { stringInput: reference, pause: reference },
        response: 'raw',
      });
      expect(answer.status).toBe(204);
      expect(answer.text).toBe('');
      expect((await api.read(answer.link('stringInput') ?? '')).text).toBe(testString);
      expect((await api.read(answer.link('pause') ?? '')).text).toBe('0');
      expect(answer.link('monitor')).toBeDefined();
    });

    it('a results document contains links to outputs by reference', async () => {
      const api = apiUnderTest();
      const { inputs } = await echoRequest(api);
      const answer = await api.execute('echo-inputs', {
        inputs,
        outputs: { stringInput: { transmissionMode: 'reference' } },
        response: 'document',
      });
      const { href, type } = answer.json().stringInput;
      expect(type).toBe('text/plain');
      expect((await api.read(href)).text).toBe(testString);
    });

    it('an output is returned in the requested format, and a format that is not offered is refused', async () => {
      const { execute } = apiUnderTest();
      const asked = (mediaType: string) =>
        execute('every:Thing', {
          outputs: { text: { format: { mediaType } } },
          response: 'document',
        });
      expect((await asked('text/xml')).json().text).toMatchObject({
        mediaType: 'text/xml',
        value: expect.stringMatching(/</),
      });
      const refused = await asked('image/png');
      expect(refused.status).toBe(400);
      expect(refused.json()['invalid-params']).toMatchObject([{ name: 'text' }]);
      const unknown = await execute('every:Thing', { outputs: { nothing: {} } });
      expect(unknown.status).toBe(400);
      expect(unknown.json()['invalid-params']).toMatchObject([{ name: 'nothing' }]);
    });

    it('outputs keep the unit of a measurement and the reference system of a box', async () => {
      const { execute } = apiUnderTest();
      const results = (await execute('every:Thing', { response: 'document' })).json();
      expect(apiFaultsOf('results', results)).toEqual([]);
      expect(results.number).toEqual({
        value: { measurement: expect.any(Number), uom: 'm' },
      });
      expect(results.flag).toEqual(expect.any(Boolean));
      expect(results.extent.bbox).toHaveLength(4);
      expect(results.grid).toMatchObject({
        mediaType: 'application/x-netcdf',
        encoding: 'base64',
      });
    });
  },
);
