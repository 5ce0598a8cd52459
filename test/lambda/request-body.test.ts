import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { executeXml, literal, output, responseDocument } from '../execute-xml.ts';
import { serviceUnderTest } from '../service-under-test.ts';

const document = executeXml(
  'every:Thing',
  [literal('text', 'été')],
  responseDocument([output('inputs')]),
);

function send(body: Uint8Array, headers: Record<string, string>) {
  return serviceUnderTest().send({ method: 'POST', headers, body });
}

describe('a request body', () => {
  it.each(['latin1', 'utf16le', 'utf8'] as const)(
    'a request body is read in the charset that its header names: %s',
    async (encoding) => {
      const charset = { latin1: 'ISO-8859-1', utf16le: 'UTF-16LE', utf8: 'utf-8' }[encoding];
      const declared = document.replace(
        /^<\?xml[^>]*\?>/,
        '<?xml version="1.0" encoding="ascii"?>',
      );
      for (const text of [document.replace(/^<\?xml[^>]*\?>\s*/, ''), declared]) {
        const answer = await send(Buffer.from(text, encoding), {
          'content-type': `text/xml; charset=${charset}`,
        });
        expect(answer.status, answer.text).toBe(200);
        expect(answer.text).toContain('été');
      }
    },
  );

  it('a request body is read as its byte order mark says, whatever the header names', async () => {
    const answer = await send(Buffer.from(`\ufeff${document}`), {
      'content-type': 'text/xml; charset=ISO-8859-1',
    });
    expect(answer.text).toContain('été');
  });

  it('a request body in an unknown charset is answered 415', async () => {
    const answer = await send(Buffer.from(document), { 'content-type': 'text/xml; charset=x-no' });
    expect(answer.status).toBe(415);
    expect(answer.exception()).toMatchObject({ text: expect.stringContaining('x-no') });
  });

  it('a request body is decompressed', async () => {
    const headers = { 'content-type': 'text/xml', 'content-encoding': 'gzip' };
    const answer = await send(gzipSync(document), headers);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.text).toContain('été');
  });

  it('a request body that is too large once decompressed is refused before it grows to that size', async () => {
    const headers = { 'content-type': 'text/xml', 'content-encoding': 'gzip' };
    const answer = await send(gzipSync(Buffer.alloc(50_000_000)), headers);
    expect(answer.status).toBe(400);
    expect(answer.exception()).toMatchObject({ code: 'FileSizeExceeded' });
  });

  it('a request body that is not encoded as its header says is refused by the name of the header', async () => {
    const answer = await send(Buffer.from(document), { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(400);
    expect(answer.exception()).toMatchObject({ locator: 'Content-Encoding' });
    expect((await send(Buffer.from(document), { 'content-encoding': 'br' })).status).toBe(415);
  });
});
