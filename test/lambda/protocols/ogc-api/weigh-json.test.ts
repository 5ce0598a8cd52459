import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../../lambda/protocols/ogc-api/parse-json.ts';
import { heaviestJson, tooHeavy } from '../../../../lambda/protocols/ogc-api/weigh-json.ts';

const list = (item: string, count: number) => `[${Array(count).fill(item).join(',')}]`;
const { values, depth } = heaviestJson;

describe('a JSON document', () => {
  it.each([
    ['objects side by side', '{}', 11],
    ['strings side by side', '"a"', 11],
    ['members', '{"a":"b"}', 31],
    ['strings with escapes', String.raw`"\\\"[{,"`, 11],
    ['numbers', '-1.5e3', 1],
    ['pairs of coordinates', '[152.1,-33.2]', 12],
  ])('a JSON document is weighed before it is parsed: %s', (_, item, weight) => {
    const most = Math.floor((values * 10 - 10) / weight);
    expect(tooHeavy(list(item, most))).toBeUndefined();
    expect(tooHeavy(list(item, most + 2))).toBe('values');
  });

  it('a JSON document may be as deep as the limit, and no deeper, in any number of places', () => {
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(tooHeavy(nested(depth))).toBeUndefined();
    expect(tooHeavy(nested(depth + 1))).toBe('depth');
    expect(tooHeavy(list(nested(depth - 1), values / depth + 1000))).toBe('values');
  });

  it('a JSON document may contain a string as long as a request, with any content', () => {
    const text = '[{",'.repeat(1_000_000);
    expect(tooHeavy(JSON.stringify({ text }))).toBeUndefined();
    expect(tooHeavy(`"${String.raw`\\`.repeat(10)}`)).toBeUndefined();
  });

  it('a JSON document that is too heavy is refused as too large, and not parsed', () => {
    const heavy = Buffer.from(`${list('{}', values)}, no JSON`);
    expect(() => parseJson(heavy)).toThrow(expect.objectContaining({ kind: 'too-large' }));
  });

  it.each([
    [' \n', 'invalid-value', 'is empty; allowed: a JSON object.'],
    [
      '['.repeat(101),
      'invalid-value',
      'nests arrays and objects more than 100 deep; allowed: no more than that.',
    ],
    [
      list('{}', values),
      'too-large',
      'has too many values; allowed: 300000 arrays, objects, strings and names of members, of which ten numbers count as one. Give large inputs by reference.',
    ],
    [Uint8Array.of(0xff), 'invalid-value', 'is not encoded in UTF-8; allowed: JSON in UTF-8.'],
  ])('a JSON document that is refused is told why: %#', (body, kind, words) => {
    expect(() => parseJson(Buffer.from(body))).toThrow(
      expect.objectContaining({ kind, subject: 'body', message: `The request body ${words}` }),
    );
  });

  it('a JSON document that is not well-formed is told what the parser says', () => {
    expect(() => parseJson(Buffer.from('{"a"}'))).toThrow(
      /^The request body is not well-formed JSON \(.*JSON.*\); allowed: a JSON object\.$/,
    );
    expect(parseJson(Buffer.from('\ufeff{"a": 1}'))).toEqual({ a: 1 });
  });
});
