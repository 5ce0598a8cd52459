import { describe, expect, it } from 'vitest';
import type { Coverage } from '../../../../batch-jobs/api/process-advice.ts';
import type { ProcessDescription } from '../../../../batch-jobs/api/process-description.ts';
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
