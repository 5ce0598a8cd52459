import { httpJobs } from './jobs/http-jobs.ts';
import type { ServiceTarget } from './target.ts';
import { columns } from './terminal.ts';

/** Jobs that are counted. */
const mostJobs = 1000;

/** The state of a service that is used over HTTP. */
export interface ServiceStatus {
  readonly baseUrl: string;
  /** Its latest jobs, at most 1000, by their status in OGC API - Processes. */
  readonly jobs: Readonly<Record<string, number>>;
}

export async function serviceStatus(target: ServiceTarget): Promise<ServiceStatus> {
  const jobs: Record<string, number> = {};
  for (const status of ['accepted', 'running', 'successful', 'failed', 'dismissed']) {
    const found = await httpJobs(target).list({ status, limit: mostJobs });
    jobs[status] = found.length;
  }
  return { baseUrl: target.baseUrl, jobs };
}

/** The status as text. */
export function serviceStatusText({ baseUrl, jobs }: ServiceStatus): string {
  const counts = Object.entries(jobs).map(([status, count]) => [
    status,
    `${count}${count === mostJobs ? ' or more' : ''}`,
  ]);
  return columns([['service', baseUrl], ...counts]);
}
