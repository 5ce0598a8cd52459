import type {
  Description,
  Format,
  InputDescription,
  LiteralInput,
  LiteralValue,
  OutputDescription,
  ProcessDescription,
} from '../../../batch-jobs/api/process-description.ts';
import type { XmlElement } from '../ows/build-xml.ts';
import { dataTypeUri } from '../ows/namespaces.ts';
import { writeDocument } from './write-document.ts';

/**
 * How to run a process, the same for each: a client may wait for it or follow it, and each output is
 * available by value or by reference.
 */
const properties = {
  '@jobControlOptions': 'sync-execute async-execute dismiss',
  '@outputTransmission': 'value reference',
};

/** `wps:ProcessOfferings` (OGC 14-065r2, clause 9.9.2). */
export function encodeProcessOfferings(
  processes: readonly ProcessDescription[],
  language: string,
): string {
  return writeDocument('ProcessOfferings', {
    'wps:ProcessOffering': processes.map((process) => ({
      ...propertiesOf(process),
      'wps:Process': {
        '@xml:lang': language,
        ...describedProcess(process),
        'wps:Input': process.inputs.map(input),
        'wps:Output': process.outputs.map(output),
      },
    })),
  });
}

/** `wps:ProcessSummary` of the capabilities (OGC 14-065r2, clause 9.8.2). */
export function processSummary(process: ProcessDescription): XmlElement {
  return { ...propertiesOf(process), ...describedProcess(process) };
}

/** The schema accepts only versions such as 1.0.0; other versions are left out. */
function propertiesOf({ version }: ProcessDescription): XmlElement {
  const isOwsVersion = /^\d+\.\d?\d\.\d?\d$/.test(version);
  return { ...properties, '@processVersion': isOwsVersion ? version : undefined };
}

function describedProcess(process: ProcessDescription): XmlElement {
  return {
    ...described(process),
    'ows:Metadata': process.metadata?.map(({ title, href }) => ({
      '@xlink:title': title,
      '@xlink:href': href,
    })),
  };
}

function described({ identifier, title, abstract }: Description): XmlElement {
  return { 'ows:Title': title, 'ows:Abstract': abstract, 'ows:Identifier': identifier };
}

function input(description: InputDescription): XmlElement {
  return {
    '@minOccurs': description.minOccurs,
    '@maxOccurs': description.maxOccurs,
    ...described(description),
    ...dataDescription(description),
  };
}

function output(description: OutputDescription): XmlElement {
  return { ...described(description), ...dataDescription(description) };
}

function dataDescription(description: InputDescription | OutputDescription): XmlElement {
  switch (description.kind) {
    case 'literal':
      return { 'wps:LiteralData': { 'wps:Format': plainText, ...literalDomains(description) } };
    case 'complex': {
      const maximum =
        'maximumMegabytes' in description ? Math.floor(description.maximumMegabytes) : 0;
      return {
        'wps:ComplexData': {
          'wps:Format': description.formats.map((offered, index) => ({
            ...format(offered, index === 0),
            // The schema accepts whole numbers from 1.
            '@maximumMegabytes': maximum > 0 ? maximum : undefined,
          })),
        },
      };
    }
    case 'bounding-box':
      return {
        'wps:BoundingBoxData': {
          'wps:Format': { '@mimeType': 'text/xml', '@default': 'true' },
          'wps:SupportedCRS': description.crss.map((crs, index) => ({
            '@default': index === 0 ? 'true' : undefined,
            '#text': crs,
          })),
        },
      };
  }
}

const plainText = [{ '@mimeType': 'text/plain', '@default': 'true' }, { '@mimeType': 'text/xml' }];

function format({ mimeType, encoding, schema }: Format, isDefault: boolean): XmlElement {
  return {
    '@mimeType': mimeType,
    '@encoding': encoding,
    '@schema': schema,
    '@default': isDefault ? 'true' : undefined,
  };
}

/** One domain per unit of measure; all have the same values (OGC 14-065r2, clause 7.3.2). */
function literalDomains(description: LiteralValue & Partial<LiteralInput>): XmlElement {
  const { dataType, uoms = [undefined], allowedValues } = description;
  return {
    LiteralDataDomain: uoms.map((uom, index) => ({
      '@default': index === 0 ? 'true' : undefined,
      ...(allowedValues?.length
        ? { 'ows:AllowedValues': allowed(allowedValues) }
        : { 'ows:AnyValue': {} }),
      'ows:DataType': { '@ows:reference': dataTypeUri(dataType), '#text': dataType },
      'ows:UOM': uom,
      'ows:DefaultValue': description.default,
    })),
  };
}

function allowed(values: NonNullable<LiteralInput['allowedValues']>): XmlElement {
  return {
    'ows:Value': values.filter((value) => typeof value === 'string'),
    'ows:Range': values
      .filter((value) => typeof value !== 'string')
      .map(({ minimum, maximum }) => ({
        '@ows:rangeClosure': 'closed',
        'ows:MinimumValue': minimum,
        'ows:MaximumValue': maximum,
      })),
  };
}
