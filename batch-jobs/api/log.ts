import { stackOf } from './stack-of.ts';

/** Fields of a log line beside its message. Never a body, an address or a variable. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Lines for operators, one JSON object each. The subject of a line (job ID, environment, request ID) is in
 * its fields, so that lines can be searched by it.
 */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** @param cause its stack, and the stacks of its causes, go into the line, never to a client */
  error(message: string, fields?: LogFields, cause?: unknown): void;
  /** A log that adds these fields to every line. */
  with(fields: LogFields): Log;
}

/**
 * Writes one line per event to a stream.
 *
 * A library is not worthwhile: this is a single call of `JSON.stringify`, and every module loaded before the
 * first response makes a cold start slower.
 */
export function jsonLog(
  write: (line: string) => void,
  fields: LogFields = {},
  now = () => new Date(),
): Log {
  const line = (level: string, message: string, more?: object) =>
    write(
      `${JSON.stringify({ timestamp: now().toISOString(), level, message, ...fields, ...more })}\n`,
    );
  return {
    info: (message, more) => line('INFO', message, more),
    warn: (message, more) => line('WARN', message, more),
    error: (message, more, cause) =>
      line('ERROR', message, {
        ...more,
        ...(cause === undefined ? {} : { error: stackOf(cause) }),
      }),
    with: (more) => jsonLog(write, { ...fields, ...more }, now),
  };
}
