import { ServiceFault } from '../service-fault.ts';

/** Jobs take minutes: a client that returns sooner is likely to be refused again. */
const retryAfterSeconds = 30;

export function tooManyJobs(cause?: unknown): ServiceFault {
  return new ServiceFault(
    'busy',
    'Too many jobs wait already. Please send the request again later.',
    { cause, retryAfterSeconds },
  );
}

export function tooManyJobsOfOwner(most: number): ServiceFault {
  return new ServiceFault(
    'busy',
    `Of your jobs ${most} wait or run already, which is the most allowed. Please send the request again when one has ended.`,
    { retryAfterSeconds },
  );
}
