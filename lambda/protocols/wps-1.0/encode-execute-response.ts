import type { Job, PublishedOutput, RequestedOutput } from '../../../batch-jobs/api/job.ts';
import { buildXml, complexData, type XmlElement } from '../ows/build-xml.ts';
import { exceptionReport } from '../ows/encode-exception-report.ts';
import { dataTypeUri, description, processBrief } from './encode-description.ts';
import { boundingBox, dataInputs, outputDefinitions } from './encode-lineage.ts';
import { outputLocation, statusLocation } from './job-locations.ts';

/**
 * Largest document in bytes, quoted as JSON: so it stands in Lambda's answer, which may have 6 MB with
 * headers and all. One that is larger could never be read.
 *
 * Source: AWS Lambda Developer Guide, "Lambda quotas", invocation payload.
 */
const maximumBytes = 5_000_000;

/**
 * `wps:ExecuteResponse` (OGC 05-007r7, clause 10.3) of a job as it is now. Where its outputs would
 * make it too large, it refers to all of them; where it still is, lineage is left out.
 */
export function encodeExecuteResponse(job: Job): string {
  const document = encode(job);
  if (fits(document)) return document;
  const referring = { ...job, outputs: job.outputs.map(({ inline: _, ...output }) => output) };
  const shorter = encode(referring);
  return fits(shorter) ? shorter : encode({ ...referring, lineage: false });
}

function fits(document: string): boolean {
  return Buffer.byteLength(JSON.stringify(document)) <= maximumBytes;
}

function encode(job: Job): string {
  return buildXml('wps', 'ExecuteResponse', 'wps/1.0.0/wpsExecute_response.xsd', {
    '@service': 'WPS',
    '@version': '1.0.0',
    '@xml:lang': job.language,
    '@serviceInstance': `${job.endpoint.replace(/\/$/, '')}?service=WPS&request=GetCapabilities`,
    '@statusLocation': job.stored ? statusLocation(job) : undefined,
    'wps:Process': processBrief(job.process),
    'wps:Status': status(job),
    'wps:DataInputs': job.lineage ? dataInputs(job.inputs) : undefined,
    'wps:OutputDefinitions': job.lineage ? outputDefinitions(job.requestedOutputs) : undefined,
    'wps:ProcessOutputs': job.outputs.length > 0 ? processOutputs(job) : undefined,
  });
}

/** `wps:StatusType` (OGC 05-007r7, clause 10.3.1); without `status="true"` only the end is told. */
function status(job: Job): XmlElement {
  const choice = statusChoice(job);
  const isEnd = 'wps:ProcessSucceeded' in choice || 'wps:ProcessFailed' in choice;
  if (!isEnd && !job.statusUpdates) {
    return { '@creationTime': job.createdAt, 'wps:ProcessAccepted': 'The job is not done yet.' };
  }
  return { '@creationTime': job.updatedAt, ...choice };
}

function statusChoice(job: Job): XmlElement {
  // 100 is what a succeeded process has; the schema allows no more than 99 before.
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
      const failure = job.failure ?? { code: 'NoApplicableCode', text: job.message };
      return {
        'wps:ProcessFailed': { 'ows:ExceptionReport': exceptionReport(failure, job.language) },
      };
    }
  }
}

function processOutputs(job: Job): XmlElement {
  return {
    'wps:Output': job.requestedOutputs.flatMap((requested) => {
      const published = job.outputs.find(({ identifier }) => identifier === requested.identifier);
      return published ? [output(job, requested, published)] : [];
    }),
  };
}

function output(job: Job, requested: RequestedOutput, published: PublishedOutput): XmlElement {
  const { inline } = published;
  return {
    ...description(requested),
    ...(inline
      ? { 'wps:Data': data(requested, inline) }
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

function data(
  requested: RequestedOutput,
  inline: NonNullable<PublishedOutput['inline']>,
): XmlElement {
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
      return {
        'wps:ComplexData':
          'base64' in inline
            ? complexData({ ...requested, encoding: 'base64' }, { text: inline.base64 })
            : complexData(requested, inline),
      };
  }
}

/** Lower corner, then upper corner, as the batch job API writes them: `114,-33,116,-31`. */
function parseBox(text: string): { lower: number[]; upper: number[] } {
  const numbers = text.split(',').map(Number);
  const half = numbers.length / 2;
  return { lower: numbers.slice(0, half), upper: numbers.slice(half) };
}
