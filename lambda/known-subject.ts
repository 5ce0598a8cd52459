import type { ProcessDescription } from '../batch-jobs/api/process-description.ts';

/**
 * A fault's subject, if it may appear in the log: the name of something that the service itself describes.
 * Any other subject is text that the client sent.
 *
 * @param parameters names that the protocol itself defines
 */
export function knownSubject(
  subject: string | undefined,
  parameters: readonly string[],
  catalogue: readonly ProcessDescription[],
): string | undefined {
  if (subject === undefined) return undefined;
  const isKnown =
    parameters.some((name) => name.toLowerCase() === subject.toLowerCase()) ||
    catalogue.some((process) =>
      [process, ...process.inputs, ...process.outputs].some(
        ({ identifier }) => identifier === subject,
      ),
    );
  return isKnown ? subject : undefined;
}
