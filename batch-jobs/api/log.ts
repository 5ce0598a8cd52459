import { stackOf } from './stack-of.ts';

/** A value a log line may hold beside its message. Never a body, an address or a variable. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Lines for operators, one JSON object each. What a line is about (job id, environment, request
 * id) stands in its fields, so that lines can be searched by them.
 */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** @param cause its stack and those of its causes go into the line, never to a client */
  error(message: string, fields?: LogFields, cause?: unknown): void;
  /** A log whose lines all have these fields, too. */
  with(fields: LogFields): Log;
}

/**
 * Writes a line an event to a stream.
 *
 * Ours rather than a library's: it is one call of `JSON.stringify`, and what loads before the
 * first answer is what a cold start pays for.
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
