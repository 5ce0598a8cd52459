/** What the SDK's errors say about the response that caused them. */
interface Answered {
  readonly $metadata: { readonly httpStatusCode?: number; readonly attempts?: number };
}

function isAnswered(error: unknown): error is Answered {
  return (
    typeof error === 'object' &&
    error !== null &&
    '$metadata' in error &&
    typeof error.$metadata === 'object' &&
    error.$metadata !== null
  );
}

/**
 * Whether S3 responded with this HTTP status. For a response without a body, such as 304, the SDK has no
 * error name.
 */
export function isStatus(error: unknown, status: number): boolean {
  return isAnswered(error) && error.$metadata.httpStatusCode === status;
}

/** How many times the SDK sent the request before it gave up; 1 if the error does not say. */
export function attemptsOf(error: unknown): number {
  return isAnswered(error) ? (error.$metadata.attempts ?? 1) : 1;
}
