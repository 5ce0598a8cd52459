import type { ProcessDescription } from '../../../batch-jobs/api/process-description.ts';
import { abstractWith } from '../../configuration/notice.ts';
import type { XmlElement } from '../ows/build-xml.ts';
import { type ServiceMetadata, serviceContact } from '../ows/service-metadata.ts';
import { processSummary } from './encode-description.ts';
import { version } from './namespaces.ts';
import { operations } from './requests.ts';
import { writeDocument } from './write-document.ts';

/**
 * `wps:Capabilities` (OGC 14-065r2, clause 9.8.2). The contents are always included: the schema requires
 * them.
 *
 * @param endpoint of WPS, without `?`
 * @param sections sections that the client asks for; empty for all
 */
export function encodeCapabilities(
  { identification, provider, languages, notice }: ServiceMetadata,
  endpoint: string,
  processes: readonly ProcessDescription[],
  sections: readonly string[],
): string {
  const isWanted = (section: string) =>
    sections.length === 0 || sections.includes(section) || sections.includes('All');
  const section = (name: string, content: XmlElement) =>
    isWanted(name) ? { [`ows:${name}`]: content } : {};
  return writeDocument('Capabilities', {
    '@service': 'WPS',
    '@version': version,
    ...section('ServiceIdentification', {
      'ows:Title': identification.title,
      'ows:Abstract': abstractWith(notice, identification),
      'ows:Keywords':
        identification.keywords.length > 0
          ? { 'ows:Keyword': [...identification.keywords] }
          : undefined,
      'ows:ServiceType': 'WPS',
      'ows:ServiceTypeVersion': [version, '1.0.0'],
      'ows:Fees': identification.fees,
      'ows:AccessConstraints': identification.accessConstraints,
    }),
    ...section('ServiceProvider', {
      'ows:ProviderName': provider.name,
      'ows:ProviderSite': provider.site ? { '@xlink:href': provider.site } : undefined,
      'ows:ServiceContact': serviceContact(provider.contact),
    }),
    ...section('OperationsMetadata', {
      'ows:Operation': operations.map((name) => operation(name, endpoint)),
    }),
    ...section('Languages', { 'ows:Language': [...languages] }),
    'wps:Contents': { 'wps:ProcessSummary': processes.map(processSummary) },
  });
}

/** Execute has no GET encoding. */
function operation(name: string, endpoint: string): XmlElement {
  return {
    '@name': name,
    'ows:DCP': {
      'ows:HTTP': {
        'ows:Get': name === 'Execute' ? undefined : { '@xlink:href': `${endpoint}?` },
        'ows:Post': { '@xlink:href': endpoint },
      },
    },
  };
}
