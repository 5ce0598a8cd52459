import { expect, it } from 'vitest';
import { apiFaultsOf } from '../../ogc-api-schemas.ts';
import { requirement } from '../requirement.ts';
import { apiUnderTest, asynchronously, type Document } from './api-under-test.ts';

requirement(
  {
    id: 'job-extensions',
    clause: 'beyond OGC 18-062r2',
    title: 'Jobs have inputs and a log to look up, labels, and requests that are sent once',
    status: 'done',
  },
  () => {
    it('the inputs of a job are shown as an execute request that repeats it', async () => {
      const api = apiUnderTest();
      const inputs = {
        text: ['a', 'b'],
        length: { value: { measurement: 3, uom: 'ft' } },
        flag: true,
        area: { bbox: [1, 2, 3, 4], crs: 'http://www.opengis.net/def/crs/OGC/1.3/CRS84' },
        document: { value: { a: 1 }, mediaType: 'application/json' },
      };
      const id = await api.runToEnd('every:Thing', { inputs, outputs: { inputs: {} } });
      const shown = (await api.read(`jobs/${id}/inputs`)).json();
      expect(shown).toMatchObject({ processID: 'every:Thing', jobID: id, inputs });
      const again = { inputs: shown.inputs, outputs: shown.outputs };
      const second = await api.execute('every:Thing', again);
      const first = await api.read(`jobs/${id}/results`);
      const values = (text: string) => text.replaceAll(/"path": "[^"]*"/g, '');
      expect(values(second.text)).toBe(values(first.text));
    });

    it('the inputs of a job show no headers of references, which may contain credentials', async () => {
      const api = apiUnderTest({ limits: { referenceHosts: ['example.org'] } });
      const href = 'https://example.org/a.txt';
      const id = await api.runToEnd('give-back', { inputs: { document: { href } } });
      const shown = (await api.read(`jobs/${id}/inputs`)).json();
      expect(shown.inputs.document).toEqual({ href, type: 'text/plain' });
    });

    it('the log of a job has its messages with times, and no internals', async () => {
      const api = apiUnderTest();
      const id = await api.runToEnd('fixed', {});
      const { messages } = (await api.read(`jobs/${id}/log`)).json();
      expect(messages.map(({ status }: Document) => status)).toEqual(
        expect.arrayContaining(['accepted', 'running', 'successful']),
      );
      for (const message of messages) {
        expect(message).toEqual({
          time: expect.stringMatching(/^\d{4}-.*Z$/),
          status: expect.any(String),
          progress: expect.any(Number),
          message: expect.any(String),
        });
      }
    });

    it('a job gets labels when it is sent, and others later', async () => {
      const api = apiUnderTest();
      const id = await api.runToEnd('fixed', { labels: ['first'] });
      expect((await api.read(`jobs/${id}`)).json().labels).toEqual(['first']);
      const patch = { labels: ['second', 'third'] };
      const answer = await api.call('PATCH', `jobs/${id}`, {}, patch);
      expect(answer.status).toBe(200);
      expect(answer.json()).toMatchObject({ labels: ['second', 'third'], status: 'successful' });
      expect((await api.read(`jobs/${id}`)).json().labels).toEqual(['second', 'third']);
      const none = await api.call('PATCH', `jobs/${id}`, {}, { labels: [] });
      expect(none.json().labels).toBeUndefined();
    });

    it('PATCH changes only the labels of a job', async () => {
      const api = apiUnderTest();
      const id = await api.runToEnd('fixed', {});
      for (const patch of [
        { status: 'dismissed' },
        { status: 'dismissed', labels: [] },
        {},
        ['labels'],
        { labels: 'a' },
      ]) {
        expect((await api.call('PATCH', `jobs/${id}`, {}, patch)).status).toBe(400);
      }
      expect((await api.call('PATCH', 'jobs/invalid-job', {}, { labels: [] })).status).toBe(404);
      const patchAs = async (type: string) =>
        (await api.call('PATCH', `jobs/${id}`, { 'content-type': type }, { labels: [] })).status;
      expect(await patchAs('application/merge-patch+json')).toBe(200);
      expect(await patchAs('text/plain')).toBe(415);
    });

    it('two requests with the same Idempotency-Key make one job', async () => {
      const api = apiUnderTest();
      const key = { 'idempotency-key': '"a-1"' };
      const send = (headers: Record<string, string>, labels: string[] = []) =>
        api.execute('fixed', { labels }, { ...asynchronously, ...headers });
      const first = await send(key);
      const second = await send(key);
      expect(second.status).toBe(201);
      expect(second.json().jobID).toBe(first.json().jobID);
      const other = await send({ 'idempotency-key': 'a-2' });
      expect(other.json().jobID).not.toBe(first.json().jobID);
      const mismatch = await send(key, ['other']);
      expect(mismatch.status).toBe(400);
      expect(mismatch.json()['invalid-params']).toMatchObject([{ name: 'Idempotency-Key' }]);
    });

    it('an Idempotency-Key means the same with and without quotes, and has up to 255 characters', async () => {
      const api = apiUnderTest();
      const send = (key: string) =>
        api.execute('fixed', {}, { ...asynchronously, 'idempotency-key': key });
      const longest = 'k'.repeat(255);
      const first = await send(`"${longest}"`);
      expect(first.status).toBe(201);
      expect((await send(` ${longest} `)).json().jobID).toBe(first.json().jobID);
      for (const key of [`${longest}k`, '""', 'é']) {
        const refused = await send(key);
        expect(refused.status).toBe(400);
        expect(refused.json()['invalid-params']).toMatchObject([{ name: 'Idempotency-Key' }]);
      }
    });

    it('status, inputs, log and results of a job that has ended say when it expires', async () => {
      const api = apiUnderTest({ configuration: { retentionDays: 31 } });
      const id = await api.runToEnd('fixed', {});
      const status = (await api.read(`jobs/${id}`)).json();
      expect(apiFaultsOf('statusInfo', status)).toEqual([]);
      const expiry = Date.parse(status.expires);
      expect(expiry - Date.parse(status.finished)).toBe(31 * 86_400_000);
      for (const part of ['', '/inputs', '/log', '/results']) {
        const { headers } = await api.read(`jobs/${id}${part}`);
        expect(headers['sunset'], part).toBe(new Date(expiry).toUTCString());
      }
      const [listed] = (await api.read('jobs')).json().jobs;
      expect(listed).toEqual(status);
    });

    it('a job that has not ended, or whose retention is unknown, does not say when it expires', async () => {
      const unlimited = apiUnderTest();
      const waiting = apiUnderTest({ configuration: { retentionDays: 31 } });
      waiting.engine.isHeld = true;
      const held = await waiting.execute('fixed', {}, asynchronously);
      for (const [api, id] of [
        [unlimited, await unlimited.runToEnd('fixed', {})],
        [waiting, held.json().jobID],
      ] as const) {
        const { headers, json } = await api.read(`jobs/${id}`);
        expect(json()).not.toHaveProperty('expires');
        expect(headers).not.toHaveProperty('sunset');
      }
    });

    it('an Idempotency-Key of a refused request can be used again', async () => {
      const api = apiUnderTest();
      const key = { 'idempotency-key': 'b-1', ...asynchronously };
      api.engine.isBusy = true;
      expect((await api.execute('fixed', {}, key)).status).toBe(429);
      api.engine.isBusy = false;
      expect((await api.execute('fixed', {}, key)).status).toBe(201);
    });

    it('a full service answers 429 and says when to try again', async () => {
      const api = apiUnderTest({ limits: { maxUnfinishedJobs: 1 } });
      api.engine.isHeld = true;
      expect((await api.execute('fixed', {}, asynchronously)).status).toBe(201);
      const refused = await api.execute('fixed', {}, asynchronously);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    });
  },
);
