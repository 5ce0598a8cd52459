import { describe, expect, it } from 'vitest';
import { ogcApi } from '../../../../lambda/protocols/ogc-api/protocol.ts';
import { apiUnderTest } from '../../../conformance/ogc-api/api-under-test.ts';
import { FaultyObjectStore } from '../../../faulty-object-store.ts';
import { MemoryObjectStore } from '../../../memory-object-store.ts';

it('a service that signs no callbacks has no keys to verify them', async () => {
  const answer = await apiUnderTest().read('keys');
  expect(answer.status).toBe(200);
  expect(answer.json()).toEqual({ keys: [] });
});

it('faults may be logged with every name that a request has in OGC API - Processes', () => {
  expect(ogcApi.name).toBe('ogc-api');
  expect(ogcApi.representation).toEqual({ f: 'json', mediaType: 'application/json' });
  expect(ogcApi.parameters).toEqual([
    ...['body', 'cursor', 'Content-Type', 'datetime', 'f', 'Idempotency-Key', 'inputs', 'label'],
    ...['labels', 'limit', 'maxDuration', 'minDuration', 'offset', 'outputs', 'processID'],
    ...['response', 'status', 'subscriber', 'type'],
  ]);
});

describe('an execute request that is refused', () => {
  const execution = 'processes/fixed/execution';

  it('an execute request that is refused for its type is told the beginning of the type', async () => {
    const type = { 'content-type': `x/${'y'.repeat(300)}` };
    const { detail, 'invalid-params': named } = (
      await apiUnderTest().call('POST', execution, type, {})
    ).json();
    expect(detail).toBe(
      `The request body is sent as "x/${'y'.repeat(198)}"; allowed: header Content-Type: application/json.`,
    );
    expect(named).toEqual([{ name: 'Content-Type', reason: detail }]);
  });

  it('an execute request that is refused for its size is told what to do', async () => {
    const api = apiUnderTest({ limits: { maxRequestBytes: 1 } });
    const { detail, 'invalid-params': named } = (await api.call('POST', execution, {}, {})).json();
    expect(detail).toBe(
      'The request body is larger than 1 bytes, which is the most allowed. Give large inputs by reference.',
    );
    expect(named).toEqual([{ name: 'body', reason: detail }]);
  });

  it('an execute request that is refused for its key is told how long the key may be', async () => {
    const key = { 'idempotency-key': 'k'.repeat(256) };
    const { detail } = (await apiUnderTest().execute('fixed', {}, key)).json();
    expect(detail).toBe(
      'Header Idempotency-Key has 256 characters; allowed: 1 to 255 printable ASCII characters.',
    );
  });
});

it('results that cannot be read now are an internal fault, whose reason is in the log', async () => {
  const objects = new FaultyObjectStore(new MemoryObjectStore(), {
    before: (operation) => {
      if (operation === 'open') throw new Error('the disk is gone');
    },
  });
  const api = apiUnderTest({ objects });
  const answer = await api.execute('fixed', { outputs: { number: {} }, response: 'raw' });
  expect(answer.status).toBe(500);
  expect(answer.text).not.toContain('the disk');
  expect(api.log.join()).toContain('the disk is gone');
});
