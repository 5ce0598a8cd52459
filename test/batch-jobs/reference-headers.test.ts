import { describe, expect, it } from 'vitest';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import {
  refusedHeader,
  toldHeader,
  withoutCredentials,
} from '../../batch-jobs/api/reference-headers.ts';
import { refusedHost } from '../../batch-jobs/api/reference-hosts.ts';
import { MemoryObjectStore } from '../memory-object-store.ts';
import { sampleJob } from '../sample-job.ts';

describe('headers of references, wherever people read them', () => {
  it.each([
    'Authorization',
    'authorization',
    'Cookie',
    'X-Api-Key',
    'X-Anything',
    ' Authorization',
  ])('the value of header %s is not shown to people', (key) => {
    expect(toldHeader(key, 'secret')).toBe('withheld');
  });

  it.each([
    ...['Accept', 'Accept-Charset', 'Accept-Encoding', 'accept-language', 'Range', 'Content-Type'],
    ...['If-Modified-Since', 'If-None-Match', 'User-Agent', ' Accept '],
  ])('the value of header %s is shown to people', (key) => {
    expect(toldHeader(key, 'text/csv')).toBe('text/csv');
  });

  it.each([
    ['with a prefix', '<wps:Header key="Authorization" value="secret"/>'],
    ['without one', '<Header key="Authorization" value="secret" />'],
    ['the value first', '<wps:Header value="secret" key="Authorization"/>'],
    ['in single quotes', "<wps:Header key='Authorization' value='secret'/>"],
    ['with a closing tag', '<wps:Header key="Authorization" value="secret"></wps:Header>'],
    ['over lines', '<wps:Header\n  key = "Authorization"\n  value = "secret"\n/>'],
    ['with a bracket in it', '<wps:Header key="Authorization" value="a>secret"/>'],
    ['with a quote in it', `<wps:Header key="Authorization" value="a'secret"/>`],
    ['without a key', '<wps:Header value="secret"/>'],
  ])('a stored request contains no credentials in headers of references, %s', (_, header) => {
    const request = `<e>Ü ${header}<i>secret stays elsewhere</i></e>`;
    for (const body of [request, Buffer.from(request)]) {
      const kept = String(withoutCredentials(body));
      expect(kept.replace('secret stays', '')).not.toContain('secret');
      expect(kept).toContain('withheld');
      expect(kept).toMatch(/^<e>Ü <(wps:)?Header.*<i>secret stays elsewhere<\/i><\/e>$/s);
    }
  });

  it.each([
    ['UTF-16, little end first', '\uFEFF', (text: string) => Buffer.from(text, 'utf16le')],
    ['UTF-16, big end first', '\uFEFF', (text: string) => Buffer.from(text, 'utf16le').swap16()],
    ['UTF-16 without a mark, little end first', '', (text: string) => Buffer.from(text, 'utf16le')],
    [
      'UTF-16 without a mark, big end first',
      '',
      (text: string) => Buffer.from(text, 'utf16le').swap16(),
    ],
    ['UTF-8 with a mark', '\uFEFF', (text: string) => Buffer.from(text)],
    ['Latin 1', '', (text: string) => Buffer.from(text, 'latin1')],
  ])(
    'a stored request in %s contains no credentials in headers, and is otherwise unchanged',
    (_, mark, encode) => {
      const request = (value: string) =>
        encode(`${mark}<e>Ü <wps:Header key="Cookie" value="${value}"/></e>`);
      expect(withoutCredentials(request('secret'))).toEqual(request('withheld'));
    },
  );

  it('a stored request keeps headers that say nothing about the client', () => {
    const request = '<wps:Header key="Accept" value="text/csv"/>';
    expect(withoutCredentials(request)).toBe(request);
    // Bytes without such a header are not even copied.
    const bytes = Buffer.from('<wps:Input/>');
    expect(withoutCredentials(bytes)).toBe(bytes);
  });

  it('the stored request of a job contains no credentials', async () => {
    const objects = new MemoryObjectStore();
    const job = sampleJob();
    const body = '<wps:Header key="Authorization" value="secret"/>';
    await new JobStore(objects).create(job, { body, contentType: 'application/xml' }, []);
    const kept = await objects.get(`jobs/${job.id}/request.xml`);
    expect(new TextDecoder().decode(kept?.body)).toBe(
      '<wps:Header key="Authorization" value="withheld"/>',
    );
  });
});

describe('headers that a client may send with a reference', () => {
  it.each([
    ...['Connection', 'Content-Length', 'Expect', 'Host', 'Keep-Alive', 'Proxy-Authenticate'],
    ...['Proxy-Authorization', 'Proxy-Connection', 'TE', 'Trailer', 'Transfer-Encoding'],
    ...['Upgrade', 'Via'],
  ])('header %s is for the service alone to send with a reference', (key) => {
    expect(refusedHeader(key, 'x')).toBe(`header "${key}" is not for a client to set.`);
  });

  it.each([
    ['Authorization', 'Bearer a.b-c='],
    ["X-!#$%&'*+.^_`|~9", 'caf\u00e9 \u00ff\t~'],
    ['X-Empty', ''],
  ])('header %j with value %j may be sent with a reference', (key, value) => {
    expect(refusedHeader(key, value)).toBeUndefined();
  });

  it.each([
    ['a b', 'x', 'is no name of a header'],
    ['X\u00e9', 'x', 'is no name of a header'],
    ['X-Test', 'a\nb', 'holds characters that headers lack'],
    ['X-Test', '\u007f', 'holds characters that headers lack'],
    ['X-Test', '\u0100', 'holds characters that headers lack'],
  ])('header %j with value %j is refused with a reference, and named', (key, value, why) => {
    expect(refusedHeader(key, value)).toContain(`"${key}" ${why}`);
  });
});

describe('hosts that references may name', () => {
  it.each([
    ['https://data.example.org/a', ['data.example.org']],
    ['http://DATA.example.org:8080/a', ['other.example.org', 'Data.Example.Org']],
    ['https://data.example.org./a', ['data.example.org']],
    ['https://a.b.example.org/', ['*.example.org']],
  ])('a reference to %s is allowed by %j', (url, allowed) => {
    expect(refusedHost(url, allowed)).toBeUndefined();
  });

  it.each([
    ['https://example.org/', ['*.example.org'], 'host "example.org" is not among those'],
    ['https://badexample.org/', ['*.example.org'], 'host "badexample.org" is not among those'],
    ['https://a.data.example.org/', ['data.example.org'], 'is not among those'],
    ['https://data.example.org.example.net/', ['data.example.org'], 'is not among those'],
    ['https://data.example.org/', [], 'references are not taken here'],
    ['https://user@data.example.org/', ['data.example.org'], 'holds credentials'],
    ['https://:secret@data.example.org/', ['data.example.org'], 'holds credentials'],
    ['ftp://data.example.org/', ['data.example.org'], 'is a ftp: URL'],
    ['data.example.org', ['data.example.org'], 'is no absolute URL'],
  ])('a reference to %s is refused by %j', (url, allowed, why) => {
    expect(refusedHost(url, allowed)).toContain(why);
  });
});
