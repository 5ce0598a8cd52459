import type { ProcessDescription } from '../../../batch-jobs/api/process-description.ts';
import { abstractWith } from '../../configuration/notice.ts';
import { buildXml, type XmlElement } from '../ows/build-xml.ts';
import { endpointOf } from '../ows/job-locations.ts';
import { type ServiceMetadata, serviceContact } from '../ows/service-metadata.ts';
import { processBrief } from './encode-description.ts';

/** `wps:Capabilities` (OGC 05-007r7, clause 8.3). */
export function encodeCapabilities(
  source: ServiceMetadata,
  processes: readonly ProcessDescription[],
  language: string,
): string {
  const { identification, provider, languages, notice } = source;
  const [defaultLanguage] = languages;
  return buildXml('wps', 'Capabilities', 'wps/1.0.0/wpsGetCapabilities_response.xsd', {
    '@service': 'WPS',
    '@version': '1.0.0',
    '@xml:lang': language,
    'ows:ServiceIdentification': {
      'ows:Title': identification.title,
      'ows:Abstract': abstractWith(notice, identification),
      'ows:Keywords':
        identification.keywords.length > 0
          ? { 'ows:Keyword': [...identification.keywords] }
          : undefined,
      'ows:ServiceType': 'WPS',
      'ows:ServiceTypeVersion': '1.0.0',
      'ows:Fees': identification.fees,
      'ows:AccessConstraints': identification.accessConstraints,
    },
    'ows:ServiceProvider': {
      'ows:ProviderName': provider.name,
      'ows:ProviderSite': provider.site ? { '@xlink:href': provider.site } : undefined,
      'ows:ServiceContact': serviceContact(provider.contact),
    },
    'ows:OperationsMetadata': {
      'ows:Operation': ['GetCapabilities', 'DescribeProcess', 'Execute'].map((name) =>
        operation(name, endpointOf(source)),
      ),
    },
    'wps:ProcessOfferings': { 'wps:Process': processes.map(processBrief) },
    'wps:Languages': {
      'wps:Default': { 'ows:Language': defaultLanguage },
      'wps:Supported': { 'ows:Language': [...languages] },
    },
  });
}

/** The GET URL is a prefix to which clients append parameters (OGC 06-121r3, clause 11.2). */
function operation(name: string, endpoint: string): XmlElement {
  return {
    '@name': name,
    'ows:DCP': {
      'ows:HTTP': {
        'ows:Get': { '@xlink:href': `${endpoint}?` },
        'ows:Post': { '@xlink:href': endpoint },
      },
    },
  };
}
