import type { RequestDeadline } from '../lambda/jobs/request-deadline.ts';

/** A request without a time limit. */
export function noDeadline(arrivedAt: Date): RequestDeadline {
  const never = new AbortController().signal;
  return { arrivedAt, work: never, answer: never };
}
