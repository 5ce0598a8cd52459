import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface StartedAt {
  /** WPS endpoint: `http://127.0.0.1:8080/wps`. */
  readonly endpoint: string;
  readonly dataDir: string;
  readonly layersDir: string;
}

/** The message of a service that has started: the address of its pages, and requests that work. */
export function startMessage({ endpoint, dataDir, layersDir }: StartedAt): string {
  const hasSample = existsSync(join(layersDir, sampleLayer));
  const [process, inputs] = hasSample ? gogoduckInputs : echoInputs;
  return `Pages: ${new URL('/', endpoint).href}
WPS endpoint: ${endpoint}
Documents and outputs: ${dataDir}
Layers: ${layersDir}

Three requests to paste:

  curl '${endpoint}?service=WPS&request=GetCapabilities'

  curl '${endpoint}?service=WPS&version=1.0.0&request=DescribeProcess&identifier=ALL'

  curl -H 'Content-Type: text/xml' '${endpoint}' --data-binary '<?xml version="1.0"?>
<wps:Execute service="WPS" version="1.0.0" xmlns:wps="http://www.opengis.net/wps/1.0.0" xmlns:ows="http://www.opengis.net/ows/1.1">
  <ows:Identifier>${process}</ows:Identifier>
  <wps:DataInputs>
${inputs.map(([name, value]) => `    <wps:Input><ows:Identifier>${name}</ows:Identifier><wps:Data><wps:LiteralData>${value}</wps:LiteralData></wps:Data></wps:Input>`).join('\n')}
  </wps:DataInputs>
  <wps:ResponseForm><wps:ResponseDocument storeExecuteResponse="true" status="true">
    <wps:Output asReference="true"><ows:Identifier>result</ows:Identifier></wps:Output>
  </wps:ResponseDocument></wps:ResponseForm>
</wps:Execute>'

The answer to the last names a statusLocation to poll. Ctrl-C ends the service.
`;
}

/** The layer that the demo creates. */
const sampleLayer = 'sample_sst';

type Sample = readonly [process: string, inputs: readonly (readonly [string, string])[]];

const gogoduckInputs: Sample = [
  'gs:GoGoDuck',
  [
    ['layer', sampleLayer],
    [
      'subset',
      'TIME,2024-01-15T06:00:00Z,2024-01-15T18:00:00Z;LATITUDE,-44.5,-39.5;LONGITUDE,143,149.5',
    ],
  ],
];

const echoInputs: Sample = [
  'echo',
  [
    ['message', 'hello'],
    ['delaySeconds', '5'],
  ],
];
