import type { ServiceIdentification } from './configuration.ts';

/** How much a notice matters to a user, least first. */
export const noticeSeverities = ['info', 'warning', 'critical'] as const;
export type NoticeSeverity = (typeof noticeSeverities)[number];

/** What the people who run the service want its users to read. */
export interface Notice {
  /** Plain text, one paragraph. */
  readonly text: string;
  readonly severity: NoticeSeverity;
  /** First and last instant at which it is shown, ISO 8601 in UTC; left out, there is no bound. */
  readonly from?: string;
  readonly until?: string;
}

/** Name of the file: beside the configuration of an environment, or in the data folder of one machine. */
export const noticeFilename = 'notice.json';

/** Characters of a notice's text: it stands above every page. */
export const longestNotice = 500;

/** A notice that cannot be shown, in words for its author. */
export class NoticeFault extends Error {
  override readonly name = 'NoticeFault';
}

/**
 * Checks a notice, wherever it comes from.
 *
 * @throws {NoticeFault} naming the field, what was found and what is allowed
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
  // Characters that XML 1.0 cannot hold would break the capabilities.
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
 * A stored notice.
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

/** The notice, if it is to be shown at an instant. */
export function noticeAt(notice: Notice | undefined, now: Date): Notice | undefined {
  if (!notice) return undefined;
  const at = now.toISOString();
  const { from = at, until = at } = notice;
  return from <= at && at <= until ? notice : undefined;
}

/** The abstract of the service, which a notice comes before: the one text that every client shows. */
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
