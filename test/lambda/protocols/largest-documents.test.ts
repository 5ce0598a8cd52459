import { describe, expect, it } from 'vitest';
import type { Job, JobInput } from '../../../batch-jobs/api/job.ts';
import { encodeResults } from '../../../lambda/protocols/ogc-api/encode-results.ts';
import { encodeExecuteResponse } from '../../../lambda/protocols/wps-1.0/encode-execute-response.ts';
import { encodeResult } from '../../../lambda/protocols/wps-2.0/encode-result.ts';
import { sampleJob } from '../../sample-job.ts';

/** A response of Lambda is a JSON string of up to 6 MB. One million bytes are left for the rest of it. */
const most = 5_000_000;

function jobWith(text: string, change: Partial<Job> = {}): Job {
  return sampleJob({
    status: 'succeeded',
    requestedOutputs: [
      {
        ...{ identifier: 'result', kind: 'complex', title: 'Result', transmission: 'value' },
        ...{ mimeType: 'text/plain', extension: '.txt' },
      },
    ],
    outputs: [
      {
        ...{ identifier: 'result', name: 'result.txt', filename: 'result.txt', attempt: 1 },
        ...{ contentType: 'text/plain', size: text.length, sha256: 'ab', inline: { text } },
      },
    ],
    ...change,
  });
}

const bytesOf = (document: string) => Buffer.byteLength(JSON.stringify(document));

describe('a document with outputs', () => {
  it.each([
    ['WPS 1.0.0', (job: Job) => encodeExecuteResponse(job, async () => []), 'href="'],
    ['WPS 2.0', (job: Job) => encodeResult(job, () => 'https://example.org/o', {}), 'href="'],
    ['OGC API - Processes', async (job: Job) => encodeResults(job), '"href":'],
  ])(
    'a document of %s has its outputs inside up to the size that Lambda can answer, and links above it',
    async (_, encode, link) => {
      // Two bytes in UTF-8, and two as a JSON string.
      const beginning = 'é"';
      const rest = most - bytesOf(await encode(jobWith(beginning)));
      const largest = await encode(jobWith(beginning + 'a'.repeat(rest)));
      expect(bytesOf(largest)).toBe(most);
      expect(largest).not.toContain(link);
      const referring = await encode(jobWith(beginning + 'a'.repeat(rest + 1)));
      expect(bytesOf(referring)).toBeLessThan(10_000);
      expect(referring).toContain(link);
    },
  );

  it('a document of WPS 1.0.0 that must refer to its outputs keeps its lineage', async () => {
    const input: JobInput = {
      identifier: 'level',
      given: true,
      value: { kind: 'literal', value: '7', dataType: 'integer' },
    };
    const presentation = { protocol: 'wps-1.0', store: true, status: true, lineage: true };
    const job = jobWith('a'.repeat(most), { presentation });
    const document = await encodeExecuteResponse(job, async () => [input]);
    expect(document).toContain('<wps:Reference href="');
    expect(document).toContain('<ows:Identifier>level</ows:Identifier>');
  });
});
