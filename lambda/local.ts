/**
 * The service on one machine, without AWS: `npm start -- [--port N] [--data-dir D] [--layers-dir D]
 * [--allow-host HOST]... [--allow-origin ORIGIN]`.
 */

import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { jsonLog } from '../batch-jobs/api/log.ts';
import { startEmbeddedService } from './embedded/embedded-service.ts';

const usage = `usage: npm start -- [--port N] [--data-dir FOLDER] [--layers-dir FOLDER]
                    [--allow-host HOST]... [--allow-origin ORIGIN]

  --port N             port on 127.0.0.1 (default 8080; 0 takes a free one)
  --data-dir FOLDER    documents, outputs and queue (default .wps)
  --layers-dir FOLDER  one folder of NetCDF files a layer (default <data-dir>/layers)
  --allow-host HOST    a name the service may be called by, besides localhost, as a tunnel has one
  --allow-origin ORIGIN
                       whose pages may call it from a browser: https://portal.example.org, or * for
                       any (default: none)
`;

function fail(message: string): never {
  process.stderr.write(`${message}\n\n${usage}`);
  process.exit(64);
}

function parseOptions() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: '8080' },
        'data-dir': { type: 'string', default: '.wps' },
        'layers-dir': { type: 'string' },
        'allow-host': { type: 'string', multiple: true, default: [] },
        'allow-origin': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

const options = parseOptions();
if (options.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const port = Number(options.port);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  fail(`option --port is "${options.port}"; allowed: 0 to 65535`);
}
const allowHosts = options['allow-host'];
for (const host of allowHosts) {
  if (!/^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$/.test(host)) {
    fail(`option --allow-host is "${host}"; allowed: a host name or address, without a port`);
  }
}
const allowOrigin = options['allow-origin'];
if (allowOrigin !== undefined && allowOrigin !== '*' && !isOrigin(allowOrigin)) {
  fail(
    `option --allow-origin is "${allowOrigin}"; allowed: *, or an origin such as https://portal.example.org`,
  );
}
const dataDir = resolve(options['data-dir']);
const layersDir = resolve(options['layers-dir'] ?? join(dataDir, 'layers'));
if (options['layers-dir'] !== undefined && !isFolder(layersDir)) {
  fail(
    `option --layers-dir is "${options['layers-dir']}"; allowed: a folder with a folder a layer`,
  );
}
if (existsSync(dataDir) && !isFolder(dataDir)) {
  fail(
    `option --data-dir is "${options['data-dir']}"; allowed: a folder, which is made if need be`,
  );
}
mkdirSync(layersDir, { recursive: true });

const service = await startEmbeddedService({
  port,
  dataDir,
  layersDir,
  batchJobsDir: join(dirname(fileURLToPath(import.meta.url)), '..', 'batch-jobs'),
  environment: process.env,
  allowHosts,
  ...(allowOrigin === undefined ? {} : { allowOrigin }),
  log: jsonLog((line) => process.stderr.write(line)),
}).catch((error: unknown) => {
  const why = error instanceof Error ? error.message : String(error);
  process.stderr.write(`the service cannot start: ${why}\n`);
  process.exit(1);
});

process.stdout.write(`WPS endpoint: ${service.endpoint}
Documents and outputs: ${dataDir}
Layers: ${layersDir}

Three requests to paste:

  curl '${service.endpoint}?service=WPS&request=GetCapabilities'

  curl '${service.endpoint}?service=WPS&version=1.0.0&request=DescribeProcess&identifier=ALL'

  curl -H 'Content-Type: text/xml' '${service.endpoint}' --data-binary '<?xml version="1.0"?>
<wps:Execute service="WPS" version="1.0.0" xmlns:wps="http://www.opengis.net/wps/1.0.0" xmlns:ows="http://www.opengis.net/ows/1.1">
  <ows:Identifier>echo</ows:Identifier>
  <wps:DataInputs>
    <wps:Input><ows:Identifier>message</ows:Identifier><wps:Data><wps:LiteralData>hello</wps:LiteralData></wps:Data></wps:Input>
    <wps:Input><ows:Identifier>delaySeconds</ows:Identifier><wps:Data><wps:LiteralData>5</wps:LiteralData></wps:Data></wps:Input>
  </wps:DataInputs>
  <wps:ResponseForm><wps:ResponseDocument storeExecuteResponse="true" status="true">
    <wps:Output asReference="true"><ows:Identifier>result</ows:Identifier></wps:Output>
  </wps:ResponseDocument></wps:ResponseForm>
</wps:Execute>'

The answer to the last names a statusLocation to poll. Ctrl-C ends the service.
`);

let closing = false;
function close(exitCode: number): void {
  // A second Ctrl-C is from someone who does not want to wait.
  if (closing) process.exit(130);
  closing = true;
  service.close().then(
    () => process.exit(exitCode),
    () => process.exit(1),
  );
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => close(0));
service.lost.addEventListener('abort', () => {
  process.stderr.write(`the service ends: ${service.lost.reason.message}\n`);
  close(1);
});
