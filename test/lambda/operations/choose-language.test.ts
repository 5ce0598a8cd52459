import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseLanguage } from '../../../lambda/operations/choose-language.ts';
import { anyText } from '../../any-text.ts';
import { faultOf, onlyServiceFaults } from '../../only-service-faults.ts';

describe('the language of a response', () => {
  const languages = ['en-AU', 'fr', 'en-GB'] as const;
  const choose = (asked: string | undefined) => chooseLanguage(asked, { languages });

  it.each([
    [undefined, 'en-AU'],
    ['*', 'en-AU'],
    ['en', 'en-AU'],
    ['EN', 'en-AU'],
    ['en-gb', 'en-GB'],
    ['fr', 'fr'],
  ])('for the requested language %s, the response is in %s', (asked, language) => {
    expect(choose(asked)).toBe(language);
  });

  it.each(['de', 'e', 'fr-CA', 'en-', 'en-US', ''])('the language "%s" is not offered', (asked) => {
    expect(faultOf(() => choose(asked))).toMatchObject({
      kind: 'invalid-value',
      subject: 'language',
    });
  });

  it('the response is in an offered language, or refused, whatever is requested', () => {
    fc.assert(
      fc.property(anyText(20), (asked) => {
        onlyServiceFaults(() => expect(languages).toContain(choose(asked)));
      }),
    );
  });
});
