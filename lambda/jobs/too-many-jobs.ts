import { OwsException } from '../protocols/ows/ows-exception.ts';

/** HTTP 503; OGC 05-007r7, clause 10.3, table 62, calls it `ServerBusy`. */
export function tooManyJobs(cause?: unknown): OwsException {
  return new OwsException(
    'ServerBusy',
    'Too many jobs wait already. Please send the request again later.',
    { cause },
  );
}
