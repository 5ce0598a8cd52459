import { describe, expect, it, vi } from 'vitest';
import { keptDocuments } from '../../../../lambda/protocols/ows/kept-documents.ts';

describe('a document that is kept', () => {
  const encode = vi.fn((of: object, language: string) => `${JSON.stringify(of)} ${language}`);
  const identification = { title: 'A service' };
  const kept = keptDocuments(encode);

  it('a document is encoded once for equal values, including copies', () => {
    const first = kept({ identification }, 'en');
    expect(kept({ identification }, 'en')).toBe(first);
    expect(kept({ ...{ identification } }, 'en')).toBe(first);
    expect(encode).toHaveBeenCalledTimes(1);
  });

  it('a document is encoded again for another member, a member more or less, or another language', () => {
    encode.mockClear();
    kept({ identification: { title: 'A service' } }, 'en');
    kept({ identification, notice: 'today' }, 'en');
    kept({}, 'en');
    kept({ identification }, 'de');
    expect(encode).toHaveBeenCalledTimes(4);
  });

  it('an encoded document is forgotten after more than 32 others', () => {
    encode.mockClear();
    const ask = (number: number) => kept([number], 'en');
    for (let number = 0; number < 33; number++) ask(number);
    ask(32);
    ask(1);
    expect(encode).toHaveBeenCalledTimes(33);
    ask(0);
    expect(encode).toHaveBeenCalledTimes(34);
  });
});
