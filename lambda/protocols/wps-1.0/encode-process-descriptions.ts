import type {
  Format,
  InputDescription,
  LiteralInput,
  LiteralValue,
  OutputDescription,
  ProcessDescription,
  ValueRange,
} from '../../../batch-jobs/api/process-description.ts';
import { buildXml, type XmlElement } from '../ows/build-xml.ts';
import { dataTypeUri } from '../ows/namespaces.ts';
import { description, processBrief } from './encode-description.ts';

/**
 * `wps:ProcessDescriptions` (OGC 05-007r7, clause 9.3).
 *
 * Elements below `ProcessDescription` are unqualified: the official schema declares them so, and clients
 * expect them so.
 */
export function encodeProcessDescriptions(
  processes: readonly ProcessDescription[],
  language: string,
): string {
  return buildXml('wps', 'ProcessDescriptions', 'wps/1.0.0/wpsDescribeProcess_response.xsd', {
    '@service': 'WPS',
    '@version': '1.0.0',
    '@xml:lang': language,
    ProcessDescription: processes.map((process) => ({
      '@storeSupported': 'true',
      '@statusSupported': 'true',
      ...processBrief(process),
      DataInputs: process.inputs.length > 0 ? { Input: process.inputs.map(input) } : undefined,
      ProcessOutputs: { Output: process.outputs.map(output) },
    })),
  });
}

function input(described: InputDescription): XmlElement {
  return {
    '@minOccurs': described.minOccurs,
    '@maxOccurs': described.maxOccurs,
    ...description(described),
    ...inputForm(described),
  };
}

function inputForm(described: InputDescription): XmlElement {
  switch (described.kind) {
    case 'literal':
      return {
        LiteralData: {
          ...literal(described),
          ...allowedValues(described),
          DefaultValue: described.default,
        },
      };
    case 'complex':
      return {
        ComplexData: {
          '@maximumMegabytes': described.maximumMegabytes,
          ...supportedFormats(described.formats),
        },
      };
    case 'bounding-box':
      return { BoundingBoxData: supportedCrss(described.crss) };
  }
}

function output(described: OutputDescription): XmlElement {
  switch (described.kind) {
    case 'literal':
      return { ...description(described), LiteralOutput: literal(described) };
    case 'complex':
      return { ...description(described), ComplexOutput: supportedFormats(described.formats) };
    case 'bounding-box':
      return { ...description(described), BoundingBoxOutput: supportedCrss(described.crss) };
  }
}

function literal({ dataType, uoms }: LiteralValue): XmlElement {
  return {
    'ows:DataType': {
      '@ows:reference': dataTypeUri(dataType),
      '#text': dataType,
    },
    UOMs: uoms && {
      Default: { 'ows:UOM': uoms[0] },
      Supported: { 'ows:UOM': [...uoms] },
    },
  };
}

function allowedValues({ allowedValues }: LiteralInput): XmlElement {
  if (!allowedValues) return { 'ows:AnyValue': {} };
  const values = allowedValues.filter((allowed) => typeof allowed === 'string');
  const ranges = allowedValues.filter((allowed) => typeof allowed !== 'string');
  return {
    'ows:AllowedValues': {
      'ows:Value': values,
      'ows:Range': ranges.map(({ minimum, maximum }: ValueRange) => ({
        '@ows:rangeClosure': 'closed',
        'ows:MinimumValue': minimum,
        'ows:MaximumValue': maximum,
      })),
    },
  };
}

function supportedFormats(formats: readonly [Format, ...Format[]]): XmlElement {
  return {
    Default: { Format: format(formats[0]) },
    Supported: { Format: formats.map(format) },
  };
}

function format({ mimeType, encoding, schema }: Format): XmlElement {
  return { MimeType: mimeType, Encoding: encoding, Schema: schema };
}

function supportedCrss(crss: readonly [string, ...string[]]): XmlElement {
  return { Default: { CRS: crss[0] }, Supported: { CRS: [...crss] } };
}
