import { describe, expect, it } from 'vitest';
import type { Log } from '../../../batch-jobs/api/log.ts';
import {
  abstractWith,
  checkNotice,
  type Notice,
  noticeAt,
  parseNotice,
} from '../../../lambda/configuration/notice.ts';
import { NoticeSource } from '../../../lambda/configuration/notice-source.ts';

const maintenance: Notice = { text: 'Down on Sunday.', severity: 'warning' };

describe('a notice', () => {
  it('a notice is stored as one line of text, with instants in UTC', () => {
    expect(
      checkNotice({
        text: '  Down\n on Sunday. ',
        severity: 'info',
        from: '2026-12-24',
        until: '2026-12-24T20:00:00+10:00',
      }),
    ).toEqual({
      text: 'Down on Sunday.',
      severity: 'info',
      from: '2026-12-24T00:00:00.000Z',
      until: '2026-12-24T10:00:00.000Z',
    });
  });

  it.each([
    [{ ...maintenance, severity: 'loud' }, /severity is "loud"; allowed: info, warning, critical/],
    [{ severity: 'info' }, /text is nothing; allowed: 1 to 500 printable characters/],
    [{ ...maintenance, text: 'x'.repeat(501) }, /text is "x+; allowed: 1 to 500/],
    [{ ...maintenance, text: 'a\u0000b' }, /text is "a\\u0000b"/],
    [{ ...maintenance, from: 'Sunday' }, /from is "Sunday"; allowed: a date such as/],
    [{ ...maintenance, from: '2026-02-02', until: '2026-02-01' }, /until is .* after "from"/],
  ])('an invalid notice is refused with the field at fault: %j', (found, words) => {
    expect(() => checkNotice(found)).toThrow(words);
  });

  it.each(['', 'nonsense', 'null', '[]', '"text"', '{}'])(
    'a stored notice that is invalid is refused: %j',
    (text) => {
      expect(() => parseNotice(text)).toThrow(/notice/i);
    },
  );

  it('a notice is shown from its first instant to its last', () => {
    const dated = {
      ...maintenance,
      from: '2026-01-02T00:00:00.000Z',
      until: '2026-01-03T00:00:00.000Z',
    };
    const shown = (at: string) => noticeAt(dated, new Date(at)) !== undefined;
    expect(
      [
        '2026-01-01T23:59:59Z',
        '2026-01-02T00:00:00Z',
        '2026-01-03T00:00:00Z',
        '2026-01-03T00:00:01Z',
      ].map(shown),
    ).toEqual([false, true, true, false]);
    expect(noticeAt(maintenance, new Date())).toBe(maintenance);
  });

  it('a notice comes before the abstract, and replaces a missing one', () => {
    const identification = { title: 'T', keywords: [], fees: 'NONE', accessConstraints: 'NONE' };
    expect(abstractWith(maintenance, { ...identification, abstract: 'Grids.' })).toBe(
      'Warning: Down on Sunday.\nGrids.',
    );
    expect(abstractWith(maintenance, identification)).toBe('Warning: Down on Sunday.');
    expect(abstractWith(undefined, identification)).toBeUndefined();
  });
});

describe('the source of the notice', () => {
  let now = 0;
  let file: () => Promise<string | undefined>;
  let reads: number;
  const errors: string[] = [];
  const log: Log = {
    info: () => undefined,
    warn: () => undefined,
    error: (message) => errors.push(message),
    with: () => log,
  };
  const open = () => {
    now = 1_000_000;
    reads = 0;
    errors.length = 0;
    return new NoticeSource({
      fetch: () => {
        reads++;
        return file();
      },
      timeToLiveMilliseconds: 60,
      staleMilliseconds: 600,
      patienceMilliseconds: 20,
      now: () => new Date(now),
      log,
    });
  };
  const stored = async () => JSON.stringify(maintenance);

  it('the notice is read once for all requests within its time to live', async () => {
    file = stored;
    const source = open();
    expect(await source.current()).toEqual(maintenance);
    now += 59;
    await source.current();
    expect(reads).toBe(1);
  });

  it('the notice is read in the background, and before answering a request after a long silence', async () => {
    file = stored;
    const source = open();
    await source.current();
    file = async () => undefined;
    now += 60;
    expect(await source.current()).toEqual(maintenance);
    await expect.poll(() => source.current()).toBeUndefined();
    file = stored;
    now += 600;
    expect(await source.current()).toEqual(maintenance);
  });

  it('a notice stays if its file cannot be read, and disappears if it is damaged', async () => {
    file = stored;
    const source = open();
    await source.current();
    file = () => Promise.reject(new Error('throttled'));
    now += 600;
    expect(await source.current()).toEqual(maintenance);
    file = async () => '{';
    now += 600;
    expect(await source.current()).toBeUndefined();
    expect(errors).toEqual(['the notice was not read', 'the notice is not shown']);
  });

  it('reading the notice delays no request for long', async () => {
    file = () => new Promise(() => undefined);
    expect(await open().current()).toBeUndefined();
  });
});
