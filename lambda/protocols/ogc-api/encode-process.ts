import type {
  Description,
  InputDescription,
  OutputDescription,
  ProcessDescription,
} from '../../../batch-jobs/api/process-description.ts';
import { type Link, mediaTypes, paths, relations, selfLinks } from './links.ts';
import { inputSchema, outputSchema } from './value-schemas.ts';

/** How a process may be run; each of ours supports every way. */
const jobControlOptions = ['sync-execute', 'async-execute', 'dismiss'] as const;
const outputTransmission = ['value', 'reference'] as const;

/** `processSummary.yaml` (OGC 18-062r2, clause 7.9). */
export function processSummary(process: ProcessDescription, baseUrl: string) {
  const { identifier, version, keywords, metadata } = process;
  return {
    id: identifier,
    version,
    ...description(process),
    ...(keywords ? { keywords } : {}),
    ...(metadata ? { metadata } : {}),
    jobControlOptions,
    outputTransmission,
    links: processLinks(process, baseUrl),
  };
}

/** `process.yaml` (OGC 18-062r2, clause 7.10): an OGC process description as JSON. */
export function processDocument(process: ProcessDescription, baseUrl: string) {
  return {
    ...processSummary(process, baseUrl),
    inputs: byIdentifier(process.inputs, inputDescription),
    outputs: byIdentifier(process.outputs, outputDescription),
  };
}

/**
 * `processList.yaml` (OGC 18-062r2, clause 7.9).
 *
 * @param page the processes to list; a link leads to the remaining ones
 */
export function processList(
  processes: readonly ProcessDescription[],
  page: { readonly limit: number; readonly offset: number },
  baseUrl: string,
) {
  const { limit, offset } = page;
  const href = `${baseUrl}${paths.processes}`;
  const next = offset + limit;
  const links: Link[] = [...selfLinks(href, 'Processes')];
  if (next < processes.length) {
    links.push({
      href: `${href}?limit=${limit}&offset=${next}`,
      rel: 'next',
      type: mediaTypes.json,
      title: 'More processes',
    });
  }
  return {
    processes: processes.slice(offset, next).map((process) => processSummary(process, baseUrl)),
    links,
  };
}

function description({ title, abstract }: Description) {
  return { title, ...(abstract === undefined ? {} : { description: abstract }) };
}

function inputDescription(input: InputDescription) {
  return {
    ...description(input),
    minOccurs: input.minOccurs,
    maxOccurs: input.maxOccurs,
    schema: inputSchema(input),
  };
}

function outputDescription(output: OutputDescription) {
  return { ...description(output), schema: outputSchema(output) };
}

function byIdentifier<Described extends Description, Encoded>(
  described: readonly Described[],
  encode: (one: Described) => Encoded,
): Record<string, Encoded> {
  return Object.fromEntries(described.map((one) => [one.identifier, encode(one)]));
}

function processLinks({ identifier, title }: ProcessDescription, baseUrl: string): readonly Link[] {
  return [
    ...selfLinks(`${baseUrl}${paths.process(identifier)}`, title),
    {
      href: `${baseUrl}${paths.execution(identifier)}`,
      rel: relations.execute,
      type: mediaTypes.json,
      title: `Execute ${title}`,
    },
    {
      href: `${baseUrl}${paths.estimate(identifier)}`,
      rel: 'related',
      type: mediaTypes.json,
      title: `Size and faults of a request for ${title}, by POST`,
    },
    {
      href: `${baseUrl}${paths.constraints(identifier)}`,
      rel: 'related',
      type: mediaTypes.json,
      title: `What is left to choose in a request for ${title}, by POST`,
    },
    {
      href: `${baseUrl}wps?service=WPS&version=1.0.0&request=DescribeProcess&identifier=${encodeURIComponent(identifier)}`,
      rel: 'alternate',
      type: mediaTypes.xml,
      title: `${title} as WPS 1.0.0 describes it`,
    },
  ];
}
