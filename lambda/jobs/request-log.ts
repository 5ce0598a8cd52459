import type { Log, LogFields } from '../../batch-jobs/api/log.ts';

/** The log of one request, whose lines tell what it is about as soon as that is known. */
export interface RequestLog extends Log {
  /** From now on every line of the request has these fields, in all parts of the code. */
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
