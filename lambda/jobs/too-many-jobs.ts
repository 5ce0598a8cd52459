import { ServiceFault } from '../operations/service-fault.ts';

export function tooManyJobs(cause?: unknown): ServiceFault {
  return new ServiceFault(
    'busy',
    'Too many jobs wait already. Please send the request again later.',
    { cause },
  );
}
