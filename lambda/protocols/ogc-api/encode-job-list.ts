import type { Configuration } from '../../configuration/configuration.ts';
import type { JobPage } from '../../operations/list-jobs.ts';
import { statusInfo } from './encode-status-info.ts';
import { type Link, mediaTypes, paths, selfLink } from './links.ts';

/**
 * `jobList.yaml` (OGC 18-062r2, clause 11.2).
 *
 * @param query the query of the request, so that the next page has the same filter
 */
export function encodeJobList(
  page: JobPage,
  query: URLSearchParams,
  configuration: Pick<Configuration, 'baseUrl' | 'retentionDays'>,
) {
  const { baseUrl } = configuration;
  const links: Link[] = [selfLink(urlWith(query, baseUrl), 'Jobs')];
  if (page.next !== undefined) {
    const next = new URLSearchParams(query);
    next.set('cursor', page.next);
    links.push({
      href: urlWith(next, baseUrl),
      rel: 'next',
      type: mediaTypes.json,
      title: 'More jobs',
    });
  }
  return { jobs: page.jobs.map((job) => statusInfo(job, configuration)), links };
}

/** The parameter `f` applies only to the page that was requested, not to the pages that it links to. */
function urlWith(query: URLSearchParams, baseUrl: string): string {
  const parameters = new URLSearchParams(query);
  parameters.delete('f');
  const href = `${baseUrl}${paths.jobs}`;
  return parameters.size === 0 ? href : `${href}?${parameters}`;
}
