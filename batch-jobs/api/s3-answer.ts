/** What errors of the SDK say of the answer that they stand for. */
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

/** Whether S3 answered with an HTTP status. An answer without a body, such as 304, has no other name in the SDK. */
export function isStatus(error: unknown, status: number): boolean {
  return isAnswered(error) && error.$metadata.httpStatusCode === status;
}

/** How often the SDK asked before it gave up; 1 where it does not say. */
export function attemptsOf(error: unknown): number {
  return isAnswered(error) ? (error.$metadata.attempts ?? 1) : 1;
}
