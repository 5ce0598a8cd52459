/** A link of a document (OGC 18-062r2, `link.yaml`); ours always have a media type. */
export interface Link {
  readonly href: string;
  readonly rel: string;
  readonly type: string;
  readonly title?: string;
}

const ogcRelation = 'http://www.opengis.net/def/rel/ogc/1.0';

/** Relation types (OGC 18-062r2, clause 6; the IANA registry of link relations). */
export const relations = {
  conformance: `${ogcRelation}/conformance`,
  processes: `${ogcRelation}/processes`,
  jobList: `${ogcRelation}/job-list`,
  execute: `${ogcRelation}/execute`,
  results: `${ogcRelation}/results`,
} as const;

export const mediaTypes = {
  json: 'application/json',
  html: 'text/html',
  problem: 'application/problem+json',
  openApi: 'application/vnd.oai.openapi+json;version=3.0',
  xml: 'text/xml',
} as const;

/** Paths below the base URL, which ends in `/`. An identifier is encoded as one segment. */
export const paths = {
  landingPage: '',
  conformance: 'conformance',
  api: 'api',
  keys: 'keys',
  processes: 'processes',
  process: (id: string) => `processes/${segment(id)}`,
  execution: (id: string) => `processes/${segment(id)}/execution`,
  estimate: (id: string) => `processes/${segment(id)}/estimate`,
  constraints: (id: string) => `processes/${segment(id)}/constraints`,
  jobs: 'jobs',
  job: (id: string) => `jobs/${id}`,
  results: (id: string) => `jobs/${id}/results`,
  result: (id: string, output: string) => `jobs/${id}/results/${segment(output)}`,
  inputs: (id: string) => `jobs/${id}/inputs`,
  log: (id: string) => `jobs/${id}/log`,
} as const;

/** A path may contain a plain colon (RFC 3986, clause 3.3), which is easier to read. */
function segment(identifier: string): string {
  return encodeURIComponent(identifier).replaceAll('%3A', ':');
}

/** The link of a resource to itself. */
export function selfLink(href: string, title: string): Link {
  return { href, rel: 'self', type: mediaTypes.json, title };
}

/**
 * Links of a resource to itself, as JSON and as an HTML page.
 *
 * @param href without a query
 */
export function selfLinks(href: string, title: string): readonly Link[] {
  return [
    selfLink(href, title),
    { href: `${href}?f=html`, rel: 'alternate', type: mediaTypes.html, title: `${title} as HTML` },
  ];
}

/** Links as a header; undefined if there are no links. */
export function linkHeader(links: readonly Link[]): { readonly link: string } | undefined {
  return links.length === 0 ? undefined : { link: linkField(links) };
}

/** The value of the header field `Link` (RFC 8288, clause 3). */
export function linkField(links: readonly Link[]): string {
  const fields = links.map(
    ({ href, rel, type, title }) =>
      `<${href}>; rel="${rel}"; type="${type}"${title === undefined ? '' : `; title="${quotable(title)}"`}`,
  );
  return fields.join(', ');
}

/** Escapes text for a quoted string (RFC 9110, clause 5.6.4). */
function quotable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/["\\]/g, '\\$&');
}
