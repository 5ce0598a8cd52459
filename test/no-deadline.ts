import type { RequestDeadline } from '../lambda/jobs/request-deadline.ts';

/** A request that may take as long as it likes. */
export function noDeadline(arrivedAt: Date): RequestDeadline {
  const never = new AbortController().signal;
  return { arrivedAt, work: never, answer: never };
}
