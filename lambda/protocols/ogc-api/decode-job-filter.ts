import type { JobStatus } from '../../../batch-jobs/api/job.ts';
import { isPlace } from '../../../batch-jobs/api/job-index.ts';
import type { JobFilter } from '../../operations/list-jobs.ts';
import { checkAll, ServiceFault } from '../../service-fault.ts';
import { singleValue } from '../../single-value.ts';

/** The number of jobs per page (OGC 18-062r2, clause 11.3, parameter `limit`). */
export const jobListLimits = { default: 10, maximum: 1000 } as const;

export interface JobListRequest {
  readonly filter: JobFilter;
  readonly limit: number;
  /** Opaque cursor of the page that a link leads to. */
  readonly cursor?: string;
}

const statuses: Readonly<Record<string, readonly JobStatus[]>> = {
  accepted: ['accepted'],
  running: ['running', 'paused'],
  successful: ['succeeded'],
  failed: ['failed'],
  dismissed: ['dismissed'],
};

/**
 * The parameters of the job list (OGC 18-062r2, clause 11.3).
 *
 * @throws {ServiceFault} naming the parameter
 */
export function decodeJobFilter(query: URLSearchParams): JobListRequest {
  const filter: {
    -readonly [Key in keyof JobFilter]: JobFilter[Key];
  } = {};
  let limit: number = jobListLimits.default;
  checkAll<void>([
    () => {
      for (const type of listOf(query, 'type')) {
        if (type !== 'process') throw wrong('type', type, 'process');
      }
    },
    () => {
      const processes = listOf(query, 'processID');
      if (processes.length > 0) filter.processes = processes;
    },
    () => {
      const named = listOf(query, 'status');
      if (named.length > 0) filter.statuses = named.flatMap(statusesOf);
    },
    () => Object.assign(filter, intervalOf(query)),
    () => {
      const seconds = integerOf(query, 'minDuration', 0);
      if (seconds !== undefined) filter.minDuration = seconds;
    },
    () => {
      const seconds = integerOf(query, 'maxDuration', 0);
      if (seconds !== undefined) filter.maxDuration = seconds;
    },
    () => {
      const labels = listOf(query, 'label');
      if (labels.length > 0) filter.labels = labels;
    },
    () => {
      limit = limitOf(query);
    },
  ]);
  const cursor = cursorOf(query);
  return { filter, limit, ...(cursor === undefined ? {} : { cursor }) };
}

/** The cursor becomes part of a key in the store, so it must contain nothing else. */
function cursorOf(query: URLSearchParams): string | undefined {
  const cursor = singleValue(query, 'cursor');
  if (cursor === null || cursor === '') return undefined;
  if (isPlace(cursor)) return cursor;
  throw wrong('cursor', cursor, 'the one of a link to the next page');
}

/** A larger value counts as the maximum (OGC 18-062r2, requirement 56). */
export function limitOf(query: URLSearchParams): number {
  const limit = integerOf(query, 'limit', 1) ?? jobListLimits.default;
  return Math.min(limit, jobListLimits.maximum);
}

/** @throws {ServiceFault} if it is not a whole number, or less than the minimum */
export function integerOf(
  query: URLSearchParams,
  name: string,
  minimum: number,
): number | undefined {
  const text = singleValue(query, name);
  if (text === null || text === '') return undefined;
  const number = Number(text);
  if (!/^\d{1,15}$/.test(text) || number < minimum) {
    throw wrong(name, text, `a whole number from ${minimum}`);
  }
  return number;
}

/** Values separated by commas, or in repeated parameters. */
function listOf(query: URLSearchParams, name: string): string[] {
  return query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function statusesOf(name: string): readonly JobStatus[] {
  const found = Object.hasOwn(statuses, name) ? statuses[name] : undefined;
  if (found) return found;
  throw wrong('status', name, Object.keys(statuses).join(', '));
}

/** An instant or an interval, open at an end that is `..` or empty (OGC 17-069r4, clause 7.15.4). */
function intervalOf(query: URLSearchParams): Pick<JobFilter, 'createdFrom' | 'createdTo'> {
  const text = singleValue(query, 'datetime');
  if (text === null || text === '') return {};
  const [start = '', end, ...more] = text.split('/');
  const isInterval = end !== undefined;
  const begin = spanOf(start);
  const from = begin?.first;
  const to = (isInterval ? spanOf(end) : begin)?.last;
  const isEmpty = from === undefined && to === undefined && !isInterval;
  if (more.length > 0 || isEmpty || (from !== undefined && to !== undefined && from > to)) {
    throw wrongInterval(text);
  }
  return {
    ...(from === undefined ? {} : { createdFrom: from }),
    ...(to === undefined ? {} : { createdTo: to }),
  };
}

const second = 1000;
const day = 24 * 3600 * second;

/**
 * The first and the last millisecond that a text means: a date means the whole day, a time in seconds the
 * whole second. Undefined for an open end.
 */
function spanOf(text: string): { readonly first: number; readonly last: number } | undefined {
  if (text === '' || text === '..') return undefined;
  const [, date, time, fraction] =
    /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}:\d{2}(\.\d+)?(?:Z|[+-]\d{2}:\d{2}))?$/i.exec(
      // In a query, a plus sign encodes a space.
      text.replace(/ (?=\d{2}:\d{2}$)/, '+'),
    ) ?? [];
  const first = Date.parse(`${date}${time ?? 'T00:00:00Z'}`);
  if (date === undefined || Number.isNaN(first)) throw wrongInterval(text);
  const length = fraction ? 1 : time ? second : day;
  return { first, last: first + length - 1 };
}

function wrongInterval(text: string): ServiceFault {
  return wrong(
    'datetime',
    text,
    'an instant such as 2024-01-31T12:00:00Z, or an interval such as 2024-01-01T00:00:00Z/2024-02-01T00:00:00Z, open with ".."',
  );
}

function wrong(name: string, found: string, allowed: string): ServiceFault {
  return new ServiceFault(
    'invalid-value',
    `Parameter "${name}" is "${found.slice(0, 200)}"; allowed: ${allowed}.`,
    { subject: name },
  );
}
