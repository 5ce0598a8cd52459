/**
 * Limits on the size of a client's requests and on durations: for each, its key in an environment's
 * configuration file, its allowed values, its default and its meaning. The schemas of the file and of
 * `environments/`, and the code that writes and reads the file, are derived from this table.
 */

const mebibyte = 1024 * 1024;

/**
 * API Gateway ends a call after this many seconds; the function's own timeout is the same.
 *
 * Source: Amazon API Gateway Developer Guide, "Quotas" (integration timeout).
 */
export const gatewayTimeoutSeconds = 29;

/**
 * Versions of WPS that the service offers; a setting selects one of them for clients that name no version.
 */
export const wpsVersions = ['1.0.0', '2.0.0'] as const;
export type WpsVersion = (typeof wpsVersions)[number];

interface NumberLimit {
  readonly key: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly default: number;
  readonly meaning: string;
}

export const numberLimits = {
  maxRequestBytes: {
    key: 'MAX_REQUEST_BYTES',
    minimum: 1024,
    maximum: 4_500_000,
    default: 4 * mebibyte,
    meaning: 'Largest request body, in bytes; Lambda is passed 6 MB, as base64.',
  },
  inlineOutputBytes: {
    key: 'INLINE_OUTPUT_BYTES',
    minimum: 0,
    maximum: 4 * mebibyte,
    default: mebibyte,
    meaning:
      'Largest output given inside the status document, in bytes; larger ones become references. So do all where the document would have more than 5 MB; where its inputs alone have as much, it has no lineage.',
  },
  syncTimeoutSeconds: {
    key: 'SYNC_TIMEOUT_SECONDS',
    minimum: 0,
    maximum: 24,
    default: 20,
    meaning: `How long an Execute that wants its result at once is under way before the client is asked to come back; API Gateway ends a call after ${gatewayTimeoutSeconds} s, and what is left is for the answer.`,
  },
  outputLinkSeconds: {
    key: 'OUTPUT_LINK_SECONDS',
    minimum: 1,
    maximum: 3600,
    default: 300,
    meaning:
      'How long a signed link to an output opens it; no longer than the credentials of the function’s role live.',
  },
  jobOverdueSeconds: {
    key: 'JOB_OVERDUE_SECONDS',
    minimum: 1,
    maximum: 24 * 3600,
    default: 300,
    meaning: 'How long a job may be silent before Batch is asked about it.',
  },
  maxUnfinishedJobs: {
    key: 'MAX_UNFINISHED_JOBS',
    minimum: 1,
    maximum: 100_000,
    default: 1000,
    meaning:
      'Jobs that may wait or run at once; an Execute beyond them is refused with `ServerBusy`.',
  },
  maxUnfinishedJobsPerOwner: {
    key: 'MAX_UNFINISHED_JOBS_PER_OWNER',
    minimum: 1,
    maximum: 100_000,
    default: 100,
    meaning: 'Jobs of one caller with an identity that may wait or run at once.',
  },
  mailsPerRecipientAndDay: {
    key: 'MAILS_PER_RECIPIENT_AND_DAY',
    minimum: 1,
    maximum: 10_000,
    default: 50,
    meaning:
      'Mails that one recipient is sent on one day (UTC), two per job; those beyond are not sent.',
  },
  referenceMaxBytes: {
    key: 'REFERENCE_MAX_BYTES',
    minimum: 1,
    maximum: 1024 ** 4,
    default: 512 * mebibyte,
    meaning: 'Largest input fetched from a reference, in bytes.',
  },
  referenceTimeoutSeconds: {
    key: 'REFERENCE_TIMEOUT_SECONDS',
    minimum: 1,
    maximum: 3600,
    default: 60,
    meaning: 'How long fetching one reference may take in all.',
  },
} as const satisfies Readonly<Record<string, NumberLimit>>;

export type NumberLimitName = keyof typeof numberLimits;
type KnownLimit = (typeof numberLimits)[NumberLimitName];

/**
 * Lists of hosts: `data.example.org` means that host, `*.example.org` all hosts below it. The lists are empty
 * by default, so that requests that name a host are refused.
 */
export const hostLimits = {
  referenceHosts: {
    key: 'REFERENCE_HOSTS',
    meaning: 'Hosts that input references may name; without it, references are refused.',
  },
  callbackHosts: {
    key: 'CALLBACK_HOSTS',
    meaning:
      'Hosts that clients may be told at how their jobs get on (OGC API - Processes, `subscriber`); without it, subscribers are refused.',
  },
  mailDomains: {
    key: 'MAIL_DOMAINS',
    meaning:
      'Domains that mail on jobs may go to, `*` for any; without it, addresses are refused where mail is sent at all.',
  },
} as const;

/**
 * The most characters in a list of hosts, including commas. Each submission includes the reference hosts, and
 * AWS Batch accepts at most 8192 characters of overrides in total.
 */
export const longestHostList = 4096;

export type HostLimitName = keyof typeof hostLimits;

export interface Limits
  extends Readonly<Record<NumberLimitName, number>>,
    Readonly<Record<HostLimitName, readonly string[]>> {}

/** Maps each number to a value. */
export function mapNumberLimits<T>(
  make: (limit: KnownLimit, name: NumberLimitName) => T,
): Record<NumberLimitName, T> {
  const names = Object.keys(numberLimits) as NumberLimitName[];
  const made = names.map((name) => [name, make(numberLimits[name], name)] as const);
  return Object.fromEntries(made) as Record<NumberLimitName, T>;
}

/** Maps each list of hosts to a value. */
export function mapHostLimits<T>(
  make: (limit: (typeof hostLimits)[HostLimitName], name: HostLimitName) => T,
): Record<HostLimitName, T> {
  return {
    referenceHosts: make(hostLimits.referenceHosts, 'referenceHosts'),
    callbackHosts: make(hostLimits.callbackHosts, 'callbackHosts'),
    mailDomains: make(hostLimits.mailDomains, 'mailDomains'),
  };
}

export const defaultLimits: Limits = {
  ...mapNumberLimits((limit) => limit.default),
  ...mapHostLimits(() => []),
};
