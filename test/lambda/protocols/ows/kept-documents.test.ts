import { describe, expect, it, vi } from 'vitest';
import { keptDocuments } from '../../../../lambda/protocols/ows/kept-documents.ts';

describe('a document that is kept', () => {
  const encode = vi.fn((of: object, language: string) => `${JSON.stringify(of)} ${language}`);
  const identification = { title: 'A service' };
  const kept = keptDocuments(encode);

  it('is encoded once for the same values, also in a copy of what holds them', () => {
    const first = kept({ identification }, 'en');
    expect(kept({ identification }, 'en')).toBe(first);
    expect(kept({ ...{ identification } }, 'en')).toBe(first);
    expect(encode).toHaveBeenCalledTimes(1);
  });

  it('is encoded again for another member, one more or one less, or another language', () => {
    encode.mockClear();
    kept({ identification: { title: 'A service' } }, 'en');
    kept({ identification, notice: 'today' }, 'en');
    kept({}, 'en');
    kept({ identification }, 'de');
    expect(encode).toHaveBeenCalledTimes(4);
  });

  it('is forgotten once more than 32 others were asked for', () => {
    encode.mockClear();
    const ask = (number: number) => kept([number], 'en');
    for (let number = 0; number < 33; number++) ask(number);
    ask(32);
    expect(encode).toHaveBeenCalledTimes(33);
    ask(0);
    expect(encode).toHaveBeenCalledTimes(34);
  });
});
