import type { ServiceIdentification } from './configuration.ts';

/** How important a notice is to users, from least to most. */
export const noticeSeverities = ['info', 'warning', 'critical'] as const;
export type NoticeSeverity = (typeof noticeSeverities)[number];

/** A message from the operators of the service to its users. */
export interface Notice {
  /** Plain text, one paragraph. */
  readonly text: string;
  readonly severity: NoticeSeverity;
  /** First and last instant at which it is shown, ISO 8601 in UTC; if left out, there is no limit. */
  readonly from?: string;
  readonly until?: string;
}

/** Name of the file: next to an environment's configuration, or in the data folder of one machine. */
export const noticeFilename = 'notice.json';

/** The most characters of a notice's text, which appears at the top of every page. */
export const longestNotice = 500;

/** A notice that cannot be shown, described for its author. */
export class NoticeFault extends Error {
  override readonly name = 'NoticeFault';
}

/**
 * Checks a notice, whatever its source.
 *
 * @throws {NoticeFault} naming the field, the value found and the allowed values
 */
export function checkNotice(
  found: {
    readonly [field in keyof Notice]?: unknown;
  },
): Notice {
  const { severity } = found;
  const known = noticeSeverities.find((each) => each === severity);
  if (!known) throw wrong('severity', severity, noticeSeverities.join(', '));
  const text = typeof found.text === 'string' ? found.text.trim().replaceAll(/\s+/g, ' ') : '';
  // Characters that XML 1.0 cannot contain would break the capabilities.
  if (text === '' || text.length > longestNotice || /[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(text)) {
    throw wrong('text', found.text, `1 to ${longestNotice} printable characters`);
  }
  const from = instant('from', found.from);
  const until = instant('until', found.until);
  if (from !== undefined && until !== undefined && from >= until) {
    throw wrong('until', found.until, `an instant after "from" (${from})`);
  }
  return {
    text,
    severity: known,
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  };
}

/**
 * Parses a stored notice.
 *
 * @throws {NoticeFault}
 */
export function parseNotice(json: string): Notice {
  let found: unknown;
  try {
    found = JSON.parse(json);
  } catch {
    throw new NoticeFault('The notice is not JSON.');
  }
  if (typeof found !== 'object' || found === null) throw wrong('notice', found, 'a JSON object');
  return checkNotice(found);
}

/** The notice, if it is to be shown at this instant. */
export function noticeAt(notice: Notice | undefined, now: Date): Notice | undefined {
  if (!notice) return undefined;
  const at = now.toISOString();
  const { from = at, until = at } = notice;
  return from <= at && at <= until ? notice : undefined;
}

/**
 * The abstract of the service, preceded by the notice: the abstract is the one text that every client shows.
 */
export function abstractWith(
  notice: Notice | undefined,
  { abstract }: ServiceIdentification,
): string | undefined {
  if (!notice) return abstract;
  const { text, severity } = notice;
  const said = `${severity === 'info' ? 'Notice' : severity === 'warning' ? 'Warning' : 'Important'}: ${text}`;
  return abstract === undefined ? said : `${said}\n${abstract}`;
}

function instant(field: 'from' | 'until', value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === 'string' ? value : '';
  const milliseconds =
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
      ? Date.parse(text)
      : Number.NaN;
  if (Number.isNaN(milliseconds)) {
    throw wrong(
      field,
      value,
      'a date such as 2026-12-24, or an instant such as 2026-12-24T18:00:00Z',
    );
  }
  return new Date(milliseconds).toISOString();
}

function wrong(field: string, found: unknown, allowed: string): NoticeFault {
  const shown = JSON.stringify(found)?.slice(0, 200) ?? 'nothing';
  return new NoticeFault(`The notice's ${field} is ${shown}; allowed: ${allowed}.`);
}
