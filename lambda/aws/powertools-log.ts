import { Logger } from '@aws-lambda-powertools/logger';
import type { Log, LogFields } from '../../batch-jobs/api/log.ts';

/**
 * Log lines of AWS Lambda Powertools: one JSON object each, with level, time, service and, in a traced call,
 * the X-Ray trace id. `POWERTOOLS_LOG_LEVEL` or Lambda's own log controls set the level.
 */
export function powertoolsLog(fields: LogFields = {}): Log {
  return adapt(new Logger({ serviceName: 'wps' }), fields);
}

function adapt(logger: Logger, fields: LogFields): Log {
  return {
    info: (message, more) => logger.info(message, { ...fields, ...more }),
    warn: (message, more) => logger.warn(message, { ...fields, ...more }),
    error: (message, more, cause) =>
      logger.error(message, { ...fields, ...more, ...causeOf(cause) }),
    with: (more) => adapt(logger, { ...fields, ...more }),
  };
}

function causeOf(cause: unknown): { error?: Error | string } {
  if (cause === undefined) return {};
  return { error: cause instanceof Error ? cause : String(cause) };
}
