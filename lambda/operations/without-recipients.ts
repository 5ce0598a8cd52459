import type { ReceivedRequest } from '../../batch-jobs/api/job.ts';

/** Shorter values cannot be addresses. */
const shortest = 3;

const placeholder = 'not-kept';

/**
 * A request without the values that name the recipients of e-mails, ready to be stored. Finds the values in
 * every spelling: plain, percent-encoded, as entities or as escapes. If a value is not found, nothing of the
 * request is stored.
 *
 * @param values the decoded values
 */
export function withoutRecipients(
  request: ReceivedRequest,
  values: readonly string[],
): ReceivedRequest {
  // Treats bytes as characters, so that content that is not text stays unchanged.
  let body = Buffer.from(request.body).toString('latin1');
  for (const value of new Set(values.map((each) => each.trim()))) {
    if (value.length < shortest) continue;
    const least = values.filter((each) => each.trim() === value).length;
    let found = 0;
    body = body.replaceAll(new RegExp([...value].map(spellings).join(''), 'gi'), () => {
      found++;
      return placeholder;
    });
    if (found < least) {
      return {
        body: 'The request is not kept: it holds addresses of recipients.',
        contentType: 'text/plain',
      };
    }
  }
  return { ...request, body: Buffer.from(body, 'latin1') };
}

const named: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** A pattern for every way in which a request may write a character. */
function spellings(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const bytes = [...Buffer.from(character, 'utf8')];
  const unicode = [...Array(character.length).keys()]
    .map((index) => `\\\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('');
  return `(?:${[
    escaped(Buffer.from(character, 'utf8').toString('latin1')),
    bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
    `&#0*${code};`,
    `&#x0*${code.toString(16)};`,
    unicode,
    ...(named[character] ? [named[character]] : []),
    ...(character === ' ' ? ['\\+', '\\s+'] : []),
    ...(/["\\/]/.test(character) ? [`\\\\${escaped(character)}`] : []),
  ].join('|')})`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
