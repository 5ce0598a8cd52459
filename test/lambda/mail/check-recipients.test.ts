import { describe, expect, it } from 'vitest';
import { checkRecipients } from '../../../lambda/operations/check-recipients.ts';
import { withoutRecipients } from '../../../lambda/operations/without-recipients.ts';
import { ServiceFault } from '../../../lambda/service-fault.ts';

const literal = {
  kind: 'literal',
  title: 'Told',
  minOccurs: 0,
  maxOccurs: 5,
  dataType: 'string',
} as const;
const process = {
  inputs: [
    { ...literal, identifier: 'email', mail: 'recipients' },
    { ...literal, identifier: 'callbackParams', mail: 'parameters' },
    { ...literal, identifier: 'other' },
  ],
} as const;

function told(identifier: string, value: string, domains: readonly string[] = ['*']) {
  const inputs = [{ identifier, value: { kind: 'literal' as const, value, dataType: 'string' } }];
  return checkRecipients(process, inputs, domains);
}

function faultOf(identifier: string, value: string, domains?: readonly string[]) {
  try {
    return told(identifier, value, domains);
  } catch (error) {
    if (!(error instanceof ServiceFault)) throw error;
    return `${error.subject}: ${error.message}`;
  }
}

describe('who is told of a job', () => {
  it('recipients of mail are addresses separated by commas, each used once', () => {
    expect(told('email', ' ada@example.org, bob@example.org;ADA@example.org ')).toEqual([
      'ADA@example.org',
      'bob@example.org',
    ]);
    expect(told('other', 'ada@example.org')).toEqual([]);
    expect(told('email', '')).toEqual([]);
  });

  it('recipients of mail may be written as the AODN portal does', () => {
    expect(told('callbackParams', 'email.to=ada@example.org')).toEqual(['ada@example.org']);
    expect(told('callbackParams', 'a=b&email.to=ada@example.org,bob@example.org')).toHaveLength(2);
    expect(told('callbackParams', 'email.to=')).toEqual([]);
    expect(told('callbackParams', 'ada@example.org')).toEqual([]);
  });

  it("a recipient's internationalised domain is written in ASCII", () => {
    expect(told('email', 'ada@grüße.example')).toEqual(['ada@xn--gre-6ka8l.example']);
  });

  it('an invalid recipient is a fault of its input that says what is allowed', () => {
    for (const hostile of [
      'nobody',
      '@example.org',
      'ada@',
      'ada@localhost',
      'a b@example.org',
      'ada@example.org\r\nBcc: eve@example.org',
      '"ada\r\n"@example.org',
      'Ada <ada@example.org>',
      'ada@bob@example.org',
      'ada@[127.0.0.1]',
      `${'a'.repeat(250)}@example.org`,
      'ädä@example.org',
    ]) {
      expect(faultOf('email', hostile), hostile).toMatch(
        /^email: Input "email" is ".*; allowed: an e-mail address such as name@example\.org\.$/,
      );
    }
  });

  it("a recipient's domain must be allowed", () => {
    const domains = ['example.org', '*.edu.au'];
    expect(told('email', 'a@Example.org,b@x.edu.au', domains)).toHaveLength(2);
    for (const other of [
      'a@sub.example.org',
      'a@edu.au',
      'a@notedu.au',
      'a@example.org.evil.com',
    ]) {
      expect(faultOf('email', other, domains)).toContain('example.org, *.edu.au');
    }
    expect(faultOf('email', 'a@example.org', [])).toContain('allowed: none here');
  });

  it('only a few recipients are allowed', () => {
    const five = [...Array(5).keys()].map((index) => `a${index}@example.org`);
    expect(told('email', five.join())).toEqual(five);
    expect(told('email', [...five, ...five].join())).toEqual(five);
    const many = [...Array(6).keys()].map((index) => `a${index}@example.org`).join();
    expect(faultOf('email', many)).toBe(
      'email: Input "email" names 6 addresses; allowed: up to 5.',
    );
  });
});

describe('a request that says who is told', () => {
  const stored = (body: string | Uint8Array, ...values: string[]) =>
    Buffer.from(withoutRecipients({ body, contentType: 'text/xml' }, values).body).toString();

  it('a request is stored without its recipients, however they are written', () => {
    const value = "o'ada+1@example.org";
    for (const spelling of [
      value,
      encodeURIComponent(value),
      'o%27ada%2b1@example.org',
      'o&apos;ada&#43;1&#x40;example.org',
      '\\u006f\\u0027ada+1\\u0040example.org',
    ]) {
      expect(stored(`<a>${spelling}</a>`, value)).toBe('<a>not-kept</a>');
      expect(stored(Buffer.from(`<a>é${spelling}</a>`), value)).toBe('<a>énot-kept</a>');
    }
  });

  it.each([
    [
      'é',
      ['é', '%c3%a9', '%C3%A9', '&#233;', '&#00233;', '&#xe9;', '&#x00E9;', '\\u00e9', '\\u00E9'],
    ],
    ['😀', ['😀', '%f0%9f%98%80', '&#128512;', '&#x1f600;', '\\ud83d\\ude00']],
    ['&', ['&', '&amp;', '&#38;', '%26']],
    ['<', ['<', '&lt;', '%3c']],
    ['>', ['>', '&gt;', '%3E']],
    ['"', ['"', '&quot;', '\\"', '%22']],
    ["'", ["'", '&apos;', '%27']],
    [' ', [' ', '+', '   ', '\n\t', '%20', '&#32;']],
    ['/', ['/', '\\/', '%2f']],
    ['\\', ['\\', '\\\\', '%5c']],
    ['\t', ['\t', '%09', '&#9;', '&#x9;', '\\u0009']],
    ['.', ['.', '%2e', '&#46;']],
  ])(
    'a request is stored without its recipients, whichever way it spells %j',
    (character, spellings) => {
      for (const spelling of spellings) {
        const written = `<a>Ada${spelling}bob</a>`;
        expect(stored(written, `ada${character}bob`), written).toBe('<a>not-kept</a>');
      }
    },
  );

  it.each(['adaxbob', 'ada%2fbob', 'ada\\.bob'])(
    'a request that holds only a text like the recipient is not stored: %s',
    (written) => {
      expect(stored(written, 'ada.bob')).toContain('not kept');
    },
  );

  it('a request without its recipients has the same value left out each time, and short values left in', () => {
    expect(stored('ada ADA %61da ab', 'ada', ' ada ', 'ab')).toBe('not-kept not-kept not-kept ab');
  });

  it('a request is not stored if its recipients are written in an unknown way', () => {
    expect(stored('<a>YWRhQGV4YW1wbGUub3Jn</a>', 'ada@example.org')).toBe(
      'The request is not kept: it holds addresses of recipients.',
    );
    expect(stored('ada@example.org', 'ada@example.org', 'ada@example.org')).toContain('not kept');
  });
});
