/**
 * Runs in a network namespace where every address of the Internet is this machine. Starts the service, a name
 * server and a host at every address, requests echoes of documents by reference, and prints the results and
 * where connections went.
 *
 *     fetch-references <folder of the built entry points> <URL>...
 */

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import { startEmbeddedService } from '../../lambda/embedded/embedded-service.ts';
import { executeXml, input, literal, rawDataOutput } from '../execute-xml.ts';
import { startNameServer } from './name-server.ts';

const [distDir = '', ...hrefs] = process.argv.slice(2);
const publicAddress = '93.184.216.34';
const names = await startNameServer({
  'data.example.org': { a: [[publicAddress]] },
  'rebinding.example.org': { a: [[publicAddress], ['10.0.0.7']] },
  'private.example.org': { a: [['10.0.0.7']] },
  'loopback.example.org': { a: [['127.0.0.1']] },
  'metadata.example.org': { a: [['169.254.169.254']] },
  'mixed.example.org': { a: [[publicAddress, '10.0.0.7']] },
  'loopback6.example.org': { aaaa: ['00000000000000000000000000000001'] },
  'mapped.example.org': { aaaa: ['00000000000000000000ffff0a000007'] },
  'nat64.example.org': { aaaa: ['0064ff9b00000000000000007f000001'] },
  'unique-local.example.org': { aaaa: ['fd00ec20000000000000000000000254'] },
});

const connections: string[] = [];
const everywhere = createServer((request, response) => {
  const location = /^\/to\?(.*)/.exec(request.url ?? '')?.[1];
  if (location) response.writeHead(302, { location }).end();
  else response.end('the data');
});
everywhere.on('connection', (socket) => connections.push(socket.localAddress ?? ''));
everywhere.listen(80, '::');
await once(everywhere, 'listening');

// Checks that the traps work: code without checks connects to them.
for (const host of ['10.0.0.7', '169.254.169.254', '[::1]']) {
  await fetch(`http://${host}/`, { headers: { connection: 'close' } });
}
const trapped = connections.splice(0);

const dataDir = await mkdtemp(join(tmpdir(), 'namespace-'));
const service = await startEmbeddedService({
  port: 0,
  dataDir,
  layersDir: join(dataDir, 'layers'),
  batchJobsDir: join(distDir, 'batch-jobs'),
  environment: process.env,
  limits: {
    referenceHosts: ['*.example.org', 'localhost', '10.0.0.7', publicAddress, '[::1]'],
    referenceTimeoutSeconds: 60,
  },
  log: jsonLog(() => undefined),
});

async function echoOf(href: string): Promise<[string, { status: number; text: string }]> {
  const reference = `<wps:Reference xlink:href="${href}" mimeType="text/plain"/>`;
  const response = await fetch(service.endpoint, {
    method: 'POST',
    body: executeXml(
      'echo',
      [literal('message', 'echo'), input('document', reference)],
      rawDataOutput('result'),
    ),
  });
  return [href, { status: response.status, text: await response.text() }];
}

// One at a time, because the service does not wait forever for an answer and concurrent requests would wait
// for each other.
const answers: Record<string, { status: number; text: string }> = {};
for (const href of hrefs) {
  const [asked, answer] = await echoOf(href);
  answers[asked] = answer;
}
// Other programs write to the same stream.
const result = JSON.stringify({ answers, connections, trapped });
await service.close();
process.stdout.write(`\nRESULT ${result}\n`);
everywhere.close();
names.close();
await rm(dataDir, { recursive: true });
