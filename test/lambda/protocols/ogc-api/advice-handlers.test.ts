import { beforeEach, describe, expect, it } from 'vitest';
import type { ProcessDescription } from '../../../../batch-jobs/api/process-description.ts';
import { type ApiUnderTest, apiUnderTest } from '../../../conformance/ogc-api/api-under-test.ts';
import { everything, failing } from '../../../test-catalogue.ts';

const advised: ProcessDescription = {
  ...everything,
  identifier: 'advised',
  advice: async () => ({
    suggest: async ({ input, text, inputs }) => [
      { value: `${input}:${text}:${inputs['choice'] ?? ''}`, title: 'A value' },
    ],
    estimate: async ({ choice }) => ({
      faults: choice?.[0] === 'green' ? [{ input: 'choice', text: 'Green is sold out.' }] : [],
      files: 3,
      bytes: 42,
    }),
    constraints: async ({ choice }) =>
      choice?.[0] === 'red' ? { outputs: { text: { formats: [], text: 'Red has no text.' } } } : {},
  }),
};

let api: ApiUnderTest;
beforeEach(() => {
  api = apiUnderTest({ catalogue: [advised, everything] });
});

describe('POST /processes/{id}/estimate', () => {
  const estimate = (body: Parameters<ApiUnderTest['call']>[3], process = 'advised') =>
    api.call(
      'POST',
      `processes/${encodeURIComponent(process)}/estimate`,
      { 'content-type': 'application/json' },
      body,
    );

  it('POST /processes/{id}/estimate returns the size of a valid request, and runs nothing', async () => {
    const answer = await estimate({ inputs: { choice: 'red' } });
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ valid: true, faults: [], files: 3, bytes: 42, queue: 'small' });
    expect(api.log.join('')).not.toContain('job accepted');
  });

  it('POST /processes/{id}/estimate answers 200 with every fault of an invalid request, each with its input', async () => {
    const answer = await estimate({ inputs: { choice: 'green', length: 999 } });
    expect(answer.status).toBe(200);
    const { valid, faults } = answer.json();
    expect(valid).toBe(false);
    expect(faults).toEqual([
      { type: 'invalid-value', input: 'length', detail: expect.stringContaining('"999"') },
      { type: 'invalid-value', input: 'choice', detail: 'Green is sold out.' },
    ]);
  });

  it('POST /processes/{id}/estimate answers 200 for a document that cannot be read as a request', async () => {
    const answer = await estimate({ inputs: 3 });
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ valid: false, faults: [{ input: 'inputs' }] });
  });

  it('POST /processes/{id}/estimate returns the size of the readable part of a request', async () => {
    const answer = await estimate({ inputs: { choice: 'red', length: 'long' } });
    const { valid, faults, files } = answer.json();
    expect([valid, files]).toEqual([false, 3]);
    expect(faults).toHaveLength(1);
  });

  it('POST /processes/{id}/estimate returns no size if the process estimates none', async () => {
    const answer = await estimate({ inputs: {} }, everything.identifier);
    expect(answer.json()).toEqual({ valid: true, faults: [], queue: 'small' });
  });

  it('POST /processes/{id}/estimate reports an unreadable input once, not also as missing, and names no queue', async () => {
    api = apiUnderTest({ catalogue: [failing] });
    const answer = (await estimate({ inputs: { exitCode: 'x' } }, 'failing')).json();
    expect(answer.faults).toMatchObject([{ type: 'invalid-value', input: 'exitCode' }]);
    expect(answer).not.toHaveProperty('queue');
  });

  it('POST /processes/{id}/estimate refuses a body that is not called JSON', async () => {
    for (const path of ['estimate', 'constraints']) {
      const type = { 'content-type': 'text/xml' };
      expect((await api.call('POST', `processes/advised/${path}`, type, {})).status).toBe(415);
    }
  });

  it('POST /processes/{id}/estimate is unknown for an unknown process', async () => {
    expect((await estimate({}, 'nope')).status).toBe(404);
  });
});

describe('POST /processes/{id}/constraints', () => {
  const constrain = (body: Parameters<ApiUnderTest['call']>[3], process = 'advised') =>
    api.call(
      'POST',
      `processes/${process}/constraints`,
      { 'content-type': 'application/json' },
      body,
    );

  it('POST /processes/{id}/constraints returns what is possible beside a partial request, and runs nothing', async () => {
    const answer = await constrain({ inputs: { choice: 'red' } });
    expect(answer.status).toBe(200);
    const { inputs, outputs, faults } = answer.json();
    expect(faults).toEqual([]);
    expect(inputs.choice).toEqual({ values: ['red', 'green'] });
    expect(outputs.text).toEqual({ formats: [], text: 'Red has no text.' });
    expect(api.log.join('')).not.toContain('job accepted');
  });

  it.each([
    ['a value of the wrong type', { inputs: { choice: 'red', length: 'long' } }, ['length']],
    ['an input that is not there', { inputs: { choice: 'red', nope: 1 } }, []],
    [
      'an output that cannot be read',
      { inputs: { choice: 'red' }, outputs: { text: 3 } },
      ['outputs/text'],
    ],
    [
      'faults in several places',
      { inputs: { choice: 'red', length: [[]] }, response: 'x', subscriber: 3, labels: 3 },
      ['length', 'response', 'subscriber', 'labels'],
    ],
  ])(
    'POST /processes/{id}/constraints uses what it can read beside %s',
    async (_, body, subjects) => {
      const answer = await constrain(body);
      expect(answer.status).toBe(200);
      const { outputs, faults } = answer.json();
      expect(outputs.text.formats).toEqual([]);
      expect(faults.map(({ input }: { input: string }) => input)).toEqual(subjects);
    },
  );

  it('POST /processes/{id}/constraints answers 200 for a body that is not JSON', async () => {
    const answer = await constrain('{');
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ inputs: {}, faults: [{ input: 'body' }] });
  });

  it('the description of a process links to its constraints and its estimate', async () => {
    const { links } = (await api.read('processes/advised')).json();
    const hrefs = links.map(({ href }: { href: string }) => href.replace(/.*processes/, ''));
    expect(hrefs).toEqual(expect.arrayContaining(['/advised/constraints', '/advised/estimate']));
  });

  it('POST /processes/{id}/constraints is unknown for an unknown process', async () => {
    expect((await constrain({}, 'nope')).status).toBe(404);
  });
});

describe('GET /processes/{id}/inputs/{input}/suggestions', () => {
  it('GET /processes/{id}/inputs/{input}/suggestions returns values for the typed text and the other inputs', async () => {
    const answer = await api.read('processes/advised/inputs/text/suggestions?q=ab&choice=red');
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ suggestions: [{ value: 'text:ab:red', title: 'A value' }] });
  });

  it('GET /processes/{id}/inputs/{input}/suggestions returns nothing if the process suggests nothing', async () => {
    const path = `processes/${encodeURIComponent(everything.identifier)}/inputs/text/suggestions`;
    expect((await api.read(path)).json()).toEqual({ suggestions: [] });
  });

  it('GET /processes/{id}/inputs/{input}/suggestions is refused for an unknown input', async () => {
    expect((await api.read('processes/advised/inputs/nope/suggestions')).status).toBe(400);
  });
});
