import { describe, expect, it } from 'vitest';
import { boundingBox, parseBox } from '../../../../lambda/protocols/ows/bounding-box.ts';
import { bodyContent, complexContent } from '../../../../lambda/protocols/ows/complex-content.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const mark = '\ufeff';

describe('the content of wps:ComplexData', () => {
  it.each([
    ['text of any type', 'text/plain', 'a < b', 'a &lt; b'],
    ['text without its byte order mark', 'text/plain', `${mark}a`, 'a'],
    ['text with a byte order mark elsewhere', 'text/plain', `a${mark}`, `a${mark}`],
    ['XML as its root element', 'text/xml', '<?xml version="1.0"?>\n<a>&lt;</a>', '<a>&lt;</a>'],
    ['XML after white space', 'text/xml', '\n <a/>', '<a/>'],
    ['XML that begins with a byte order mark', 'text/xml', `${mark}<a/>`, '<a/>'],
    ['XML of another type', 'application/gml+xml; version=3.2', '<a/>', '<a/>'],
    ['XML of a type in capitals', 'Application/XML', '<a/>', '<a/>'],
    ['what is called XML and is not well-formed', 'text/xml', '<a>', '&lt;a&gt;'],
    ['text that is called XML but is not', 'text/xml', 'a & b', 'a &amp; b'],
    ['XML that is not called so', 'text/plain', '<a/>', '&lt;a/&gt;'],
    ['a type that ends almost as XML', 'a/b+xmlish', '<a/>', '&lt;a/&gt;'],
    ['a type that only resembles XML', 'text/xmlish', '<a/>', '&lt;a/&gt;'],
    ['a type that names XML elsewhere', 'text/plain; was=text/xml', '<a/>', '&lt;a/&gt;'],
    ['a document type declaration', 'text/xml', '<!DOCTYPE a><a/>', '&lt;!DOCTYPE a&gt;&lt;a/&gt;'],
  ])('the content of wps:ComplexData is %s', async (_, mimeType, text, expected) => {
    expect(await complexContent({ mimeType }, { text })).toEqual({
      '@mimeType': mimeType,
      '#text': expected,
    });
  });

  it('the content of wps:ComplexData without a declared type is characters', async () => {
    expect(await complexContent({}, { text: '<a/>' })).toEqual({ '#text': '&lt;a/&gt;' });
  });

  it.each([
    ['that base64 is declared for', { encoding: 'BASE64' }, { text: 'a' }, 'a'],
    [
      'that base64 is declared for, and XML',
      { mimeType: 'text/xml', encoding: 'base64' },
      { text: '<a/>' },
      '<a/>',
    ],
    [
      'that base64 is declared for, with its byte order mark',
      { encoding: 'base64' },
      { text: `${mark}a` },
      `${mark}a`,
    ],
    ['that XML cannot contain', { mimeType: 'text/plain' }, { text: 'a\u0000' }, 'a\u0000'],
    ['that are no text', { mimeType: 'text/plain' }, { base64: base64('a') }, 'a'],
    ['that are called XML and are not', { mimeType: 'text/xml' }, { base64: base64('a') }, 'a'],
  ])('bytes %s are base64 in wps:ComplexData', async (_, format, value, bytes) => {
    expect(await complexContent({ ...format, schema: 'urn:s' }, value)).toEqual({
      ...('mimeType' in format ? { '@mimeType': format.mimeType } : {}),
      '@encoding': 'base64',
      '@schema': 'urn:s',
      '#text': base64(bytes),
    });
  });

  it('bytes that are XML in another encoding are elements in wps:ComplexData', async () => {
    const utf16 = Buffer.from(`${mark}<a>é</a>`, 'utf16le').toString('base64');
    const format = { mimeType: 'text/xml', encoding: 'UTF-16' };
    expect(await complexContent(format, { base64: utf16 })).toEqual({
      '@mimeType': 'text/xml',
      '@encoding': 'UTF-16',
      '#text': '<a>é</a>',
    });
  });

  it.each([
    ['elements where it is XML', 'text/xml', '<a>1</a>', '<a>1</a>'],
    ['characters where it is not well-formed', 'text/xml', '<a>', '&lt;a&gt;'],
    ['characters where it is not called XML', 'text/plain', '<a/>', '&lt;a/&gt;'],
  ])('the body of a reference is %s, without attributes', async (_, mimeType, text, expected) => {
    expect(await bodyContent({ mimeType, text })).toEqual({ '#text': expected });
  });

  it.each(['\t\n', '\u{1f30a}', '\ufffd'])(
    'the content of wps:ComplexData may have every character of XML: %j',
    async (text) => {
      expect(await complexContent({}, { text })).toEqual({ '#text': text });
    },
  );

  it('the content of wps:ComplexData has its attributes escaped', async () => {
    const format = { mimeType: 'a/b; c=<&>', schema: 'urn:s?a&b' };
    expect(await complexContent(format, { text: 'x' })).toEqual({
      ...{ '@mimeType': 'a/b; c=&lt;&amp;&gt;', '@schema': 'urn:s?a&amp;b', '#text': 'x' },
    });
  });
});

it('a box has as many dimensions as each of its corners has numbers', () => {
  expect(boundingBox(parseBox('1,2,3,4,5,6'), undefined)).toEqual({
    ...{ '@crs': undefined, '@dimensions': 3 },
    ...{ 'ows:LowerCorner': '1 2 3', 'ows:UpperCorner': '4 5 6' },
  });
});
