import { XMLBuilder } from 'fast-xml-parser';
import type { IndexedFile } from './file-index.ts';
import type { GoGoDuckRequest } from './gogoduck-request.ts';

/** The facts about a run that provenance records. */
export interface RunRecord {
  /** A UUID. */
  readonly jobId: string;
  readonly request: Pick<GoGoDuckRequest, 'layer' | 'subsetText' | 'testMode' | 'content'>;
  readonly process: {
    readonly identifier: string;
    readonly version: string;
    readonly title: string;
  };
  /** The source files of the result, in order of time. */
  readonly sources: readonly IndexedFile[];
  /** First and last time step of data that varies with time, in the form of ISO 8601. */
  readonly coverage?: { readonly start: string; readonly end: string };
  readonly startedAt: Date;
  readonly endedAt: Date;
}

const builder = new XMLBuilder({
  attributeNamePrefix: '@',
  ignoreAttributes: false,
  suppressEmptyNode: true,
  format: true,
});

/**
 * The origin of a result as a PROV-XML document. The result, the request and the source files are entities,
 * the run is an activity, and the software is its agent.
 *
 * Source: W3C Note "PROV-XML: The PROV XML Schema", 30 April 2013, https://www.w3.org/TR/prov-xml/
 */
export function provenanceXml(run: RunRecord): string {
  const { request, process, sources, startedAt, endedAt } = run;
  const sourceIds = sources.map((_, index) => `source-${index + 1}`);
  return builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    'prov:document': {
      '@xmlns:prov': 'http://www.w3.org/ns/prov#',
      '@xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      '@xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
      '@xmlns:dcterms': 'http://purl.org/dc/terms/',
      '@xmlns:job': `urn:uuid:${run.jobId}#`,
      'prov:entity': [
        {
          '@prov:id': 'job:result',
          'prov:label': `Aggregation of layer ${request.layer}`,
          'dcterms:format': request.content,
          ...temporal(run.coverage),
        },
        {
          '@prov:id': 'job:request',
          'prov:label': `Request of process ${process.identifier}`,
          'dcterms:description': inWords(request),
        },
        ...sources.map((source, index) => sourceEntity(`source-${index + 1}`, source)),
      ],
      'prov:activity': {
        '@prov:id': 'job:run',
        'prov:startTime': startedAt.toISOString(),
        'prov:endTime': endedAt.toISOString(),
        'prov:label': `Run of process ${process.identifier}`,
      },
      'prov:agent': {
        '@prov:id': 'job:software',
        'prov:label': `${process.title} ${process.version}`,
        'prov:type': { '@xsi:type': 'xsd:QName', '#text': 'prov:SoftwareAgent' },
      },
      'prov:used': ['request', ...sourceIds].map((id) => ({
        'prov:activity': ref('run'),
        'prov:entity': ref(id),
      })),
      'prov:wasGeneratedBy': {
        'prov:entity': ref('result'),
        'prov:activity': ref('run'),
        'prov:time': endedAt.toISOString(),
      },
      'prov:wasAssociatedWith': { 'prov:activity': ref('run'), 'prov:agent': ref('software') },
      'prov:wasAttributedTo': { 'prov:entity': ref('result'), 'prov:agent': ref('software') },
      'prov:wasDerivedFrom': sourceIds.map((id) => ({
        'prov:generatedEntity': ref('result'),
        'prov:usedEntity': ref(id),
        'prov:activity': ref('run'),
      })),
    },
  });
}

function ref(id: string) {
  return { '@prov:ref': `job:${id}` };
}

/** Paths on the machine that ran the job mean nothing to others, so they are left out. */
function sourceEntity(id: string, { name, location, size }: IndexedFile) {
  return {
    '@prov:id': `job:${id}`,
    'prov:label': name,
    ...('url' in location
      ? { 'prov:location': { '@xsi:type': 'xsd:anyURI', '#text': location.url } }
      : {}),
    ...(size === undefined ? {} : { 'dcterms:extent': `${size} bytes` }),
  };
}

function inWords({ layer, subsetText, testMode }: RunRecord['request']): string {
  const latest = testMode ? ', the latest time step only' : '';
  return `Layer "${layer}", subset "${subsetText}"${latest}`;
}

/** A period in DCMI notation, https://www.dublincore.org/specifications/dublin-core/dcmi-period/ */
function temporal(coverage: RunRecord['coverage']) {
  if (!coverage) return {};
  // All times in the document have milliseconds.
  const [start, end] = [coverage.start, coverage.end].map((at) =>
    at.replace(/(:\d{2})Z$/, '$1.000Z'),
  );
  return { 'dcterms:temporal': `start=${start}; end=${end}; scheme=W3C-DTF;` };
}
