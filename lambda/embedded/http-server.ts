import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Log } from '../../batch-jobs/api/log.ts';
import type { ServiceRequest, ServiceResponse } from '../http.ts';

/** How long a client may take to send a request, and how often that is checked, in milliseconds. */
const patience = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
};

const millisecondsBetweenWarnings = 60_000;

export interface HttpServerOptions {
  /** Further connections are closed at once, and that is logged. */
  readonly maximumConnections?: number | undefined;
  /** A client that takes longer is disconnected. */
  readonly timeouts?: typeof patience;
}

/**
 * Node's HTTP server in front of the service.
 *
 * @param maximumBytes limit of a request body; a longer body is truncated one byte past the limit, so that
 *   the service refuses it with its own message
 */
export function httpServer(
  serve: (request: ServiceRequest) => Promise<ServiceResponse>,
  maximumBytes: number,
  log: Log,
  { maximumConnections, timeouts = patience }: HttpServerOptions = {},
): Server {
  const server = createServer(timeouts, (from, to) => {
    answer(from, to).catch((error) => {
      log.warn('connection ended early', { reason: String(error) });
      to.destroy();
    });
  });
  if (maximumConnections !== undefined) server.maxConnections = maximumConnections;
  let warned = Number.NEGATIVE_INFINITY;
  server.on('drop', () => {
    if (performance.now() - warned < millisecondsBetweenWarnings) return;
    warned = performance.now();
    log.warn('connections refused: as many are open as may be', {
      connections: maximumConnections,
    });
  });
  return server;

  async function answer(from: IncomingMessage, to: ServerResponse): Promise<void> {
    if (hostHeaders(from) > 1) {
      to.writeHead(400, { 'content-type': 'text/plain', connection: 'close' });
      to.end('The request has several headers Host; allowed: one.\n');
      return;
    }
    const [path = '/', ...query] = (from.url ?? '/').split('?');
    const response = await serve({
      method: from.method ?? 'GET',
      path,
      query: query.join('?'),
      headers: singleHeaders(from),
      body: await readBody(from, maximumBytes),
    });
    to.writeHead(response.status, response.headers);
    if (!(response.body instanceof Readable)) to.end(response.body);
    else if (from.method !== 'HEAD') await pipeline(response.body, to);
    else {
      response.body.destroy();
      to.end();
    }
  }
}

/**
 * Node.js uses the first Host header; a proxy in front of a server may have used another (RFC 9112, clause
 * 3.2).
 */
function hostHeaders({ rawHeaders }: IncomingMessage): number {
  return rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;
}

async function readBody(from: IncomingMessage, maximumBytes: number): Promise<Uint8Array> {
  const { 'content-length': length, 'transfer-encoding': encoding } = from.headers;
  // A request without either header has no body (RFC 9112, clause 6.3).
  if (length === undefined && encoding === undefined) return new Uint8Array();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of from as AsyncIterable<Buffer>) {
    // The rest of a body that is too long is read and discarded: most clients read no response before they
    // have sent it.
    if (size <= maximumBytes) chunks.push(chunk);
    size += chunk.length;
  }
  return Buffer.concat(chunks).subarray(0, maximumBytes + 1);
}

function singleHeaders(from: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(from.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}
