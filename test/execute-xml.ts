/** Parts of an XML Execute request. Text arguments are inserted unescaped, so they may contain XML. */

const namespaces =
  'xmlns:wps="http://www.opengis.net/wps/1.0.0" xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="http://www.w3.org/1999/xlink"';

/** An XML request of WPS 1.0.0. */
export function requestXml(operation: string, content = '', attributes = ''): string {
  const version = operation === 'GetCapabilities' ? '' : 'version="1.0.0"';
  return `<?xml version="1.0" encoding="UTF-8"?>
<wps:${operation} service="WPS" ${version} ${namespaces} ${attributes}>${content}</wps:${operation}>`;
}

export function executeXml(
  identifier: string,
  inputs: readonly string[] = [],
  responseForm = '',
  attributes = '',
): string {
  const dataInputs = inputs.length > 0 ? `<wps:DataInputs>${inputs.join('')}</wps:DataInputs>` : '';
  return requestXml(
    'Execute',
    `<ows:Identifier>${identifier}</ows:Identifier>${dataInputs}${responseForm}`,
    attributes,
  );
}

/** An input with its whole form given: `wps:Data` or `wps:Reference`. */
export function input(identifier: string, form: string): string {
  return `<wps:Input><ows:Identifier>${identifier}</ows:Identifier>${form}</wps:Input>`;
}

export function literal(identifier: string, value: string, attributes = ''): string {
  return input(
    identifier,
    `<wps:Data><wps:LiteralData ${attributes}>${value}</wps:LiteralData></wps:Data>`,
  );
}

export function complex(identifier: string, content: string, attributes = ''): string {
  return input(
    identifier,
    `<wps:Data><wps:ComplexData ${attributes}>${content}</wps:ComplexData></wps:Data>`,
  );
}

export function boundingBox(
  identifier: string,
  lower: string,
  upper: string,
  attributes = '',
): string {
  return input(
    identifier,
    `<wps:Data><wps:BoundingBoxData ${attributes}><ows:LowerCorner>${lower}</ows:LowerCorner><ows:UpperCorner>${upper}</ows:UpperCorner></wps:BoundingBoxData></wps:Data>`,
  );
}

export function output(identifier: string, attributes = '', more = ''): string {
  return `<wps:Output ${attributes}><ows:Identifier>${identifier}</ows:Identifier>${more}</wps:Output>`;
}

export function responseDocument(outputs: readonly string[], attributes = ''): string {
  return `<wps:ResponseForm><wps:ResponseDocument ${attributes}>${outputs.join('')}</wps:ResponseDocument></wps:ResponseForm>`;
}

export function rawDataOutput(identifier: string, attributes = ''): string {
  return `<wps:ResponseForm><wps:RawDataOutput ${attributes}><ows:Identifier>${identifier}</ows:Identifier></wps:RawDataOutput></wps:ResponseForm>`;
}

/** Attributes that request a stored response document with status updates. */
export const asynchronous = 'storeExecuteResponse="true" status="true"';
