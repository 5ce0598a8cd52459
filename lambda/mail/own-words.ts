import type { JobInput } from '../../batch-jobs/api/job.ts';

/** What mail programs turn into links, or what could be markup. */
const linkable = /[@<>]|:\/\/|www\.|\p{L}\.\p{L}/iu;

/**
 * A text of the service or of a process, if it repeats nothing of the request: a request must not make
 * the service send its sender's words to strangers. Numbers may be the same.
 */
export function ownWords(text: string, inputs: readonly JobInput[]): string | undefined {
  if (linkable.test(text)) return undefined;
  const asked = new Set(inputs.flatMap(({ given, value }) => (given ? wordsOf(value) : [])));
  return lettersOf(text).some((word) => asked.has(word)) ? undefined : text;
}

/**
 * The value of an input as a mail may name it. What could be read as a sentence or a link is not named.
 */
export function nameOf(inputs: readonly JobInput[], identifier: string): string | undefined {
  const value = inputs.find((input) => input.identifier === identifier)?.value;
  if (value?.kind !== 'literal') return undefined;
  return /^[\w:/-]{1,80}$/.test(value.value) && !linkable.test(value.value)
    ? value.value
    : undefined;
}

/** Short words are in every sentence. */
const shortest = 4;

/** Words that stand in requests as keywords of their own. */
const common = new Set(['time', 'latitude', 'longitude', 'depth', 'true', 'false']);

function lettersOf(text: string): string[] {
  const found = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return found.filter((word) => word.length >= shortest && !common.has(word));
}

function wordsOf(value: JobInput['value']): string[] {
  switch (value.kind) {
    case 'literal':
      return lettersOf(value.value);
    case 'complex':
      return 'text' in value.source ? lettersOf(value.source.text) : [];
    case 'bounding-box':
      return [];
  }
}
