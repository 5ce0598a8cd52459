import { describe, expect, it } from 'vitest';
import type { Job, JobInput } from '../../../../batch-jobs/api/job.ts';
import type { Coverage } from '../../../../batch-jobs/api/process-advice.ts';
import type { ProcessDescription } from '../../../../batch-jobs/api/process-description.ts';
import { requestLog } from '../../../../lambda/jobs/request-log.ts';
import { termsOfJob } from '../../../../lambda/protocols/html/terms-of-job.ts';
import { MemoryObjectStore } from '../../../memory-object-store.ts';
import { sampleJob } from '../../../sample-job.ts';
import { serviceUnderTest } from '../../../service-under-test.ts';
import { giveBack } from '../../../test-catalogue.ts';

const layer = {
  kind: 'literal',
  identifier: 'layer',
  title: 'Layer',
  minOccurs: 0,
  maxOccurs: 1,
  dataType: 'string',
} as const;

const [given] = giveBack.outputs;
if (given.kind !== 'complex') throw new Error('its output is complex');

/** A process that returns its input document. With `terms`, that output is the receipt with the terms. */
const process = (terms: boolean, coverage: Coverage = {}): ProcessDescription => ({
  ...giveBack,
  inputs: [...giveBack.inputs, layer],
  outputs: [{ ...given, ...(terms ? { terms: true } : {}) }],
  advice: async () => ({
    suggest: async ({ input, text }) => (input === 'layer' ? [{ value: text, coverage }] : []),
  }),
});

/** The section of a finished job's page that shows its outputs. */
async function outputsOf(offered: ProcessDescription, document: string): Promise<string> {
  const service = serviceUnderTest({ catalogue: [offered] });
  const sent = await service.send({
    method: 'POST',
    path: '/TEST/processes/give-back',
    headers: {
      accept: 'text/html',
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
    },
    body: Buffer.from(
      new URLSearchParams({
        action: 'run',
        output: 'given',
        'input.document': document,
        'input.layer': 'sst',
      }).toString(),
    ),
  });
  await service.engine.idle();
  const { text } = await service.send({
    method: 'GET',
    path: sent.headers['location'] ?? '',
    headers: { accept: 'text/html' },
  });
  expect(text).toContain('Finished');
  return text.slice(text.indexOf('id="outputs-title"'), text.indexOf('class="cards outputs"'));
}

describe('licence and citation on the page of a job', () => {
  it("a job's page shows the licence and citation that its receipt found in the data", async () => {
    const shown = await outputsOf(
      process(true, { licence: 'what the layer says now' }),
      JSON.stringify({ layer: { licence: 'https://example.org/by', citation: 'A & B (2026)' } }),
    );
    expect(shown).toContain(
      '<dt>Licence</dt><dd><a href="https://example.org/by">https://example.org/by</a></dd>',
    );
    expect(shown).toContain('<dt>Citation</dt><dd>A &amp; B (2026)</dd>');
  });

  it("a job's page shows the licence and citation of the layer if no receipt was requested", async () => {
    const shown = await outputsOf(process(false, { licence: 'CC0' }), '{}');
    expect(shown).toContain('<dt>Licence</dt><dd>CC0</dd>');
    expect(shown).not.toContain('Citation');
  });

  it.each(['javascript:alert(1)', ' https://example.org/ and more', '<script>alert(1)</script>'])(
    'a licence is text instead of a link if the data says %s',
    async (licence) => {
      const shown = await outputsOf(process(false, { licence }), '{}');
      expect(shown).toContain('<dt>Licence</dt><dd>');
      expect(shown).not.toMatch(/<a |<script/);
    },
  );

  it("a job's page leaves out licence and citation if the receipt cannot be read", async () => {
    expect(await outputsOf(process(true), 'no JSON')).not.toContain('Licence');
  });
});

