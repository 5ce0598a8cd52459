import type { JobPage } from '../../operations/list-jobs.ts';
import { statusInfo } from './encode-status-info.ts';
import { type Link, mediaTypes, paths, selfLink } from './links.ts';

/**
 * `jobList.yaml` (OGC 18-062r2, clause 11.2).
 *
 * @param query of the request: the next page is of the same jobs
 */
export function encodeJobList(page: JobPage, query: URLSearchParams, baseUrl: string) {
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
  return { jobs: page.jobs.map(statusInfo), links };
}

/** The parameter `f` is for the page that asked, and none that it leads to. */
function urlWith(query: URLSearchParams, baseUrl: string): string {
  const parameters = new URLSearchParams(query);
  parameters.delete('f');
  const href = `${baseUrl}${paths.jobs}`;
  return parameters.size === 0 ? href : `${href}?${parameters}`;
}
