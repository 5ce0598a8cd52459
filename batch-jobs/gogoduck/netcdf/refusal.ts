import { JobError } from '../job-error.ts';

/**
 * Unsupported content of a file. The message continues a sentence that begins with the file's name:
 * `has a group "a"`.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/**
 * Reads from a file, and adds the file's name to any error.
 *
 * @param name of the file
 * @throws {JobError} if the file is damaged, or has unsupported content
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
