import type { Configuration } from '../../configuration/configuration.ts';
import { abstractWith } from '../../configuration/notice.ts';
import { type Link, mediaTypes, paths, relations, selfLinks } from './links.ts';

const conformanceBase = 'http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf';

/** The optional features that the service offers here. */
export interface Offer {
  /** Callers may list jobs. */
  readonly jobList: boolean;
  /** Some hosts may receive callbacks. */
  readonly callback: boolean;
}

/** `confClasses.yaml` (OGC 18-062r2, clause 7.4): exactly the classes that this service meets. */
export function conformance({ jobList, callback }: Offer) {
  const classes = [
    'core',
    'ogc-process-description',
    'json',
    'html',
    'oas30',
    ...(jobList ? ['job-list'] : []),
    ...(callback ? ['callback'] : []),
    'dismiss',
  ];
  return {
    conformsTo: [
      'http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core',
      ...classes.map((name) => `${conformanceBase}/${name}`),
    ],
  };
}

/** `landingPage.yaml` (OGC 18-062r2, clause 7.2). */
export function landingPage(
  { identification, notice }: Pick<Configuration, 'identification' | 'notice'>,
  baseUrl: string,
  { jobList, callback }: Offer,
) {
  const description = abstractWith(notice, identification);
  const link = (path: string, rel: string, type: string, title: string): Link => ({
    href: `${baseUrl}${path}`,
    rel,
    type,
    title,
  });
  return {
    title: identification.title,
    ...(description === undefined ? {} : { description }),
    links: [
      ...selfLinks(baseUrl, 'This document'),
      link(paths.api, 'service-desc', mediaTypes.openApi, 'The API as an OpenAPI document'),
      link(`${paths.api}?f=html`, 'service-doc', mediaTypes.html, 'The API as a page'),
      link(paths.conformance, relations.conformance, mediaTypes.json, 'What the API conforms to'),
      link(paths.processes, relations.processes, mediaTypes.json, 'Processes'),
      ...(jobList ? [link(paths.jobs, relations.jobList, mediaTypes.json, 'Jobs')] : []),
      ...(callback
        ? [link(paths.keys, 'related', mediaTypes.json, 'Keys that callbacks are signed with')]
        : []),
      link(
        'wps?service=WPS&request=GetCapabilities',
        'related',
        mediaTypes.xml,
        'The same processes over WPS',
      ),
    ] satisfies readonly Link[],
  };
}
