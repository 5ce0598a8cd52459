import { JobError } from '../job-error.ts';

/** What a file has that is not read here, in words that go on from its name: `has a group "a"`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/**
 * Reads from a file; what fails is said of the file.
 *
 * @param name of the file
 * @throws {JobError} when it is damaged, or has what is not read here
 */
export function inFile<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof JobError) throw error;
    const what =
      error instanceof Refusal ? error.message : 'is damaged: it cannot be read to its end.';
    throw new JobError('badData', `File "${name}" ${what}`, { cause: error });
  }
}
