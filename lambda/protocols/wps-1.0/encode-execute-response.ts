import type {
  InlineValue,
  Job,
  JobInput,
  PublishedOutput,
  RequestedOutput,
} from '../../../batch-jobs/api/job.ts';
import { boundingBox, parseBox } from '../ows/bounding-box.ts';
import { buildXml, type XmlElement } from '../ows/build-xml.ts';
import { complexContent } from '../ows/complex-content.ts';
import { exceptionReport } from '../ows/encode-exception-report.ts';
import { endpointOf, outputLocation, statusLocation } from '../ows/job-locations.ts';
import { dataTypeUri } from '../ows/namespaces.ts';
import { description, processBrief } from './encode-description.ts';
import { exceptionCodeOf } from './encode-fault.ts';
import { dataInputs, outputDefinitions } from './encode-lineage.ts';
import { presentationOf } from './presentation.ts';

/**
 * Largest document, in bytes as a JSON string, which is its form in Lambda's response. That response may have
 * 6 MB including headers; a client could never receive a larger document.
 *
 * Source: AWS Lambda Developer Guide, "Lambda quotas", invocation payload.
 */
const maximumBytes = 5_000_000;

/**
 * `wps:ExecuteResponse` (OGC 05-007r7, clause 10.3) for the current state of a job. If its outputs would make
 * the document too large, they all become references; if it is still too large, it leaves out lineage.
 *
 * @param inputs reads the job's inputs; called only if the client asked for lineage
 */
export async function encodeExecuteResponse(
  job: Job,
  inputs: () => Promise<readonly JobInput[]>,
): Promise<string> {
  const lineage = presentationOf(job).lineage ? await lineageOf(job, await inputs()) : {};
  const document = encode(job, lineage, await processOutputs(job));
  if (fits(document)) return document;
  const referring = { ...job, outputs: job.outputs.map(({ inline: _, ...output }) => output) };
  const outputs = await processOutputs(referring);
  const shorter = encode(job, lineage, outputs);
  return fits(shorter) ? shorter : encode(job, {}, outputs);
}

function fits(document: string): boolean {
  // JSON writes a character in at most six bytes.
  if (document.length <= maximumBytes / 6) return true;
  return Buffer.byteLength(JSON.stringify(document)) <= maximumBytes;
}

async function lineageOf(job: Job, inputs: readonly JobInput[]): Promise<XmlElement> {
  return {
    'wps:DataInputs': await dataInputs(inputs),
    'wps:OutputDefinitions': outputDefinitions(job.requestedOutputs),
  };
}

function encode(job: Job, lineage: XmlElement, outputs: XmlElement | undefined): string {
  return buildXml('wps', 'ExecuteResponse', 'wps/1.0.0/wpsExecute_response.xsd', {
    '@service': 'WPS',
    '@version': '1.0.0',
    '@xml:lang': job.language,
    '@serviceInstance': `${endpointOf(job)}?service=WPS&request=GetCapabilities`,
    '@statusLocation': presentationOf(job).store ? statusLocation(job) : undefined,
    'wps:Process': processBrief(job.process),
    'wps:Status': status(job),
    ...lineage,
    'wps:ProcessOutputs': outputs,
  });
}

/** `wps:StatusType` (OGC 05-007r7, clause 10.3.1); without `status="true"`, it shows only the end. */
function status(job: Job): XmlElement {
  const choice = statusChoice(job);
  const isEnd = 'wps:ProcessSucceeded' in choice || 'wps:ProcessFailed' in choice;
  if (!isEnd && !presentationOf(job).status) {
    return { '@creationTime': job.createdAt, 'wps:ProcessAccepted': 'The job is not done yet.' };
  }
  return { '@creationTime': job.updatedAt, ...choice };
}

function statusChoice(job: Job): XmlElement {
  // Only a succeeded process has 100; before that, the schema allows at most 99.
  const started = {
    '@percentCompleted': Math.min(99, Math.floor(job.percentCompleted)),
    '#text': job.message,
  };
  switch (job.status) {
    case 'accepted':
      return { 'wps:ProcessAccepted': job.message };
    case 'running':
      return { 'wps:ProcessStarted': started };
    case 'paused':
      return { 'wps:ProcessPaused': started };
    case 'succeeded':
      return { 'wps:ProcessSucceeded': job.message };
    case 'failed':
    case 'dismissed': {
      const { kind, text, subject } = job.failure ?? { kind: 'internal', text: job.message };
      const exception = {
        code: exceptionCodeOf(kind),
        text,
        locator: subject,
      };
      return {
        'wps:ProcessFailed': { 'ows:ExceptionReport': exceptionReport(exception, job.language) },
      };
    }
  }
}

async function processOutputs(job: Job): Promise<XmlElement | undefined> {
  if (job.outputs.length === 0) return undefined;
  const outputs = job.requestedOutputs.flatMap((requested) => {
    const published = job.outputs.find(({ identifier }) => identifier === requested.identifier);
    return published ? [output(job, requested, published)] : [];
  });
  return { 'wps:Output': await Promise.all(outputs) };
}

async function output(
  job: Job,
  requested: RequestedOutput,
  published: PublishedOutput,
): Promise<XmlElement> {
  const { inline } = published;
  return {
    ...description(requested),
    ...(inline
      ? { 'wps:Data': await data(requested, inline) }
      : {
          // The reference of an output has a plain href, unlike that of an input.
          'wps:Reference': {
            '@href': outputLocation(job, published),
            '@mimeType': published.contentType,
            '@encoding': requested.encoding === 'base64' ? undefined : requested.encoding,
            '@schema': requested.schema,
          },
        }),
  };
}

async function data(requested: RequestedOutput, inline: InlineValue): Promise<XmlElement> {
  const text = 'text' in inline ? inline.text : '';
  switch (requested.kind) {
    case 'literal':
      return {
        'wps:LiteralData': {
          '@dataType': requested.dataType && dataTypeUri(requested.dataType),
          '@uom': requested.uom,
          '#text': text,
        },
      };
    case 'bounding-box':
      return { 'wps:BoundingBoxData': boundingBox(parseBox(text), requested.crs) };
    case 'complex':
      return { 'wps:ComplexData': await complexContent(requested, inline) };
  }
}
