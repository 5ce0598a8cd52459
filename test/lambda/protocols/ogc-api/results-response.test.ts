import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../../../batch-jobs/api/job.ts';
import { JobStore } from '../../../../batch-jobs/api/job-store.ts';
import { defaultLimits } from '../../../../lambda/configuration/limits.ts';
import { requestLog } from '../../../../lambda/jobs/request-log.ts';
import { encodeMultipart } from '../../../../lambda/protocols/ogc-api/encode-multipart.ts';
import { resultsResponse } from '../../../../lambda/protocols/ogc-api/results-response.ts';
import { MemoryObjectStore } from '../../../memory-object-store.ts';
import { sampleJob } from '../../../sample-job.ts';
import { serviceUnderTest } from '../../../service-under-test.ts';

const request = {
  method: 'GET',
  path: '/',
  query: '',
  headers: {},
  body: new Uint8Array(),
} as const;

/** A job that expires, with raw outputs of these sizes. */
function jobWith(transmission: 'value' | 'reference', ...sizes: readonly number[]): Job {
  const [requested] = sampleJob().requestedOutputs;
  if (!requested) throw new Error('the sample has an output');
  const named = sizes.map((size, index) => ({ size, identifier: `out:${index}` }));
  return sampleJob({
    status: 'succeeded',
    endedAt: '2026-01-01T00:00:00.000Z',
    presentation: { protocol: 'ogc-api', response: 'raw' },
    requestedOutputs: named.map(({ identifier }) => ({ ...requested, identifier, transmission })),
    outputs: named.map(({ identifier, size }) => ({
      identifier,
      name: identifier,
      filename: identifier,
      contentType: 'text/plain; charset=utf-8',
      size,
      sha256: 'a'.repeat(64),
      attempt: 1,
    })),
  });
}

async function responseTo(job: Job, link?: string) {
  const objects = new MemoryObjectStore();
  for (const { name, attempt, size } of job.outputs) {
    await objects.put(`jobs/${job.id}/outputs/${attempt}/${name}`, Buffer.alloc(size, 'x'), {
      contentType: 'text/plain',
    });
  }
  objects.link = async () => link;
  const { dependencies } = serviceUnderTest({ configuration: { retentionDays: 31 } });
  return await resultsResponse(request, job, {
    ...dependencies,
    log: requestLog(dependencies.log),
    store: async () => new JobStore(objects),
  });
}

describe('raw results', () => {
  it.each([
    ['links alone', 204, jobWith('reference', 1, 1)],
    ['a single output', 200, jobWith('value', 1)],
    ['a multipart message', 200, jobWith('value', 1, 1)],
  ])(
    'raw results that are %s have status %i and say when their job expires',
    async (_, status, job) => {
      const response = await responseTo(job);
      expect(response.status).toBe(status);
      expect(response.headers['sunset']).toBe('Sun, 01 Feb 2026 00:00:00 GMT');
    },
  );

  it.each([
    ['both', [2_000_000, 2_000_000], 2, 0],
    ['the first', [2_000_000, 2_000_001], 1, 1],
    ['those that fit', [3_000_000, 2_000_000, 1_000_000], 2, 1],
  ])(
    'raw results of several outputs contain %s, up to what Lambda can answer: %j',
    async (_, sizes, values, links) => {
      const { body } = await responseTo(jobWith('value', ...sizes));
      const text = body instanceof Uint8Array ? Buffer.from(body).toString('latin1') : '';
      expect(text.match(/\r\nContent-Length: /g) ?? []).toHaveLength(values);
      expect(text.match(/\r\nContent-Location: /g) ?? []).toHaveLength(links);
    },
  );

  it('raw results of several outputs link to those that the service does not pass on', async () => {
    const { inlineOutputBytes } = defaultLimits;
    const job = jobWith('value', inlineOutputBytes + 1, inlineOutputBytes);
    const { body } = await responseTo(job, 'https://store.example/signed');
    const text = body instanceof Uint8Array ? Buffer.from(body).toString('latin1') : '';
    expect(text.match(/\r\nContent-Location: .*/g)).toEqual([
      `\r\nContent-Location: ${job.baseUrl}jobs/${job.id}/results/out:0`,
    ]);
    expect(text).toContain(`\r\nContent-Length: ${inlineOutputBytes}\r\n`);
  });

  it('raw results that are a single output are its content', async () => {
    const { body } = await responseTo(jobWith('value', 3));
    if (typeof body === 'string' || body instanceof Uint8Array) throw new Error('not a stream');
    expect(String(await buffer(body))).toBe('xxx');
  });
});

describe('a multipart message', () => {
  it('a multipart message names each part in its header, encoded, and its type by the first part', () => {
    const { contentType, body } = encodeMultipart(
      [
        {
          identifier: 'a:<b>',
          contentType: 'text/plain; charset=utf-8',
          content: Buffer.from('é'),
        },
        {
          identifier: 'c',
          contentType: 'image/png',
          content: { location: 'https://example.org/c' },
        },
      ],
      'cut',
    );
    expect(contentType).toBe('multipart/related; type="text/plain"; boundary="cut"');
    expect(Buffer.from(body).toString().split('\r\n')).toEqual([
      '--cut',
      'Content-Type: text/plain; charset=utf-8',
      'Content-ID: <a%3A%3Cb%3E>',
      'Content-Transfer-Encoding: binary',
      'Content-Length: 2',
      '',
      'é',
      '--cut',
      'Content-Type: image/png',
      'Content-ID: <c>',
      'Content-Location: https://example.org/c',
      '',
      '',
      '--cut--',
      '',
    ]);
  });
});
