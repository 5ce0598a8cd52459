import type { JobInput } from '../../batch-jobs/api/job.ts';

/** Text that mail programs turn into links, or that could be markup. */
const linkable = /[@<>]|:\/\/|www\.|\p{L}\.\p{L}/iu;

/**
 * A text of the service or of a process, unless it repeats words of the request: a request must not make the
 * service send the requester's words to strangers. Numbers may be the same.
 */
export function ownWords(text: string, inputs: readonly JobInput[]): string | undefined {
  if (linkable.test(text)) return undefined;
  const asked = new Set(inputs.flatMap(({ given, value }) => (given ? wordsOf(value) : [])));
  return lettersOf(text).some((word) => asked.has(word)) ? undefined : text;
}

/**
 * The value of an input, for use in a mail. A value that could be read as a sentence or a link is left out.
 */
export function nameOf(inputs: readonly JobInput[], identifier: string): string | undefined {
  const value = inputs.find((input) => input.identifier === identifier)?.value;
  if (value?.kind !== 'literal') return undefined;
  return /^[\w:/-]{1,80}$/.test(value.value) && !linkable.test(value.value)
    ? value.value
    : undefined;
}

/** Shorter words occur in every sentence. */
const shortest = 4;

/** Words that requests contain as ordinary keywords. */
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
