import type { FormInput, FormRequest } from '../form/form-request.ts';
import { escapeXml } from './quote.ts';

/** A WPS 1.0.0 Execute that asks for a job and for outputs by reference (OGC 05-007r7, clause 10.2). */
export function asWps1({ process, inputs, outputs }: FormRequest): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<wps:Execute service="WPS" version="1.0.0" xmlns:wps="http://www.opengis.net/wps/1.0.0" xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="http://www.w3.org/1999/xlink">',
    `  <ows:Identifier>${escapeXml(process)}</ows:Identifier>`,
    ...(inputs.length > 0
      ? ['  <wps:DataInputs>', ...inputs.flatMap(wps1Input), '  </wps:DataInputs>']
      : []),
    '  <wps:ResponseForm>',
    '    <wps:ResponseDocument storeExecuteResponse="true" status="true">',
    ...outputs.flatMap(({ identifier, mimeType }) => [
      `      <wps:Output asReference="true"${attribute('mimeType', mimeType)}>`,
      `        <ows:Identifier>${escapeXml(identifier)}</ows:Identifier>`,
      '      </wps:Output>',
    ]),
    '    </wps:ResponseDocument>',
    '  </wps:ResponseForm>',
    '</wps:Execute>',
  ];
  return lines.join('\n');
}

function wps1Input(input: FormInput): string[] {
  return [
    '    <wps:Input>',
    `      <ows:Identifier>${escapeXml(input.identifier)}</ows:Identifier>`,
    ...wps1Data(input).map((line) => `      ${line}`),
    '    </wps:Input>',
  ];
}

function wps1Data(input: FormInput): string[] {
  switch (input.kind) {
    case 'literal':
      return [
        `<wps:Data><wps:LiteralData${attribute('uom', input.uom)}>${escapeXml(input.value)}</wps:LiteralData></wps:Data>`,
      ];
    case 'bounding-box':
      return [
        `<wps:Data><wps:BoundingBoxData crs="${escapeXml(input.crs)}" dimensions="2">`,
        `  <ows:LowerCorner>${input.lower.join(' ')}</ows:LowerCorner>`,
        `  <ows:UpperCorner>${input.upper.join(' ')}</ows:UpperCorner>`,
        '</wps:BoundingBoxData></wps:Data>',
      ];
    case 'complex': {
      const { content, mimeType, encoding, schema } = input;
      const format = `${attribute('mimeType', mimeType)}${attribute('schema', schema)}`;
      if ('href' in content) {
        return [`<wps:Reference xlink:href="${escapeXml(content.href)}"${format}/>`];
      }
      const isBinary = 'base64' in content;
      const coded = attribute('encoding', isBinary ? 'base64' : encoding);
      const text = isBinary ? content.base64 : escapeXml(content.text);
      return [`<wps:Data><wps:ComplexData${format}${coded}>${text}</wps:ComplexData></wps:Data>`];
    }
  }
}

/** A WPS 2.0 Execute that asks for a job and for outputs by reference (OGC 14-065r2, clause 9.6). */
export function asWps2({ process, inputs, outputs }: FormRequest): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<wps:Execute service="WPS" version="2.0.0" mode="async" response="document" xmlns:wps="http://www.opengis.net/wps/2.0" xmlns:ows="http://www.opengis.net/ows/2.0" xmlns:xlink="http://www.w3.org/1999/xlink">',
    `  <ows:Identifier>${escapeXml(process)}</ows:Identifier>`,
    ...inputs.flatMap((input) => [
      `  <wps:Input id="${escapeXml(input.identifier)}">`,
      ...wps2Data(input).map((line) => `    ${line}`),
      '  </wps:Input>',
    ]),
    ...outputs.map(
      ({ identifier, mimeType }) =>
        `  <wps:Output id="${escapeXml(identifier)}" transmission="reference"${attribute('mimeType', mimeType)}/>`,
    ),
    '</wps:Execute>',
  ].join('\n');
}

function wps2Data(input: FormInput): string[] {
  switch (input.kind) {
    case 'literal':
      return input.uom === undefined
        ? [`<wps:Data>${escapeXml(input.value)}</wps:Data>`]
        : [
            `<wps:Data><wps:LiteralValue${attribute('uom', input.uom)}>${escapeXml(input.value)}</wps:LiteralValue></wps:Data>`,
          ];
    case 'bounding-box':
      return [
        `<wps:Data><ows:BoundingBox crs="${escapeXml(input.crs)}" dimensions="2">`,
        `  <ows:LowerCorner>${input.lower.join(' ')}</ows:LowerCorner>`,
        `  <ows:UpperCorner>${input.upper.join(' ')}</ows:UpperCorner>`,
        '</ows:BoundingBox></wps:Data>',
      ];
    case 'complex': {
      const { content, mimeType, encoding, schema } = input;
      const format = `${attribute('mimeType', mimeType)}${attribute('schema', schema)}`;
      if ('href' in content) {
        return [`<wps:Reference xlink:href="${escapeXml(content.href)}"${format}/>`];
      }
      const isBinary = 'base64' in content;
      const coded = attribute('encoding', isBinary ? 'base64' : encoding);
      const text = isBinary ? content.base64 : escapeXml(content.text);
      return [`<wps:Data${format}${coded}>${text}</wps:Data>`];
    }
  }
}

function attribute(name: string, value: string | undefined): string {
  return value === undefined ? '' : ` ${name}="${escapeXml(value)}"`;
}
