import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';

export type Path = readonly PropertyKey[];

/** A value of a process file that is at fault, in words for its author. */
export interface ValueFault {
  readonly path: Path;
  readonly text: string;
}

/** What a type is called in YAML. */
const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a mapping (key: value)',
  record: 'a mapping (key: value)',
};

/**
 * Faults of a file that does not follow its schema, with what was found and what is allowed. For a union, zod reports
 * what is wrong with each alternative. The alternative with the longest path came closest to matching.
 *
 * @param knownKeys of all mappings, to propose one for a key that is misspelt
 */
export function faultsOfSchema(
  issues: readonly z.core.$ZodIssue[],
  knownKeys: readonly string[],
): readonly ValueFault[] {
  return issues.flatMap((issue): readonly ValueFault[] => {
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const nested = issue.errors
        .map((alternative) => faultsOfSchema(alternative, knownKeys))
        .sort((a, b) => longest(b) - longest(a));
      return (nested[0] ?? []).map(({ path, text }) => ({ path: [...issue.path, ...path], text }));
    }
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        text: `is not known here; ${meant(key, knownKeys)}see the schema for what is`,
      }));
    }
    return [{ path: issue.path, text: wordsOf(issue) }];
  });
}

const union = z.looseObject({
  discriminator: z.string().default(''),
  input: z.record(z.string(), z.unknown()).default({}),
  options: z.array(z.unknown()).default([]),
});

function wordsOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `${found(issue.input)}; write ${typeWords[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `${found(issue.input)}; allowed: ${issue.values.join(', ')}`;
    case 'invalid_union': {
      // zod gives the whole mapping, and which of its keys tells the alternatives apart.
      const { discriminator, input, options } = union.parse(issue);
      return `${found(input[discriminator])}; allowed: ${options.join(', ')}`;
    }
    case 'invalid_format':
      return `${found(issue.input)}; ${issue.message}`;
    case 'too_small':
      if (typeof issue.input !== 'number') return issue.message;
      return `${found(issue.input)}; allowed: ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
    case 'too_big':
      if (typeof issue.input !== 'number') return issue.message;
      return `${found(issue.input)}; allowed: at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function found(input: unknown): string {
  return input === undefined ? 'is missing' : `is ${JSON.stringify(input).slice(0, 60)}`;
}

/** The key that somebody meant, where one is a slip of the pen away. */
function meant(key: string, knownKeys: readonly string[]): string {
  const near = closest(key, [...knownKeys]);
  return distance(key, near) <= 2 ? `did you mean ${near}? Or ` : '';
}

function longest(faults: readonly ValueFault[]): number {
  return Math.max(0, ...faults.map(({ path }) => path.length));
}
