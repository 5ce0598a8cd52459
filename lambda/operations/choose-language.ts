import type { Configuration } from '../configuration/configuration.ts';
import { ServiceFault } from '../service-fault.ts';

/**
 * The language of a response: the requested language, or the first one offered. `en` means any English (RFC
 * 4647, clause 3.3.1).
 *
 * @throws {ServiceFault} if the language is not offered
 */
export function chooseLanguage(
  asked: string | undefined,
  { languages }: Pick<Configuration, 'languages'>,
): string {
  if (asked === undefined || asked === '*') return languages[0];
  const range = asked.toLowerCase();
  const found = languages.find((language) => {
    const tag = language.toLowerCase();
    return tag === range || tag.startsWith(`${range}-`);
  });
  if (found) return found;
  throw new ServiceFault(
    'invalid-value',
    `Language "${asked}" is not offered; allowed: ${languages.join(', ')}.`,
    { subject: 'language' },
  );
}
