import type {
  InputValue,
  JobInput,
  Reference,
  RequestedOutput,
} from '../../../batch-jobs/api/job.ts';
import { toldHeader } from '../../../batch-jobs/api/reference-headers.ts';
import { boundingBox } from '../ows/bounding-box.ts';
import type { XmlElement } from '../ows/build-xml.ts';
import { bodyContent, complexContent } from '../ows/complex-content.ts';
import { dataTypeUri } from '../ows/namespaces.ts';

/** `wps:DataInputs` as the client sent them (OGC 05-007r7, table 50, lineage). */
export async function dataInputs(inputs: readonly JobInput[]): Promise<XmlElement | undefined> {
  const given = inputs.filter((input) => input.given);
  if (given.length === 0) return undefined;
  return {
    'wps:Input': await Promise.all(
      given.map(async ({ identifier, title, abstract, value }) => ({
        'ows:Identifier': identifier,
        'ows:Title': title,
        'ows:Abstract': abstract,
        ...(await form(value)),
      })),
    ),
  };
}

/** `wps:OutputDefinitions`: the requested outputs with their final formats. */
export function outputDefinitions(outputs: readonly RequestedOutput[]): XmlElement {
  return {
    'wps:Output': outputs.map((output) => ({
      '@asReference': String(output.transmission === 'reference'),
      '@uom': output.uom,
      '@mimeType': output.mimeType,
      '@encoding': output.encoding,
      '@schema': output.schema,
      'ows:Identifier': output.identifier,
      'ows:Title': output.title,
      'ows:Abstract': output.abstract,
    })),
  };
}

async function form(value: InputValue): Promise<XmlElement> {
  switch (value.kind) {
    case 'literal':
      return {
        'wps:Data': {
          'wps:LiteralData': {
            '@dataType': dataTypeUri(value.dataType),
            '@uom': value.uom,
            '#text': value.value,
          },
        },
      };
    case 'bounding-box':
      return { 'wps:Data': { 'wps:BoundingBoxData': boundingBox(value, value.crs) } };
    case 'complex': {
      const { source } = value;
      if ('href' in source) return { 'wps:Reference': await reference(source, value) };
      // Base64 stays base64: perhaps only the description declares it.
      const format = 'base64' in source ? { ...value, encoding: 'base64' } : value;
      return { 'wps:Data': { 'wps:ComplexData': await complexContent(format, source) } };
    }
  }
}

async function reference(
  { href, method, headers, body, bodyReference }: Reference,
  format: { readonly mimeType: string; readonly encoding?: string; readonly schema?: string },
): Promise<XmlElement> {
  return {
    '@xlink:href': href,
    '@method': method,
    '@mimeType': format.mimeType,
    '@encoding': format.encoding,
    '@schema': format.schema,
    'wps:Header': headers.map(({ key, value }) => ({
      '@key': key,
      '@value': toldHeader(key, value),
    })),
    'wps:Body': body && (await bodyContent(body)),
    'wps:BodyReference': bodyReference === undefined ? undefined : { '@xlink:href': bodyReference },
  };
}
