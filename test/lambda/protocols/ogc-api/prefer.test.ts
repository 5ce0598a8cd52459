import { describe, expect, it } from 'vitest';
import { parsePrefer, preferenceApplied } from '../../../../lambda/protocols/ogc-api/prefer.ts';

describe("a client's preferences", () => {
  it.each([
    [undefined, {}],
    ['', {}],
    ['respond-async', { respond: 'async' }],
    ['Respond-Async', { respond: 'async' }],
    [' respond-async ; foo=bar , wait = 10', { respond: 'async', wait: 10 }],
    ['respond-async, respond-sync', { respond: 'async' }],
    ['respond-sync, respond-async', { respond: 'sync' }],
    ['wait=1, wait=2', { wait: 1 }],
    ['wait="7"', { wait: 7 }],
    ['wait=0', { wait: 0 }],
    ['wait=999999999', { wait: 999_999_999 }],
    ['wait=1234567890', {}],
    ['wait=-1', {}],
    ['wait=1.5', {}],
    ['wait', {}],
    ['respond async, return=minimal, wait=3', { wait: 3 }],
  ])("a client's preferences are read from header Prefer: %s", (header, preferences) => {
    expect(parsePrefer(header)).toEqual(preferences);
  });

  it.each([
    [{}, 'sync', undefined],
    [{ respond: 'async' }, 'async', 'respond-async'],
    [{ respond: 'async' }, 'sync', undefined],
    [{ respond: 'sync' }, 'sync', 'respond-sync'],
    [{ respond: 'sync' }, 'async', undefined],
    [{ respond: 'async', wait: 5 }, 'async', 'respond-async, wait=5'],
    [{ respond: 'async', wait: 5 }, 'sync', 'wait=5'],
    [{ respond: 'sync', wait: 5 }, 'sync', 'respond-sync, wait=5'],
    [{ respond: 'sync', wait: 5 }, 'async', undefined],
    [{ wait: 5 }, 'sync', undefined],
  ] as const)(
    "a client's preferences %j are reported for an answer that is %s as %s",
    (preferences, answered, applied) => {
      expect(preferenceApplied(preferences, answered)?.['preference-applied']).toBe(applied);
    },
  );
});