describe('the terms of a job', () => {
  const job = (change: Partial<Job> = {}): Job =>
    sampleJob({ status: 'succeeded', outputs: [], ...change });
  const output = (size: number) => ({
    ...{ identifier: 'given', name: 'given.json', filename: 'x', contentType: 'a/b', attempt: 1 },
    ...{ size, sha256: 'ab' },
  });
  const literal = (identifier: string, value: string): JobInput => ({
    ...{ identifier, given: true, value: { kind: 'literal', value, dataType: 'string' } },
  });
  /** The terms of a job whose receipt has this content. */
  const termsOf = async (
    offered: ProcessDescription | undefined,
    receipt: string | undefined,
    inputs: readonly JobInput[] = [],
    change: Partial<Job> = {},
  ) => {
    const objects = new MemoryObjectStore();
    const { dependencies } = serviceUnderTest({ objects, catalogue: offered ? [offered] : [] });
    const outputs = receipt === undefined ? [] : [output(receipt.length)];
    const ended = job({ outputs, ...change });
    const type = { contentType: 'a/b' };
    await objects.put(`jobs/${ended.id}/outputs/1/given.json`, receipt ?? '', type);
    const log = requestLog(dependencies.log);
    return await termsOfJob(ended, offered, inputs, { ...dependencies, log });
  };
  const receipt = (layer: object, length = 0) => JSON.stringify({ layer }).padEnd(length);

  it.each([
    [{ licence: 'CC0' }, { licence: 'CC0' }],
    [{ citation: 'A (2026)' }, { citation: 'A (2026)' }],
    [{ licence: '', citation: '' }, {}],
    [{ licence: 3 }, {}],
    [{}, {}],
  ])('the terms of a job whose receipt has %j are %j', async (layer, terms) => {
    expect(await termsOf(process(true), receipt(layer))).toEqual(terms);
  });

  it('the terms of a job are in a receipt of up to a million bytes', async () => {
    const advised = process(true, { licence: 'as the layer says' });
    const inputs = [literal('layer', 'sst')];
    const terms = async (bytes: number) =>
      (await termsOf(advised, receipt({ licence: 'CC0' }, bytes), inputs)).licence;
    expect(await terms(1_000_000)).toBe('CC0');
    expect(await terms(1_000_001)).toBe('as the layer says');
  });

  it('the terms of a job are those of the first input that has any, for the very value', async () => {
    const advised: ProcessDescription = {
      ...process(false),
      inputs: [layer, { ...layer, identifier: 'second' }, { ...layer, identifier: 'third' }],
      advice: async () => ({
        suggest: async ({ input, text }) =>
          input === 'layer'
            ? [{ value: text }]
            : [
                { value: 'other', coverage: { licence: 'of another' } },
                { value: text, coverage: { citation: `of ${input}` } },
              ],
      }),
    };
    const box: JobInput = {
      ...{ identifier: 'layer', given: true },
      value: { kind: 'bounding-box', crs: 'urn:c', lower: [1, 2], upper: [3, 4] },
    };
    const inputs = [box, literal('layer', 'a'), literal('second', 'b'), literal('third', 'c')];
    expect(await termsOf(advised, undefined, inputs)).toEqual({ citation: 'of second' });
    expect(await termsOf(advised, undefined, [])).toEqual({});
    const licensed = process(false, { licence: 'CC0', citation: 'A' });
    expect(await termsOf(licensed, undefined, [literal('layer', 'a')])).toEqual({
      ...{ licence: 'CC0', citation: 'A' },
    });
  });

  it('a job has no terms before it succeeds, or once its process is gone or says nothing', async () => {
    const advised = process(true, { licence: 'CC0' });
    const inputs = [literal('layer', 'sst')];
    expect(await termsOf(advised, undefined, inputs, { status: 'failed' })).toEqual({});
    expect(await termsOf(undefined, receipt({ licence: 'CC0' }), inputs)).toEqual({});
    const { advice: _, ...silent } = advised;
    expect(await termsOf(silent, undefined, inputs)).toEqual({});
  });
});
