import type {
  Description,
  ProcessDescription,
} from '../../../batch-jobs/api/process-description.ts';
import type { XmlElement } from '../ows/build-xml.ts';

/** Children of a `wps:DescriptionType` (OGC 05-007r7, table 1). */
export function description({
  identifier,
  title,
  abstract,
}: Pick<Description, 'identifier' | 'title' | 'abstract'>): XmlElement {
  return { 'ows:Identifier': identifier, 'ows:Title': title, 'ows:Abstract': abstract };
}

/** A `wps:ProcessBriefType` (OGC 05-007r7, table 2). */
export function processBrief(
  process: Pick<ProcessDescription, 'identifier' | 'title' | 'abstract' | 'version' | 'metadata'>,
): XmlElement {
  return {
    '@wps:processVersion': process.version,
    ...description(process),
    'ows:Metadata': process.metadata?.map(({ title, href }) => ({
      '@xlink:title': title,
      '@xlink:href': href,
    })),
  };
}
