/** XML requests of WPS 2.0. Text arguments are inserted unescaped, so they may contain XML. */

const namespaces =
  'xmlns:wps="http://www.opengis.net/wps/2.0" xmlns:ows="http://www.opengis.net/ows/2.0" xmlns:xlink="http://www.w3.org/1999/xlink"';

export function requestXml(operation: string, content = '', attributes = ''): string {
  const version = operation === 'GetCapabilities' ? '' : 'version="2.0.0"';
  return `<wps:${operation} service="WPS" ${version} ${namespaces} ${attributes}>${content}</wps:${operation}>`;
}

export function executeXml(
  identifier: string,
  inputs: readonly string[],
  outputs: readonly string[],
  { mode = 'sync', response = 'document' } = {},
): string {
  return requestXml(
    'Execute',
    `<ows:Identifier>${identifier}</ows:Identifier>${inputs.join('')}${outputs.join('')}`,
    `mode="${mode}" response="${response}"`,
  );
}

export function input(id: string, content: string, attributes = ''): string {
  return `<wps:Input id="${id}"><wps:Data ${attributes}>${content}</wps:Data></wps:Input>`;
}

export function reference(id: string, href: string, attributes = '', content = ''): string {
  return `<wps:Input id="${id}"><wps:Reference xlink:href="${href}" ${attributes}>${content}</wps:Reference></wps:Input>`;
}

export function output(id: string, attributes = ''): string {
  return `<wps:Output id="${id}" ${attributes}/>`;
}

export function aboutJob(operation: 'GetStatus' | 'GetResult' | 'Dismiss', jobId: string): string {
  return requestXml(operation, `<wps:JobID>${jobId}</wps:JobID>`);
}
