import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { PublishedOutput } from '../../batch-jobs/api/job.ts';
import type { ByteRange } from '../../batch-jobs/api/object-store.ts';
import { outputResponse } from '../../lambda/http-output.ts';

const content = '0123456789';
const output: PublishedOutput = {
  identifier: 'result',
  name: 'result.txt',
  attempt: 1,
  contentType: 'text/plain',
  size: content.length,
  sha256: 'ab12',
  filename: 'result.txt',
};

async function answered(
  headers: Record<string, string>,
  {
    method = 'GET',
    of = output,
    link,
  }: { method?: string; of?: PublishedOutput; link?: string } = {},
) {
  const open = async (range?: ByteRange) =>
    link === undefined
      ? {
          output: of,
          size: of.size,
          stream: Readable.from([content.slice(range?.start, range && range.end + 1)]),
        }
      : { output: of, size: of.size, link };
  const response = await outputResponse({ method, headers }, of, open);
  const { body } = response;
  return { ...response, body: body instanceof Readable ? await text(body) : body };
}

describe('an output itself', () => {
  it('an output says that ranges can be requested, and identifies its content', async () => {
    expect(await answered({})).toEqual({
      status: 200,
      headers: {
        'content-type': 'text/plain',
        'content-length': '10',
        'content-disposition': 'attachment; filename="result.txt"',
        'accept-ranges': 'bytes',
        etag: '"ab12"',
      },
      body: content,
    });
  });

  it.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=4-', '456789', 'bytes 4-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-100', '89', 'bytes 8-9/10'],
    ['bytes=-100', content, 'bytes 0-9/10'],
    ['Bytes=0-0', '0', 'bytes 0-0/10'],
  ])('a range of an output is answered for %s', async (range, body, contentRange) => {
    expect(await answered({ range })).toMatchObject({
      status: 206,
      headers: { 'content-range': contentRange, 'content-length': String(body.length) },
      body,
    });
  });

  it.each(['bytes=10-', 'bytes=10-20', 'bytes=-0'])(
    'a range of an output that does not exist is refused: %s',
    async (range) => {
      const { status, headers, body } = await answered({ range });
      expect(status).toBe(416);
      expect(headers).toMatchObject({ 'content-range': 'bytes */10' });
      expect(body).toContain('has 10 bytes');
    },
  );

  it.each(['bytes=0-1,4-5', 'lines=1-2', 'bytes', 'bytes=a-b', ''])(
    'a range header "%s" that may be ignored gets the whole output',
    async (range) => {
      expect(await answered({ range })).toMatchObject({ status: 200, body: content });
    },
  );

  it('a range continues only the same content (If-Range)', async () => {
    const range = 'bytes=4-';
    expect((await answered({ range, 'if-range': '"ab12"' })).status).toBe(206);
    for (const other of ['"cd34"', 'W/"ab12"', 'Wed, 21 Oct 2015 07:28:00 GMT']) {
      expect(await answered({ range, 'if-range': other })).toMatchObject({
        status: 200,
        body: content,
      });
    }
  });

  it('an output that the client already has is not sent (If-None-Match)', async () => {
    for (const tags of ['"ab12"', 'W/"ab12"', '"cd34", "ab12"', '*']) {
      expect(await answered({ 'if-none-match': tags })).toEqual({
        status: 304,
        headers: { etag: '"ab12"' },
        body: '',
      });
    }
    expect((await answered({ 'if-none-match': '"cd34"' })).status).toBe(200);
  });

  it('HEAD describes an output, and POST gets it whole', async () => {
    const range = 'bytes=0-3';
    expect(await answered({ range }, { method: 'HEAD' })).toMatchObject({
      status: 200,
      headers: { 'content-length': '10', 'accept-ranges': 'bytes' },
      body: '',
    });
    expect(await answered({ range }, { method: 'POST' })).toMatchObject({
      status: 200,
      body: content,
    });
  });

  it('ranges of an output are left to a store that signs links', async () => {
    const link = 'https://bucket.example.org/result.txt?signature=a';
    expect(await answered({ range: 'bytes=0-3' }, { link })).toEqual({
      status: 303,
      headers: { location: link },
      body: '',
    });
  });

  it('an output keeps a non-ASCII name (RFC 6266)', async () => {
    const of = { ...output, filename: 'Größe 海 "1".nc' };
    const { headers } = await answered({}, { of });
    const disposition = new Headers(headers).get('content-disposition') ?? '';
    expect(disposition).toMatch(/^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''/);
    const [, encoded = ''] = /filename\*=UTF-8''(\S+)$/.exec(disposition) ?? [];
    expect(decodeURIComponent(encoded)).toBe(of.filename);
  });
});
