import type { Log, LogFields } from '../../batch-jobs/api/log.ts';

/** The log of one request. Its lines say what the request is about as soon as that is known. */
export interface RequestLog extends Log {
  /** Adds these fields to every later line of the request, in all parts of the code. */
  about(fields: LogFields): void;
}

export function requestLog(log: Log): RequestLog {
  let current = log;
  return {
    info: (...line) => current.info(...line),
    warn: (...line) => current.warn(...line),
    error: (...line) => current.error(...line),
    with: (fields) => current.with(fields),
    about: (fields) => {
      current = current.with(fields);
    },
  };
}
