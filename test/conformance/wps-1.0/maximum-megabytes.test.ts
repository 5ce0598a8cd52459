import { expect, it } from 'vitest';
import { complex, executeXml, rawDataOutput } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'maximum-megabytes',
    clause: 'OGC 05-007r7, 9.3.1 and 10.3',
    title: 'An input larger than its `maximumMegabytes` is refused as `FileSizeExceeded`',
    status: 'done',
    note: 'Measured is what the process gets: base64 counts decoded. An input by reference is measured while it is fetched.',
  },
  () => {
    const { post } = serviceUnderTest({ limits: { maxRequestBytes: 4_000_000 } });
    const mebibyte = 1024 * 1024;
    const execute = (content: string, attributes = '') =>
      post(
        executeXml('give-back', [complex('document', content, attributes)], rawDataOutput('given')),
      );

    it('text above `maximumMegabytes` is refused', async () => {
      expect((await execute('x'.repeat(mebibyte))).bytes).toHaveLength(mebibyte);
      const answer = await execute('x'.repeat(mebibyte + 1));
      expect(answer.status).toBe(400);
      expect(answer.exception()).toEqual({
        code: 'FileSizeExceeded',
        locator: 'document',
        text: 'Input "document" is larger than 1 MiB.',
      });
    });

    it('base64 above `maximumMegabytes`, measured after decoding, is refused', async () => {
      const base64 = (bytes: number) => Buffer.alloc(bytes).toString('base64');
      const encoded = await execute(base64(mebibyte), 'encoding="base64"');
      expect(encoded.bytes).toHaveLength(mebibyte);
      const answer = await execute(base64(mebibyte + 1), 'encoding="base64"');
      expect(answer.exception()).toMatchObject({ code: 'FileSizeExceeded' });
    });
  },
);
