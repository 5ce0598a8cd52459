import type {
  InlineValue,
  Job,
  PublishedOutput,
  RequestedOutput,
} from '../../../batch-jobs/api/job.ts';
import { expiryOf, type Retention } from '../../../batch-jobs/api/job-expiry.ts';
import { boundingBox, parseBox } from '../ows/bounding-box.ts';
import type { XmlElement } from '../ows/build-xml.ts';
import { complexContent } from '../ows/complex-content.ts';
import { dataTypeUri } from '../ows/namespaces.ts';
import { writeDocument, writer } from './write-document.ts';

/**
 * Largest document, in bytes as a JSON string, which is its form in Lambda's response: 6 MB including
 * headers.
 *
 * Source: AWS Lambda Developer Guide, "Lambda quotas", invocation payload.
 */
const maximumBytes = 5_000_000;

/**
 * `wps:Result` (OGC 14-065r2, clause 9.4) of a job that succeeded. If its values would make the document too
 * large for a response, they all become references.
 *
 * @param hrefOf URL of an output
 */
export async function encodeResult(
  job: Job,
  hrefOf: (output: PublishedOutput) => string,
  retention: Retention,
): Promise<string> {
  const document = await encode(job, hrefOf, retention);
  if (Buffer.byteLength(JSON.stringify(document)) <= maximumBytes) return document;
  const referring = { ...job, outputs: job.outputs.map(({ inline: _, ...output }) => output) };
  return await encode(referring, hrefOf, retention);
}

async function encode(
  job: Job,
  hrefOf: (output: PublishedOutput) => string,
  retention: Retention,
): Promise<string> {
  const outputs = job.requestedOutputs.flatMap((requested) => {
    const published = job.outputs.find(({ identifier }) => identifier === requested.identifier);
    return published ? [{ requested, published }] : [];
  });
  return writeDocument('Result', {
    'wps:JobID': job.id,
    'wps:ExpirationDate': expiryOf(job, retention),
    'wps:Output': await Promise.all(
      outputs.map(async ({ requested, published }) => ({
        '@id': published.identifier,
        ...(published.inline
          ? { 'wps:Data': await data(requested, published.inline) }
          : { 'wps:Reference': reference(requested, published, hrefOf(published)) }),
      })),
    ),
  });
}

function reference(
  { encoding, schema }: RequestedOutput,
  { contentType }: PublishedOutput,
  href: string,
): XmlElement {
  return {
    '@xlink:href': href,
    '@mimeType': contentType,
    // Base64 applies only to values inside XML; a reference delivers the bytes.
    '@encoding': encoding === 'base64' ? undefined : encoding,
    '@schema': schema,
  };
}

async function data(requested: RequestedOutput, inline: InlineValue): Promise<XmlElement> {
  const text = 'text' in inline ? inline.text : '';
  switch (requested.kind) {
    case 'literal':
      return raw({
        'wps:LiteralValue': {
          '@dataType': requested.dataType && dataTypeUri(requested.dataType),
          '@uom': requested.uom,
          '#text': text,
        },
      });
    case 'bounding-box':
      return raw({ 'ows:BoundingBox': boundingBox(parseBox(text), requested.crs) });
    case 'complex':
      return await complexContent(requested, inline);
  }
}

function raw(content: XmlElement): XmlElement {
  return { '@mimeType': 'text/xml', '#text': writer.fragment(content) };
}
