import type { ReceivedRequest } from '../../batch-jobs/api/job.ts';

/** Shorter values are no address. */
const shortest = 3;

const placeholder = 'not-kept';

/**
 * A request without the values that name the recipients of e-mails, to be stored. They are found however the
 * request writes them: plain, percent-encoded, in entities or escapes. Where one is not found, nothing of
 * the request is kept.
 *
 * @param values as they were decoded
 */
export function withoutRecipients(
  request: ReceivedRequest,
  values: readonly string[],
): ReceivedRequest {
  // Bytes as characters, so that what is not text stays as it is.
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

/** Every way in which a request may write a character. */
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
